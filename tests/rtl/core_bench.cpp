// SPDX-License-Identifier: MIT
// The Verilated core on a bench.
#include "tests/rtl/core_bench.hpp"

#include <stdexcept>

namespace faultline::rtl::test {

using regs::PdeAperture;

namespace {

constexpr unsigned kPatience = 20'000;  // cycles

}  // namespace

CoreBench::CoreBench()
    : reads(memory),
      tables(memory,
             builder::BumpAllocator(0x1000'0000, {PdeAperture::kVidmem, PdeAperture::kSysCoherent,
                                                  PdeAperture::kSysNonCoherent})),
      instance(memory, {.address = kInstance, .aperture = Aperture::kVidmem}),
      top_(make_top<Vgmmu_core>()) {
  instance.set_main(builder::space_of(tables.root()));
  instance.set_subcontext(0, builder::space_of(tables.root()));
  // It may have served another bench.
  set_modes({});
  set_lockdown(false);
  top_->invalidate_valid_i = 0;
  top_->reissue_valid_i = 0;
  top_->late_valid_i = 0;
  top_->bar1_valid_i = 0;
  top_->bar2_valid_i = 0;
  top_->rst_ni = 0;
  run(2);
  top_->rst_ni = 1;
}

CoreBench::~CoreBench() { top_->final(); }

Request CoreBench::request(uint64_t va, Access access) const {
  return {.va = va,
          .access = access,
          .requester = {.instance = instance.pointer(),
                        .engine_id = static_cast<uint16_t>(regs::EngineId::kCe0),
                        .client_type = mmu::ClientType::kHub,
                        .client = static_cast<uint8_t>(regs::HubClient::kCe0)}};
}

unsigned CoreBench::send(const Request& request, unsigned port) {
  const auto ticket = static_cast<unsigned>(ends_.size());
  ends_.emplace_back();
  ports_.push_back(port);
  queues_[port].push_back({request, ticket});
  queues_[port].back().request.tag = ticket & 0xffff;
  return ticket;
}

const End& CoreBench::end_of(unsigned ticket) const {
  if (!ended(ticket)) throw std::logic_error("not answered");
  return ends_[ticket];
}

End CoreBench::translate(const Request& request, unsigned port) {
  const unsigned ticket = send(request, port);
  run_until([&] { return ended(ticket); });
  return ends_[ticket];
}

void CoreBench::finish() {
  unsigned first = 0;
  run_until([&] {
    while (first < ends_.size() && ended(first)) ++first;
    return first == ends_.size();
  });
}

void CoreBench::run(unsigned cycles) {
  for (unsigned i = 0; i < cycles; ++i) step();
}

template <typename Condition>
void CoreBench::run_until(Condition condition) {
  for (unsigned i = 0; !condition(); ++i) {
    if (i == kPatience) throw std::logic_error("it takes forever");
    step();
  }
}

bool CoreBench::ready() {
  return readiness_ >= 1 || std::uniform_real_distribution<>(0, 1)(random_) < readiness_;
}

void CoreBench::drive() {
  for (unsigned port = 0; port < kPorts; ++port) {
    const bool any = !queues_[port].empty();
    set_bits(reinterpret_cast<uint32_t*>(&top_->req_valid_i), port, 1, any);
    if (any) {
      write_request(FieldWriter(top_->req_i.data(), port * kRequestBits, kRequestBits),
                    queues_[port].front().request);
    }
  }
  uint8_t takers = 0;
  for (unsigned port = 0; port < kPorts; ++port) takers |= static_cast<uint8_t>(ready() << port);
  top_->resp_ready_i = refuse_responses_ ? 0 : takers;
  top_->report_ready_i = !refuse_reports_ && ready();
  top_->bar_report_ready_i = ready();
  top_->arready_i = ready();
  const ReadChannel::Read* const beat = reads.offered();
  top_->rvalid_i = beat != nullptr;
  if (beat) {
    top_->rid_i = static_cast<uint8_t>(beat->id);
    std::ranges::copy(beat->data, top_->rdata_i.data());
    top_->rresp_i = beat->error ? 2 : 0;
    top_->rlast_i = 1;
  }
}

