// SPDX-License-Identifier: MIT
// Random choices that a seed repeats.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>

namespace faultline::builder {

/// FAULTLINE_SEED, or `otherwise`.
inline uint64_t chosen_seed_or(uint64_t otherwise) {
  const char* const given = std::getenv("FAULTLINE_SEED");
  return given ? std::stoull(given, nullptr, 0) : otherwise;
}

/// FAULTLINE_SEED, or a fresh one.
inline uint64_t chosen_seed() { return chosen_seed_or(std::random_device{}()); }

class Dice {
 public:
  explicit Dice(uint64_t seed) : engine_(seed) {}
  unsigned below(unsigned limit) { return static_cast<unsigned>(engine_() % limit); }
  bool once_in(unsigned n) { return below(n) == 0; }
  template <typename T, size_t N>
  T one_of(const T (&choices)[N]) {
    return choices[below(N)];
  }
  uint64_t word() { return engine_(); }

 private:
  std::mt19937_64 engine_;
};

}  // namespace faultline::builder
