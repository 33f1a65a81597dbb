// SPDX-License-Identifier: MIT
// What client and server agree on in the VERSION exchange.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace faultline::vfio_user {

/// The capabilities that a client proposed; an absent one keeps the specification's default.
struct Capabilities {
  std::optional<uint64_t> max_msg_fds;
  std::optional<uint64_t> max_data_xfer_size;
  std::optional<uint64_t> max_dma_maps;
  std::optional<uint64_t> pgsizes;
  bool write_multiple = false;
};

/// Reads the JSON text of a VERSION request, without its terminating NUL. Unknown capabilities are
/// ignored; nothing if the text is not JSON or a known capability has the wrong type or an
/// impossible value.
std::optional<Capabilities> parse_capabilities(std::string_view json);

/// The JSON text of the reply: what this server takes, restricted to what was proposed as the
/// specification asks.
std::string reply_capabilities(const Capabilities& proposed);

}  // namespace faultline::vfio_user
