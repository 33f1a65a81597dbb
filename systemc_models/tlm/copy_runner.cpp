// SPDX-License-Identifier: MIT
// Pieces of a copy: locate both ends, move bytes, let the time for it pass.
#include "systemc_models/tlm/copy_runner.hpp"

#include <algorithm>
#include <cstring>

#include "systemc_models/tlm/elements.hpp"
#include "systemc_models/tlm/page.hpp"

namespace faultline::tlm {

namespace {

// Large enough for memcpy's speed, small enough that a register read need not wait for it.
constexpr uint64_t kPieceBytes = uint64_t{64} << 10;
/// dev_fault, CLIENT ids of the hub: the first three engines have ids of their own.
regs::HubClient client_of(unsigned engine) {
  using enum regs::HubClient;
  constexpr regs::HubClient kClients[] = {kCe0, kCe1, kCe2, kHsce3, kHsce4, kHsce5, kHsce6, kHsce7};
  return kClients[engine];
}

}  // namespace

CopyRunner::CopyRunner(unsigned engine, MemoryPort& memory, TranslationPort& translation)
    : engine_(engine), memory_(memory), translation_(translation), buffer_(kPieceBytes) {}

mmu::Requester CopyRunner::requester() const {
  return {.instance = channel_->config().instance,
          .engine_id = static_cast<uint16_t>(std::to_underlying(regs::EngineId::kCe0) + engine_),
          .client_type = mmu::ClientType::kHub,
          .client = std::to_underlying(client_of(engine_)),
          .gpc = 0,
          .privileged = channel_->config().privileged};
}

Completion CopyRunner::run(const Job& job, Channel& channel) {
  job_ = &job;
  channel_ = &channel;
  done_bytes_ = 0;
  Completion completion;
  if (!is_well_formed(job, EngineKind::kCopy, channel.config().addressing)) {
    completion.status = regs::CompletionStatus::kBadJob;
    return completion;
  }
  total_bytes_ = job.opcode == regs::Opcode::kNop ? 0 : job.count << job.element_shift;
  while (done_bytes_ < total_bytes_ && step(completion)) {
    if (cost_ != sc_core::SC_ZERO_TIME) channel.spend(std::exchange(cost_, {}));
    if (channel.is_live()) continue;
    completion.status = regs::CompletionStatus::kAborted;
    break;
  }
  completion.done = done_bytes_ >> job.element_shift;
  return completion;
}

/// False ends the job as `completion` says.
bool CopyRunner::step(Completion& completion) {
  const bool copies = job_->opcode == regs::Opcode::kCopy;
  const auto ends = locate_ends(std::min(kPieceBytes, total_bytes_ - done_bytes_));
  // The MMU may have taken its time.
  if (!channel_->is_live()) return true;
  if (const auto* fault = std::get_if<Fault>(&ends)) return handle(*fault, completion);
  const auto& [dst, src] = std::get<Ends>(ends);

  uint64_t bytes = std::min(dst.bytes, copies ? src.bytes : dst.bytes);
  const Place* from = copies ? &src : nullptr;
  bool moved = transfer(dst, from, bytes);
  if (!moved) {
    // Not all of the piece is in memory: what is before the hole still counts.
    bytes = std::min(
        {bytes, bytes_to_page_end(dst.address), copies ? bytes_to_page_end(src.address) : bytes});
    moved = transfer(dst, from, bytes);
  }
  if (!moved) {
    completion.status = regs::CompletionStatus::kDmaError;
    const bool unreadable = copies && !src.sparse &&
                            !memory_.read(src.aperture, src.address, std::span(buffer_).first(1));
    completion.access_type = unreadable ? mmu::Access::kRead : mmu::Access::kWrite;
    completion.fault_address = (unreadable ? job_->src : job_->dst) + done_bytes_;
    return false;
  }
  done_bytes_ += bytes;
  cost_ += nanoseconds(memory_ns(channel_->environment().timing, bytes));
  return true;
}

/// Both as they are now: while the MMU looked for one, the other may have become void.
std::variant<CopyRunner::Ends, CopyRunner::Fault> CopyRunner::locate_ends(uint64_t bytes) {
  const bool copies = job_->opcode == regs::Opcode::kCopy;
  for (;;) {
    Ends ends;
    if (copies) {
      const Located src =
          locate(job_->src_mode, job_->src + done_bytes_, bytes, mmu::Access::kRead);
      if (const auto* fault = std::get_if<Fault>(&src)) return *fault;
      ends.src = std::get<Place>(src);
    }
    const Located dst = locate(job_->dst_mode, job_->dst + done_bytes_, bytes, mmu::Access::kWrite);
    if (const auto* fault = std::get_if<Fault>(&dst)) return *fault;
    ends.dst = std::get<Place>(dst);
    const bool one_is_enough = ends.src.epoch == kPhysical || ends.dst.epoch == kPhysical;
    if (one_is_enough || ends.src.epoch == ends.dst.epoch) return ends;
  }
}

CopyRunner::Located CopyRunner::locate(regs::AddressMode mode, uint64_t address, uint64_t bytes,
                                       mmu::Access access) {
  switch (mode) {
    case regs::AddressMode::kVidmem:
      return Place{.aperture = mmu::Aperture::kVidmem, .address = address, .bytes = bytes};
    case regs::AddressMode::kSystem:
      return Place{.aperture = mmu::Aperture::kSysCoherent, .address = address, .bytes = bytes};
    case regs::AddressMode::kVirtual:
      break;
  }
  return translate(address, bytes, access);
}

CopyRunner::Located CopyRunner::translate(uint64_t va, uint64_t bytes, mmu::Access access) {
  const mmu::Request request{.va = va,
                             .access = access,
                             .requester = requester(),
                             .tag = make_tag(channel_->index(), ++serial_)};
  const mmu::Answer answer = translation_.translate(request, cost_);
  if (answer.outcome == mmu::Outcome::kSparse)
    return Place{.bytes = std::min(bytes, bytes_to_page_end(va)),
                 .sparse = true,
                 .epoch = translation_.epoch()};
  if (answer.outcome != mmu::Outcome::kTranslated) return Fault{answer, access, va};
  const uint64_t page = uint64_t{1} << answer.page_shift;
  return Place{.aperture = answer.aperture,
               .address = answer.pa,
               .bytes = std::min(bytes, page - (va & (page - 1))),
               .epoch = translation_.epoch()};
}

/// A reported fault switches the channel out, and the piece is tried again after its restart;
/// anything else ends the job.
bool CopyRunner::handle(const Fault& fault, Completion& completion) {
  if (fault.answer.outcome == mmu::Outcome::kFaulted) {
    Trace& trace = channel_->environment().trace;
    if (trace.is_on())
      trace.event("switched_out",
                  {{"channel", uint64_t{channel_->index()}}, {"va", Hex{fault.va}}});
    channel_->wait_for_restart();
    return true;
  }
  completion.status = regs::CompletionStatus::kFault;
  completion.fault_type = fault.answer.fault_type;
  completion.access_type = fault.access;
  completion.fault_address = fault.va;
  return false;
}

bool CopyRunner::transfer(const Place& dst, const Place* src, uint64_t bytes) {
  return transfer_directly(dst, src, bytes) || transfer_by_buffer(dst, src, bytes);
}

bool CopyRunner::transfer_directly(const Place& dst, const Place* src, uint64_t bytes) {
  if (dst.sparse || (src && src->sparse)) return false;
  std::byte* to = memory_.direct(dst.aperture, dst.address, bytes, Intent::kWrite);
  if (!to) return false;
  if (!src) {
    fill({to, bytes}, job_->element_shift, job_->operand);
    return true;
  }
  const std::byte* from = memory_.direct(src->aperture, src->address, bytes, Intent::kRead);
  if (!from) return false;
  std::memmove(to, from, bytes);
  return true;
}

/// For what is sparse or goes across mapped ranges.
bool CopyRunner::transfer_by_buffer(const Place& dst, const Place* src, uint64_t bytes) {
  const std::span data = std::span(buffer_).first(bytes);
  if (!src) {
    fill(data, job_->element_shift, job_->operand);
  } else if (src->sparse) {
    std::ranges::fill(data, std::byte{0});
  } else if (!memory_.read(src->aperture, src->address, data)) {
    return false;
  }
  return dst.sparse || memory_.write(dst.aperture, dst.address, data);
}

}  // namespace faultline::tlm
