// SPDX-License-Identifier: MIT
// A vfio-user client without a virtual machine: sends right and wrong messages and returns what
// comes back.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "qemu_device/vfio_user/unique_fd.hpp"
#include "qemu_device/vfio_user/wire.hpp"

namespace faultline::protocol_test {

using Bytes = std::vector<std::byte>;
using vfio_user::Command;
using vfio_user::Header;
using vfio_user::UniqueFd;

template <typename... T>
Bytes bytes_of(const T&... values) {
  Bytes out;
  const auto append = [&](const auto& value) {
    const auto* first = reinterpret_cast<const std::byte*>(&value);
    out.insert(out.end(), first, first + sizeof(value));
  };
  (append(values), ...);
  return out;
}

struct Reply {
  Header header;
  Bytes payload;
  std::vector<UniqueFd> fds;

  /// The errno, or 0.
  int error() const;
  template <typename T>
  T as() const {
    return vfio_user::load<T>(payload);
  }
};

class Client {
 public:
  /// Connects; throws std::runtime_error if nobody listens.
  explicit Client(const std::string& path);

  /// Agrees on the version with QEMU's capabilities, or with `json`.
  Reply version(std::string_view json = kQemuCapabilities);
  /// Sends a command and waits for its reply.
  Reply call(Command command, const Bytes& payload = {}, std::vector<int> fds = {});
  /// Sends a command that asks for no reply.
  void post(Command command, const Bytes& payload = {}, std::vector<int> fds = {});

  Reply dma_map(uint64_t address, uint64_t size, int fd, uint64_t offset = 0, uint32_t flags = 3);
  Reply dma_unmap(uint64_t address, uint64_t size);
  Reply read(uint32_t region, uint64_t offset, uint32_t count);
  Reply write(uint32_t region, uint64_t offset, const Bytes& data);
  uint32_t read32(uint32_t region, uint64_t offset);
  void write32(uint32_t region, uint64_t offset, uint32_t value);
  void set_bus_master(bool on);
  /// Gives the vectors from `start` these eventfds, or takes theirs away: -1 in place of the first.
  Reply set_eventfds(uint32_t index, uint32_t start, uint32_t count, std::vector<int> fds);

  /// Sends bytes as they are.
  void send_raw(std::span<const std::byte> bytes, std::vector<int> fds = {});
  /// As send_raw, but gives up when the socket is full; returns the number of bytes taken.
  size_t send_some(std::span<const std::byte> bytes);
  /// The next message, or nothing if the server closed the connection. Throws after five seconds of
  /// silence.
  std::optional<Reply> receive();
  /// Whether the server closes the connection, within five seconds, without sending anything more.
  bool closed_by_server();
  int fd() const { return socket_.get(); }
  uint16_t next_id() { return id_++; }

  static constexpr std::string_view kQemuCapabilities =
      R"({"capabilities":{"max_msg_fds":16,"max_data_xfer_size":1048576,"max_dma_maps":65535,)"
      R"("pgsizes":4096,"migration":{"pgsize":4096,"max_bitmap_size":268435456},)"
      R"("write_multiple":true}})";

 private:
  bool receive_exactly(std::span<std::byte> out, std::vector<UniqueFd>& fds);

  UniqueFd socket_;
  uint16_t id_ = 100;
};

Bytes message(uint16_t id, Command command, const Bytes& payload, uint32_t flags = 0);
Bytes version_payload(std::string_view json, uint16_t major = 0, uint16_t minor = 0);
/// A memfd of `size` bytes.
UniqueFd make_memory(uint64_t size);
UniqueFd make_eventfd();
/// How often the eventfd was signalled since the last call.
uint64_t events(const UniqueFd& eventfd);

}  // namespace faultline::protocol_test
