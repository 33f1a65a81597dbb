// SPDX-License-Identifier: MIT
// One name in the spelling of each language.
#include "tools/regs_gen/names.hpp"

#include <catch2/catch_test_macros.hpp>

namespace gen = faultline::regs_gen;

TEST_CASE("capitals become camel case") {
  CHECK(gen::camel("VA_LIMIT_VIOLATION") == "VaLimitViolation");
  CHECK(gen::camel("address_big_shift") == "AddressBigShift");
  CHECK(gen::camel("8_BYTES") == "8Bytes");
}

TEST_CASE("digits keep apart in camel case") {
  CHECK(gen::camel("T1_10") == "T1_10");
  CHECK(gen::camel("T1_1") != gen::camel("T11"));
}

TEST_CASE("camel case becomes snake case") {
  CHECK(gen::snake("FaultBufferAddrMode") == "fault_buffer_addr_mode");
}

TEST_CASE("the C prefix comes once") {
  CHECK(gen::c_name("mmu_ctrl") == "FAULTLINE_MMU_CTRL");
  CHECK(gen::c_name("faultline_id") == "FAULTLINE_ID");
}

TEST_CASE("names that some language or the generated code needs are reserved") {
  CHECK(gen::is_reserved("offset"));
  CHECK(gen::is_reserved("and"));
  CHECK(gen::is_reserved("xor"));
  CHECK(gen::is_reserved("logic"));
  CHECK_FALSE(gen::is_reserved("status"));
}
