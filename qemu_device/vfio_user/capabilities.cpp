// SPDX-License-Identifier: MIT
// Capabilities to and from the JSON text of a VERSION message.
#include "qemu_device/vfio_user/capabilities.hpp"

#include "qemu_device/vfio_user/json.hpp"
#include "qemu_device/vfio_user/wire.hpp"

namespace faultline::vfio_user {
namespace {

bool store(std::optional<uint64_t>& capability, const JsonScalar& value) {
  if (const auto* number = std::get_if<uint64_t>(&value)) {
    capability = *number;
    return true;
  }
  return false;
}

bool store(bool& capability, const JsonScalar& value) {
  if (const auto* boolean = std::get_if<bool>(&value)) {
    capability = *boolean;
    return true;
  }
  return false;
}

/// Whether what the client can do is enough to talk to it at all.
bool possible(const Capabilities& c) {
  return c.max_data_xfer_size.value_or(kMaxDataTransfer) != 0 &&
         (c.pgsizes.value_or(kPageSize) & kPageSize) != 0;
}

}  // namespace

std::optional<Capabilities> parse_capabilities(std::string_view json) {
  Capabilities c;
  bool well_typed = true;
  const auto visit = [&](std::string_view path, const JsonScalar& value) {
    if (path == "capabilities.max_msg_fds") well_typed &= store(c.max_msg_fds, value);
    if (path == "capabilities.max_data_xfer_size") well_typed &= store(c.max_data_xfer_size, value);
    if (path == "capabilities.max_dma_maps") well_typed &= store(c.max_dma_maps, value);
    if (path == "capabilities.pgsizes") well_typed &= store(c.pgsizes, value);
    if (path == "capabilities.write_multiple") well_typed &= store(c.write_multiple, value);
  };
  if (!json.empty() && !scan_json(json, visit)) return std::nullopt;
  if (!well_typed || !possible(c)) return std::nullopt;
  return c;
}

std::string reply_capabilities(const Capabilities& proposed) {
  std::string list;
  const auto add = [&](bool wanted, std::string_view name, const std::string& value) {
    if (!wanted) return;
    if (!list.empty()) list += ',';
    list += '"';
    list += name;
    list += "\":";
    list += value;
  };
  add(proposed.max_msg_fds.has_value(), "max_msg_fds", std::to_string(kMaxMessageFds));
  add(proposed.max_data_xfer_size.has_value(), "max_data_xfer_size",
      std::to_string(kMaxDataTransfer));
  add(proposed.max_dma_maps.has_value(), "max_dma_maps", std::to_string(kMaxDmaMaps));
  add(proposed.pgsizes.has_value(), "pgsizes", std::to_string(kPageSize));
  add(proposed.write_multiple, "write_multiple", "true");
  return "{\"capabilities\":{" + list + "}}";
}

}  // namespace faultline::vfio_user
