// SPDX-License-Identifier: MIT
// A strict JSON reader for the VERSION message: reports each scalar with its path, builds no tree.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace faultline::vfio_user {

/// Numbers that are not unsigned integers, and strings, are reported as std::monostate: no
/// capability has that type.
using JsonScalar = std::variant<std::monostate, bool, uint64_t>;

/// Calls `visit` with the dotted path of each scalar ("capabilities.max_msg_fds"), in order. Array
/// elements have the path of their array. False if `text` is not exactly one JSON value, or nests
/// deeper than 16.
bool scan_json(std::string_view text,
               const std::function<void(std::string_view path, const JsonScalar& value)>& visit);

}  // namespace faultline::vfio_user
