// SPDX-License-Identifier: MIT
// Which uTLB of its GPC a client uses (dev_fault client ids).
#pragma once

#include <array>
#include <cstdint>

#include "regs/generated/faultline_regs.hpp"

namespace faultline::mmu {

constexpr uint8_t kRggUtlb = 0;
constexpr unsigned kClientIds = 128;

constexpr bool is_t1(uint8_t client) {
  const auto between = [](uint8_t id, regs::GpcClient first, regs::GpcClient last) {
    return id >= static_cast<uint8_t>(first) && id <= static_cast<uint8_t>(last);
  };
  using enum regs::GpcClient;
  return between(client, kT1_0, kT1_7) || between(client, kT1_8, kT1_15) ||
         between(client, kT1_16, kT1_19) || between(client, kT1_20, kT1_23) ||
         between(client, kT1_24, kT1_27) || between(client, kT1_28, kT1_31) ||
         between(client, kT1_32, kT1_35) || between(client, kT1_36, kT1_39);
}

namespace detail {

constexpr std::array<uint8_t, kClientIds> make_utlb_map() {
  using enum regs::GpcClient;
  constexpr unsigned kTpcs = 8;
  constexpr unsigned kT1PerTpc = 2;
  std::array<uint8_t, kClientIds> map{};  // RAST, GCC, GPCCS, PROP, GPM: the RGG uTLB
  const auto put = [&map](regs::GpcClient first, unsigned offset, unsigned tpc) {
    map[static_cast<unsigned>(first) + offset] = static_cast<uint8_t>(tpc + 1);
  };
  for (unsigned tpc = 0; tpc < kTpcs; ++tpc) {
    put(kPe0, tpc, tpc);
    put(kTpccs0, tpc, tpc);
    put(kLtpUtlb0, tpc, tpc);
    for (unsigned n = kT1PerTpc * tpc; n < kT1PerTpc * (tpc + 1); ++n) {
      constexpr unsigned kFirstRow = 8;  // T1_0 to T1_7 and T1_8 to T1_15 are not adjacent
      if (n < kFirstRow)
        put(kT1_0, n, tpc);
      else
        put(kT1_8, n - kFirstRow, tpc);
    }
  }
  return map;
}

}  // namespace detail

/// uTLB 0 is the RGG's, 1 + n that of TPC n. Clients of TPCs beyond the eighth share uTLB 0.
inline constexpr std::array<uint8_t, kClientIds> kUtlbOfClient = detail::make_utlb_map();

}  // namespace faultline::mmu
