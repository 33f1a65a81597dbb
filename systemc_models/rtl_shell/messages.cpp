// SPDX-License-Identifier: MIT
// Messages as words: the order and widths of the fields in gmmu_stepped.
#include "systemc_models/rtl_shell/messages.hpp"

#include <iterator>
#include <stdexcept>
#include <utility>

namespace faultline::rtl {

using mmu::Aperture;
using mmu::Outcome;

namespace {

constexpr unsigned kPageShift = 12;
constexpr unsigned kPageWordBits = 42;

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

uint64_t instance_word(const mmu::Request& request) {
  const mmu::Requester& who = request.requester;
  return WordWriter()
      .put(4, std::to_underlying(request.access))
      .put(1, who.privileged)
      .put(52, who.instance.address >> kPageShift)
      .put(2, std::to_underlying(who.instance.aperture))
      .word();
}

uint64_t client_word(const mmu::Request& request) {
  const mmu::Requester& who = request.requester;
  return WordWriter()
      .put(9, who.engine_id)
      .put(1, std::to_underlying(who.client_type))
      .put(7, who.client)
      .put(5, who.gpc)
      .put(16, request.tag)
      .word();
}

}  // namespace

uint8_t page_shift_of(unsigned page_size) {
  constexpr uint8_t kShifts[] = {12, 16, 21};
  if (page_size >= std::size(kShifts)) throw std::logic_error("no such page size");
  return kShifts[page_size];
}

RequestWords::RequestWords(const mmu::Request& request)
    : va(request.va), instance(instance_word(request)), client(client_word(request)) {}

Response response_of(const ResponseWords& words) {
  WordReader page(words.page, kPageWordBits);
  Response response;
  mmu::Answer& answer = response.answer;
  answer.pa = words.pa;
  response.tag = page.take<uint16_t>(16);
  answer.outcome = page.take<Outcome>(3);
  answer.aperture = page.take<Aperture>(2);
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
