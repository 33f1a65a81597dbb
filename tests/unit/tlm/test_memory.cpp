// SPDX-License-Identifier: MIT
// Memories behind their sockets, and the port that reaches them.
#include <array>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "systemc_models/tlm/host_bridge.hpp"
#include "systemc_models/tlm/interconnect.hpp"
#include "systemc_models/tlm/memory_port.hpp"
#include "systemc_models/tlm/ordered_copy.hpp"
#include "systemc_models/tlm/vram.hpp"
#include "tests/unit/tlm/fake_host_memory.hpp"
#include "tests/unit/tlm/kernel.hpp"

namespace faultline::tests {
namespace {

using mmu::Aperture;
using tlm::Intent;

constexpr uint64_t kMiB = 1 << 20;

struct Owner : sc_core::sc_module {
  explicit Owner(sc_core::sc_module_name name) : sc_module(name), port("port") {}
  tlm::MemoryPort port;
};

struct Memories {
  Memories() {
    host.map(0, 5 * kMiB);
    host.map(5 * kMiB, kMiB);
    interconnect.vidmem.bind(vram.socket);
    interconnect.system.bind(bridge.socket);
    owner.port.bind(interconnect.initiators);
    sc_core::sc_start(sc_core::SC_ZERO_TIME);
  }
  bool write(Aperture aperture, uint64_t address, uint64_t value) {
    return port.write(aperture, address, std::as_bytes(std::span(&value, 1)));
  }
  std::optional<uint64_t> read(Aperture aperture, uint64_t address) {
    uint64_t value;
    if (!port.read(aperture, address, std::as_writable_bytes(std::span(&value, 1)))) return {};
    return value;
  }

  FreshKernel kernel;
  FakeHostMemory host;
  tlm::Vram vram{"vram", kMiB};
  tlm::HostBridge bridge{"bridge", host};
  tlm::Interconnect interconnect{"interconnect"};
  Owner owner{"owner"};
  tlm::MemoryPort& port = owner.port;
};

TEST_CASE_METHOD(Memories, "apertures lead to their memories") {
  CHECK(write(Aperture::kVidmem, 0x100, 1));
  CHECK(write(Aperture::kSysCoherent, 0x100, 2));
  CHECK(read(Aperture::kVidmem, 0x100) == 1);
  CHECK(read(Aperture::kSysNonCoherent, 0x100) == 2);
  CHECK(host.at<uint64_t>(0x100) == 2);
  CHECK_FALSE(write(Aperture::kPeer, 0x100, 3));
  CHECK_FALSE(read(Aperture::kPeer, 0x100));
}

TEST_CASE_METHOD(Memories, "ends of memory") {
  CHECK(write(Aperture::kVidmem, kMiB - 8, 1));
  CHECK_FALSE(write(Aperture::kVidmem, kMiB - 4, 1));
  CHECK_FALSE(read(Aperture::kVidmem, kMiB));
  CHECK_FALSE(read(Aperture::kVidmem, ~uint64_t{0} - 3));
  CHECK(read(Aperture::kSysCoherent, 6 * kMiB - 8));
  CHECK_FALSE(read(Aperture::kSysCoherent, 6 * kMiB - 4));
  CHECK_FALSE(read(Aperture::kSysCoherent, ~uint64_t{0} - 3));
}

TEST_CASE_METHOD(Memories, "accesses may cross mapped ranges, direct ones may not") {
  CHECK(write(Aperture::kSysCoherent, 5 * kMiB - 4, 0x1122334455667788));
  CHECK(read(Aperture::kSysCoherent, 5 * kMiB - 4) == 0x1122334455667788);
  CHECK(port.direct(Aperture::kSysCoherent, 5 * kMiB - 4, 8, Intent::kRead) == nullptr);
  CHECK(port.direct(Aperture::kSysCoherent, kMiB, 3 * kMiB, Intent::kWrite) != nullptr);
}

TEST_CASE_METHOD(Memories, "a changed map voids what was kept") {
  CHECK(write(Aperture::kSysCoherent, 0x1000, 1));
  host.unmap_all();
  bridge.memory_changed();
  CHECK_FALSE(read(Aperture::kSysCoherent, 0x1000));
  CHECK_FALSE(write(Aperture::kSysCoherent, 0x1000, 1));
  host.map(0, kMiB);
  bridge.memory_changed();
  CHECK(read(Aperture::kSysCoherent, 0x1000) == 0);
}

TEST_CASE_METHOD(Memories, "read-only memory stays so, read before or not") {
  CHECK(write(Aperture::kSysCoherent, 0x1000, 1));
  host.make_read_only();
  bridge.memory_changed();
  CHECK(read(Aperture::kSysCoherent, 0x1000) == 1);
  CHECK_FALSE(write(Aperture::kSysCoherent, 0x1000, 2));
  CHECK(read(Aperture::kSysCoherent, 0x1000) == 1);
}

TEST_CASE_METHOD(Memories, "cleared video memory is zero") {
  CHECK(write(Aperture::kVidmem, 0x5000, 1));
  vram.clear();
  CHECK(read(Aperture::kVidmem, 0x5000) == 0);
}

TEST_CASE("video memory of a size that cannot be is refused in one line") {
  const FreshKernel kernel;
  for (const uint64_t bytes : {uint64_t{0}, uint64_t{3} * kMiB, uint64_t{4096}, uint64_t{1} << 38})
    CHECK_THROWS_WITH(tlm::Vram("vram", bytes), Catch::Matchers::ContainsSubstring("power of two"));
}

TEST_CASE("any size at any alignment is stored and loaded whole") {
  alignas(8) std::array<std::byte, 64> memory;
  for (size_t size = 0; size <= 40; ++size) {
    for (size_t at = 0; at < 8; ++at) {
      memory.fill(std::byte{0xee});
      std::array<std::byte, 40> in;
      for (size_t i = 0; i < in.size(); ++i) in[i] = static_cast<std::byte>(i + 1);
      tlm::ordered_store(&memory[at], std::span(in).first(size));
      std::array<std::byte, 40> out{};
      tlm::ordered_load(std::span(out).first(size), &memory[at]);
      CHECK(std::equal(in.begin(), in.begin() + static_cast<long>(size), out.begin()));
      CHECK(memory[at + size] == std::byte{0xee});
    }
  }
}

}  // namespace
}  // namespace faultline::tests
