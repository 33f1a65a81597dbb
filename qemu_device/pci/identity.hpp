// SPDX-License-Identifier: MIT
// What a function looks like to PCI: its ids, its BARs and its kind of interrupt.
#pragma once

#include <cstdint>
#include <vector>

namespace faultline::pci {

enum class BarWidth { k32, k64 };
enum class Prefetchable { kNone, kYes };

/// A memory BAR. A 64-bit one takes `index` and the next. With `fd` the guest maps those bytes
/// directly and no access of it is seen; one such BAR makes every register write of the guest a
/// round trip, so do without where writes should be posted.
struct Bar {
  unsigned index;
  uint64_t size;  // a power of two
  BarWidth width = BarWidth::k32;
  Prefetchable prefetchable = Prefetchable::kNone;
  int fd = -1;
  uint64_t fd_offset = 0;
};

/// MSI is the default: QEMU 11 aborts when a function with MSI-X is hot-unplugged.
enum class InterruptKind { kMsi, kMsix };

struct Interrupts {
  InterruptKind kind = InterruptKind::kMsi;
  unsigned vectors = 1;  // MSI: a power of two up to 32; MSI-X: up to 2048
  /// MSI-X only: where table (16 bytes a vector) and pending bits live. The function never sees
  /// accesses to them.
  unsigned msix_bar = 0;
  uint32_t msix_table_offset = 0;
  uint32_t msix_pba_offset = 0;
};

struct PciIdentity {
  uint16_t vendor_id;
  uint16_t device_id;
  uint32_t class_code;  // 24 bits: base class, subclass, programming interface
  uint8_t revision = 0;
  uint16_t subsystem_vendor_id = 0;
  uint16_t subsystem_id = 0;
  std::vector<Bar> bars;
  Interrupts interrupts;
};

/// Throws std::invalid_argument, naming the rule, if a guest could not use such a function.
void check(const PciIdentity& identity);

}  // namespace faultline::pci
