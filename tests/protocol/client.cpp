// SPDX-License-Identifier: MIT
// Blocking socket calls with a time limit, so that a server that does not answer fails the test
// instead of hanging it.
#include "tests/protocol/client.hpp"

#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace faultline::protocol_test {
namespace {

constexpr timeval kSilence{.tv_sec = 5, .tv_usec = 0};

[[noreturn]] void fail(const char* what) {
  throw std::runtime_error(std::string(what) + ": " + std::strerror(errno));
}

}  // namespace

int Reply::error() const {
  return (header.flags & vfio_user::kFlagError) != 0 ? static_cast<int>(header.error) : 0;
}

Client::Client(const std::string& path)
    : socket_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof(address.sun_path) - 1);
  if (::connect(fd(), reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) fail("connect");
  setsockopt(fd(), SOL_SOCKET, SO_RCVTIMEO, &kSilence, sizeof(kSilence));
}

Reply Client::version(std::string_view json) {
  return call(Command::kVersion, version_payload(json));
}

Reply Client::call(Command command, const Bytes& payload, std::vector<int> fds) {
  const uint16_t id = next_id();
  send_raw(message(id, command, payload), std::move(fds));
  auto reply = receive();
  if (!reply) throw std::runtime_error("the server closed the connection instead of replying");
  if (reply->header.id != id || reply->header.command != static_cast<uint16_t>(command) ||
      (reply->header.flags & vfio_user::kTypeMask) != vfio_user::kTypeReply) {
    throw std::runtime_error("the reply is not one to this command");
  }
  return std::move(*reply);
}

void Client::post(Command command, const Bytes& payload, std::vector<int> fds) {
  send_raw(message(next_id(), command, payload, vfio_user::kFlagNoReply), std::move(fds));
}

Reply Client::dma_map(uint64_t address, uint64_t size, int fd, uint64_t offset, uint32_t flags) {
  const vfio_user::DmaMap request{sizeof(request), flags, offset, address, size};
  return call(Command::kDmaMap, bytes_of(request), fd >= 0 ? std::vector{fd} : std::vector<int>{});
}

Reply Client::dma_unmap(uint64_t address, uint64_t size) {
  const vfio_user::DmaUnmap request{sizeof(request), 0, address, size};
  return call(Command::kDmaUnmap, bytes_of(request));
}

Reply Client::read(uint32_t region, uint64_t offset, uint32_t count) {
  return call(Command::kRegionRead, bytes_of(vfio_user::RegionAccess{offset, region, count}));
}

Reply Client::write(uint32_t region, uint64_t offset, const Bytes& data) {
  Bytes payload =
      bytes_of(vfio_user::RegionAccess{offset, region, static_cast<uint32_t>(data.size())});
  payload.insert(payload.end(), data.begin(), data.end());
  return call(Command::kRegionWrite, payload);
}

uint32_t Client::read32(uint32_t region, uint64_t offset) {
  const Reply reply = read(region, offset, sizeof(uint32_t));
  if (reply.error() != 0) throw std::runtime_error("region read refused");
  return vfio_user::load<uint32_t>(
      std::span(reply.payload).subspan(sizeof(vfio_user::RegionAccess)));
}

void Client::write32(uint32_t region, uint64_t offset, uint32_t value) {
  if (write(region, offset, bytes_of(value)).error() != 0) {
    throw std::runtime_error("region write refused");
  }
}

void Client::set_bus_master(bool on) {
  const uint16_t command = PCI_COMMAND_MEMORY | (on ? PCI_COMMAND_MASTER : 0);
  if (write(VFIO_PCI_CONFIG_REGION_INDEX, PCI_COMMAND, bytes_of(command)).error() != 0) {
    throw std::runtime_error("configuration write refused");
  }
}

Reply Client::set_eventfds(uint32_t index, uint32_t start, uint32_t count, std::vector<int> fds) {
  const vfio_user::IrqSet request{sizeof(request),
                                  VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER, index,
                                  start, count};
  return call(Command::kDeviceSetIrqs, bytes_of(request), std::move(fds));
}

