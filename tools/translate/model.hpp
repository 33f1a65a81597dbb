// SPDX-License-Identifier: MIT
// The functional model answers.
#pragma once

#include "systemc_models/mmu/gmmu_model.hpp"
#include "tools/translate/image_memory.hpp"
#include "tools/translate/translator.hpp"

namespace faultline::translate {

class Model : public Translator {
 public:
  /// The image must outlive this. Throws ImageError if its instance block names another page
  /// directory than its header.
  explicit Model(const Image& image);

  Reply ask(const Question& question) override;

 private:
  struct Silent : mmu::Listener, mmu::Clock {
    void answered(uint64_t, const mmu::Answer&) override {}
    void space(uint8_t, uint8_t) override {}
    void interrupt(uint32_t, uint32_t) override {}
    uint64_t now_ns() override { return 0; }
  };
  struct Watch : mmu::Trace {
    void walk_step(const mmu::WalkStep& step) override;
    std::vector<WalkEntry> walk;
  };

  void check_page_directory();

  const Image& image_;
  ImageMemory memory_;
  Silent silent_;
  Watch watch_;
  mmu::Gmmu gmmu_;
};

}  // namespace faultline::translate
