// SPDX-License-Identifier: MIT
// DEVICE_GET_INFO, GET_REGION_INFO, GET_REGION_IO_FDS and GET_IRQ_INFO.
#include <linux/vfio.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <catch2/catch_test_macros.hpp>
#include <cerrno>

#include "tests/protocol/client.hpp"
#include "tests/protocol/running_server.hpp"

namespace faultline::protocol_test {
namespace {

using vfio_user::DeviceInfo;
using vfio_user::IrqInfo;
using vfio_user::RegionInfo;
using vfio_user::RegionIoFds;

struct Connected {
  Connected() : client(server.path()) { client.version(); }
  RunningServer server;
  Client client;
};

TEST_CASE_METHOD(Connected, "DEVICE_GET_INFO describes a PCI device that can be reset") {
  const Reply reply = client.call(Command::kDeviceGetInfo, bytes_of(DeviceInfo{16, 0, 0, 0}));
  REQUIRE(reply.error() == 0);
  REQUIRE(reply.payload.size() == sizeof(DeviceInfo));
  const auto info = reply.as<DeviceInfo>();
  CHECK(info.argsz == 16);
  CHECK(info.flags == (VFIO_DEVICE_FLAGS_PCI | VFIO_DEVICE_FLAGS_RESET));
  CHECK(info.num_regions == VFIO_PCI_NUM_REGIONS);
  CHECK(info.num_irqs == VFIO_PCI_NUM_IRQS);
}

TEST_CASE_METHOD(Connected, "DEVICE_GET_INFO of the wrong length or argsz is refused") {
  const auto error = [&](const Bytes& payload) {
    return client.call(Command::kDeviceGetInfo, payload).error();
  };
  CHECK(error(bytes_of(DeviceInfo{15, 0, 0, 0})) == EINVAL);
  CHECK(error(bytes_of(DeviceInfo{0, 0, 0, 0})) == EINVAL);
  CHECK(error({}) == EINVAL);
  CHECK(error(Bytes(15)) == EINVAL);
  CHECK(error(Bytes(17)) == EINVAL);
  CHECK(error(bytes_of(DeviceInfo{4096, 0, 0, 0})) == 0);
}

TEST_CASE_METHOD(Connected,
                 "GET_REGION_INFO describes BARs and configuration space, none mappable") {
  for (uint32_t index = 0; index < VFIO_PCI_NUM_REGIONS; ++index) {
    CAPTURE(index);
    const Reply reply =
        client.call(Command::kDeviceGetRegionInfo, bytes_of(RegionInfo{32, 0, index, 0, 0, 0}));
    REQUIRE(reply.error() == 0);
    const auto info = reply.as<RegionInfo>();
    CHECK(info.argsz == 32);
    CHECK(info.index == index);
    CHECK(info.cap_offset == 0);
    CHECK(reply.fds.empty());
    const uint64_t size = index == 0 ? kBar0Size : index == 2 ? kBar2Size : index == 7 ? 4096 : 0;
    CHECK(info.size == size);
    CHECK(info.flags == (size != 0 ? VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE : 0));
  }
}

TEST_CASE_METHOD(Connected,
                 "GET_REGION_INFO refuses unknown regions, short argsz and wrong lengths") {
  const auto error = [&](const Bytes& payload) {
    return client.call(Command::kDeviceGetRegionInfo, payload).error();
  };
  CHECK(error(bytes_of(RegionInfo{32, 0, 9, 0, 0, 0})) == EINVAL);
  CHECK(error(bytes_of(RegionInfo{32, 0, UINT32_MAX, 0, 0, 0})) == EINVAL);
  CHECK(error(bytes_of(RegionInfo{31, 0, 0, 0, 0, 0})) == EINVAL);
  CHECK(error(Bytes(31)) == EINVAL);
  CHECK(error(Bytes(40)) == EINVAL);
}

TEST_CASE("A BAR given with a descriptor can be mapped by the client") {
  const UniqueFd vram = make_memory(3 * 65536);
  auto identity = memory_identity();
  identity.bars = {{.index = 1, .size = 65536, .fd = vram.get(), .fd_offset = 65536}};
  RunningServer server(identity);
  Client client(server.path());
  client.version();
  // Pipelined with other replies: the descriptor has to arrive with its own message.
  client.send_raw(message(1, Command::kDeviceGetInfo, bytes_of(DeviceInfo{16, 0, 0, 0})));
  const Reply reply = [&] {
    client.send_raw(
        message(2, Command::kDeviceGetRegionInfo, bytes_of(RegionInfo{32, 0, 1, 0, 0, 0})));
    client.send_raw(message(3, Command::kDeviceGetInfo, bytes_of(DeviceInfo{16, 0, 0, 0})));
    CHECK(client.receive()->fds.empty());
    Reply second = *client.receive();
    CHECK(client.receive()->fds.empty());
    return second;
  }();
  REQUIRE(reply.error() == 0);
  const auto info = reply.as<RegionInfo>();
  CHECK((info.flags & VFIO_REGION_INFO_FLAG_MMAP) != 0);
  CHECK(info.offset == 65536);
  REQUIRE(reply.fds.size() == 1);
  const char byte = 'V';
  REQUIRE(pwrite(vram.get(), &byte, 1, 65536 + 5) == 1);
  void* mapped = mmap(nullptr, info.size, PROT_READ, MAP_SHARED, reply.fds[0].get(),
                      static_cast<off_t>(info.offset));
  REQUIRE(mapped != MAP_FAILED);
  CHECK(static_cast<const char*>(mapped)[5] == 'V');
  munmap(mapped, info.size);
}

TEST_CASE_METHOD(Connected, "GET_REGION_IO_FDS offers none") {
  const Reply reply =
      client.call(Command::kDeviceGetRegionIoFds, bytes_of(RegionIoFds{64, 0, 0, 0}));
  REQUIRE(reply.error() == 0);
  CHECK(reply.as<RegionIoFds>().count == 0);
  CHECK(reply.as<RegionIoFds>().argsz == sizeof(RegionIoFds));
  const auto error = [&](const RegionIoFds& request) {
    return client.call(Command::kDeviceGetRegionIoFds, bytes_of(request)).error();
  };
  CHECK(error({64, 0, 9, 0}) == EINVAL);
  CHECK(error({15, 0, 0, 0}) == EINVAL);
  CHECK(error({64, 1, 0, 0}) == EINVAL);
  CHECK(error({64, 0, 0, 1}) == EINVAL);
  CHECK(client.call(Command::kDeviceGetRegionIoFds, Bytes(4)).error() == EINVAL);
}

TEST_CASE_METHOD(Connected, "GET_IRQ_INFO: MSI by default, no INTx, no MSI-X, never NORESIZE") {
  for (uint32_t index = 0; index < VFIO_PCI_NUM_IRQS; ++index) {
    CAPTURE(index);
    const Reply reply = client.call(Command::kDeviceGetIrqInfo, bytes_of(IrqInfo{16, 0, index, 0}));
    REQUIRE(reply.error() == 0);
    const auto info = reply.as<IrqInfo>();
    CHECK(info.argsz == 16);
    CHECK(info.index == index);
    const uint32_t count = index == VFIO_PCI_MSI_IRQ_INDEX   ? 4
                           : index == VFIO_PCI_ERR_IRQ_INDEX ? 1
                                                             : 0;
    CHECK(info.count == count);
    CHECK((info.flags & VFIO_IRQ_INFO_NORESIZE) == 0);
    CHECK(((info.flags & VFIO_IRQ_INFO_EVENTFD) != 0) == (count != 0));
  }
}

TEST_CASE_METHOD(Connected, "GET_IRQ_INFO refuses unknown types, short argsz and wrong lengths") {
  const auto error = [&](const Bytes& payload) {
    return client.call(Command::kDeviceGetIrqInfo, payload).error();
  };
  CHECK(error(bytes_of(IrqInfo{16, 0, 5, 0})) == EINVAL);
  CHECK(error(bytes_of(IrqInfo{16, 0, UINT32_MAX, 0})) == EINVAL);
  CHECK(error(bytes_of(IrqInfo{12, 0, 0, 0})) == EINVAL);
  CHECK(error(Bytes(8)) == EINVAL);
  CHECK(error(Bytes(20)) == EINVAL);
}

}  // namespace
}  // namespace faultline::protocol_test
