// SPDX-License-Identifier: MIT
// A recursive-descent reader of RFC 8259; depth is limited because the text comes from a stranger.
#include "qemu_device/vfio_user/json.hpp"

#include <charconv>

namespace faultline::vfio_user {
namespace {

constexpr int kMaxDepth = 16;

class Scanner {
 public:
  Scanner(std::string_view text,
          const std::function<void(std::string_view, const JsonScalar&)>& visit)
      : rest_(text), visit_(visit) {}

  bool document() {
    if (!value(0)) return false;
    skip_space();
    return rest_.empty();
  }

 private:
  bool value(int depth) {
    skip_space();
    if (rest_.empty() || depth > kMaxDepth) return false;
    switch (rest_.front()) {
      case '{':
        return object(depth);
      case '[':
        return array(depth);
      case '"':
        return string_value();
      default:
        return literal("true", true) || literal("false", false) ||
               literal("null", std::monostate{}) || number();
    }
  }

  bool object(int depth) {
    take('{');
    if (take('}')) return true;
    do {
      skip_space();
      const auto key = string();
      if (!key || !take(':')) return false;
      const size_t length = path_.size();
      if (!path_.empty()) path_ += '.';
      path_ += *key;
      if (!value(depth + 1)) return false;
      path_.resize(length);
    } while (take(','));
    return take('}');
  }

  bool array(int depth) {
    take('[');
    if (take(']')) return true;
    do {
      if (!value(depth + 1)) return false;
    } while (take(','));
    return take(']');
  }

  bool string_value() {
    if (!string()) return false;
    visit_(path_, std::monostate{});
    return true;
  }

  /// The raw text between the quotes: no key that we know needs an escape.
  std::optional<std::string_view> string() {
    if (rest_.empty() || rest_.front() != '"') return std::nullopt;
    for (size_t i = 1; i < rest_.size(); ++i) {
      const auto c = static_cast<unsigned char>(rest_[i]);
      if (c == '"') {
        const std::string_view text = rest_.substr(1, i - 1);
        rest_.remove_prefix(i + 1);
        return text;
      }
      if (c < 0x20) return std::nullopt;
      if (c == '\\' && !escape(i)) return std::nullopt;
    }
    return std::nullopt;
  }

  /// Moves `i` from a backslash to the last character of its escape.
  bool escape(size_t& i) const {
    if (++i >= rest_.size()) return false;
    if (rest_[i] != 'u') return std::string_view("\"\\/bfnrt").contains(rest_[i]);
    for (int digit = 0; digit < 4; ++digit) {
      ++i;
      if (i >= rest_.size()) return false;
      if (!std::string_view("0123456789abcdefABCDEF").contains(rest_[i])) return false;
    }
    return true;
  }

  bool literal(std::string_view word, const JsonScalar& scalar) {
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    visit_(path_, scalar);
    return true;
  }

  bool number() {
    const std::string_view start = rest_;
    const bool negative = take_character('-');
    const bool leading_zero = !rest_.empty() && rest_.front() == '0';
    const std::string_view digits = take_digits();
    if (digits.empty() || (leading_zero && digits.size() > 1)) return false;
    const bool fraction = take_character('.');
    if (fraction && take_digits().empty()) return false;
    const bool exponent = take_character('e') || take_character('E');
    if (exponent) {
      if (!take_character('+')) take_character('-');
      if (take_digits().empty()) return false;
    }
    uint64_t integer = 0;
    const char* const first = &start.front();
    const auto result = std::from_chars(first, first + digits.size(), integer);
    const bool is_integer = !negative && !fraction && !exponent && result.ec == std::errc{};
    visit_(path_, is_integer ? JsonScalar{integer} : JsonScalar{});
    return true;
  }

  std::string_view take_digits() {
    size_t length = 0;
    while (length < rest_.size() && rest_[length] >= '0' && rest_[length] <= '9') ++length;
    const std::string_view digits = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return digits;
  }

  bool take_character(char wanted) {
    if (rest_.empty() || rest_.front() != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool take(char wanted) {
    skip_space();
    return take_character(wanted);
  }

  void skip_space() {
    const size_t first = rest_.find_first_not_of(" \t\r\n");
    rest_.remove_prefix(first == std::string_view::npos ? rest_.size() : first);
  }

  std::string_view rest_;
  const std::function<void(std::string_view, const JsonScalar&)>& visit_;
  std::string path_;
};

}  // namespace

bool scan_json(std::string_view text,
               const std::function<void(std::string_view path, const JsonScalar& value)>& visit) {
  return Scanner(text, visit).document();
}

}  // namespace faultline::vfio_user
