// SPDX-License-Identifier: MIT
// What a client and the RTL say to each other, in the model's terms.
#pragma once

#include <cstdint>

#include "systemc_models/mmu/gmmu.hpp"
#include "systemc_models/rtl_shell/bits.hpp"

namespace faultline::rtl {

/// gmmu_pkg::RequestBits and ResponseBits.
inline constexpr unsigned kRequestBits = 161;
inline constexpr unsigned kResponseBits = 106;

/// outcome_e has the values of mmu::Outcome.
struct Response {
  uint16_t tag = 0;
  mmu::Answer answer;
};

/// Of a request's tag, the low 16 bits.
void write_request(FieldWriter to, const mmu::Request& request);
mmu::Request read_request(FieldReader& from);
Response read_response(FieldReader& from);
void write_response(FieldWriter& to, const Response& response);

}  // namespace faultline::rtl
