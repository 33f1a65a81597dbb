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

/// Carried by every transaction between a TranslationPort and an MMU. The payload itself is empty
/// (TLM_IGNORE_COMMAND, no data); nothing else of it is looked at.
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
struct Translation : ::tlm::tlm_extension<Translation> {
  TranslationStep step = TranslationStep::kTranslate;
  mmu::Request request;
  mmu::Answer answer;
  uint64_t epoch = 0;
  uint8_t gpc = 0;
  uint8_t utlb = 0;

  ::tlm::tlm_extension_base* clone() const override { return new Translation(*this); }
  void copy_from(const ::tlm::tlm_extension_base& other) override {
    *this = static_cast<const Translation&>(other);
  }
};

/// A payload with its sideband, to be kept and used again.
class TranslationTransaction {
 public:
  TranslationTransaction() {
    payload.set_command(::tlm::TLM_IGNORE_COMMAND);
    payload.set_extension(&translation);
  }
  TranslationTransaction(const TranslationTransaction&) = delete;
  TranslationTransaction& operator=(const TranslationTransaction&) = delete;
  ~TranslationTransaction() { payload.clear_extension(&translation); }

  ::tlm::tlm_generic_payload payload;
  Translation translation;
};

}  // namespace faultline::tlm
