// SPDX-License-Identifier: MIT
// The register description in memory: what the TOML files say, before and after the checks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace faultline::regs_gen {

/// Where an entry stands, for error messages.
struct Place {
  std::string file;
  unsigned line = 0;
};

/// How a field answers to software.
enum class AccessRule {
  kReadOnly,
  kReadWrite,
  kWriteOneToClear,
  kWriteOnly,
  kTrigger,  ///< write-only, and writing one starts something
};

struct Enumerator {
  std::string name;
  uint64_t value = 0;
  std::string text;
};

struct Enum {
  Place place;
  std::string name;  ///< CamelCase
  unsigned width = 0;
  std::string manual;
  std::string text;
  std::vector<Enumerator> values;
};

struct Constant {
  std::string name;
  uint64_t value = 0;
  std::string text;
};

struct Field {
  Place place;
  std::string name;
  unsigned word = 0;
  unsigned high = 0;
  unsigned low = 0;
  unsigned count = 1;        ///< of equal fields, records only
  unsigned stride_bits = 0;  ///< from one to the next
  AccessRule access = AccessRule::kReadWrite;
  uint64_t reset = 0;
  std::string enum_name;  ///< empty: a number
  std::string variant;    ///< fields of different variants may share bits
  std::string manual;
  std::string text;

  unsigned width() const { return high - low + 1; }
};

struct Register {
  Place place;
  std::string name;
  uint32_t offset = 0;
  uint32_t stride = 0;
  uint32_t count = 1;
  AccessRule access = AccessRule::kReadWrite;
  std::string like;  ///< register whose fields this one shares
  std::string manual;
  std::string text;
  std::vector<Constant> constants;
  std::vector<Field> fields;

  bool is_array() const { return count > 1; }
  uint32_t reset() const;
};

struct Record {
  Place place;
  std::string name;
  unsigned word_bits = 32;
  unsigned words = 1;
  std::string manual;
  std::string text;
  std::vector<Constant> constants;
  std::vector<Field> fields;
};

/// One file's share: a chapter of the reference.
struct Chapter {
  Place place;
  std::string title;
  int order = 0;
  std::string text;
  std::vector<Enum> enums;
  std::vector<Record> records;
  std::vector<Register> registers;
};

struct Description {
  std::vector<Chapter> chapters;  ///< by their order

  const Enum* find_enum(const std::string& name) const;
};

}  // namespace faultline::regs_gen
