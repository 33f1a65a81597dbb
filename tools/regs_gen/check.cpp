// SPDX-License-Identifier: MIT
// What a description must satisfy before anything is generated from it.
#include "tools/regs_gen/check.hpp"

#include <fmt/format.h>

#include <map>
#include <set>
#include <string>
#include <utility>

#include "tools/regs_gen/names.hpp"

namespace faultline::regs_gen {

namespace {

/// Remembers who has taken a name; in C all names share one scope.
class Names {
 public:
  explicit Names(Errors& errors) : errors_(errors) {}

  void take(const std::string& name, const Place& place, const std::string& entry) {
    const auto [taken, fresh] =
        owners_.emplace(name, fmt::format("{} ({}:{})", entry, place.file, place.line));
    if (!fresh)
      report(errors_, place, entry,
             fmt::format("the name {} is already taken by {}", name, taken->second));
  }

 private:
  std::map<std::string, std::string> owners_;
  Errors& errors_;
};

bool fits(uint64_t value, unsigned width) { return width >= 64 || value >> width == 0; }

std::string bits(const Field& field) { return fmt::format("{}:{}", field.high, field.low); }

void check_name(const std::string& name, const Place& place, const std::string& entry,
                Errors& errors) {
  if (!is_snake(name))
    report(errors, place, entry, fmt::format("the name {} must be snake_case", name));
  if (is_reserved(name))
    report(errors, place, entry, fmt::format("the name {} is a keyword or reserved", name));
}

void check_enum(const Enum& e, Names& names, Errors& errors) {
  const std::string entry = "enum " + e.name;
  if (!is_camel(e.name)) report(errors, e.place, entry, "the name must be CamelCase");
  if (e.width < 1 || e.width > 16) report(errors, e.place, entry, "width must be 1 to 16 bits");
  if (e.values.empty()) report(errors, e.place, entry, "has no values");
  std::map<uint64_t, std::string> owners;
  for (const Enumerator& value : e.values) {
    names.take(c_name(snake(e.name) + "_" + value.name), e.place,
               fmt::format("{}: value {}", entry, value.name));
    if (!is_upper(value.name))
      report(errors, e.place, entry,
             fmt::format("the value name {} must be in capitals", value.name));
    if (!fits(value.value, e.width)) {
      report(errors, e.place, entry,
             fmt::format("{} = {:#x} is wider than {} bits", value.name, value.value, e.width));
    }
    const auto [taken, fresh] = owners.emplace(value.value, value.name);
    if (!fresh)
      report(errors, e.place, entry,
             fmt::format("{} and {} are both {:#x}", taken->second, value.name, value.value));
  }
}

void check_constants(const std::vector<Constant>& constants, const std::string& owner,
                     const Place& place, const std::string& entry, Names& names, Errors& errors) {
  for (const Constant& constant : constants) {
    const std::string where = fmt::format("{}: constant {}", entry, constant.name);
    check_name(constant.name, place, where, errors);
    names.take(c_name(owner + "_" + constant.name), place, where);
  }
}

/// One field by itself: its name, bounds, enum and reset value.
void check_field(const Field& field, const std::string& entry, unsigned word_bits, unsigned words,
                 const Description& description, Errors& errors) {
  check_name(field.name, field.place, entry, errors);
  if (field.high >= word_bits) {
    report(errors, field.place, entry,
           fmt::format("bits {} are beyond a word of {} bits", bits(field), word_bits));
    return;
  }
  if (field.count < 1) report(errors, field.place, entry, "count must be at least 1");
  if (field.count > 1 && field.stride_bits < field.width()) {
    report(
        errors, field.place, entry,
        fmt::format("stride_bits {} makes the {} fields overlap", field.stride_bits, field.count));
  }
  for (unsigned i = 0; i < field.count; ++i) {
    const uint64_t low =
        uint64_t{field.word} * word_bits + field.low + uint64_t{i} * field.stride_bits;
    const uint64_t high = low + field.width() - 1;
    if (high >= uint64_t{words} * word_bits) {
      report(errors, field.place, entry,
             fmt::format("word {} is beyond the end: there are {} words", high / word_bits, words));
      break;
    }
    if (low / word_bits != high / word_bits) {
      report(errors, field.place, entry, fmt::format("element {} crosses a word", i));
      break;
    }
  }
  if (!fits(field.reset, field.width())) {
    report(errors, field.place, entry,
           fmt::format("reset value {:#x} is wider than {} bits", field.reset, field.width()));
  }
  if (field.enum_name.empty()) return;
  const Enum* e = description.find_enum(field.enum_name);
  if (e == nullptr) {
    report(errors, field.place, entry, fmt::format("unknown enum {}", field.enum_name));
  } else if (e->width != field.width()) {
    report(errors, field.place, entry,
           fmt::format("is {} bits wide, but enum {} has {}", field.width(), field.enum_name,
                       e->width));
  }
}

bool may_share(const Field& a, const Field& b) {
  return !a.variant.empty() && !b.variant.empty() && a.variant != b.variant;
}

/// Reports the first overlap of each pair of fields; fields of different variants may share bits.
void check_overlaps(const std::vector<Field>& fields, const std::string& entry, unsigned word_bits,
                    Errors& errors) {
  std::map<uint64_t, std::vector<const Field*>> owners;
  std::set<std::pair<const Field*, const Field*>> reported;
  for (const Field& field : fields) {
    for (unsigned i = 0; i < field.count; ++i) {
      const uint64_t low =
          uint64_t{field.word} * word_bits + field.low + uint64_t{i} * field.stride_bits;
      for (uint64_t bit = low; bit < low + field.width(); ++bit) {
        for (const Field* other : owners[bit]) {
          if (other == &field || may_share(*other, field) ||
              !reported.emplace(other, &field).second)
            continue;
          report(errors, field.place, fmt::format("{}: field {}", entry, field.name),
                 fmt::format("bits {} of word {} overlap field {} (bits {})", bits(field),
                             bit / word_bits, other->name, bits(*other)));
        }
        owners[bit].push_back(&field);
      }
    }
  }
}

void check_fields(const std::vector<Field>& fields, const std::string& owner,
                  const std::string& entry, unsigned word_bits, unsigned words,
                  const Description& description, Names& names, Errors& errors) {
  const size_t before = errors.size();
  for (const Field& field : fields) {
    const std::string where = fmt::format("{}: field {}", entry, field.name);
    names.take(c_name(owner + "_" + field.name), field.place, where);
    check_field(field, where, word_bits, words, description, errors);
  }
  if (errors.size() == before) check_overlaps(fields, entry, word_bits, errors);
}

using Offsets = std::map<uint32_t, std::string>;

/// Size of BAR0, which holds all registers.
constexpr uint64_t kBar0Bytes = 16 << 20;

void check_offsets(const Register& reg, const std::string& entry, Offsets& owners, Errors& errors) {
  if (reg.count < 1 || (reg.count > 1 && (reg.stride < 4 || reg.stride % 4 != 0))) {
    report(errors, reg.place, entry, "an array needs a count and a stride that is a multiple of 4");
    return;
  }
  if (reg.offset % 4 != 0)
    report(errors, reg.place, entry,
           fmt::format("offset {:#x} is not a multiple of 4", reg.offset));
  if (reg.offset + uint64_t{reg.count - 1} * reg.stride >= kBar0Bytes) {
    report(errors, reg.place, entry, "lies beyond BAR0, which has 16 MiB");
    return;
  }
  for (uint32_t i = 0; i < reg.count; ++i) {
    const uint32_t offset = reg.offset + i * reg.stride;
    const std::string name = reg.is_array() ? fmt::format("{}({})", reg.name, i) : reg.name;
    const auto [taken, fresh] = owners.emplace(offset, name);
    if (!fresh) {
      report(errors, reg.place, entry,
             fmt::format("offset {:#x} of {} is already taken by {}", offset, name, taken->second));
      return;
    }
  }
}

void check_register(const Register& reg, const Description& description, Names& names,
                    Offsets& offsets, Errors& errors) {
  const std::string entry = "register " + reg.name;
  check_name(reg.name, reg.place, entry, errors);
  names.take(c_name(reg.name), reg.place, entry);
  names.take(c_name(reg.name + "_reset"), reg.place, entry);
  check_constants(reg.constants, reg.name, reg.place, entry, names, errors);
  if (reg.fields.empty()) report(errors, reg.place, entry, "has no fields");
  for (const Field& field : reg.fields) {
    if (field.count != 1) report(errors, field.place, entry, "field arrays are for records");
  }
  check_fields(reg.fields, reg.name, entry, 32, 1, description, names, errors);
  check_offsets(reg, entry, offsets, errors);
}

void check_record(const Record& record, const Description& description, Names& names,
                  Errors& errors) {
  const std::string entry = "record " + record.name;
  check_name(record.name, record.place, entry, errors);
  for (const char* suffix : {"_words", "_bytes"}) {
    names.take(c_name(record.name + suffix), record.place, entry);
  }
  for (const Field& field : record.fields) {
    const std::string where = fmt::format("{}: field {}", entry, field.name);
    names.take(c_name(record.name + "_" + field.name + "_word"), field.place, where);
    if (field.count > 1) {
      names.take(c_name(record.name + "_" + field.name + "_count"), field.place, where);
    }
  }
  check_constants(record.constants, record.name, record.place, entry, names, errors);
  if (record.word_bits != 32 && record.word_bits != 64)
    report(errors, record.place, entry, "word_bits must be 32 or 64");
  if (record.words < 1) report(errors, record.place, entry, "words must be at least 1");
  if (record.fields.empty()) report(errors, record.place, entry, "has no fields");
  check_fields(record.fields, record.name, entry, record.word_bits, record.words, description,
               names, errors);
}

const Register* find_register(const Description& description, const std::string& name) {
  for (const Chapter& chapter : description.chapters) {
    for (const Register& reg : chapter.registers) {
      if (reg.name == name) return &reg;
    }
  }
  return nullptr;
}

}  // namespace

const Enum* Description::find_enum(const std::string& name) const {
  for (const Chapter& chapter : chapters) {
    for (const Enum& e : chapter.enums) {
      if (e.name == name) return &e;
    }
  }
  return nullptr;
}

uint32_t Register::reset() const {
  uint64_t value = 0;
  for (const Field& field : fields) value |= field.reset << field.low;
  return static_cast<uint32_t>(value);
}

void resolve_likes(Description& description, Errors& errors) {
  for (Chapter& chapter : description.chapters) {
    for (Register& reg : chapter.registers) {
      if (reg.like.empty()) continue;
      const std::string entry = "register " + reg.name;
      const Register* model = find_register(description, reg.like);
      if (model == nullptr || !model->like.empty()) {
        report(errors, reg.place, entry,
               fmt::format("like = {}, which is no register with fields of its own", reg.like));
        continue;
      }
      if (!reg.fields.empty()) report(errors, reg.place, entry, "has both fields and like");
      reg.fields = model->fields;
      for (Field& field : reg.fields) field.access = reg.access;
    }
  }
}

void check(const Description& description, Errors& errors) {
  Names c_names(errors);
  Names type_names(errors);
  Offsets offsets;
  for (const Chapter& chapter : description.chapters) {
    for (const Enum& e : chapter.enums) {
      type_names.take(e.name, e.place, "enum " + e.name);
      check_enum(e, c_names, errors);
    }
    for (const Record& record : chapter.records) {
      type_names.take(record.name, record.place, "record " + record.name);
      check_record(record, description, c_names, errors);
    }
    for (const Register& reg : chapter.registers) {
      type_names.take(reg.name, reg.place, "register " + reg.name);
      check_register(reg, description, c_names, offsets, errors);
    }
  }
}

}  // namespace faultline::regs_gen
