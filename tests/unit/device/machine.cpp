// SPDX-License-Identifier: MIT
// Starts the program, maps the RAM, drives channels.
#include "tests/unit/device/machine.hpp"

#include <linux/vfio.h>
#include <sys/mman.h>

#include <atomic>
#include <cstring>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace faultline::device_test {

namespace {

std::vector<std::string> command_line(const std::vector<std::string>& options,
                                      const std::string& socket, bool with_socket) {
  std::vector<std::string> command = {FAULTLINE_DEVICE};
  if (with_socket) command.insert(command.end(), {"--socket", socket});
  command.insert(command.end(), options.begin(), options.end());
  return command;
}

uint32_t low(uint64_t value) { return static_cast<uint32_t>(value); }
uint32_t high(uint64_t value) { return static_cast<uint32_t>(value >> 32); }

}  // namespace

Program::Program(const std::vector<std::string>& options, bool with_socket)
    : socket_(directory_.file("socket")),
      process_(command_line(options, socket_, with_socket), directory_.file("output")) {}

std::string Program::output() const {
  std::ifstream file(directory_.file("output"));
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::chrono::nanoseconds Program::cpu_time() const {
  std::ifstream file("/proc/" + std::to_string(pid()) + "/schedstat");
  std::chrono::nanoseconds::rep ns = 0;
  if (!(file >> ns)) throw std::runtime_error("no CPU time of the device program");
  return std::chrono::nanoseconds(ns);
}

bool Program::wait_until_ready() {
  const std::string ready = "ready: " + socket_ + "\n";
  return eventually([&] { return output().find(ready) != std::string::npos; });
}

Ram::Ram() : fd_(protocol_test::make_memory(kBytes)) {
  void* at = mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd_.get(), 0);
  if (at == MAP_FAILED) throw std::runtime_error("mmap of the test's RAM");
  bytes_ = {static_cast<std::byte*>(at), kBytes};
}

Ram::~Ram() { munmap(bytes_.data(), bytes_.size()); }

bool Ram::read(mmu::Aperture, uint64_t address, std::span<std::byte> out) {
  std::memcpy(out.data(), bytes_.data() + address, out.size());
  return true;
}

bool Ram::write(mmu::Aperture, uint64_t address, std::span<const std::byte> in) {
  std::memcpy(bytes_.data() + address, in.data(), in.size());
  return true;
}

Machine::Machine(const std::vector<std::string>& options)
    : program(options), interrupt(protocol_test::make_eventfd()) {
  if (!program.wait_until_ready()) throw std::runtime_error("no device: " + program.output());
  client = std::make_unique<protocol_test::Client>(program.socket());
  const bool fine =
      client->version().error() == 0 && client->dma_map(0, Ram::kBytes, ram.fd()).error() == 0 &&
      client->set_eventfds(VFIO_PCI_MSI_IRQ_INDEX, 0, 1, {interrupt.get()}).error() == 0;
  if (!fine) throw std::runtime_error("the device refuses its guest: " + program.output());
  client->set_bus_master(true);
}

void Machine::enable(unsigned channel, std::optional<mmu::InstancePointer> instance) {
  const uint64_t ring = ring_of(channel);
  if (instance) {
    namespace r = regs::chan_inst_lo;
    write(r::offset(channel), r::aperture.set(low(instance->address),
                                              static_cast<regs::PteAperture>(instance->aperture)));
    write(regs::chan_inst_hi::offset(channel), high(instance->address));
  }
  write(regs::chan_ring_lo::offset(channel), low(ring));
  write(regs::chan_ring_hi::offset(channel), high(ring));
  write(regs::chan_completion_lo::offset(channel), low(ring + 0x1000));
  write(regs::chan_completion_hi::offset(channel), high(ring + 0x1000));
  write(regs::chan_ring_size::offset(channel), kLog2Entries);
  uint32_t ctrl = regs::chan_ctrl::enable.set(0, 1u);
  ctrl = regs::chan_ctrl::use_inst.set(ctrl, instance ? 1u : 0u);
  write(regs::chan_ctrl::offset(channel), ctrl);
  queued_[channel] = 0;
}

uint64_t Machine::completion_of(unsigned channel) const {
  const uint32_t entry = (queued_[channel] - 1) % (1u << kLog2Entries);
  return ring_of(channel) + 0x1000 + entry * sizeof(CompletionWords);
}

void Machine::submit(unsigned channel, const JobWords& job) {
  const uint32_t entry = queued_[channel]++ % (1u << kLog2Entries);
  ram.at<JobWords>(ring_of(channel) + entry * sizeof job, 1)[0] = job;
  ram.at<uint64_t>(completion_of(channel), 1)[0] = 0;
  write(regs::chan_doorbell::offset(channel), queued_[channel]);
}

bool Machine::completed(unsigned channel) {
  std::atomic_ref word(ram.at<uint64_t>(completion_of(channel), 1)[0]);
  return regs::completion::valid.get(word.load(std::memory_order_acquire)) != 0;
}

CompletionWords Machine::wait_for_completion(unsigned channel) {
  if (!eventually([&] { return completed(channel); }))
    throw std::runtime_error("the job does not complete");
  return ram.at<CompletionWords>(completion_of(channel), 1)[0];
}

}  // namespace faultline::device_test