void CoreBench::sample() {
  for (unsigned port = 0; port < kPorts; ++port) {
    if (top_->req_valid_i >> port & top_->req_ready_o >> port & 1) {
      ends_[queues_[port].front().ticket].accepted = now_;
      queues_[port].pop_front();
    }
    if (top_->resp_valid_o >> port & top_->resp_ready_i >> port & 1) take_response(port);
  }
  if (top_->report_valid_o && top_->report_ready_i)
    take_report(read_report({top_->report_o.data(), 0, kReportBits}));
  if (top_->bar_report_valid_o && top_->bar_report_ready_i) {
    bar_end_.emplace();
    bar_end_->report = read_report({top_->bar_report_o.data(), 0, kReportBits});
  }
  if (top_->bar1_resp_valid_o || top_->bar2_resp_valid_o) {
    FieldReader fields(top_->bar1_resp_o.data(), 0, kResponseBits);
    if (!bar_end_) bar_end_.emplace();
    bar_end_->answer = read_response(fields).answer;
    bar_end_->answered = now_;
  }
  if (top_->arvalid_o && top_->arready_i)
    seen.push_back(
        reads.take_address(top_->arid_o, static_cast<Aperture>(top_->aruser_o), top_->araddr_o));
  if (top_->rvalid_i && top_->rready_o) reads.beat_taken();
  invalidate_done_ = top_->invalidate_valid_i && top_->invalidate_ready_o;
  reissue_taken_ = top_->reissue_valid_i && top_->reissue_ready_o;
  late_taken_ = top_->late_valid_i && top_->late_ready_o;
}

void CoreBench::take_response(unsigned port) {
  FieldReader fields(top_->resp_o.data(), port * kResponseBits, kResponseBits);
  const Response response = read_response(fields);
  if (top_->late_valid_i && !late_seen_ && response.tag >= ends_.size()) {
    late_seen_ = response;
    return;
  }
  End& end = ends_.at(response.tag);
  if (end.answered != 0) throw std::logic_error("answered twice");
  if (ports_[response.tag] != port) throw std::logic_error("answered to another port");
  end.answer = response.answer;
  end.answered = now_;
}

void CoreBench::take_report(const Report& report) {
  if (report.replayed) {
    replayed_.emplace();
    replayed_->answer = report.response.answer;
    replayed_->answered = now_;
    replayed_->report = report;
    return;
  }
  End& end = ends_.at(report.request.tag);
  if (end.answered != 0) throw std::logic_error("answered twice");
  if (ports_[report.request.tag] != report.port) throw std::logic_error("reported by another port");
  end.answer = report.response.answer;
  end.answered = now_;
  end.report = report;
}

void CoreBench::step() {
  drive();
  top_->clk_i = 0;
  top_->eval();
  if (top_->rst_ni) sample();
  reads.end_cycle();
  top_->clk_i = 1;
  top_->eval();
  ++now_;
}

uint64_t CoreBench::invalidate(const Invalidate& operation) {
  write_invalidate(FieldWriter(top_->invalidate_i.data(), 0, 110), operation);
  top_->invalidate_valid_i = 1;
  const uint64_t begin = now_;
  run_until([this] { return invalidate_done_; });
  top_->invalidate_valid_i = 0;
  invalidate_done_ = false;
  return now_ - begin;
}

Invalidate CoreBench::operation_on_tables() const {
  Invalidate operation;
  operation.pdb = tables.root().address;
  operation.pdb_in_sysmem = tables.root().aperture != PdeAperture::kVidmem;
  return operation;
}

uint64_t CoreBench::invalidate_page(uint64_t va, regs::CacheLevel level) {
  Invalidate operation = operation_on_tables();
  operation.va = va;
  operation.level = level;
  return invalidate(operation);
}

End CoreBench::reissue(const Request& request, unsigned port, uint8_t slot) {
  FieldWriter to(top_->reissue_i.data(), 0, 177);
  to.put(8, port).put(8, slot);
  write_request(FieldWriter(top_->reissue_i.data(), 0, kRequestBits), request);
  top_->reissue_valid_i = 1;
  replayed_.reset();
  run_until([this] { return reissue_taken_; });
  top_->reissue_valid_i = 0;
  run_until([this] { return replayed_.has_value(); });
  return *replayed_;
}

void CoreBench::answer_late(unsigned port, const Response& response) {
  FieldWriter to(top_->late_i.data(), 0, 114);
  to.put(8, port);
  write_response(to, response);
  top_->late_valid_i = 1;
  late_seen_.reset();
  run_until([this] { return late_taken_; });
  top_->late_valid_i = 0;
  if (!late_seen_ || late_seen_->tag != response.tag) throw std::logic_error("no late answer");
}

End CoreBench::translate_bar1(uint64_t offset, Access access) {
  bar_end_.reset();
  top_->bar1_offset_i = offset;
  top_->bar1_access_type_i = static_cast<uint8_t>(access);
  top_->bar1_valid_i = 1;
  step();
  top_->bar1_valid_i = 0;
  run_until([this] { return bar_end_ && bar_end_->answered != 0; });
  return *bar_end_;
}

End CoreBench::translate_bar2(uint64_t address) {
  bar_end_.reset();
  top_->bar2_address_i = address;
  top_->bar2_valid_i = 1;
  step();
  top_->bar2_valid_i = 0;
  run_until([this] { return bar_end_ && bar_end_->answered != 0; });
  return *bar_end_;
}

void CoreBench::set_modes(const Modes& modes) { top_->modes_i = modes_word(modes); }

}  // namespace faultline::rtl::test
