// SPDX-License-Identifier: MIT
// An MMU of which a test decides every answer.
#pragma once

#include <algorithm>
#include <map>
#include <vector>

#include "systemc_models/tlm/mmu_ports.hpp"
#include "systemc_models/tlm/page.hpp"

namespace faultline::tests {

class FakeMmu : public tlm::MmuPorts {
 public:
  struct Held {
    unsigned port;
    mmu::Request request;
  };

  explicit FakeMmu(unsigned gpcs) : MmuPorts("fake_mmu", gpcs) {}

  void map(uint64_t va, mmu::Aperture aperture, uint64_t pa) {
    pages_[va] = {.outcome = mmu::Outcome::kTranslated, .pa = pa, .aperture = aperture};
  }
  void map_sparse(uint64_t va) { pages_[va] = {.outcome = mmu::Outcome::kSparse}; }
  void unmap(uint64_t va) { pages_.erase(va); }
  /// What a request to an unmapped page gets.
  void set_miss(mmu::Outcome outcome) { miss_ = outcome; }

  /// Answers what can be translated now.
  void replay() {
    const std::vector<Held> before = std::exchange(held, {});
    for (const Held& one : before) {
      if (const auto answer = look_up(one.request)) {
        send_answer(one.port, one.request.tag, *answer);
      } else {
        held.push_back(one);
      }
    }
  }
  void cancel(uint64_t va, uint8_t fault_type) {
    const std::vector<Held> before = std::exchange(held, {});
    for (const Held& one : before) {
      if (tlm::page_of(one.request.va) != va) {
        held.push_back(one);
        continue;
      }
      send_answer(one.port, one.request.tag,
                  {.outcome = mmu::Outcome::kCancelled, .fault_type = fault_type});
    }
  }
  /// From now on first answers are given by answer_asked() only.
  void answer_later() { answers_ = Given::kLater; }
  void answer_asked() {
    for (const Held& one : std::exchange(asked, {}))
      send_first_answer(one.port, one.request, decide(one));
  }
  uint32_t get_register(uint32_t offset) const { return registers_.at(offset); }
  /// From now on there is this register, which keeps what is written.
  void add_register(uint32_t offset, uint32_t value) { registers_[offset] = value; }
  void make_space(uint8_t gpc, uint8_t utlb) { send_space(gpc, utlb); }

  void forget() override {
    held.clear();
    for (const Held& one : std::exchange(asked, {}))
      send_first_answer(one.port, one.request, {.outcome = mmu::Outcome::kCancelled});
  }

  std::vector<Held> held;
  std::vector<Held> asked;  ///< not answered yet
  std::vector<mmu::Request> requests;
  std::vector<uint64_t> withdrawn;

 private:
  std::optional<mmu::Answer> look_up(const mmu::Request& request) const {
    const auto page = pages_.find(tlm::page_of(request.va));
    if (page == pages_.end()) return {};
    mmu::Answer answer = page->second;
    answer.pa += request.va % tlm::kPageBytes;
    return answer;
  }

  void translate(unsigned port, const mmu::Request& request, mmu::Answer& answer,
                 sc_core::sc_time& delay) override {
    if (port == bar1_port()) {
      answer = {.outcome = mmu::Outcome::kTranslated, .pa = request.va};
      return;
    }
    requests.push_back(request);
    delay += sc_core::sc_time(10, sc_core::SC_NS);
    answer = decide({port, request});
  }
  Given ask(unsigned port, const mmu::Request& request, mmu::Answer& answer,
            sc_core::sc_time& delay) override {
    if (answers_ == Given::kNow) return MmuPorts::ask(port, request, answer, delay);
    requests.push_back(request);
    asked.push_back({port, request});
    return Given::kLater;
  }
  mmu::Answer decide(const Held& one) {
    const mmu::Answer answer =
        look_up(one.request).value_or(mmu::Answer{.outcome = miss_, .fault_type = 2});
    if (answer.outcome == mmu::Outcome::kParked) held.push_back(one);
    return answer;
  }
  void withdraw(uint64_t tag) override {
    withdrawn.push_back(tag);
    std::erase_if(held, [tag](const Held& one) { return one.request.tag == tag; });
  }
  bool has_register(uint32_t offset) const override { return registers_.contains(offset); }
  uint32_t read_register(uint32_t offset) override { return registers_[offset]; }
  void write_register(uint32_t offset, uint32_t value) override { registers_[offset] = value; }

  std::map<uint64_t, mmu::Answer> pages_;
  std::map<uint32_t, uint32_t> registers_;
  mmu::Outcome miss_ = mmu::Outcome::kParked;
  Given answers_ = Given::kNow;
};

}  // namespace faultline::tests
