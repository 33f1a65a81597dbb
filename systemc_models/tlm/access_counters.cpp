// SPDX-License-Identifier: MIT
// Counts, notifies, clears.
#include "systemc_models/tlm/access_counters.hpp"

#include <array>
#include <bit>
#include <span>
#include <utility>

namespace faultline::tlm {

namespace {

namespace config = regs::access_counter_config;
namespace lo = regs::access_counter_notify_buffer_lo;
namespace hi = regs::access_counter_notify_buffer_hi;
namespace size = regs::access_counter_notify_buffer_size;
namespace get = regs::access_counter_notify_buffer_get;
namespace put = regs::access_counter_notify_buffer_put;
namespace info = regs::access_counter_notify_buffer_info;
namespace clr = regs::access_counter_clr;
namespace by_method = regs::faultline_access_counter_clear;
namespace entry = regs::access_counter_notification;
namespace niso = regs::niso_intr;

constexpr uint32_t kSources =
    niso::hub_access_counter_notify.mask() | niso::hub_access_counter_error.mask();
constexpr unsigned kParts = 32;

unsigned shift_of(regs::AccessCounterGranularity granularity) {
  constexpr unsigned kShifts[] = {16, 21, 24, 34};
  return kShifts[std::to_underlying(granularity)];
}

unsigned counters_of(regs::AccessCounterUseLimit limit) {
  constexpr unsigned kQuarters[] = {0, 1, 2, 4};
  return CounterTable::kCounters / 4 * kQuarters[std::to_underlying(limit)];
}

/// Which 32nd of its region an address lies in; a region of 64 KiB has no parts.
uint32_t part_of(uint64_t va, unsigned shift) {
  if (shift == shift_of(regs::AccessCounterGranularity::kSize64k)) return 0;
  return uint32_t{1} << (va >> (shift - std::countr_zero(kParts))) % kParts;
}

}  // namespace

AccessCounters::AccessCounters(sc_core::sc_module_name name, MmuPorts& mmu)
    : sc_module(name), memory("memory"), interrupt("interrupt") {
  mmu.observe(*this);
}

void AccessCounters::reset() {
  configure(0);
  lo_ = hi_ = size_ = get_ = put_ = enabled_ = mmu_pending_ = 0;
  write_nack_ = false;
}

uint64_t AccessCounters::buffer() const { return uint64_t{hi_} << 32 | (lo_ & lo::base.mask()); }

bool AccessCounters::is_counting() const {
  return lo::en.get(lo_) && config::threshold.get(config_);
}

bool AccessCounters::is_full() const {
  return lo::en.get(lo_) && (size_ < 2 || (put_ + 1) % size_ == get_);
}

uint32_t AccessCounters::pending() const {
  uint32_t bits = niso::hub_access_counter_notify.set(0, lo::en.get(lo_) && put_ != get_);
  return niso::hub_access_counter_error.set(bits, is_full());
}

/// After a change of pending(); `before` is what was pending and enabled until then.
void AccessCounters::update(uint32_t before) {
  const uint32_t now = pending() & enabled_;
  if (now != before) interrupt->hub_interrupt(mmu_pending_ | now, now & ~before);
}

void AccessCounters::hub_interrupt(uint32_t mmu_pending, uint32_t rose) {
  mmu_pending_ = mmu_pending;
  interrupt->hub_interrupt(mmu_pending_ | (pending() & enabled_), rose);
}

void AccessCounters::translated(const mmu::Request& request, const mmu::Answer& answer) {
  if (!is_counting()) return;
  if (answer.outcome == mmu::Outcome::kTranslated)
    count(request, answer);
  else if (answer.outcome == mmu::Outcome::kParked)
    parked_[request.tag] = request;
}

void AccessCounters::answered(uint64_t tag, const mmu::Answer& answer) {
  const auto found = parked_.find(tag);
  if (found == parked_.end()) return;
  if (answer.outcome == mmu::Outcome::kTranslated && is_counting()) count(found->second, answer);
  parked_.erase(found);
}

void AccessCounters::count(const mmu::Request& request, const mmu::Answer& answer) {
  if (answer.aperture == mmu::Aperture::kVidmem || request.access == mmu::Access::kPrefetch) return;
  const unsigned shift = shift_of(config::mimc_granularity.decode(config_));
  AccessCounter* counter =
      counters_.touch({.instance = request.requester.instance, .number = request.va >> shift});
  if (!counter) return;
  if (counter->value < AccessCounter::kMost) ++counter->value;
  counter->parts |= part_of(request.va, shift);
  if (!counter->notified && counter->value >= config::threshold.get(config_))
    counter->notified = notify(*counter, request, answer.aperture);
}

bool AccessCounters::notify(const AccessCounter& counter, const mmu::Request& request,
                            mmu::Aperture aperture) {
  if (is_full()) return false;
  const uint32_t before = pending() & enabled_;
  const uint64_t address = counter.region.number
                           << shift_of(config::mimc_granularity.decode(config_));
  const uint32_t tag = counters_.tag_of(counter);
  const auto aperture_of = [](mmu::Aperture a) {
    return static_cast<regs::PteAperture>(std::to_underlying(a));
  };
  std::array<uint32_t, entry::kWords> words{};
  entry::counter_type.set(words, regs::AccessCounterType::kMimc);
  entry::addr_type.set(words, regs::AccessCounterAddressType::kGva);
  entry::bank.set(words, CounterTable::bank_of(tag));
  entry::aperture.set(words, aperture_of(aperture));
  entry::inst_aperture.set(words, aperture_of(request.requester.instance.aperture));
  entry::inst_lo.set(words, static_cast<uint32_t>(request.requester.instance.address) >> 12);
  entry::inst_hi.set(words, static_cast<uint32_t>(request.requester.instance.address >> 32));
  entry::addr_lo.set(words, static_cast<uint32_t>(address));
  entry::addr_hi.set(words, static_cast<uint32_t>(address >> 32));
  entry::sub_granularity.set(words, counter.parts);
  entry::notify_tag.set(words, tag);
  entry::counter.set(words, counter.value);
  entry::engine_id.set(words, static_cast<regs::EngineId>(request.requester.engine_id));
  entry::valid.set(words, 1u);
  // The word with VALID comes last, and is seen last.
  const auto bytes = std::as_bytes(std::span(words));
  const uint64_t at = buffer() + uint64_t{put_} * bytes.size();
  const size_t last = bytes.size() - sizeof(uint32_t);
  const bool written = memory.write(mmu::Aperture::kSysCoherent, at, bytes.first(last)) &&
                       memory.write(mmu::Aperture::kSysCoherent, at + last, bytes.subspan(last));
  if (!written) {
    write_nack_ = true;
    return true;
  }
  put_ = (put_ + 1) % size_;
  update(before);
  return true;
}

std::optional<uint32_t> AccessCounters::read_register(uint32_t offset) {
  switch (offset) {
    case config::kOffset:
      return config_;
    case lo::kOffset:
      return lo_;
    case hi::kOffset:
      return hi_;
    case size::kOffset:
      return size_;
    case get::kOffset:
      return get_;
    case put::kOffset:
      return put_;
    case info::kOffset:
      return info::write_nack.set(info::pushed.set(info::full.set(0, is_full()), 1u), write_nack_);
    case clr::kOffset:
    case by_method::kOffset:
      return 0;
    default:
      return {};
  }
}

uint32_t AccessCounters::shared_bits(uint32_t offset) const {
  if (offset == niso::kOffset) return pending();
  return offset == regs::niso_intr_en::kOffset ? enabled_ : 0;
}

RegisterBlock::Taken AccessCounters::write_register(uint32_t offset, uint32_t value) {
  const uint32_t before = pending() & enabled_;
  switch (offset) {
    case config::kOffset:
      configure(value);
      break;
    case lo::kOffset:
      enable(value);
      break;
    case hi::kOffset:
      hi_ = value;
      break;
    case size::kOffset:
      size_ = value & size::val.mask();
      break;
    case get::kOffset:
      get_ = value & get::ptr.mask();
      break;
    case clr::kOffset:
      clear(value);
      break;
    case by_method::kOffset:
      clear_like_method(value);
      break;
    case regs::niso_intr_en_set::kOffset:
      // As in the MMU: a source that is pending when it is enabled interrupts again.
      enabled_ |= value & kSources;
      update(before & ~value);
      return Taken::kNo;
    case regs::niso_intr_en_clr::kOffset:
      enabled_ &= ~value;
      break;
    default:
      return offset == put::kOffset || offset == info::kOffset ? Taken::kYes : Taken::kNo;
  }
  update(before);
  return offset == regs::niso_intr_en_clr::kOffset ? Taken::kNo : Taken::kYes;
}

void AccessCounters::configure(uint32_t value) {
  config_ = value & find_register(config::kOffset)->rw;
  counters_.set_limit(counters_of(config::mimc_use_limit.decode(config_)));
}

void AccessCounters::enable(uint32_t value) {
  lo_ = value & find_register(lo::kOffset)->rw;
  if (!lo::en.get(lo_)) get_ = put_ = 0;
}

void AccessCounters::clear(uint32_t value) {
  if (clr::mimc.get(value) || clr::all.get(value)) counters_.clear();
  if (clr::write_nack.get(value)) write_nack_ = false;
}

void AccessCounters::clear_like_method(uint32_t value) {
  switch (by_method::clear_type.decode(value)) {
    case regs::AccessCounterClearType::kMimc:
    case regs::AccessCounterClearType::kAll:
      return counters_.clear();
    case regs::AccessCounterClearType::kTargeted:
      return counters_.clear(by_method::tag.get(value));
    case regs::AccessCounterClearType::kMomc:
      return;
  }
}

}  // namespace faultline::tlm
