// SPDX-License-Identifier: MIT
// Framing of the vfio-user stream, with descriptors beside it, over non-blocking socket calls.
#include "qemu_device/vfio_user/connection.hpp"

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace faultline::vfio_user {
namespace {

constexpr size_t kInputBuffer = 65536;
constexpr size_t kSentLimit = 65536;
/// The kernel's own limit (SCM_MAX_FD): with room for all of them, only our own descriptor limit
/// can cut them off.
constexpr size_t kKernelMaxFds = 253;

bool would_block(int error) { return error == EAGAIN || error == EWOULDBLOCK; }

std::vector<UniqueFd> fds_of(msghdr& message) {
  std::vector<UniqueFd> fds;
  for (cmsghdr* c = CMSG_FIRSTHDR(&message); c != nullptr; c = CMSG_NXTHDR(&message, c)) {
    if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS) continue;
    const size_t count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (size_t i = 0; i < count; ++i) {
      int fd;
      std::memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof(int));
      fds.emplace_back(fd);
    }
  }
  return fds;
}

}  // namespace

Connection::Connection(UniqueFd socket) : socket_(std::move(socket)), in_(kInputBuffer) {}

SocketState Connection::receive() {
  make_room();
  iovec iov{in_.data() + in_end_, in_.size() - in_end_};
  alignas(cmsghdr) std::array<std::byte, CMSG_SPACE(kKernelMaxFds * sizeof(int))> control;
  msghdr message{};
  message.msg_iov = &iov;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  const ssize_t length = recvmsg(socket_.get(), &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
  if (length < 0) {
    return would_block(errno) || errno == EINTR ? SocketState::kOpen : SocketState::kClosed;
  }
  std::vector<UniqueFd> fds = fds_of(message);
  if (length == 0) return SocketState::kClosed;
  in_end_ += static_cast<size_t>(length);
  const bool lost = (message.msg_flags & MSG_CTRUNC) != 0;
  if (!fds.empty() || lost) take_fds(std::move(fds), lost);
  return SocketState::kOpen;
}

std::optional<Message> Connection::next() {
  const std::span<const std::byte> bytes(in_.data() + in_begin_, in_end_ - in_begin_);
  if (bytes.size() < sizeof(Header) || broken_header_) return std::nullopt;
  const auto header = load<Header>(bytes);
  if (header.size < sizeof(Header) || header.size > kMaxMessageSize) {
    broken_header_ = header;
    return std::nullopt;
  }
  if (bytes.size() < header.size) return std::nullopt;
  Message message{header, bytes.subspan(sizeof(Header), header.size - sizeof(Header)), {}, false};
  if (fds_owner_ == in_begin_) {
    message.fds = std::exchange(fds_, {});
    message.fds_lost = std::exchange(fds_lost_, false);
  }
  in_begin_ += header.size;
  return message;
}

/// Moves what is left to the front of the buffer, and makes the buffer as large as the message that
/// is arriving.
void Connection::make_room() {
  const size_t held = in_end_ - in_begin_;
  if (in_begin_ != 0) {
    std::memmove(in_.data(), in_.data() + in_begin_, held);
    fds_owner_ = fds_owner_ >= in_begin_ ? fds_owner_ - in_begin_ : 0;
    in_end_ = held;
    in_begin_ = 0;
  }
  size_t wanted = kInputBuffer;
  if (held >= sizeof(Header)) {
    const size_t announced = load<Header>(in_).size;
    wanted = std::clamp(announced, kInputBuffer, kMaxMessageSize);
  }
  if (in_.size() != std::max(wanted, held)) in_.resize(std::max(wanted, held));
}

void Connection::take_fds(std::vector<UniqueFd> fds, bool lost) {
  const size_t owner = last_message_start();
  fds_owner_ = owner;
  fds_lost_ = fds_lost_ || lost || fds_.size() + fds.size() > kMaxMessageFds;
  if (fds_lost_) {
    fds_.clear();
  } else {
    std::ranges::move(fds, std::back_inserter(fds_));
  }
}

size_t Connection::last_message_start() const {
  size_t start = in_begin_;
  while (in_end_ - start >= sizeof(Header)) {
    const size_t size = load<Header>(std::span(in_).subspan(start)).size;
    if (size < sizeof(Header) || size >= in_end_ - start) break;
    start += size;
  }
  return start;
}

void Connection::send(const Header& header, std::span<const std::byte> payload, int fd) {
  // A client that reads slowly may never let the queue run empty: what is sent leaves it now and
  // then as well.
  if (out_sent_ == out_.size() || out_sent_ >= kSentLimit) discard_sent();
  if (fd >= 0) fd_marks_.push_back({out_.size(), fd});
  const auto* bytes = reinterpret_cast<const std::byte*>(&header);
  out_.insert(out_.end(), bytes, bytes + sizeof(header));
  out_.insert(out_.end(), payload.begin(), payload.end());
}

void Connection::discard_sent() {
  out_.erase(out_.begin(), out_.begin() + static_cast<ptrdiff_t>(out_sent_));
  for (FdMark& mark : fd_marks_) mark.offset -= out_sent_;
  out_sent_ = 0;
}

SocketState Connection::flush() {
  while (backlog() != 0) {
    // A message with a descriptor starts a send of its own: the receiver finds it at that message's
    // header.
    int fd = -1;
    size_t end = out_.size();
    for (const FdMark& mark : fd_marks_) {
      if (mark.offset == out_sent_) fd = mark.fd;
      if (mark.offset > out_sent_) {
        end = mark.offset;
        break;
      }
    }
    const ssize_t sent = send_some(std::span(out_).subspan(out_sent_, end - out_sent_), fd);
    if (sent < 0) {
      if (errno == EINTR) continue;
      return would_block(errno) ? SocketState::kOpen : SocketState::kClosed;
    }
    if (fd >= 0) fd_marks_.erase(fd_marks_.begin());
    out_sent_ += static_cast<size_t>(sent);
  }
  return SocketState::kOpen;
}

ssize_t Connection::send_some(std::span<const std::byte> bytes, int fd) {
  if (fd < 0) {
    return ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  }
  iovec iov{const_cast<std::byte*>(bytes.data()), bytes.size()};
  alignas(cmsghdr) std::array<std::byte, CMSG_SPACE(sizeof(int))> control{};
  msghdr message{};
  message.msg_iov = &iov;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  cmsghdr* c = CMSG_FIRSTHDR(&message);
  c->cmsg_level = SOL_SOCKET;
  c->cmsg_type = SCM_RIGHTS;
  c->cmsg_len = CMSG_LEN(sizeof(int));
  std::memcpy(CMSG_DATA(c), &fd, sizeof(int));
  return sendmsg(socket_.get(), &message, MSG_NOSIGNAL | MSG_DONTWAIT);
}

}  // namespace faultline::vfio_user
