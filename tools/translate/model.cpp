// SPDX-License-Identifier: MIT
// Puts an image under the functional model.
#include "tools/translate/model.hpp"

#include <algorithm>
#include <utility>

namespace faultline::translate {

namespace {

// Nothing is kept between questions.
constexpr mmu::Config kCold{.utlb_entries = 0,
                            .l2_sets = 0,
                            .l2_ways = 0,
                            .pde_cache_entries = 0,
                            .hub_tlb_entries = 0,
                            .instance_cache_entries = 0};

}  // namespace

void Model::Watch::walk_step(const mmu::WalkStep& step) {
  WalkEntry entry{.level = step.level,
                  .at = {.aperture = step.aperture, .address = step.address},
                  .words = step.entry.size(),
                  .word = {}};
  std::ranges::copy(step.entry, entry.word.begin());
  walk.push_back(entry);
}

Model::Model(const Image& image)
    : ImageTranslator(image), gmmu_(kCold, memory(), silence_, silence_) {
  gmmu_.set_trace(&watch_);
}

mmu::Answer Model::translate(const mmu::Request& request, std::vector<WalkEntry>& walk) {
  const mmu::Answer answer = gmmu_.translate(request);
  walk = std::exchange(watch_.walk, {});
  return answer;
}

}  // namespace faultline::translate
