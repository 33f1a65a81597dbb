// SPDX-License-Identifier: MIT
// The contract of an MMU module: the sockets that the functional model and an RTL shell both offer.
#pragma once

#include <tlm_utils/simple_target_socket.h>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <systemc>
#include <tlm>
#include <vector>

#include "systemc_models/mmu/observer.hpp"
#include "systemc_models/mmu/statistics.hpp"
#include "systemc_models/tlm/memory_port.hpp"
#include "systemc_models/tlm/translation.hpp"

namespace faultline::tlm {

/// Where the MMU's interrupt goes.
class HubInterrupt : public sc_core::sc_interface {
 public:
  /// As mmu::Listener::interrupt: enabled pending NISO_INTR bits, and those that rose.
  virtual void hub_interrupt(uint32_t pending, uint32_t rose) = 0;
};

/// An MMU derives from this and fills in the calls; the device top binds the sockets and knows
/// nothing else of it.
class MmuPorts : public sc_core::sc_module {
 public:
  /// Port g < gpcs serves the clients of GPC g; then one for the copy engines, one for BAR1: there
  /// `va` is the offset in the BAR, only `access` counts beside it, and b_transport must not wait.
  sc_core::sc_vector<TranslationTargetSocket> translation;
  /// 4-byte reads and writes at offsets in BAR0. Never waits. TLM_ADDRESS_ERROR_RESPONSE: there is
  /// no such register here.
  tlm_utils::simple_target_socket<MmuPorts> registers;
  /// Page tables, instance blocks, fault buffers.
  MemoryPort memory;
  sc_core::sc_port<HubInterrupt> interrupt;

  unsigned copy_port() const { return gpcs_; }
  unsigned bar1_port() const { return gpcs_ + 1; }

  /// Forgets everything, parked requests included: they are not answered. Whoever still waits for a
  /// first answer gets kCancelled.
  void reset() {
    forget();
    for (mmu::Observer* observer : observers_) observer->was_reset();
  }
  /// Watches from now on; it must outlive this.
  void observe(mmu::Observer& observer) { observers_.push_back(&observer); }
  /// Some observer makes use of a driver's notes.
  bool wants_notes() const { return std::ranges::any_of(observers_, &mmu::Observer::wants_notes); }
  /// A driver's note, for the observers.
  void note(const mmu::Note& note) {
    for (mmu::Observer* observer : observers_) observer->noted(note);
  }
  /// What it has counted since reset; an MMU that cannot count something leaves it 0.
  virtual mmu::Statistics statistics() const { return {}; }

 protected:
  MmuPorts(sc_core::sc_module_name name, unsigned gpcs);

  virtual void translate(unsigned port, const mmu::Request& request, mmu::Answer& answer,
                         sc_core::sc_time& delay) = 0;
  enum class Given : uint8_t { kNow, kLater };
  /// translate() for a client that does not wait. kLater: send_first_answer() gives it. An MMU
  /// whose translate() never waits needs no more than this.
  virtual Given ask(unsigned port, const mmu::Request& request, mmu::Answer& answer,
                    sc_core::sc_time& delay) {
    translate(port, request, answer, delay);
    return Given::kNow;
  }
  virtual void withdraw(uint64_t tag) = 0;
  virtual void forget() = 0;
  /// Translation::epoch. An MMU whose translate() never waits needs no more than one.
  virtual uint64_t epoch() const { return 0; }
  virtual bool has_register(uint32_t offset) const = 0;
  virtual uint32_t read_register(uint32_t offset) = 0;
  virtual void write_register(uint32_t offset, uint32_t value) = 0;

  /// For the derived class: what goes back to the clients.
  void send_first_answer(unsigned port, const mmu::Request& request, const mmu::Answer& answer);
  void send_answer(unsigned port, uint64_t tag, const mmu::Answer& answer);
  void send_space(uint8_t gpc, uint8_t utlb);

 private:
  /// What is behind a translation socket.
  struct Entrance : TranslationForward {
    Entrance(MmuPorts& ports, unsigned number) : mmu(ports), port(number) {}

    void b_transport(Translation& message, sc_core::sc_time& delay) override;
    ::tlm::tlm_sync_enum nb_transport_fw(Translation& message, ::tlm::tlm_phase& phase,
                                         sc_core::sc_time& delay) override;
    bool get_direct_mem_ptr(Translation&, ::tlm::tlm_dmi&) override { return false; }
    unsigned transport_dbg(Translation&) override { return 0; }

    MmuPorts& mmu;
    unsigned port;
  };

  void tell_translated(const mmu::Request& request, const mmu::Answer& answer);
  void give(unsigned port, uint64_t tag, const mmu::Answer& answer);
  void transport_register(::tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
  void send(unsigned port);

  unsigned gpcs_;
  std::deque<Entrance> entrances_;  // one a port
  std::vector<mmu::Observer*> observers_;
  Translation backward_;
};

}  // namespace faultline::tlm
