// SPDX-License-Identifier: MIT
// The messages between core and control: the order and widths of their fields.
#include "tests/rtl/messages.hpp"

namespace faultline::rtl::test {

using mmu::Aperture;

namespace {

constexpr unsigned kPageShift = 12;

}  // namespace

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
