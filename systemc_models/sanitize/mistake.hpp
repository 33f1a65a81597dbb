// SPDX-License-Identifier: MIT
// What the sanitizer reports.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace faultline::sanitize {

enum class Kind : uint8_t {
  kStaleTranslation,  ///< its page-table word changed, and no invalidate covers it
  kUseAfterWithdraw,  ///< the driver said that the page is out of reach, but its entry is valid
  kOutsideMemory,     ///< an entry points to where no memory answers
  kPacketNotCleared,  ///< GET passed a packet whose VALID is still set
  kFutileReplay,      ///< replayed again and again, with nothing changed that could help
};

constexpr std::string_view to_string(Kind kind) {
  switch (kind) {
    case Kind::kStaleTranslation:
      return "stale-translation";
    case Kind::kUseAfterWithdraw:
      return "use-after-withdraw";
    case Kind::kOutsideMemory:
      return "outside-memory";
    case Kind::kPacketNotCleared:
      return "packet-not-cleared";
    case Kind::kFutileReplay:
      return "futile-replay";
  }
  return "";
}

struct Mistake {
  Kind kind;
  uint64_t device_ns;
  std::string text;  ///< what happened in one line, then the histories, a line each
};

using Report = std::function<void(const Mistake&)>;

}  // namespace faultline::sanitize
