// SPDX-License-Identifier: MIT
// The event trace: one JSON object a line, with device time.
#pragma once

#include <cstdint>
#include <cstdio>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "systemc_models/tlm/device_clock.hpp"

namespace faultline::tlm {

/// Printed as a string "0x...": JSON numbers are not good for 64 bits.
struct Hex {
  uint64_t value;
};

struct TraceField {
  std::string_view name;
  std::variant<uint64_t, Hex, std::string_view> value;
};

/// Ask is_on() before putting an event together: that is all it costs while off.
class Trace {
 public:
  /// Empty `path`: off. Throws std::runtime_error with one line if the file cannot be written.
  Trace(const DeviceClock& clock, const std::string& path);

  bool is_on() const { return file_ != nullptr; }
  /// {"t": <ns>, "event": <event>, <field>...}. Names and strings are identifiers: nothing is
  /// escaped. A file that cannot take more ends the trace, not the device: the log says so.
  void event(std::string_view name, std::initializer_list<TraceField> fields);
  /// To be called before the process sleeps, so that a reader sees what happened.
  void flush();

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  void give_up();

  const DeviceClock& clock_;
  std::string path_;
  std::unique_ptr<std::FILE, Close> file_;
  bool dirty_ = false;
};

}  // namespace faultline::tlm
