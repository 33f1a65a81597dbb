// SPDX-License-Identifier: MIT
// Puts an image under an MMU, whichever it is.
#pragma once

#include <vector>

#include "tools/translate/image_memory.hpp"
#include "tools/translate/translator.hpp"

namespace faultline::translate {

/// Derived classes bring the MMU. Its memory is `memory()`.
class ImageTranslator : public Translator {
 public:
  Reply ask(const Question& question) override;

 protected:
  /// The image must outlive this. Throws ImageError if its instance block names another page
  /// directory than its header.
  explicit ImageTranslator(const Image& image);

  ImageMemory& memory() { return memory_; }

 private:
  /// With nothing cached. Appends what the walk reads.
  virtual mmu::Answer translate(const mmu::Request& request, std::vector<WalkEntry>& walk) = 0;
  void check_page_directory();

  const Image& image_;
  ImageMemory memory_;
};

/// An MMU without surroundings: nobody listens, no time passes.
struct Silence : mmu::Listener, mmu::Clock {
  void answered(uint64_t, const mmu::Answer&) override {}
  void space(uint8_t, uint8_t) override {}
  void interrupt(uint32_t, uint32_t) override {}
  uint64_t now_ns() override { return 0; }
};

}  // namespace faultline::translate
