// SPDX-License-Identifier: MIT
// Who owns what Verilator made of a module.
#pragma once

#include <verilated.h>

#include <memory>
#ifdef FAULTLINE_RTL_COVERAGE
#include <verilated_cov.h>

#include <cstdlib>
#include <vector>
#endif

namespace faultline::rtl {

#ifndef FAULTLINE_RTL_COVERAGE

template <typename Top>
using VerilatedTop = std::unique_ptr<Top>;

template <typename Top>
VerilatedTop<Top> make_top() {
  return std::make_unique<Top>();
}

#else

/// What a Verilated module has counted goes with it. So those that are not needed any more are kept
/// for the next who asks, and the end of the program writes what all have counted, to the file
/// that FAULTLINE_COVERAGE_FILE names.
template <typename Top>
class TopPool {
 public:
  static TopPool& instance() {
    Verilated::threadContextp();  // made before us, so it is there when we end
    static TopPool pool;
    return pool;
  }
  ~TopPool() {
    const char* const file = std::getenv("FAULTLINE_COVERAGE_FILE");
    if (file) Verilated::threadContextp()->coveragep()->write(file);
  }

  std::unique_ptr<Top> take() {
    if (free_.empty()) return std::make_unique<Top>();
    std::unique_ptr<Top> top = std::move(free_.back());
    free_.pop_back();
    return top;
  }
  void give_back(Top* top) { free_.emplace_back(top); }

 private:
  std::vector<std::unique_ptr<Top> > free_;
};

struct ReturnTop {
  template <typename Top>
  void operator()(Top* top) const {
    TopPool<Top>::instance().give_back(top);
  }
};

template <typename Top>
using VerilatedTop = std::unique_ptr<Top, ReturnTop>;

template <typename Top>
VerilatedTop<Top> make_top() {
  return VerilatedTop<Top>(TopPool<Top>::instance().take().release());
}

#endif

}  // namespace faultline::rtl
