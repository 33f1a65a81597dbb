// SPDX-License-Identifier: MIT
// What a client and the RTL say to each other, in the model's terms and in those of gmmu_stepped.
//
// Here and not in a source of its own, because several messages cross in each cycle.
#pragma once

#include <cstdint>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "systemc_models/mmu/gmmu.hpp"

namespace faultline::rtl {

/// outcome_e has the values of mmu::Outcome.
struct Response {
  uint16_t tag = 0;
  mmu::Answer answer;
};

/// Of gmmu_pkg's page_size_e. Throws std::logic_error for what is none.
inline uint8_t page_shift_of(unsigned page_size) {
  constexpr uint8_t kShifts[] = {12, 16, 21};
  if (page_size >= std::size(kShifts)) throw std::logic_error("no such page size");
  return kShifts[page_size];
}

constexpr uint64_t low_bits(uint64_t value, unsigned width) {
  return value & ~(~uint64_t{0} << width);
}

/// Fields in the order of SystemVerilog: the first is the highest.
class WordWriter {
 public:
  constexpr WordWriter& put(unsigned width, uint64_t value) {
    word_ = word_ << width | low_bits(value, width);
    return *this;
  }
  constexpr uint64_t word() const { return word_; }

 private:
  uint64_t word_ = 0;
};

class WordReader {
 public:
  constexpr WordReader(uint64_t word, unsigned bits) : word_(word), lsb_(bits) {}
  template <typename T>
  constexpr T take(unsigned width) {
    lsb_ -= width;
    return static_cast<T>(low_bits(word_ >> lsb_, width));
  }

 private:
  uint64_t word_;
  unsigned lsb_;
};

/// A request as gmmu_stepped takes it; of its tag, the low 16 bits.
struct RequestWords {
  explicit RequestWords(const mmu::Request& request)
      : va(request.va), instance(instance_word(request)), client(client_word(request)) {}

  uint64_t va;
  uint64_t instance;
  uint64_t client;

 private:
  static uint64_t instance_word(const mmu::Request& request) {
    constexpr unsigned kPageShift = 12;
    const mmu::Requester& who = request.requester;
    return WordWriter()
        .put(4, std::to_underlying(request.access))
        .put(1, who.privileged)
        .put(52, who.instance.address >> kPageShift)
        .put(2, std::to_underlying(who.instance.aperture))
        .word();
  }
  static uint64_t client_word(const mmu::Request& request) {
    const mmu::Requester& who = request.requester;
    return WordWriter()
        .put(9, who.engine_id)
        .put(1, std::to_underlying(who.client_type))
        .put(7, who.client)
        .put(5, who.gpc)
        .put(16, request.tag)
        .word();
  }
};

struct ResponseWords {
  uint64_t pa;
  uint64_t page;
};

inline Response response_of(const ResponseWords& words) {
  constexpr unsigned kPageWordBits = 42;
  WordReader page(words.page, kPageWordBits);
  Response response;
  mmu::Answer& answer = response.answer;
  answer.pa = words.pa;
  response.tag = page.take<uint16_t>(16);
  answer.outcome = page.take<mmu::Outcome>(3);
  answer.aperture = page.take<mmu::Aperture>(2);
  answer.peer = page.take<uint8_t>(3);
  answer.page_shift = page_shift_of(page.take<unsigned>(2));
  answer.vol = page.take<bool>(1);
  answer.read_only = page.take<bool>(1);
  answer.atomic_disable = page.take<bool>(1);
  answer.kind = page.take<uint8_t>(8);
  answer.fault_type = page.take<uint8_t>(5);
  return response;
}

}  // namespace faultline::rtl
