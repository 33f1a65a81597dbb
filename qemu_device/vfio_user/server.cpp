// SPDX-License-Identifier: MIT
// Accepting, serving and losing a client.
#include "qemu_device/vfio_user/server.hpp"

#include <poll.h>

#include <cerrno>
#include <utility>

namespace faultline::vfio_user {
namespace {

/// With this much unsent the client's further messages wait: one that never reads its replies stops
/// itself, not us.
constexpr size_t kBacklogLimit = 262144;

bool has_hung_up(int fd) {
  pollfd p{fd, 0, 0};
  return ::poll(&p, 1, 0) > 0 && (p.revents & (POLLHUP | POLLERR)) != 0;
}

Header reply_header(const Header& request, size_t payload_size, int error) {
  const uint32_t flags = kTypeReply | (error != 0 ? kFlagError : 0);
  return {request.id, request.command, static_cast<uint32_t>(sizeof(Header) + payload_size), flags,
          static_cast<uint32_t>(error)};
}

}  // namespace

Server::Server(EventLoop& loop, Device& device, std::string socket_path)
    : loop_(loop), session_(device), listener_(std::move(socket_path)) {
  loop_.watch(listener_.fd(), POLLIN, [this](short) { greet(); });
}

/// The device may be half gone already: it hears no more of its client.
Server::~Server() {
  if (client_) loop_.unwatch(client_->fd());
  loop_.unwatch(listener_.fd());
}

/// A second client is turned away at once, so that its user sees an error and not a hang. One that
/// comes just after the first has gone (unplug and plug again) waits until the first one's last
/// messages are done.
void Server::greet() {
  if (client_ && has_hung_up(client_->fd())) return;
  UniqueFd socket = listener_.accept();
  if (!socket || client_) return;
  client_.emplace(std::move(socket));
  loop_.watch(client_->fd(), POLLIN, [this](short revents) { serve(revents); });
}

void Server::serve(short revents) {
  if (!exchange(revents)) {
    drop_client();
    return;
  }
  const bool unsent = client_->backlog() != 0;
  const bool stalled = client_->backlog() >= kBacklogLimit;
  loop_.set_events(client_->fd(),
                   static_cast<short>((stalled ? 0 : POLLIN) | (unsent ? POLLOUT : 0)));
}

/// Messages that waited for room, one read, the messages that it brought, one send for all replies:
/// then other work gets its turn. False when the connection is of no more use.
bool Server::exchange(short revents) {
  const bool hung_up = (revents & (POLLHUP | POLLERR)) != 0;
  if ((revents & POLLOUT) != 0 && client_->flush() == SocketState::kClosed) return false;
  if (!handle_messages()) return false;
  if (client_->backlog() >= kBacklogLimit) return !hung_up;
  if ((revents & ~POLLOUT) != 0) {
    if (client_->receive() == SocketState::kClosed) return false;
    if (!handle_messages()) return false;
    // Messages may wait for room: only POLLOUT may make it, or nothing would call us for them.
    if (client_->backlog() >= kBacklogLimit) return true;
  }
  return client_->flush() == SocketState::kOpen;
}

/// Handles messages until none is left or there is no room for their replies. False after one whose
/// end cannot be found.
bool Server::handle_messages() {
  while (has_room()) {
    std::optional<Message> message = client_->next();
    if (!message) break;
    answer(*message);
  }
  if (!client_->broken_header()) return true;
  client_->send(reply_header(*client_->broken_header(), 0, EINVAL), {});
  client_->flush();
  return false;
}

bool Server::has_room() {
  if (client_->backlog() >= kBacklogLimit) client_->flush();
  return client_->backlog() < kBacklogLimit;
}

void Server::answer(Message& message) {
  const Reply reply = session_.handle(message);
  if ((message.header.flags & kFlagNoReply) != 0) return;
  client_->send(reply_header(message.header, reply.payload.size(), reply.error), reply.payload,
                reply.fd);
}

void Server::drop_client() {
  loop_.unwatch(client_->fd());
  client_.reset();
  session_.disconnect();
}

}  // namespace faultline::vfio_user
