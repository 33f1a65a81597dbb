// SPDX-License-Identifier: MIT
// The hierarchy and the values of an FST file, by the reader that comes with Verilator.
#include "tools/wave/fst_file.hpp"

#include <fmt/format.h>
#include <fstapi.h>

#include <algorithm>
#include <stdexcept>

namespace faultline::wave {

namespace {

using Changes = std::map<uint32_t, std::vector<Change>>;

std::map<uint64_t, EnumNames>::value_type table_of(uint64_t handle, const char* text) {
  EnumNames names;
  fstETab* const table = fstUtilityExtractEnumTableFromString(text);
  if (!table) return {handle, names};
  for (uint32_t i = 0; i < table->elem_count; ++i) names[table->val_arr[i]] = table->literal_arr[i];
  fstUtilityFreeEnumTable(table);
  return {handle, names};
}

/// Verilator says `signal [7:0]`, GTKWave `signal[7:0]`.
std::string full_name(const char* scope, std::string name) {
  std::erase(name, ' ');
  return fmt::format("{}.{}", scope, name);
}

void note_change(void* changes, uint64_t time, fstHandle handle, const unsigned char* value) {
  (*static_cast<Changes*>(changes))[handle].push_back({time, reinterpret_cast<const char*>(value)});
}

}  // namespace

FstFile::FstFile(const std::string& path) : reader_(fstReaderOpen(path.c_str()), fstReaderClose) {
  if (!reader_) throw std::runtime_error(fmt::format("'{}' is no FST file", path));
  read_signals();
}

void FstFile::read_signals() {
  std::map<uint64_t, EnumNames> tables;
  const EnumNames* next = nullptr;  // of the signal that follows
  while (const fstHier* const item = fstReaderIterateHier(reader_.get())) {
    if (item->htyp == FST_HT_SCOPE) {
      fstReaderPushScope(reader_.get(), item->u.scope.name, nullptr);
    } else if (item->htyp == FST_HT_UPSCOPE) {
      fstReaderPopScope(reader_.get());
    } else if (item->htyp == FST_HT_ATTRBEGIN && item->u.attr.subtype == FST_MT_ENUMTABLE) {
      if (item->u.attr.name_length > 0)
        tables.insert(table_of(item->u.attr.arg, item->u.attr.name));
      else
        next = &tables[item->u.attr.arg];
    } else if (item->htyp == FST_HT_VAR) {
      signals_.push_back(
          {.name = full_name(fstReaderGetCurrentFlatScope(reader_.get()), item->u.var.name),
           .handle = item->u.var.handle,
           .bits = item->u.var.length,
           .names = next ? *next : EnumNames{}});
      next = nullptr;
    }
  }
}

const Signal* FstFile::find(const std::string& name) const {
  const auto found = std::ranges::find(signals_, name, &Signal::name);
  return found == signals_.end() ? nullptr : &*found;
}

uint64_t FstFile::begin_time() const { return fstReaderGetStartTime(reader_.get()); }
uint64_t FstFile::end_time() const { return fstReaderGetEndTime(reader_.get()); }

Changes FstFile::changes(const std::vector<Signal>& signals) {
  Changes changes;
  fstReaderClrFacProcessMaskAll(reader_.get());
  for (const Signal& signal : signals) fstReaderSetFacProcessMask(reader_.get(), signal.handle);
  fstReaderIterBlocks(reader_.get(), note_change, &changes, nullptr);
  return changes;
}

}  // namespace faultline::wave
