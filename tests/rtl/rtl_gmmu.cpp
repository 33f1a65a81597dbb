// SPDX-License-Identifier: MIT
// The Verilated GMMU with the interface of the functional one.
#include "tests/rtl/rtl_gmmu.hpp"

#include <stdexcept>
#include <utility>

namespace faultline::rtl::test {

using mmu::Answer;
using mmu::Aperture;
using mmu::Outcome;

namespace {

/// As the RTL is Verilated for these tests.
constexpr unsigned kGpcs = 2;
constexpr unsigned kUtlbsPerGpc = 3;
constexpr unsigned kUtlbs = kGpcs * kUtlbsPerGpc;
constexpr unsigned kPorts = kUtlbs + 1;
constexpr unsigned kInstanceFetchId = 4;  // of the reads: one more than there are walkers

constexpr unsigned kPatience = 100'000;  // cycles

unsigned port_of(const mmu::Requester& requester) {
  if (requester.client_type == mmu::ClientType::kHub) return kUtlbs;
  const unsigned utlb = mmu::kUtlbOfClient[requester.client % mmu::kClientIds] % kUtlbsPerGpc;
  return requester.gpc % kGpcs * kUtlbsPerGpc + utlb;
}

template <typename Signal>
void set_bit(Signal& signal, unsigned bit, bool value) {
  const auto one = static_cast<Signal>(Signal{1} << bit);
  signal = static_cast<Signal>(value ? signal | one : signal & ~one);
}

}  // namespace

RtlGmmu::Device::Device(mmu::Memory& memory, mmu::Clock& device_clock)
    : clock(device_clock), reads(memory), writes(memory) {
  reset();
}

void RtlGmmu::Device::drive() {
  top->now_ns_i = clock.now_ns();
  top->resp_ready_i = (1u << kPorts) - 1;
  top->m_axi_arready_i = 1;
  top->m_axi_awready_i = 1;
  top->m_axi_wready_i = 1;
  const ReadChannel::Beat* const beat = reads.offered();
  top->m_axi_rvalid_i = beat != nullptr;
  if (beat) {
    top->m_axi_rid_i = static_cast<uint8_t>(beat->id);
    std::ranges::copy(beat->data, top->m_axi_rdata_i.data());
    top->m_axi_rresp_i = beat->error ? 2 : 0;
    top->m_axi_rlast_i = 1;
  }
  top->m_axi_bvalid_i = writes.response().has_value();
  top->m_axi_bresp_i = writes.response().value_or(true) ? 0 : 2;
}

void RtlGmmu::Device::take(const Response& response) {
  if (const auto known = parked.find(response.tag); known != parked.end()) {
    if (response.answer.outcome == Outcome::kCancelled) ++statistics.cancels;
    notices.push_back(Answered{.tag = known->second, .answer = response.answer});
    parked.erase(known);
    return;
  }
  if (first) throw std::logic_error("answered twice");
  first = response;
}

void RtlGmmu::Device::sample() {
  for (unsigned port = 0; port < kPorts; ++port) {
    if (!(top->resp_valid_o >> port & 1)) continue;
    FieldReader fields(top->resp_o.data(), port * kResponseBits, kResponseBits);
    take(read_response(fields));
  }
  if (top->bar1_resp_valid_o) {
    FieldReader fields(top->bar1_resp_o.data(), 0, kResponseBits);
    bar = read_response(fields).answer;
  }
  if (top->m_axi_arvalid_o) {
    reads.take_address(top->m_axi_arid_o, static_cast<Aperture>(top->m_axi_aruser_o),
                       top->m_axi_araddr_o);
    if (top->m_axi_arid_o != kInstanceFetchId) ++statistics.entries_read;
  }
  if (top->m_axi_rvalid_i) reads.beat_taken();
  if (top->m_axi_bvalid_i && top->m_axi_bready_o) writes.response_taken();
  if (top->m_axi_awvalid_o)
    writes.take_address(static_cast<Aperture>(top->m_axi_awuser_o), top->m_axi_awaddr_o);
  if (top->m_axi_wvalid_o)
    writes.take_beat(top->m_axi_wdata_o.data(), top->m_axi_wstrb_o, top->m_axi_wlast_o != 0);
  for (unsigned port = 0; port < kUtlbs; ++port)
    if (top->space_o >> port & 1) notices.push_back(Space{.port = port});
  if (top->irq_pending_o != pending_ || top->irq_rose_o != 0)
    notices.push_back(Interrupt{.pending = top->irq_pending_o, .rose = top->irq_rose_o});
  pending_ = top->irq_pending_o;
}

void RtlGmmu::Device::step() {
  writes.carry_out();
  drive();
  top->clk_i = 0;
  top->eval();
  if (top->rst_ni) sample();
  reads.end_cycle();
  top->clk_i = 1;
  top->eval();
}

void RtlGmmu::Device::settle() {
  for (unsigned i = 0; i < kPatience; ++i) {
    step();
    if (top->idle_o && !writes.response()) return step();
  }
  throw std::logic_error("the RTL does not come to rest");
}

uint32_t RtlGmmu::Device::access(uint32_t offset, std::optional<uint32_t> write) {
  top->reg_addr_i = offset;
  top->reg_write_i = write.has_value();
  top->reg_wdata_i = write.value_or(0);
  top->reg_valid_i = 1;
  step();
  top->reg_valid_i = 0;
  if (!top->reg_rvalid_o) throw std::logic_error("a register access was not answered");
  if (top->reg_error_o) throw std::logic_error("no such register");
  return top->reg_rdata_o;
}

void RtlGmmu::Device::reset() {
  parked.clear();
  notices.clear();
  statistics = {};
  if (std::exchange(pending_, 0) != 0) notices.push_back(Interrupt{.pending = 0, .rose = 0});
  top->rst_ni = 0;
  step();
  step();
  top->rst_ni = 1;
}

RtlGmmu::RtlGmmu(const mmu::Config&, mmu::Memory& memory, mmu::Listener& listener,
                 mmu::Clock& clock)
    : listener_(listener), device_(std::make_unique<Device>(memory, clock)) {}

RtlGmmu::~RtlGmmu() = default;

Answer RtlGmmu::translate(const mmu::Request& request) {
  while (device_->parked.contains(next_tag_)) ++next_tag_;
  const uint16_t tag = next_tag_++;
  mmu::Request tagged = request;
  tagged.tag = tag;
  const unsigned port = port_of(request.requester);
  Vgmmu& top = *device_->top;
  write_request(FieldWriter(top.req_i.data(), port * kRequestBits, kRequestBits), tagged);
  set_bit(top.req_valid_i, port, true);
  device_->first.reset();
  for (bool taken = false; !taken;) {
    top.clk_i = 0;
    top.eval();
    taken = top.req_ready_o >> port & 1;
    device_->step();
  }
  set_bit(top.req_valid_i, port, false);
  device_->settle();
  if (!device_->first || device_->first->tag != tag) throw std::logic_error("not answered");
  const Answer answer = device_->first->answer;
  if (answer.outcome == Outcome::kParked) {
    device_->parked[tag] = request.tag;
    port_of_[request.tag] = port;
  }
  deliver();
  return answer;
}

void RtlGmmu::abandon(uint64_t tag) {
  std::erase_if(device_->notices, [tag](const Notice& notice) {
    const auto* answered = std::get_if<Answered>(&notice);
    return answered && answered->tag == tag;
  });
  const auto ours = std::ranges::find_if(device_->parked,
                                         [tag](const auto& known) { return known.second == tag; });
  if (ours != device_->parked.end()) {
    Vgmmu& top = *device_->top;
    top.withdraw_port_i = static_cast<uint8_t>(port_of_.at(tag));
    top.withdraw_tag_i = ours->first;
    top.withdraw_valid_i = 1;
    for (bool done = false; !done;) {
      top.clk_i = 0;
      top.eval();
      done = top.withdraw_ready_o;
      device_->step();
    }
    top.withdraw_valid_i = 0;
    device_->parked.erase(ours);
    device_->settle();
  }
  deliver();
}

Answer RtlGmmu::translate_bar(mmu::Bar bar, uint64_t offset, mmu::Access access) {
  if (bar != mmu::Bar::k1) throw std::invalid_argument("only packets pass BAR2");
  Vgmmu& top = *device_->top;
  top.bar1_offset_i = offset;
  top.bar1_access_type_i = static_cast<uint8_t>(access);
  top.bar1_valid_i = 1;
  device_->bar.reset();
  for (bool taken = false; !taken;) {
    top.clk_i = 0;
    top.eval();
    taken = top.bar1_ready_o;
    device_->step();
  }
  top.bar1_valid_i = 0;
  device_->settle();
  deliver();
  return device_->bar.value();
}

void RtlGmmu::write_register(uint32_t offset, uint32_t value) {
  namespace op = regs::mmu_invalidate;
  if (offset == op::kOffset && op::trigger.get(value)) ++device_->statistics.invalidates;
  device_->access(offset, value);
  device_->settle();
  deliver();
}

void RtlGmmu::reset() {
  device_->reset();
  port_of_.clear();
  deliver();
}

void RtlGmmu::deliver() {
  if (delivering_) return;
  delivering_ = true;
  while (!device_->notices.empty()) {
    const Notice notice = device_->notices.front();
    device_->notices.pop_front();
    deliver_one(notice);
  }
  delivering_ = false;
}

void RtlGmmu::deliver_one(const Notice& notice) {
  if (const auto* answered = std::get_if<Answered>(&notice))
    listener_.answered(answered->tag, answered->answer);
  else if (const auto* space = std::get_if<Space>(&notice))
    listener_.space(static_cast<uint8_t>(space->port / kUtlbsPerGpc),
                    static_cast<uint8_t>(space->port % kUtlbsPerGpc));
  else if (const auto* interrupt = std::get_if<Interrupt>(&notice))
    listener_.interrupt(interrupt->pending, interrupt->rose);
}

}  // namespace faultline::rtl::test
