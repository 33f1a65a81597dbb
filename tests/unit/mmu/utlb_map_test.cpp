// SPDX-License-Identifier: MIT
// Which clients share a uTLB.
#include <catch2/catch_test_macros.hpp>

#include "systemc_models/mmu/tlb.hpp"

namespace faultline::mmu::test {

using regs::GpcClient;

namespace {

uint8_t utlb_of(GpcClient first, unsigned offset = 0) {
  return kUtlbOfClient[static_cast<unsigned>(first) + offset];
}

}  // namespace

TEST_CASE("RAST, GCC and GPCCS use the RGG uTLB") {
  CHECK(utlb_of(GpcClient::kRast) == 0);
  CHECK(utlb_of(GpcClient::kGcc) == 0);
  CHECK(utlb_of(GpcClient::kGpccs) == 0);
}

TEST_CASE("PE, TPCCS and two T1 clients share their TPC's uTLB") {
  for (unsigned tpc = 0; tpc < 8; ++tpc) {
    CHECK(utlb_of(GpcClient::kPe0, tpc) == tpc + 1);
    CHECK(utlb_of(GpcClient::kTpccs0, tpc) == tpc + 1);
    CHECK(utlb_of(GpcClient::kLtpUtlb0, tpc) == tpc + 1);
  }
  for (unsigned t1 = 0; t1 < 8; ++t1) {
    CHECK(utlb_of(GpcClient::kT1_0, t1) == t1 / 2 + 1);
    CHECK(utlb_of(GpcClient::kT1_8, t1) == t1 / 2 + 5);
  }
}

TEST_CASE("T1 clients are all forty of them, and no others") {
  unsigned count = 0;
  for (unsigned client = 0; client < kClientIds; ++client)
    count += is_t1(static_cast<uint8_t>(client)) ? 1 : 0;
  CHECK(count == 40);
  CHECK(is_t1(static_cast<uint8_t>(GpcClient::kT1_39)));
  CHECK_FALSE(is_t1(static_cast<uint8_t>(GpcClient::kPe0)));
  CHECK_FALSE(is_t1(static_cast<uint8_t>(GpcClient::kTpccs0)));
}

TEST_CASE("uTLBs are numbered GPC by GPC, then the hub's") {
  const Config config{.gpcs = 4, .utlbs_per_gpc = 9};
  const Tlbs tlbs(config);
  CHECK(tlbs.index_of({.client = static_cast<uint8_t>(GpcClient::kT1_2), .gpc = 3}) == 3 * 9 + 2);
  CHECK(tlbs.index_of({.client_type = ClientType::kHub}) == 36);
  CHECK(tlbs.gpc_of(29) == 3);
  CHECK(tlbs.utlb_of(29) == 2);
}

}  // namespace faultline::mmu::test
