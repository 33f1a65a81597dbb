// SPDX-License-Identifier: MIT
// Reads FST files: which signals, and how their values change.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace faultline::wave {

/// Value by name, for signals of an enum type; values are in binary, as wide as the signal.
using EnumNames = std::map<std::string, std::string>;

struct Signal {
  std::string name;  ///< with scopes, as GTKWave writes it: a.b[0].c[7:0]
  uint32_t handle = 0;
  unsigned bits = 1;
  EnumNames names;  ///< empty: not of an enum type
};

struct Change {
  uint64_t time;
  std::string value;  ///< binary
};

class FstFile {
 public:
  /// Throws std::runtime_error, in one line, if it is none.
  explicit FstFile(const std::string& path);

  const std::vector<Signal>& signals() const { return signals_; }
  const Signal* find(const std::string& name) const;
  uint64_t begin_time() const;
  uint64_t end_time() const;
  /// Of all signals that are asked for, by handle, in the order of time.
  std::map<uint32_t, std::vector<Change>> changes(const std::vector<Signal>& signals);

 private:
  void read_signals();

  std::unique_ptr<void, void (*)(void*)> reader_;
  std::vector<Signal> signals_;
};

}  // namespace faultline::wave
