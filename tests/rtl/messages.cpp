// SPDX-License-Identifier: MIT
// The messages of gmmu_pkg: the order and widths of their fields.
#include "tests/rtl/messages.hpp"

namespace faultline::rtl::test {

using mmu::Access;
using mmu::Aperture;
using mmu::ClientType;
using mmu::Outcome;

namespace {

constexpr unsigned kPageShift = 12;

unsigned page_size_of(uint8_t shift) { return shift == 21 ? 2 : shift == 16 ? 1 : 0; }

mmu::Request read_request(FieldReader& from) {
  mmu::Request request;
  mmu::Requester& who = request.requester;
  request.va = from.take(64);
  request.access = from.take<Access>(4);
  who.privileged = from.take(1) != 0;
  who.instance.address = from.take(52) << kPageShift;
  who.instance.aperture = from.take<Aperture>(2);
  who.engine_id = from.take<uint16_t>(9);
  who.client_type = from.take<ClientType>(1);
  who.client = from.take<uint8_t>(7);
  who.gpc = from.take<uint8_t>(5);
  request.tag = from.take(16);
  return request;
}

}  // namespace

void write_request(FieldWriter to, const mmu::Request& request) {
  const mmu::Requester& who = request.requester;
  to.put(64, request.va)
      .put(4, static_cast<uint64_t>(request.access))
      .put(1, who.privileged)
      .put(52, who.instance.address >> kPageShift)
      .put(2, static_cast<uint64_t>(who.instance.aperture))
      .put(9, who.engine_id)
      .put(1, static_cast<uint64_t>(who.client_type))
      .put(7, who.client)
      .put(5, who.gpc)
      .put(16, request.tag);
}

Response read_response(FieldReader& from) {
  Response response;
  mmu::Answer& answer = response.answer;
  response.tag = from.take<uint16_t>(16);
  answer.outcome = from.take<Outcome>(3);
  answer.pa = from.take(64);
  answer.aperture = from.take<Aperture>(2);
  answer.peer = from.take<uint8_t>(3);
  answer.page_shift = page_shift_of(from.take<unsigned>(2));
  answer.vol = from.take(1) != 0;
  answer.read_only = from.take(1) != 0;
  answer.atomic_disable = from.take(1) != 0;
  answer.kind = from.take<uint8_t>(8);
  answer.fault_type = from.take<uint8_t>(5);
  return response;
}

void write_response(FieldWriter& to, const Response& response) {
  const mmu::Answer& answer = response.answer;
  to.put(16, response.tag)
      .put(3, static_cast<uint64_t>(answer.outcome))
      .put(64, answer.pa)
      .put(2, static_cast<uint64_t>(answer.aperture))
      .put(3, answer.peer)
      .put(2, page_size_of(answer.page_shift))
      .put(1, answer.vol)
      .put(1, answer.read_only)
      .put(1, answer.atomic_disable)
      .put(8, answer.kind)
      .put(5, answer.fault_type);
}

Report read_report(FieldReader from) {
  Report report;
  Binding& binding = report.binding;
  report.port = from.take<unsigned>(8);
  report.replayed = from.take(1) != 0;
  report.replay_slot = from.take<uint8_t>(8);
  binding.bound = from.take(1) != 0;
  binding.replay_tex = from.take(1) != 0;
  binding.replay_gcc = from.take(1) != 0;
  binding.pdb = from.take(52) << kPageShift;
  binding.aperture = from.take<Aperture>(2);
  report.request = read_request(from);
  report.response = read_response(from);
  return report;
}

void write_invalidate(FieldWriter to, const Invalidate& operation) {
  to.put(1, operation.bindings_only)
      .put(1, operation.all_va)
      .put(1, operation.all_pdb)
      .put(1, operation.hubtlb_only)
      .put(48, operation.va >> kPageShift)
      .put(6, operation.size)
      .put(48, operation.pdb >> kPageShift)
      .put(1, operation.pdb_in_sysmem)
      .put(3, static_cast<uint64_t>(operation.level));
}

uint8_t modes_word(const Modes& modes) {
  uint32_t word = 0;
  FieldWriter(&word, 0, 7)
      .put(1, modes.mmu_disable)
      .put(2, static_cast<uint64_t>(modes.aperture))
      .put(1, modes.vol)
      .put(1, modes.strong_override)
      .put(1, modes.cache_off)
      .put(1, modes.pde_cache_off);
  return static_cast<uint8_t>(word);
}

}  // namespace faultline::rtl::test
