// SPDX-License-Identifier: MIT
// The functional model answers.
#pragma once

#include <vector>

#include "systemc_models/mmu/gmmu_model.hpp"
#include "tools/translate/image_translator.hpp"

namespace faultline::translate {

class Model : public ImageTranslator {
 public:
  /// As ImageTranslator.
  explicit Model(const Image& image);

 private:
  struct Watch : mmu::Trace {
    void walk_step(const mmu::WalkStep& step) override;
    std::vector<WalkEntry> walk;
  };

  mmu::Answer translate(const mmu::Request& request, std::vector<WalkEntry>& walk) override;

  Silence silence_;
  Watch watch_;
  mmu::Gmmu gmmu_;
};

}  // namespace faultline::translate
