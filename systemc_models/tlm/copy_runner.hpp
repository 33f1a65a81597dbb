// SPDX-License-Identifier: MIT
// One copy engine at work: COPY and FILL in large pieces, stopped by faults, never parked.
#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "systemc_models/tlm/channel.hpp"
#include "systemc_models/tlm/memory_port.hpp"
#include "systemc_models/tlm/translation_port.hpp"

namespace faultline::tlm {

class CopyRunner : public JobRunner {
 public:
  CopyRunner(unsigned engine, MemoryPort& memory, TranslationPort& translation);

  Completion run(const Job& job, Channel& channel) override;

 private:
  static constexpr uint64_t kPhysical = ~uint64_t{0};

  /// `bytes` of contiguous physical memory; sparse: reads as zero, writes are lost.
  struct Place {
    mmu::Aperture aperture = mmu::Aperture::kVidmem;
    uint64_t address = 0;
    uint64_t bytes = 0;
    bool sparse = false;
    uint64_t epoch = kPhysical;  ///< Translation::epoch
  };
  struct Fault {
    mmu::Answer answer;
    mmu::Access access;
    uint64_t va;
  };
  using Located = std::variant<Place, Fault>;

  struct Ends {
    Place dst;
    Place src;  ///< of a copy only
  };

  bool step(Completion& completion);
  std::variant<Ends, Fault> locate_ends(uint64_t bytes);
  Located locate(regs::AddressMode mode, uint64_t address, uint64_t bytes, mmu::Access access);
  Located translate(uint64_t va, uint64_t bytes, mmu::Access access);
  bool handle(const Fault& fault, Completion& completion);
  bool transfer(const Place& dst, const Place* src, uint64_t bytes);
  bool transfer_directly(const Place& dst, const Place* src, uint64_t bytes);
  bool transfer_by_buffer(const Place& dst, const Place* src, uint64_t bytes);
  mmu::Requester requester() const;

  unsigned engine_;
  MemoryPort& memory_;
  TranslationPort& translation_;
  std::vector<std::byte> buffer_;

  // Of the running job.
  const Job* job_ = nullptr;
  Channel* channel_ = nullptr;
  uint64_t done_bytes_ = 0;
  uint64_t total_bytes_ = 0;
  sc_core::sc_time cost_;
  uint64_t serial_ = 0;
};

}  // namespace faultline::tlm
