// SPDX-License-Identifier: MIT
// Which message may come when, and which function carries it out; the handshake, information and
// reset.
#include "qemu_device/vfio_user/session.hpp"

#include <linux/vfio.h>

#include <cerrno>
#include <string>
#include <string_view>

#include "qemu_device/vfio_user/capabilities.hpp"

namespace faultline::vfio_user {
namespace {

bool may_carry_fds(Command command) {
  return command == Command::kDmaMap || command == Command::kDeviceSetIrqs;
}

}  // namespace

Session::Session(Device& device) : device_(device), irqs_(device.irq_counts()) {}

Reply Session::handle(Message& message) {
  reply_.clear();
  reply_fd_ = -1;
  const int error = dispatch(message);
  if (error == 0) return {0, reply_, reply_fd_};
  device_.message_refused(static_cast<Command>(message.header.command), error);
  return {error, {}, -1};
}

void Session::disconnect() {
  dma_.clear();
  irqs_.disconnect();
  if (negotiated_) device_.disconnected();
  negotiated_ = false;
  write_multiple_ = false;
}

int Session::dispatch(Message& message) {
  const auto command = static_cast<Command>(message.header.command);
  if ((message.header.flags & kTypeMask) != kTypeCommand) return EINVAL;
  if ((command == Command::kVersion) == negotiated_) return EINVAL;
  if (message.fds_lost || (!message.fds.empty() && !may_carry_fds(command))) return EINVAL;
  switch (command) {
    case Command::kVersion:
      return version(message);
    case Command::kDmaMap:
      return dma_map(message);
    case Command::kDmaUnmap:
      return dma_unmap(message);
    case Command::kDeviceGetInfo:
      return get_info(message);
    case Command::kDeviceGetRegionInfo:
      return get_region_info(message);
    case Command::kDeviceGetRegionIoFds:
      return get_region_io_fds(message);
    case Command::kDeviceGetIrqInfo:
      return get_irq_info(message);
    case Command::kDeviceSetIrqs:
      return set_irqs(message);
    case Command::kRegionRead:
      return region_read(message);
    case Command::kRegionWrite:
      return region_write(message);
    case Command::kRegionWriteMulti:
      return region_write_multi(message);
    case Command::kDeviceReset:
      return device_reset(message);
    case Command::kDmaRead:  // these two go from server to client only
    case Command::kDmaWrite:
      return EINVAL;
    case Command::kDirtyPages:  // migration would lose the model's state
    case Command::kDeviceFeature:
    case Command::kMigDataRead:
    case Command::kMigDataWrite:
      return ENOTSUP;
  }
  return EINVAL;
}

int Session::version(const Message& message) {
  if (message.payload.size() < sizeof(VersionNumbers)) return EINVAL;
  const auto proposed = load<VersionNumbers>(message.payload);
  if (proposed.major != kMajorVersion) return ENOTSUP;
  std::string_view json(reinterpret_cast<const char*>(message.payload.data()),
                        message.payload.size());
  json.remove_prefix(sizeof(VersionNumbers));
  if (!json.empty()) {
    if (json.find('\0') != json.size() - 1) return EINVAL;
    json.remove_suffix(1);
  }
  const auto capabilities = parse_capabilities(json);
  if (!capabilities) return EINVAL;

  reply(VersionNumbers{kMajorVersion, kMinorVersion});
  const std::string text = reply_capabilities(*capabilities);
  const auto* bytes = reinterpret_cast<const std::byte*>(text.c_str());
  reply_.insert(reply_.end(), bytes, bytes + text.size() + 1);
  write_multiple_ = capabilities->write_multiple;
  negotiated_ = true;
  device_.connected();
  return 0;
}

int Session::get_info(const Message& message) {
  if (message.payload.size() != sizeof(DeviceInfo)) return EINVAL;
  if (load<DeviceInfo>(message.payload).argsz < sizeof(DeviceInfo)) return EINVAL;
  reply(DeviceInfo{sizeof(DeviceInfo), VFIO_DEVICE_FLAGS_RESET | VFIO_DEVICE_FLAGS_PCI,
                   VFIO_PCI_NUM_REGIONS, VFIO_PCI_NUM_IRQS});
  return 0;
}

int Session::device_reset(const Message& message) {
  if (!message.payload.empty()) return EINVAL;
  device_.reset();
  return 0;
}

}  // namespace faultline::vfio_user
