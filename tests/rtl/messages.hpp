// SPDX-License-Identifier: MIT
// The messages at the ports of the core, in the model's terms.
#pragma once

#include <cstdint>

#include "regs/generated/faultline_regs.hpp"
#include "systemc_models/mmu/gmmu.hpp"
#include "systemc_models/rtl_shell/messages.hpp"
#include "tests/rtl/bits.hpp"

namespace faultline::rtl::test {

/// gmmu_pkg::RequestBits, ResponseBits and ReportBits.
inline constexpr unsigned kRequestBits = 161;
inline constexpr unsigned kResponseBits = 106;
inline constexpr unsigned kReportBits = 341;

struct Binding {
  bool bound = false;
  bool replay_tex = false;
  bool replay_gcc = false;
  uint64_t pdb = 0;
  mmu::Aperture aperture = mmu::Aperture::kVidmem;
};

struct Report {
  unsigned port = 0;
  bool replayed = false;
  uint8_t replay_slot = 0;
  Binding binding;
  mmu::Request request;
  Response response;
};

struct Invalidate {
  bool bindings_only = false;
  bool all_va = false;
  bool all_pdb = false;
  bool hubtlb_only = false;
  uint64_t va = 0;
  unsigned size = 0;  ///< log2 of the pages
  uint64_t pdb = 0;
  bool pdb_in_sysmem = false;
  regs::CacheLevel level = regs::CacheLevel::kAll;
};

struct Modes {
  bool mmu_disable = false;
  mmu::Aperture aperture = mmu::Aperture::kVidmem;
  bool vol = false;
  bool strong_override = false;
  bool cache_off = false;
  bool pde_cache_off = false;
};

/// Of a request's tag, the low 16 bits.
void write_request(FieldWriter to, const mmu::Request& request);
Response read_response(FieldReader& from);
void write_response(FieldWriter& to, const Response& response);
Report read_report(FieldReader from);
void write_invalidate(FieldWriter to, const Invalidate& operation);
uint8_t modes_word(const Modes& modes);

}  // namespace faultline::rtl::test
