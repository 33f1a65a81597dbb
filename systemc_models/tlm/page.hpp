// SPDX-License-Identifier: MIT
// The page that no translation request crosses.
#pragma once

#include <cstdint>

namespace faultline::tlm {

inline constexpr uint64_t kPageBytes = 4096;

constexpr uint64_t page_of(uint64_t address) { return address & ~(kPageBytes - 1); }
constexpr uint64_t bytes_to_page_end(uint64_t address) { return kPageBytes - address % kPageBytes; }

}  // namespace faultline::tlm
