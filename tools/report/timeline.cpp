// SPDX-License-Identifier: MIT
// Finds a fault's events in the trace and puts the driver's times between them.
#include "tools/report/timeline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <ranges>
#include <stdexcept>

namespace faultline::report {

namespace {

using nlohmann::json;

constexpr uint64_t kPageMask = 0xfff;

bool is(const json& event, std::string_view name) { return event.at("event") == name; }

uint64_t number(const json& hex) { return std::stoull(hex.get<std::string>(), nullptr, 16); }

int64_t time_of(const json& event) { return event.at("t").get<int64_t>(); }

/// Positions in the trace: of packets by their time stamp, of each request's events by its tag.
class Index {
 public:
  explicit Index(std::span<const json> events) : events_(events) {
    for (size_t i = 0; i < events.size(); ++i) {
      if (events[i].contains("tag")) requests_[events[i].at("tag")].push_back(i);
      if (is(events[i], "packet")) packets_.emplace(time_stamp(events[i]), i);
    }
  }

  std::span<const json> events() const { return events_; }
  std::optional<size_t> packet(const json& fault) const {
    const auto [first, last] = packets_.equal_range(fault.at("device_ns").get<int64_t>());
    for (auto i = first; i != last; ++i)
      if ((number(events_[i->second].at("va")) & ~kPageMask) == fault.at("address").get<uint64_t>())
        return i->second;
    return {};
  }
  const std::vector<size_t>& request(const json& tag) const { return requests_.at(tag); }

 private:
  static int64_t time_stamp(const json& packet) { return packet.at("timestamp").get<int64_t>(); }

  std::span<const json> events_;
  std::map<std::string, std::vector<size_t>> requests_;
  std::multimap<int64_t, size_t> packets_;
};

/// Takes the steps of one fault in the order of cause and effect.
class Follower {
 public:
  Follower(const Index& index, const json& fault, int64_t offset_ns)
      : index_(index), events_(index.events()), fault_(fault), offset_ns_(offset_ns) {}

  /// Nothing if a step is missing, or if somebody else's replay or interrupt did the work.
  std::optional<Timeline> follow() {
    const auto packet = index_.packet(fault_);
    if (!packet) return {};
    packet_ = *packet;
    request_ = index_.request(events_[packet_].at("tag"));
    if (!raise() || !interrupt()) return {};
    serve();
    if (!answer() || !std::ranges::is_sorted(timeline_.steps, {}, &Step::ns)) return {};
    return std::move(timeline_);
  }

 private:
  /// The request's nearest event of that name before `end` in the trace.
  std::optional<size_t> last_before(size_t end, std::string_view name) const {
    for (const size_t i : request_ | std::views::reverse)
      if (i < end && is(events_[i], name)) return i;
    return {};
  }

  void device(size_t index, std::string what) {
    timeline_.steps.push_back({time_of(events_[index]), Who::kDevice, std::move(what)});
  }

  int64_t driver_ns(const char* time) const { return fault_.at(time).get<int64_t>() + offset_ns_; }

  void driver(const char* time, std::string what) {
    timeline_.steps.push_back({driver_ns(time), Who::kDriver, std::move(what)});
  }

  /// One step for the walk of the request in [begin, end).
  void walk(size_t begin, size_t end) {
    size_t entries = 0;
    size_t last = begin;
    for (const size_t i : request_) {
      if (i < begin || i >= end || !is(events_[i], "walk")) continue;
      ++entries;
      last = i;
    }
    if (entries == 0) return;
    const json& leaf = events_[last];
    device(last, fmt::format("walk: {} entr{} read, the last at {} is {}", entries,
                             entries == 1 ? "y" : "ies", leaf.at("address").get<std::string>(),
                             leaf.at("entry").get<std::string>()));
  }

  /// From the access to the packet; the fault's first one, not one that a replay raised again.
  bool raise() {
    const auto access = last_before(packet_, "access");
    const auto miss = last_before(packet_, "miss");
    if (!access || !miss || last_before(packet_, "replayed")) return false;
    const json& packet = events_[packet_];
    timeline_.title = fmt::format("One replayable fault: {} at {}, channel {}",
                                  events_[*access].at("access").get<std::string>(),
                                  packet.at("va").get<std::string>(),
                                  events_[*access].at("channel").get<unsigned>());
    device(*access, "access");
    device(*miss, "miss in every TLB");
    walk(*access, packet_);
    device(packet_, fmt::format("packet {}: {} fault; the request is parked",
                                packet.at("index").get<unsigned>(),
                                packet.at("fault_type").get<std::string>()));
    return true;
  }

  bool interrupt() {
    for (size_t i = packet_; i < events_.size(); ++i) {
      if (time_of(events_[i]) > driver_ns("irq_ns")) return false;
      if (!is(events_[i], "interrupt")) continue;
      device(i, "interrupt");
      return true;
    }
    return false;
  }

  void serve() {
    driver("irq_ns", "interrupt handler");
    driver("fetch_ns", "packet read");
    driver("service_ns", "service: hmm_range_fault()");
    driver("mapped_ns", "page-table entry written");
    driver("replay_ns", "replay asked for");
  }

  /// From the replay that helped to the access itself.
  bool answer() {
    const auto answered = last_before(events_.size(), "answered");
    if (!answered) return false;
    const auto replayed = last_before(*answered, "replayed");
    if (!replayed) return false;
    size_t replay = *replayed;
    while (replay > 0 && !is(events_[replay], "replay")) --replay;
    device(replay, "replay");
    walk(*replayed, *answered);
    device(*answered,
           fmt::format("hit: translated to {}", events_[*answered].at("pa").get<std::string>()));
    return true;
  }

  const Index& index_;
  std::span<const json> events_;
  const json& fault_;
  int64_t offset_ns_;
  size_t packet_ = 0;
  std::vector<size_t> request_;
  Timeline timeline_;
};

int64_t duration(const Timeline& timeline) {
  return timeline.steps.back().ns - timeline.steps.front().ns;
}

}  // namespace

Timeline follow_fault(std::span<const json> events, const json& demo) {
  const Index index(events);
  const auto offset_ns = demo.at("device_time_offset_ns").get<int64_t>();
  std::vector<Timeline> all;
  for (const json& fault : demo.at("faults"))
    if (auto timeline = Follower(index, fault, offset_ns).follow())
      all.push_back(std::move(*timeline));
  if (all.empty())
    throw std::runtime_error(
        "no fault that the guest recorded can be followed: is the trace of the same run?");
  const auto median = all.begin() + static_cast<ptrdiff_t>(all.size() / 2);
  std::ranges::nth_element(all, median, {}, duration);
  return std::move(*median);
}

std::string to_text(const Timeline& timeline) {
  std::string text = timeline.title + "\n";
  if (timeline.steps.empty()) return text;
  const int64_t begin = timeline.steps.front().ns;
  int64_t previous = begin;
  for (const Step& step : timeline.steps) {
    text += fmt::format("  {:>9.1f} us  {:>+9.1f}  {:<6}  {}\n",
                        static_cast<double>(step.ns - begin) / 1e3,
                        static_cast<double>(step.ns - previous) / 1e3,
                        step.who == Who::kDevice ? "device" : "driver", step.what);
    previous = step.ns;
  }
  return text;
}

}  // namespace faultline::report
