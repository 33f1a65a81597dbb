// SPDX-License-Identifier: MIT
// Page-table entries in words: their fields by the manual's names.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tools/translate/translator.hpp"

namespace faultline::translate {

struct FieldText {
  std::string_view name;
  std::string value;
};

/// The fields that count, given the apertures and kinds of entry that the words name.
std::vector<FieldText> fields_of(const WalkEntry& entry);

/// A page of any size, not a directory.
bool holds_page(const WalkEntry& entry);

std::string_view level_name(mmu::Level level);
std::string_view aperture_name(mmu::Aperture aperture);
/// 4K, 64K, 2M.
std::string_view page_size_name(unsigned page_shift);

}  // namespace faultline::translate
