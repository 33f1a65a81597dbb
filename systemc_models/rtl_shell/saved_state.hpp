// SPDX-License-Identifier: MIT
// The state of a Verilated module in memory (Verilator's --savable).
#pragma once

#include <verilated_save.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

namespace faultline::rtl {

using SavedBytes = std::vector<uint8_t>;

class SaveToMemory : public VerilatedSerialize {
 public:
  explicit SaveToMemory(SavedBytes& bytes) : bytes_(bytes) {
    bytes_.clear();
    m_isOpen = true;
  }
  ~SaveToMemory() override { SaveToMemory::flush(); }
  void flush() override {
    bytes_.insert(bytes_.end(), m_bufp, m_cp);
    m_cp = m_bufp;
  }

 private:
  SavedBytes& bytes_;
};

class RestoreFromMemory : public VerilatedDeserialize {
 public:
  explicit RestoreFromMemory(const SavedBytes& bytes) : next_(bytes.data()), left_(bytes.size()) {
    m_isOpen = true;
    m_cp = m_endp = m_bufp;
    RestoreFromMemory::fill();
  }

 protected:
  void fill() override {
    const size_t kept = static_cast<size_t>(m_endp - m_cp);
    std::memmove(m_bufp, m_cp, kept);
    const size_t more = std::min(left_, bufferSize() - kept);
    std::memcpy(m_bufp + kept, next_, more);
    next_ += more;
    left_ -= more;
    m_cp = m_bufp;
    m_endp = m_bufp + kept + more;
  }

 private:
  const uint8_t* next_;
  size_t left_;
};

template <typename Top>
void save(Top& top, SavedBytes& bytes) {
  SaveToMemory to(bytes);
  to << top;
}

template <typename Top>
void restore(Top& top, const SavedBytes& bytes) {
  RestoreFromMemory from(bytes);
  from >> top;
}

}  // namespace faultline::rtl
