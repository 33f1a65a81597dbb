// SPDX-License-Identifier: MIT
// Questions as requests, answers as replies.
#include "tools/translate/image_translator.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace faultline::translate {

namespace block = regs::instance_block;
using mmu::Aperture;
using mmu::Outcome;

namespace {

// On Pascal the bits that extend a peer address are only a compression tag.
constexpr uint64_t kPascalPeerMask = (uint64_t{1} << regs::pte::kComptaglineAddressShift) - 1;

}  // namespace

ImageTranslator::ImageTranslator(const Image& image) : image_(image), memory_(image) {
  if (image.instance_block()) check_page_directory();
}

// A block that binds nothing is left to the MMU: it faults.
void ImageTranslator::check_page_directory() {
  std::array<uint32_t, block::kWords> words;
  const Place& at = memory_.instance_block();
  if (!memory_.read(at.aperture, at.address, std::as_writable_bytes(std::span(words))))
    throw ImageError(
        fmt::format("the instance block at {:#x} is in none of the chunks", at.address));
  const auto target = block::page_dir_base_target.decode(words);
  if (target == regs::PdbTarget::kInvalid) return;
  const Place named{.aperture = static_cast<Aperture>(target),
                    .address = uint64_t{block::page_dir_base_hi.get(words)} << 32 |
                               uint64_t{block::page_dir_base_lo.get(words)} << block::kBaseShift};
  if (named != image_.page_directory())
    throw ImageError(fmt::format(
        "the header says that the page directory is at {:#x} (aperture {}), the instance block "
        "{:#x} (aperture {})",
        image_.page_directory().address, std::to_underlying(image_.page_directory().aperture),
        named.address, std::to_underlying(named.aperture)));
}

Reply ImageTranslator::ask(const Question& question) {
  memory_.forget();
  const Place& at = memory_.instance_block();
  std::vector<WalkEntry> walk;
  // A copy engine: its faults end the request, so none waits for a replay.
  const mmu::Answer answer =
      translate({.va = question.va,
                 .access = question.access,
                 .requester = {.instance = {.address = at.address, .aperture = at.aperture},
                               .engine_id = static_cast<uint16_t>(regs::EngineId::kCe0),
                               .client_type = mmu::ClientType::kHub,
                               .client = static_cast<uint8_t>(regs::HubClient::kCe0),
                               .gpc = 0,
                               .privileged = question.privileged},
                 .tag = 0},
                walk);
  Reply reply{.answer = answer, .walk = std::move(walk), .missing = memory_.missing()};
  if (answer.outcome == Outcome::kSparse) reply.result = Result::kSparse;
  if (answer.outcome == Outcome::kFaulted || answer.outcome == Outcome::kDropped) {
    reply.result = Result::kFault;
    reply.fault_type = static_cast<regs::FaultType>(answer.fault_type);
  }
  if (image_.generation() == Generation::kPascal && answer.aperture == Aperture::kPeer)
    reply.answer.pa &= kPascalPeerMask;
  return reply;
}

}  // namespace faultline::translate
