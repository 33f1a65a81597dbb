// SPDX-License-Identifier: MIT
// What must be equal, and where the image leaves a choice.
#include "tools/translate/compare.hpp"

#include <utility>

namespace faultline::translate {

namespace {

bool same_fault(uint8_t type, const Expected& expected) {
  return !expected.fault_type || type == *expected.fault_type ||
         type == expected.alternative_fault_type;
}

bool same_page(const mmu::Answer& answer, const Expected& expected) {
  const bool same_peer = answer.aperture != mmu::Aperture::kPeer || answer.peer == expected.peer;
  return answer.pa == expected.pa && answer.aperture == expected.aperture && same_peer &&
         answer.page_shift == expected.page_shift && answer.vol == expected.vol &&
         answer.kind == expected.kind && answer.read_only == expected.read_only &&
         answer.atomic_disable == expected.atomic_disable;
}

}  // namespace

bool agrees(const Reply& reply, const Expected& expected) {
  if (reply.result != expected.result) return false;
  switch (reply.result) {
    case Result::kFault:
      return same_fault(std::to_underlying(reply.fault_type), expected);
    case Result::kTranslated:
      return same_page(reply.answer, expected);
    case Result::kSparse:
      return true;
  }
  return false;
}

}  // namespace faultline::translate
