// SPDX-License-Identifier: MIT
// An FST file that grows with the cycles of a Verilated module.
#pragma once

#include <verilated_fst_c.h>

#include <cstdint>
#include <string>

namespace faultline::rtl {

class WaveFile {
 public:
  /// The halves of a cycle, by its clock.
  enum class Half : uint8_t { kHigh, kLow };

  /// Throws std::runtime_error, in one line.
  explicit WaveFile(std::string path);

  /// Before the first write(). Times are those of the context of `top`, which must trace.
  template <typename Top>
  void open(Top& top) {
    constexpr int kAllLevels = 99;
    top.trace(&fst_, kAllLevels);
    open();
  }
  /// Cycles must not go back. When the disk is almost full the file is closed, with a word in the
  /// log.
  void write(uint64_t cycle, Half half);
  void close();
  bool is_open() const { return fst_.isOpen(); }
  const std::string& path() const { return path_; }

 private:
  void open();
  bool has_room() const;

  std::string path_;
  VerilatedFstC fst_;
  uint64_t written_ = 0;
};

}  // namespace faultline::rtl
