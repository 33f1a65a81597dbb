// SPDX-License-Identifier: MIT
// A program started by a test, with its output in a file; killed when the test is over.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace faultline::protocol_test {

class ChildProcess {
 public:
  /// Runs `command`, found in PATH if it has no slash. Throws std::runtime_error if it cannot be
  /// started.
  ChildProcess(const std::vector<std::string>& command, const std::string& output_file);
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  ~ChildProcess();

  pid_t pid() const { return pid_; }
  /// Waits for its end, ten seconds at most. Returns its exit status, or -1 for a signal.
  int wait();
  bool running();

 private:
  pid_t pid_ = -1;
  int status_ = 0;
  bool reaped_ = false;
};

}  // namespace faultline::protocol_test
