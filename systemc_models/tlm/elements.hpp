// SPDX-License-Identifier: MIT
// Arithmetic on elements of 1, 2, 4 or 8 bytes.
#pragma once

#include <algorithm>
#include <atomic>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <span>

#include "regs/generated/faultline_regs.hpp"

namespace faultline::tlm {

/// Calls `function` with a zero of the element's type.
template <typename Function>
decltype(auto) with_element(unsigned element_shift, Function&& function) {
  switch (element_shift) {
    case 0:
      return function(uint8_t{});
    case 1:
      return function(uint16_t{});
    case 2:
      return function(uint32_t{});
    default:
      return function(uint64_t{});
  }
}

template <std::unsigned_integral T>
T alu(regs::AluOp op, T a, T b) {
  switch (op) {
    case regs::AluOp::kAdd:
      return static_cast<T>(a + b);
    case regs::AluOp::kXor:
      return static_cast<T>(a ^ b);
    case regs::AluOp::kAnd:
      return static_cast<T>(a & b);
    case regs::AluOp::kOr:
      return static_cast<T>(a | b);
    case regs::AluOp::kMin:
      return std::min(a, b);
    case regs::AluOp::kMax:
      return std::max(a, b);
  }
  return a;
}

/// The elements in `bytes`, which has the element's alignment.
template <std::unsigned_integral T>
std::span<T> elements(std::span<std::byte> bytes) {
  return {reinterpret_cast<T*>(bytes.data()), bytes.size() / sizeof(T)};
}

/// Element = element `op` operand, for each.
inline void transform(std::span<std::byte> bytes, unsigned element_shift, regs::AluOp op,
                      uint64_t operand) {
  with_element(element_shift, [&]<typename T>(T) {
    for (T& element : elements<T>(bytes)) element = alu(op, element, static_cast<T>(operand));
  });
}

/// `from` folded with each element.
inline uint64_t fold(std::span<std::byte> bytes, unsigned element_shift, regs::AluOp op,
                     uint64_t from) {
  return with_element(element_shift, [&]<typename T>(T) -> uint64_t {
    T value = static_cast<T>(from);
    for (const T element : elements<T>(bytes)) value = alu(op, value, element);
    return value;
  });
}

inline void fill(std::span<std::byte> bytes, unsigned element_shift, uint64_t value) {
  with_element(element_shift, [&]<typename T>(T) {
    std::ranges::fill(elements<T>(bytes), static_cast<T>(value));
  });
}

/// Replaces the element at `at` by update(old) in one step against the guest's CPUs too, and
/// returns what it was.
template <std::unsigned_integral T, typename Update>
T atomic_update(std::byte* at, Update&& update) {
  std::atomic_ref<T> element(*reinterpret_cast<T*>(at));
  T old = element.load(std::memory_order_relaxed);
  while (!element.compare_exchange_weak(old, update(old), std::memory_order_seq_cst,
                                        std::memory_order_relaxed)) {
  }
  return old;
}

}  // namespace faultline::tlm