void Client::send_raw(std::span<const std::byte> bytes, std::vector<int> fds) {
  std::vector<std::byte> control(CMSG_SPACE(fds.size() * sizeof(int)));
  while (!bytes.empty()) {
    iovec iov{const_cast<std::byte*>(bytes.data()), bytes.size()};
    msghdr m{};
    m.msg_iov = &iov;
    m.msg_iovlen = 1;
    if (!fds.empty()) {
      m.msg_control = control.data();
      m.msg_controllen = control.size();
      cmsghdr* c = CMSG_FIRSTHDR(&m);
      c->cmsg_level = SOL_SOCKET;
      c->cmsg_type = SCM_RIGHTS;
      c->cmsg_len = CMSG_LEN(fds.size() * sizeof(int));
      std::memcpy(CMSG_DATA(c), fds.data(), fds.size() * sizeof(int));
    }
    const ssize_t sent = sendmsg(fd(), &m, MSG_NOSIGNAL);
    if (sent < 0) fail("sendmsg");
    fds.clear();
    bytes = bytes.subspan(static_cast<size_t>(sent));
  }
}

size_t Client::send_some(std::span<const std::byte> bytes) {
  const ssize_t sent = ::send(fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  return sent < 0 ? 0 : static_cast<size_t>(sent);
}

std::optional<Reply> Client::receive() {
  Reply reply{};
  Bytes header(sizeof(Header));
  if (!receive_exactly(header, reply.fds)) return std::nullopt;
  reply.header = vfio_user::load<Header>(header);
  reply.payload.resize(reply.header.size - sizeof(Header));
  if (!receive_exactly(reply.payload, reply.fds)) return std::nullopt;
  return reply;
}

bool Client::closed_by_server() { return !receive().has_value(); }

bool Client::receive_exactly(std::span<std::byte> out, std::vector<UniqueFd>& fds) {
  while (!out.empty()) {
    iovec iov{out.data(), out.size()};
    alignas(cmsghdr) std::array<std::byte, CMSG_SPACE(16 * sizeof(int))> control;
    msghdr m{};
    m.msg_iov = &iov;
    m.msg_iovlen = 1;
    m.msg_control = control.data();
    m.msg_controllen = control.size();
    const ssize_t length = recvmsg(fd(), &m, MSG_CMSG_CLOEXEC);
    if (length < 0 && errno == ECONNRESET) return false;
    if (length < 0) fail("no reply");
    if (length == 0) return false;
    for (cmsghdr* c = CMSG_FIRSTHDR(&m); c != nullptr; c = CMSG_NXTHDR(&m, c)) {
      for (size_t i = 0; i < (c->cmsg_len - CMSG_LEN(0)) / sizeof(int); ++i) {
        int received;
        std::memcpy(&received, CMSG_DATA(c) + i * sizeof(int), sizeof(int));
        fds.emplace_back(received);
      }
    }
    out = out.subspan(static_cast<size_t>(length));
  }
  return true;
}

Bytes message(uint16_t id, Command command, const Bytes& payload, uint32_t flags) {
  Bytes out = bytes_of(Header{id, static_cast<uint16_t>(command),
                              static_cast<uint32_t>(sizeof(Header) + payload.size()), flags, 0});
  out.insert(out.end(), payload.begin(), payload.end());
  return out;
}

Bytes version_payload(std::string_view json, uint16_t major, uint16_t minor) {
  Bytes payload = bytes_of(vfio_user::VersionNumbers{major, minor});
  if (json.empty()) return payload;
  for (const char c : json) payload.push_back(static_cast<std::byte>(c));
  payload.push_back(std::byte{0});
  return payload;
}

UniqueFd make_memory(uint64_t size) {
  UniqueFd fd(memfd_create("guest memory", MFD_CLOEXEC));
  if (!fd || ftruncate(fd.get(), static_cast<off_t>(size)) != 0) fail("memfd");
  return fd;
}

UniqueFd make_eventfd() { return UniqueFd(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)); }

uint64_t events(const UniqueFd& eventfd) {
  uint64_t count = 0;
  return ::read(eventfd.get(), &count, sizeof(count)) == sizeof(count) ? count : 0;
}

}  // namespace faultline::protocol_test
