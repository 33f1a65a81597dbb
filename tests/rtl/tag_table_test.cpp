// SPDX-License-Identifier: MIT
// Requests by the tags that they have on the ports.
#include "systemc_models/rtl_shell/tag_table.hpp"

#include <catch2/catch_test_macros.hpp>
#include <set>

namespace faultline::rtl {

TEST_CASE("what is under a tag is there until it is removed") {
  TagTable<int> table;
  const uint16_t one = table.add(1);
  const uint16_t two = table.add(2);
  REQUIRE(one != two);
  CHECK(*table.find(one) == 1);
  CHECK(table.at(two) == 2);
  table.remove(one);
  CHECK(table.find(one) == nullptr);
  CHECK(table.at(two) == 2);
}

TEST_CASE("a tag that is free again is not the next to be used") {
  TagTable<int> table;
  const uint16_t first = table.add(0);
  table.remove(first);
  for (int i = 0; i < 200; ++i) {
    const uint16_t tag = table.add(i);
    CHECK(tag != first);
    table.remove(tag);
  }
}

TEST_CASE("all tags of the ports can be taken, and no more") {
  constexpr unsigned kTags = 65536;
  TagTable<unsigned> table;
  std::set<uint16_t> tags;
  for (unsigned i = 0; i < kTags; ++i) tags.insert(table.add(i));
  CHECK(tags.size() == kTags);
  CHECK_THROWS_AS(table.add(0), std::length_error);
  table.remove(7);
  CHECK(table.add(0) == 7);
}

TEST_CASE("a table that was emptied gives back what it held, and can be filled again") {
  TagTable<int> table;
  const uint16_t tag = table.add(1);
  table.remove(table.add(2));
  CHECK(table.take_all() == std::vector{1});
  CHECK(table.find(tag) == nullptr);
  CHECK(table.at(table.add(3)) == 3);
}

}  // namespace faultline::rtl
