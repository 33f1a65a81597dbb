// SPDX-License-Identifier: MIT
// A SystemC kernel of its own for each test.
#pragma once

#include <systemc>
#include <vector>

namespace faultline::tests {

/// Kernels are never destroyed: SystemC 3.0.1 frees its coroutine package before the threads that
/// still point into it, and crashes. Kept in a list, they are not taken for leaks.
class FreshKernel {
 public:
  FreshKernel() {
    static auto& kept = *new std::vector<sc_core::sc_simcontext*>;
    kept.push_back(new sc_core::sc_simcontext);
    sc_core::sc_curr_simcontext = kept.back();
    sc_core::sc_default_global_context = kept.back();
  }
  FreshKernel(const FreshKernel&) = delete;
  FreshKernel& operator=(const FreshKernel&) = delete;
};

}  // namespace faultline::tests
