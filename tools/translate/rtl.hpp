// SPDX-License-Identifier: MIT
// The RTL answers.
#pragma once

#include <string>
#include <vector>

#include "systemc_models/rtl_shell/settled_gmmu.hpp"
#include "tools/translate/image_translator.hpp"

namespace faultline::translate {

class Rtl : public ImageTranslator {
 public:
  /// As ImageTranslator; with waveforms in the file `wave`, if it is not empty.
  explicit Rtl(const Image& image, const std::string& wave = {});

 private:
  /// Reads of the walk, which come as aligned words of 16 bytes.
  struct Watch : rtl::PortObserver {
    void memory_read(const rtl::ReadChannel::Read& read) override;
    unsigned instance_read_id = 0;
    std::vector<rtl::ReadChannel::Read> reads;
  };

  mmu::Answer translate(const mmu::Request& request, std::vector<WalkEntry>& walk) override;

  Silence silence_;
  Watch watch_;
  rtl::SettledGmmu gmmu_;
};

}  // namespace faultline::translate
