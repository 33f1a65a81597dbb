// SPDX-License-Identifier: MIT
// The vfio-user messages as they travel: host endian, no padding (QEMU:
// docs/interop/vfio-user.rst).
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace faultline::vfio_user {

enum class Command : uint16_t {
  kVersion = 1,
  kDmaMap = 2,
  kDmaUnmap = 3,
  kDeviceGetInfo = 4,
  kDeviceGetRegionInfo = 5,
  kDeviceGetRegionIoFds = 6,
  kDeviceGetIrqInfo = 7,
  kDeviceSetIrqs = 8,
  kRegionRead = 9,
  kRegionWrite = 10,
  kDmaRead = 11,
  kDmaWrite = 12,
  kDeviceReset = 13,
  kDirtyPages = 14,
  kRegionWriteMulti = 15,
  kDeviceFeature = 16,
  kMigDataRead = 17,
  kMigDataWrite = 18,
};

constexpr uint32_t kTypeMask = 0xf;
constexpr uint32_t kTypeCommand = 0;
constexpr uint32_t kTypeReply = 1;
constexpr uint32_t kFlagNoReply = 1u << 4;
constexpr uint32_t kFlagError = 1u << 5;

constexpr uint16_t kMajorVersion = 0;
constexpr uint16_t kMinorVersion = 0;

/// Defaults of the specification; this server neither narrows nor widens them.
constexpr uint64_t kMaxDataTransfer = 1048576;
constexpr uint64_t kMaxDmaMaps = 65535;
constexpr uint64_t kPageSize = 4096;
/// File descriptors that one message to this server may carry.
constexpr size_t kMaxMessageFds = 16;

struct Header {
  uint16_t id;
  uint16_t command;
  uint32_t size;  // of the whole message
  uint32_t flags;
  uint32_t error;  // errno, in replies with kFlagError
};
static_assert(sizeof(Header) == 16);

struct VersionNumbers {
  uint16_t major;
  uint16_t minor;
};
static_assert(sizeof(VersionNumbers) == 4);

struct DmaMap {
  uint32_t argsz;
  uint32_t flags;
  uint64_t offset;
  uint64_t address;
  uint64_t size;
};
static_assert(sizeof(DmaMap) == 32);

struct DmaUnmap {
  uint32_t argsz;
  uint32_t flags;
  uint64_t address;
  uint64_t size;
};
static_assert(sizeof(DmaUnmap) == 24);

struct DeviceInfo {
  uint32_t argsz;
  uint32_t flags;
  uint32_t num_regions;
  uint32_t num_irqs;
};
static_assert(sizeof(DeviceInfo) == 16);

struct RegionInfo {
  uint32_t argsz;
  uint32_t flags;
  uint32_t index;
  uint32_t cap_offset;
  uint64_t size;
  uint64_t offset;
};
static_assert(sizeof(RegionInfo) == 32);

struct RegionIoFds {
  uint32_t argsz;
  uint32_t flags;
  uint32_t index;
  uint32_t count;
};
static_assert(sizeof(RegionIoFds) == 16);

struct IrqInfo {
  uint32_t argsz;
  uint32_t flags;
  uint32_t index;
  uint32_t count;
};
static_assert(sizeof(IrqInfo) == 16);

struct IrqSet {
  uint32_t argsz;
  uint32_t flags;
  uint32_t index;
  uint32_t start;
  uint32_t count;
};
static_assert(sizeof(IrqSet) == 20);

struct RegionAccess {
  uint64_t offset;
  uint32_t region;
  uint32_t count;
};
static_assert(sizeof(RegionAccess) == 16);

struct MultiWrite {
  uint64_t offset;
  uint32_t region;
  uint32_t count;
  std::byte data[8];
};
static_assert(sizeof(MultiWrite) == 24);

/// The longest message that keeps to kMaxDataTransfer.
constexpr size_t kMaxMessageSize = sizeof(Header) + sizeof(RegionAccess) + kMaxDataTransfer;

/// Reads a structure that need not be aligned; `bytes` is at least as long.
template <typename T>
T load(std::span<const std::byte> bytes) {
  T value;
  std::memcpy(&value, bytes.data(), sizeof(T));
  return value;
}

}  // namespace faultline::vfio_user
