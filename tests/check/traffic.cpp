// SPDX-License-Identifier: MIT
// Random clients and a random driver.
#include "tests/check/traffic.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

namespace faultline::check_test {

using mmu::Access;
using mmu::Aperture;
using mmu::Level;
using mmu::Outcome;
using rtl::ClockedGmmu;
namespace op = regs::mmu_invalidate;

namespace {

constexpr uint64_t kPage = 4096;
constexpr uint64_t kInstance = 0x1230'0000;
constexpr uint64_t kTables[] = {0x2000'0000, 0x3000'1000};
constexpr uint64_t kBuffers[] = {0x4000'0000, 0x5000'0000};
constexpr uint32_t kFewestEntries = 4;
/// 4 KiB pages, some 64 KiB and one of 2 MiB, in two places that share no directory.
constexpr uint64_t kSmall = 0x7f00'0000'0000;
constexpr uint64_t kBig = 0x1234'4020'0000;
constexpr unsigned kSmallPages = 48;
constexpr unsigned kMostBackPressure = 3;
constexpr unsigned kMostInFlight = 60;  // beside those that are parked

uint64_t low(uint32_t word) { return word; }

std::array<uint32_t, regs::fault_packet::kWords> packet_at(builder::SparseMemory& memory,
                                                           uint64_t address) {
  std::array<uint32_t, regs::fault_packet::kWords> packet;
  memory.read(Aperture::kSysCoherent, address, std::as_writable_bytes(std::span(packet)));
  return packet;
}

}  // namespace

Traffic::Space::Space(builder::SparseMemory& memory, uint64_t first, unsigned id)
    : tables(memory, builder::BumpAllocator(
                         first, {regs::PdeAperture::kSysCoherent, regs::PdeAperture::kVidmem})),
      veid(id) {}

Traffic::Traffic(rtl::ClockedGmmu& gmmu, builder::SparseMemory& memory, uint64_t seed, Mix mix)
    : gmmu_(gmmu),
      memory_(memory),
      mix_(mix),
      dice_(seed),
      block_(memory, {.address = kInstance, .aperture = Aperture::kVidmem}) {
  for (unsigned veid = 0; veid < std::size(kTables); ++veid) {
    spaces_.emplace_back(memory, kTables[veid], veid);
    block_.set_subcontext(veid, builder::space_of(spaces_.back().tables.root()));
  }
  block_.set_main(builder::space_of(spaces_[0].tables.root()));
  gmmu_.observe(*this);
  gmmu_.reads().set_latency(1, 1 + dice_.below(mix_.most_latency), dice_.word());
  gmmu_.set_back_pressure(1 + dice_.below(kMostBackPressure), dice_.word());
  for (uint32_t& entries : entries_)
    entries = kFewestEntries + dice_.below(mix_.most_entries - kFewestEntries + 1);
  for (unsigned i = 0; i < mix_.hot_pages; ++i) hot_.push_back(any_page());
  enable_buffers();
}

void Traffic::enable_buffers() {
  namespace lo = regs::mmu_fault_buffer_lo;
  namespace size = regs::mmu_fault_buffer_size;
  for (uint32_t i = 0; i < std::size(kBuffers); ++i) {
    uint32_t word = lo::addr_mode.set(0, regs::FaultBufferAddrMode::kPhysical);
    word = lo::phys_aperture.set(word, regs::PteAperture::kSysCoherent);
    set(lo::offset(i), word | static_cast<uint32_t>(kBuffers[i]));
    set(size::offset(i), size::enable.mask() | size::overflow_intr.mask() | entries_[i]);
  }
  set(regs::niso_intr_en_set::kOffset, ~uint32_t{0});
  set(regs::mmu_page_fault_ctrl::kOffset, 0);
}

void Traffic::run(uint64_t cycles) {
  for (const uint64_t end = gmmu_.cycle() + cycles; gmmu_.cycle() < end;) {
    for (unsigned i = dice_.below(mix_.most_asks + 1); i > 0; --i) ask();
    if (dice_.once_in(mix_.act_every)) act();
    // Now and then everybody waits, and the RTL comes to rest.
    if (dice_.once_in(1000))
      for (unsigned i = 0; i < 5000 && !gmmu_.rests(); ++i) step();
    step();
  }
}

void Traffic::step() {
  gmmu_.step(dice_.once_in(4) ? ClockedGmmu::Responses::kHeld : ClockedGmmu::Responses::kTaken);
}

uint64_t Traffic::any_page() {
  return dice_.once_in(4) ? kBig + dice_.below(512) * kPage
                          : kSmall + dice_.below(kSmallPages) * kPage;
}

/// Usually the streams of a GPC belong to one subcontext.
mmu::Requester Traffic::requester() {
  mmu::Requester who{.instance = block_.pointer(), .privileged = dice_.once_in(4)};
  if (dice_.once_in(5)) {
    who.engine_id = static_cast<uint16_t>(regs::EngineId::kCe0);
    who.client_type = mmu::ClientType::kHub;
    who.client = static_cast<uint8_t>(regs::HubClient::kCe0);
    return who;
  }
  who.client = static_cast<uint8_t>(
      dice_.one_of({regs::GpcClient::kT1_0, regs::GpcClient::kT1_2, regs::GpcClient::kT1_4}));
  who.gpc = static_cast<uint8_t>(dice_.below(gmmu_.sizes().gpcs));
  const unsigned veid = is_usual() ? who.gpc % 2 : dice_.below(2);
  who.engine_id = static_cast<uint16_t>(std::to_underlying(regs::EngineId::kGraphics) + veid);
  return who;
}

void Traffic::ask() {
  if (in_flight_ >= kMostInFlight) return;
  while (waiting_.contains(next_tag_)) ++next_tag_;
  const uint64_t page =
      is_usual() ? hot_[dice_.below(static_cast<unsigned>(hot_.size()))] : any_page();
  const auto access = dice_.one_of({Access::kRead, Access::kRead, Access::kWrite, Access::kAtomic,
                                    Access::kAtomicWeak, Access::kPrefetch});
  const mmu::Request request{.va = page + dice_.below(kPage),
                             .access = access,
                             .requester = requester(),
                             .tag = next_tag_};
  const unsigned port = gmmu_.sizes().port_of(request.requester);
  waiting_[next_tag_] = {.port = port};
  ++in_flight_;
  gmmu_.request(port, request);
}

/// What nobody waits for is the checker's business.
void Traffic::responded(unsigned, const rtl::Response& response) {
  const auto found = waiting_.find(response.tag);
  if (found == waiting_.end()) return;
  ++answered_;
  if (response.answer.outcome == Outcome::kTranslated) ++translated_;
  if (!found->second.parked) --in_flight_;
  if (response.answer.outcome == Outcome::kParked) {
    found->second.parked = true;
  } else if (!found->second.withdrawing) {
    waiting_.erase(found);
  }
}

void Traffic::withdrawn(unsigned, uint16_t tag) { waiting_.erase(tag); }

void Traffic::act() {
  switch (dice_.below(12)) {
    case 0:
      return replay(dice_.one_of({regs::ReplayOp::kStart, regs::ReplayOp::kStartAckAll}));
    case 1:
      return cancel();
    case 2:
    case 3:
      return change_page();
    case 4:
      return withdraw();
    case 5:
      return disturb();
    default:
      return serve_faults();
  }
}

void Traffic::serve_faults() {
  namespace get_register = regs::mmu_fault_buffer_get;
  for (uint32_t i = 0; i < std::size(kBuffers); ++i) {
    const uint32_t put =
        regs::mmu_fault_buffer_put::ptr.get(get(regs::mmu_fault_buffer_put::offset(i)));
    if (put >= entries_[i]) throw std::runtime_error("PUT beyond the buffer's end");
    uint32_t at = get_register::ptr.get(get(get_register::offset(i)));
    for (; at != put; at = (at + 1) % entries_[i])
      serve(packet_at(memory_, kBuffers[i] + at * regs::fault_packet::kBytes));
    set(get_register::offset(i), get_register::overflow.set(at, 1));
  }
  replay(dice_.one_of({regs::ReplayOp::kStart, regs::ReplayOp::kStartAckAll}));
}

void Traffic::serve(const std::array<uint32_t, regs::fault_packet::kWords>& packet) {
  namespace fields = regs::fault_packet;
  if (dice_.once_in(3)) return;
  const uint64_t va = low(fields::addr_lo.get(packet)) << fields::addr_lo.kLo |
                      low(fields::addr_hi.get(packet)) << 32;
  const unsigned veid = fields::engine_id.get(packet) & 1;
  Space& space = spaces_[veid];
  if (dice_.once_in(2)) allow_all(space, va);
  map(space, va);
}

/// Of a page that is there: to allow more needs no invalidate.
void Traffic::allow_all(Space& space, uint64_t va) {
  using namespace regs::pte;
  for (const Level level : {Level::kPte64k, Level::kPte4k}) {
    if (va >= kSmall && level == Level::kPte64k) continue;
    const uint64_t entry = space.tables.read(va, level);
    if (!valid.get(entry)) continue;
    space.tables.write(va, level,
                       entry & ~(read_only.mask() | atomic_disable.mask() | privilege.mask()));
    return;
  }
}

/// Makes a page present: no invalidate is needed for that.
void Traffic::map(Space& space, uint64_t va) {
  const auto big = va < kSmall;
  const auto size = !big ? Level::kPte4k : dice_.once_in(3) ? Level::kPte64k : Level::kPte4k;
  const uint64_t page = va >> shift_of(size) << shift_of(size);
  if (regs::pte::valid.get(space.tables.read(page, size))) return;
  space.tables.map(
      page, size,
      {.address = (next_frame_++ % 4096) << shift_of(Level::kPde0),
       .aperture = dice_.one_of({regs::PteAperture::kVidmem, regs::PteAperture::kSysCoherent}),
       .vol = dice_.once_in(4),
       .privilege = dice_.once_in(16),
       .read_only = dice_.once_in(4),
       .atomic_disable = dice_.once_in(6)});
}

void Traffic::change_page() {
  Space& space = spaces_[dice_.below(2)];
  const uint64_t va = any_page();
  if (!hot_.empty()) hot_[dice_.below(static_cast<unsigned>(hot_.size()))] = any_page();
  if (dice_.once_in(3)) return map(space, va);
  if (dice_.once_in(8)) return drop_directory(space, va);
  unmap(space, va);
  if (dice_.once_in(2)) map(space, va);
}

/// The next page that is mapped there gets new tables.
void Traffic::drop_directory(Space& space, uint64_t va) {
  space.tables.write(va, dice_.one_of({Level::kPde1, Level::kPde2, Level::kPde3}), 0);
  invalidate(space, va, op::all_va.set(op::cache_level.set(0, regs::CacheLevel::kAll), 1));
  wait_until_done();
}

void Traffic::unmap(Space& space, uint64_t va) {
  const auto level = va < kSmall && dice_.once_in(2) ? Level::kPte64k : Level::kPte4k;
  const uint64_t page = va >> shift_of(level) << shift_of(level);
  space.tables.write(page, level, dice_.once_in(5) ? builder::kSparsePte : 0);
  namespace size = regs::mmu_invalidate_size;
  uint32_t word =
      op::cache_level.set(0, dice_.one_of({regs::CacheLevel::kPteOnly, regs::CacheLevel::kAll}));
  if (level == Level::kPte64k) {
    set(size::kOffset, shift_of(Level::kPte64k) - shift_of(Level::kPte4k));
    word |= op::use_size.mask();
  }
  if (dice_.once_in(4)) word |= op::all_va.mask();
  if (dice_.once_in(4))
    word =
        op::replay.set(word, dice_.one_of({regs::ReplayOp::kStart, regs::ReplayOp::kStartAckAll}));
  invalidate(space, page, word);
  wait_until_done();
}

void Traffic::invalidate(const Space& space, uint64_t va, uint32_t operation) {
  namespace pdb = regs::mmu_invalidate_pdb;
  namespace vaddr = regs::mmu_invalidate_vaddr;
  const builder::TablePointer& root = space.tables.root();
  const auto where = root.aperture == regs::PdeAperture::kVidmem
                         ? regs::InvalidatePdbAperture::kVidMem
                         : regs::InvalidatePdbAperture::kSysMem;
  const uint64_t pdb_page = root.address / kPage;
  const uint64_t va_page = va / kPage;
  set(pdb::kOffset, pdb::addr.set(pdb::aperture.set(0, where), pdb_page));
  set(regs::mmu_invalidate_upper_pdb::kOffset, static_cast<uint32_t>(pdb_page >> pdb::addr.kWidth));
  set(vaddr::kOffset, vaddr::bits.set(0, va_page));
  set(regs::mmu_invalidate_upper_vaddr::kOffset,
      static_cast<uint32_t>(va_page >> vaddr::bits.kWidth));
  set(op::kOffset, operation | op::trigger.mask());
}

/// Replays without an invalidate of pages: as after a service that only added some.
void Traffic::replay(regs::ReplayOp operation) {
  const uint32_t word =
      op::replay.set(op::cache_level.set(0, regs::CacheLevel::kPteOnly), operation);
  invalidate(spaces_[0], 0, word);
  if (dice_.once_in(2)) wait_until_done();
}

void Traffic::cancel() {
  Space& space = spaces_[dice_.below(2)];
  uint32_t word = 0;
  uint64_t va = 0;
  if (dice_.once_in(2)) {
    word = op::replay.set(word, regs::ReplayOp::kCancelTargeted);
    word = op::cancel_gpc_id.set(word, dice_.below(gmmu_.sizes().gpcs));
    word = op::cancel_client_id.set(
        word, std::to_underlying(dice_.one_of({regs::GpcClient::kT1_0, regs::GpcClient::kT1_2})));
  } else {
    word = op::replay.set(word, regs::ReplayOp::kCancelVaGlobal);
    word = op::cancel_access.set(word, regs::CancelAccess::kAll);
    va = kSmall + dice_.below(kSmallPages) * kPage;
  }
  invalidate(space, va, word);
  wait_until_done();
}

/// A client gives up on some that wait for a replay, which may be just going on.
void Traffic::withdraw() {
  if (dice_.once_in(2)) replay(regs::ReplayOp::kStart);
  for (auto& [tag, waiting] : waiting_) {
    if (!waiting.parked || waiting.withdrawing || !dice_.once_in(4)) continue;
    waiting.withdrawing = true;
    gmmu_.withdraw(waiting.port, tag);
  }
}

/// Registers that flush, and more operations than the queue holds.
void Traffic::disturb() {
  namespace ctrl = regs::mmu_ctrl;
  constexpr unsigned kMostOperations = 80;
  for (unsigned i = dice_.below(kMostOperations); i > 0; --i)
    set(op::kOffset, op::replay.set(op::trigger.mask(),
                                    dice_.one_of({regs::ReplayOp::kNone, regs::ReplayOp::kStart})));
  const uint32_t word = get(ctrl::kOffset);
  if (dice_.once_in(2)) set(ctrl::kOffset, word | ctrl::pri_fifo_error_clear.mask());
  if (dice_.once_in(2)) set(regs::mmu_bind::kOffset, regs::mmu_bind::trigger.mask());
  if (dice_.once_in(2)) wait_until_done();
}

void Traffic::wait_until_done() {
  constexpr unsigned kPatience = 100'000;
  for (unsigned i = 0; i < kPatience; ++i) {
    if (regs::mmu_ctrl::pri_fifo_empty.get(get(regs::mmu_ctrl::kOffset))) return;
    for (unsigned k = dice_.below(20); k > 0; --k) step();
  }
  throw std::runtime_error("an invalidate is never done");
}

bool Traffic::drain() {
  for (unsigned round = 0; round < 100 && !waiting_.empty(); ++round) {
    for (Space& space : spaces_) {
      for (unsigned i = 0; i < kSmallPages; ++i) map(space, kSmall + i * kPage);
      for (unsigned i = 0; i < 512; ++i) map(space, kBig + i * kPage);
    }
    serve_faults();
    if (round % 4 == 3) cancel();
    for (unsigned i = 0; i < 2000; ++i) step();
  }
  // What a page does not allow waits for ever; a global cancel ends it.
  set(op::kOffset, op::trigger.mask() | op::replay.set(0, regs::ReplayOp::kCancelGlobal));
  for (unsigned i = 0; i < 5000; ++i) step();
  return waiting_.empty();
}

}  // namespace faultline::check_test
