// SPDX-License-Identifier: MIT
// One fault's story, told from both sides.
#include "tools/report/timeline.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <nlohmann/json.hpp>

namespace faultline::report {
namespace {

using nlohmann::json;

json event(int64_t ns, const char* name, json fields = json::object()) {
  fields["t"] = ns;
  fields["event"] = name;
  return fields;
}

json of_request(int64_t ns, const char* name, const char* tag, json fields = json::object()) {
  fields["tag"] = tag;
  return event(ns, name, std::move(fields));
}

constexpr const char* kFirst = "0x2000000000001";
constexpr const char* kTag = "0x2000000000002";

json packet(int64_t ns, const char* va, unsigned index) {
  return {{"va", va}, {"index", index}, {"fault_type", "PDE"}, {"timestamp", ns}};
}

/// Two requests; the second is also replayed when only the first can be served.
std::vector<json> trace() {
  return {
      of_request(1000, "access", kFirst, {{"va", "0x8000"}, {"access", "READ"}, {"channel", 2}}),
      of_request(1001, "miss", kFirst),
      of_request(1002, "packet", kFirst, packet(1002, "0x8000", 3)),
      of_request(1010, "access", kTag, {{"va", "0x7008"}, {"access", "WRITE"}, {"channel", 2}}),
      of_request(1011, "miss", kTag),
      of_request(1020, "walk", kTag, {{"address", "0x100"}, {"entry", "0x0"}}),
      of_request(1030, "packet", kTag, packet(1030, "0x7008", 4)),
      event(1040, "interrupt"),
      event(4000, "replay"),
      of_request(4001, "replayed", kFirst),
      of_request(4002, "answered", kFirst, {{"pa", "0xbad000"}}),
      of_request(4003, "replayed", kTag),
      of_request(4004, "packet", kTag, packet(4004, "0x7008", 5)),
      event(6000, "replay"),
      of_request(6001, "replayed", kTag),
      of_request(6002, "walk", kTag, {{"address", "0x100"}, {"entry", "0x205"}}),
      of_request(6003, "walk", kTag, {{"address", "0x200"}, {"entry", "0x5c05"}}),
      of_request(6004, "answered", kTag, {{"pa", "0x5c008"}}),
  };
}

json record(uint64_t address, int64_t device_ns, int64_t fetch_ns) {
  return {{"address", address},   {"device_ns", device_ns}, {"irq_ns", 1500},
          {"fetch_ns", fetch_ns}, {"service_ns", 3600},     {"mapped_ns", 4500},
          {"replay_ns", 5400}};
}

/// The guest's clock is 500 behind the device's.
json demo(const json& fault) {
  return {{"device_time_offset_ns", 500}, {"faults", json::array({fault})}};
}

std::vector<std::string> steps_of(const Timeline& timeline) {
  std::vector<std::string> all;
  for (const Step& step : timeline.steps) all.push_back(step.what.substr(0, step.what.find(':')));
  return all;
}

TEST_CASE("device and driver tell one story in the order of time") {
  const Timeline line = follow_fault(trace(), demo(record(0x7000, 1030, 2500)));
  CHECK(line.title == "One replayable fault: WRITE at 0x7008, channel 2");
  CHECK(steps_of(line) == std::vector<std::string>{"access", "miss in every TLB", "walk",
                                                   "packet 4", "interrupt", "interrupt handler",
                                                   "packet read", "service",
                                                   "page-table entry written", "replay asked for",
                                                   "replay", "walk", "hit"});
  CHECK(line.steps[5].ns == 2000);
  CHECK(line.steps[5].who == Who::kDriver);
  CHECK(line.steps[10].ns == 6000);  // the replay that helped, not the one before
  CHECK(line.steps[11].what == "walk: 2 entries read, the last at 0x200 is 0x5c05");
  CHECK(line.steps[12].what == "hit: translated to 0x5c008");
}

TEST_CASE("a fault that was not served from start to end is not taken for one") {
  const auto refused = Catch::Matchers::ContainsSubstring("can be followed");
  SECTION("its packet came after a replay") {
    CHECK_THROWS_WITH(follow_fault(trace(), demo(record(0x7000, 4004, 2500))), refused);
  }
  SECTION("another replay was faster than its service") {
    CHECK_THROWS_WITH(follow_fault(trace(), demo(record(0x8000, 1002, 2500))), refused);
  }
  SECTION("it is not in the trace") {
    CHECK_THROWS_WITH(follow_fault(trace(), demo(record(0x7000, 9, 2500))), refused);
  }
  SECTION("the trace ends before its replay") {
    auto events = trace();
    events.pop_back();
    CHECK_THROWS_WITH(follow_fault(events, demo(record(0x7000, 1030, 2500))), refused);
  }
}

TEST_CASE("columns are aligned and times are in microseconds") {
  const std::string text =
      to_text({"Title", {{1000, Who::kDevice, "a"}, {3500, Who::kDriver, "b"}}});
  CHECK(text ==
        "Title\n"
        "        0.0 us       +0.0  device  a\n"
        "        2.5 us       +2.5  driver  b\n");
}

}  // namespace
}  // namespace faultline::report
