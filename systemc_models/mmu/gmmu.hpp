// SPDX-License-Identifier: MIT
// The GMMU seam in plain C++: requests in, answers or parked requests out, one memory port, one
// register port, interrupt lines.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace faultline::mmu {

/// Apertures as a PTE encodes them (GP100 MMU format, PTE APERTURE).
enum class Aperture : uint8_t { kVidmem = 0, kPeer = 1, kSysCoherent = 2, kSysNonCoherent = 3 };

/// Access types as the fault packet encodes them (dev_fault, ACCESS_TYPE).
enum class Access : uint8_t { kRead = 0, kWrite = 1, kAtomic = 2, kPrefetch = 3, kAtomicWeak = 4 };

enum class ClientType : uint8_t { kGpc = 0, kHub = 1 };

struct InstancePointer {
  uint64_t address = 0;  ///< 4 KiB aligned
  Aperture aperture = Aperture::kVidmem;
  bool operator==(const InstancePointer&) const = default;
};

/// Who asks. Ids are the manual's (dev_fault): engine id 64 + VEID for graphics, client id local to
/// its GPC for GPC clients.
struct Requester {
  InstancePointer instance{};
  uint16_t engine_id = 0;
  ClientType client_type = ClientType::kGpc;
  uint8_t client = 0;
  uint8_t gpc = 0;
  bool privileged = false;
};

struct Request {
  uint64_t va = 0;  ///< byte address; a request never crosses a 4 KiB page
  Access access = Access::kRead;
  Requester requester{};
  uint64_t tag = 0;  ///< the client's own; returned with a late answer
};

enum class Outcome : uint8_t {
  kTranslated,  ///< `pa` and attributes are valid
  kSparse,      ///< reads return 0, writes are dropped
  kParked,      ///< replayable fault: held in the replay list, answered later through
                ///< Listener::answered
  kStalled,     ///< the uTLB's replay list is full: ask again after Listener::space
  kFaulted,     ///< non-replayable fault, reported: the client is switched out
  kCancelled,   ///< cancelled by software: the access must not be tried again
  kDropped,     ///< prefetch that found no translation: reported as the filter says, never replayed
};

struct Answer {
  Outcome outcome = Outcome::kFaulted;
  uint64_t pa = 0;
  Aperture aperture = Aperture::kVidmem;
  uint8_t peer = 0;
  uint8_t page_shift = 12;  ///< 12, 16 or 21; the translation holds for the whole page
  bool vol = false;
  bool read_only = false;
  bool atomic_disable = false;
  uint8_t kind = 0;
  uint8_t fault_type = 0;  ///< valid for kFaulted, kCancelled, kDropped, kParked
};

/// The one memory port: page-table and instance-block reads, fault-packet writes. Addresses are
/// physical in the aperture. False means that no memory answers there.
class Memory {
 public:
  virtual ~Memory() = default;
  virtual bool read(Aperture aperture, uint64_t address, std::span<std::byte> out) = 0;
  virtual bool write(Aperture aperture, uint64_t address, std::span<const std::byte> in) = 0;
  /// Fast path for reads: the bytes themselves, 8-byte aligned if `address` is, valid until the
  /// call that asked for them returns. Empty: not available, use read().
  virtual std::span<const std::byte> span(Aperture /*aperture*/, uint64_t /*address*/,
                                          size_t /*size*/) {
    return {};
  }
};

/// Device time for the packets' timestamps.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual uint64_t now_ns() = 0;
};

/// What the MMU tells the rest of the device.
class Listener {
 public:
  virtual ~Listener() = default;
  /// Late answer to a parked request; never kParked or kStalled.
  virtual void answered(uint64_t tag, const Answer& answer) = 0;
  /// A uTLB that had refused a request with kStalled has room again.
  virtual void space(uint8_t gpc, uint8_t utlb) = 0;
  /// NISO_INTR & enables changed; `pending` are the enabled pending bits, `rose` those that rose
  /// (or were enabled while pending).
  virtual void interrupt(uint32_t pending, uint32_t rose) = 0;
};

/// Sizes of the structures the manuals leave open. Zero entries turn a structure off.
struct Config {
  unsigned gpcs = 4;
  unsigned utlbs_per_gpc = 9;  ///< RGG + 8 LTP (dev_fault, CLIENT)
  unsigned utlb_entries = 32;
  unsigned l2_sets = 128;
  unsigned l2_ways = 4;
  unsigned pde_cache_entries = 64;
  unsigned replay_list_depth = 64;  ///< per uTLB
  unsigned default_fault_buffer_entries = 1024;
  unsigned hub_tlb_entries = 64;
  unsigned instance_cache_entries = 64;
};

}  // namespace faultline::mmu
