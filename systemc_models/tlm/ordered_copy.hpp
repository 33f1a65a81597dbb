// SPDX-License-Identifier: MIT
// Copies from and to memory that CPUs use at the same time.
#pragma once

#include <atomic>
#include <cstdint>
#include <cstring>
#include <span>

namespace faultline::tlm {

namespace detail {

template <typename Word>
bool is_aligned(const std::byte* at) {
  return reinterpret_cast<uintptr_t>(at) % sizeof(Word) == 0;
}

template <typename Word>
void load_word(std::byte* out, const std::byte* from) {
  auto* word = const_cast<Word*>(reinterpret_cast<const Word*>(from));
  const Word value = std::atomic_ref<Word>(*word).load(std::memory_order_acquire);
  std::memcpy(out, &value, sizeof value);
}

template <typename Word>
void store_word(std::byte* to, const std::byte* from) {
  Word value;
  std::memcpy(&value, from, sizeof value);
  std::atomic_ref<Word>(*reinterpret_cast<Word*>(to)).store(value, std::memory_order_release);
}

}  // namespace detail

/// An aligned word of 4 or 8 bytes is read whole; anything else is a plain copy.
inline void ordered_load(std::span<std::byte> out, const std::byte* from) {
  if (out.size() == 8 && detail::is_aligned<uint64_t>(from)) {
    detail::load_word<uint64_t>(out.data(), from);
  } else if (out.size() == 4 && detail::is_aligned<uint32_t>(from)) {
    detail::load_word<uint32_t>(out.data(), from);
  } else {
    std::memcpy(out.data(), from, out.size());
  }
}

/// An aligned word of 8 bytes is written whole. Of anything else the last aligned 32-bit word lands
/// last, after all that was written before: so a fault packet's VALID bit does (dev_fault).
inline void ordered_store(std::byte* to, std::span<const std::byte> in) {
  if (in.size() == 8 && detail::is_aligned<uint64_t>(to)) {
    detail::store_word<uint64_t>(to, in.data());
    return;
  }
  const size_t tail = sizeof(uint32_t);
  if (in.size() < tail || !detail::is_aligned<uint32_t>(to + in.size() - tail)) {
    std::memcpy(to, in.data(), in.size());
    return;
  }
  const size_t head = in.size() - tail;
  std::memcpy(to, in.data(), head);
  detail::store_word<uint32_t>(to + head, in.data() + head);
}

}  // namespace faultline::tlm
