// SPDX-License-Identifier: MIT
// One client's socket: cuts the byte stream into messages and queues replies; never blocks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "qemu_device/vfio_user/unique_fd.hpp"
#include "qemu_device/vfio_user/wire.hpp"

namespace faultline::vfio_user {

struct Message {
  Header header;
  std::span<const std::byte> payload;  // valid until the next receive()
  std::vector<UniqueFd> fds;
  /// More descriptors came than one message may carry, or than this process may have open; what
  /// came is closed.
  bool fds_lost;
};

enum class SocketState { kOpen, kClosed };

class Connection {
 public:
  /// `socket` is a connected, non-blocking stream socket.
  explicit Connection(UniqueFd socket);

  int fd() const { return socket_.get(); }
  /// Reads once what is there. kClosed when the peer is gone. Call it only when next() has nothing
  /// more.
  SocketState receive();
  /// The next whole message, if one has arrived.
  std::optional<Message> next();
  /// The header whose size field cannot be right: the stream has no message boundaries any more.
  const std::optional<Header>& broken_header() const { return broken_header_; }

  /// Queues a message. `fd`, if not negative, goes along with it and must stay open until it is
  /// sent.
  void send(const Header& header, std::span<const std::byte> payload, int fd = -1);
  /// Sends what the socket takes. kClosed when the peer is gone.
  SocketState flush();
  /// Bytes queued and not yet sent.
  size_t backlog() const { return out_.size() - out_sent_; }

 private:
  struct FdMark {
    size_t offset;  // in out_, of the message it goes with
    int fd;
  };

  void make_room();
  void discard_sent();
  void take_fds(std::vector<UniqueFd> fds, bool lost);
  size_t last_message_start() const;
  ssize_t send_some(std::span<const std::byte> bytes, int fd);

  UniqueFd socket_;
  std::vector<std::byte> in_;
  size_t in_begin_ = 0;
  size_t in_end_ = 0;
  /// Descriptors of one message that is not handled yet, and where it starts in in_. Linux ends a
  /// read after the bytes that carried descriptors, so they belong to the last message begun so
  /// far.
  std::vector<UniqueFd> fds_;
  size_t fds_owner_ = 0;
  bool fds_lost_ = false;
  std::optional<Header> broken_header_;
  std::vector<std::byte> out_;
  size_t out_sent_ = 0;
  std::vector<FdMark> fd_marks_;
};

}  // namespace faultline::vfio_user
