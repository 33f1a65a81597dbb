// SPDX-License-Identifier: MIT
// The MMU's translation protocol over TLM-2.0 sockets.
#pragma once

#include <tlm>

#include "systemc_models/mmu/gmmu.hpp"

namespace faultline::tlm {

/// What a translation transaction says.
enum class TranslationStep : uint8_t {
  kTranslate,  ///< client to MMU, b_transport or nb_transport_fw: `request` in, `answer` out
  kWithdraw,   ///< client to MMU, b_transport: the parked request with this tag is wanted no more
  kAnswered,   ///< MMU to client, nb_transport_bw: `answer` to the request with this tag
  kSpace,      ///< MMU to client, nb_transport_bw: `gpc`/`utlb` takes requests again after kStalled
};

/// The transaction between a TranslationPort and an MMU.
///
/// - step: set by the sender; says which of the others count.
/// - request: set by the client; whole in kTranslate; in kWithdraw and the MMU's
///   kAnswered only its tag counts.
/// - answer: set by the MMU; valid when a kTranslate is done, and in kAnswered.
/// - epoch: set by the MMU when the b_transport of a kTranslate returns. Answers of different
///   epochs must not be used together: software may have been told in between that the earlier one
///   is void.
/// - gpc, utlb: set by the MMU in kSpace; the uTLB that has room.
///
/// b_transport adds to its delay how long the translation takes; it may wait. nb_transport_fw, with
/// BEGIN_REQ, does not: TLM_COMPLETED, it is done as by b_transport, or TLM_ACCEPTED, a kAnswered
/// comes. nb_transport_bw is called with BEGIN_RESP, must not wait, and returns TLM_COMPLETED; a
/// first answer may be followed by the next kTranslate from inside, a parked request's must not.
/// The transaction belongs to its sender again when a call returns.
/// An answer holds at the moment it is given: the client uses it before it returns to the kernel or
/// asks again, because the next register write may invalidate it.
struct Translation {
  TranslationStep step = TranslationStep::kTranslate;
  mmu::Request request{};
  mmu::Answer answer{};
  uint64_t epoch = 0;
  uint8_t gpc = 0;
  uint8_t utlb = 0;
};

/// TLM-2.0's transport calls with a payload of our own. There is no direct memory and no debug
/// access: a translation is no memory.
struct TranslationProtocol {
  // The names are TLM's.
  using tlm_payload_type = Translation;     // NOLINT(readability-identifier-naming)
  using tlm_phase_type = ::tlm::tlm_phase;  // NOLINT(readability-identifier-naming)
};

using TranslationForward = ::tlm::tlm_fw_transport_if<TranslationProtocol>;
using TranslationBackward = ::tlm::tlm_bw_transport_if<TranslationProtocol>;
using TranslationInitiatorSocket = ::tlm::tlm_initiator_socket<32, TranslationProtocol>;
using TranslationTargetSocket = ::tlm::tlm_target_socket<32, TranslationProtocol>;

}  // namespace faultline::tlm
