// SPDX-License-Identifier: MIT
// Decodes entries (GP100 MMU format).
#include "tools/translate/entry_fields.hpp"

#include <fmt/format.h>

#include <utility>

namespace faultline::translate {

using mmu::Level;
using regs::PdeAperture;
using regs::PteAperture;

namespace {

using Words = std::span<const uint64_t>;

class Fields {
 public:
  explicit Fields(Words words) : words_(words) {}

  template <typename Field>
  void number(std::string_view name, Field field) {
    fields_.push_back({name, fmt::format("{}", field.get(words_))});
  }
  template <typename Field>
  void named(std::string_view name, Field field) {
    fields_.push_back({name, std::string(to_string(field.decode(words_)))});
  }
  template <typename Field>
  void address(std::string_view name, Field field, unsigned shift) {
    const uint64_t value = field.get(words_);
    fields_.push_back({name, fmt::format("{:#x} (<< {} = {:#x})", value, shift, value << shift)});
  }
  template <typename Field>
  void hex(std::string_view name, Field field) {
    fields_.push_back({name, fmt::format("{:#04x}", field.get(words_))});
  }
  std::vector<FieldText> take() && { return std::move(fields_); }

 private:
  Words words_;
  std::vector<FieldText> fields_;
};

/// The address field that the aperture selects, if there is a table.
template <typename Sys, typename Vid>
void table_address(Fields& fields, PdeAperture aperture, std::string_view sys_name, Sys sys,
                   std::string_view vid_name, Vid vid, unsigned shift) {
  if (aperture == PdeAperture::kInvalid) return;
  if (aperture == PdeAperture::kVidmem) {
    fields.address(vid_name, vid, shift);
  } else {
    fields.address(sys_name, sys, shift);
  }
}

std::vector<FieldText> pde_fields(Words words) {
  using namespace regs::pde;
  Fields fields(words);
  fields.number("IS_PTE", is_pte);
  fields.named("APERTURE", aperture);
  fields.number("VOL", vol);
  fields.number("NO_ATS", no_ats);
  table_address(fields, aperture.decode(words), "ADDRESS_SYS", address_sys, "ADDRESS_VID",
                address_vid, kAddressShift);
  return std::move(fields).take();
}

std::vector<FieldText> dual_fields(Words words) {
  using namespace regs::dual_pde;
  Fields fields(words);
  fields.number("IS_PTE", is_pte);
  fields.named("APERTURE_BIG", aperture_big);
  fields.number("VOL_BIG", vol_big);
  if (aperture_big.decode(words) == PdeAperture::kInvalid) fields.number("NO_ATS", no_ats);
  table_address(fields, aperture_big.decode(words), "ADDRESS_BIG_SYS", address_big_sys,
                "ADDRESS_BIG_VID", address_big_vid, kAddressBigShift);
  fields.named("APERTURE_SMALL", aperture_small);
  fields.number("VOL_SMALL", vol_small);
  table_address(fields, aperture_small.decode(words), "ADDRESS_SMALL_SYS", address_small_sys,
                "ADDRESS_SMALL_VID", address_small_vid, kAddressShift);
  return std::move(fields).take();
}

void page_address(Fields& fields, PteAperture where) {
  using namespace regs::pte;
  if (where == PteAperture::kSysCoherent || where == PteAperture::kSysNonCoherent)
    return fields.address("ADDRESS_SYS", address_sys, kAddressShift);
  fields.address("ADDRESS_VID", address_vid, kAddressShift);
  if (where == PteAperture::kPeer) fields.number("ADDRESS_VID_PEER", address_vid_peer);
  fields.hex("COMPTAGLINE", comptagline);
}

std::vector<FieldText> pte_fields(Words words) {
  using namespace regs::pte;
  Fields fields(words);
  fields.number("VALID", valid);
  fields.named("APERTURE", aperture);
  fields.number("VOL", vol);
  fields.number("ENCRYPTED", encrypted);
  fields.number("PRIVILEGE", privilege);
  fields.number("READ_ONLY", read_only);
  fields.number("ATOMIC_DISABLE", atomic_disable);
  page_address(fields, aperture.decode(words));
  fields.hex("KIND", kind);
  return std::move(fields).take();
}

}  // namespace

bool holds_page(const WalkEntry& entry) {
  if (entry.level == Level::kPte4k || entry.level == Level::kPte64k) return true;
  return entry.level == Level::kPde0 && regs::dual_pde::is_pte.get(entry.word);
}

std::vector<FieldText> fields_of(const WalkEntry& entry) {
  const Words words = std::span(entry.word).first(entry.words);
  if (holds_page(entry)) return pte_fields(words);
  return entry.level == Level::kPde0 ? dual_fields(words) : pde_fields(words);
}

std::string_view level_name(Level level) {
  switch (level) {
    case Level::kPde3:
      return "PDE3";
    case Level::kPde2:
      return "PDE2";
    case Level::kPde1:
      return "PDE1";
    case Level::kPde0:
      return "PDE0";
    case Level::kPte64k:
      return "PTE of 64K";
    case Level::kPte4k:
      return "PTE of 4K";
  }
  return "?";
}

std::string_view aperture_name(mmu::Aperture aperture) {
  return to_string(static_cast<PteAperture>(aperture));
}

std::string_view page_size_name(unsigned page_shift) {
  switch (page_shift) {
    case mmu::shift_of(Level::kPte4k):
      return "4K";
    case mmu::shift_of(Level::kPte64k):
      return "64K";
    case mmu::shift_of(Level::kPde0):
      return "2M";
    default:
      return "?";
  }
}

}  // namespace faultline::translate
