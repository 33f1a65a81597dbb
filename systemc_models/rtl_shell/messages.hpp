// SPDX-License-Identifier: MIT
// What a client and the RTL say to each other, in the model's terms and in those of gmmu_stepped.
#pragma once

#include <cstdint>

#include "systemc_models/mmu/gmmu.hpp"

namespace faultline::rtl {

/// outcome_e has the values of mmu::Outcome.
struct Response {
  uint16_t tag = 0;
  mmu::Answer answer;
};

/// Of gmmu_pkg's page_size_e. Throws std::logic_error for what is none.
uint8_t page_shift_of(unsigned page_size);

/// Of a request's tag, the low 16 bits.
struct RequestWords {
  explicit RequestWords(const mmu::Request& request);

  uint64_t va;
  uint64_t instance;
  uint64_t client;
};

struct ResponseWords {
  uint64_t pa;
  uint64_t page;
};
Response response_of(const ResponseWords& words);

}  // namespace faultline::rtl
