// SPDX-License-Identifier: MIT
// Making, taking over and removing the socket file.
#include "qemu_device/vfio_user/listener.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <utility>

namespace faultline::vfio_user {
namespace {

constexpr int kSocketType = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
constexpr int kBacklog = 8;

[[noreturn]] void fail(const std::string& what) { throw std::runtime_error(what); }

sockaddr_un address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof(address.sun_path)) {
    fail("socket path '" + path + "' must have 1 to " +
         std::to_string(sizeof(address.sun_path) - 1) + " characters; choose a shorter one");
  }
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return address;
}

UniqueFd make_socket() {
  UniqueFd fd(::socket(AF_UNIX, kSocketType, 0));
  if (!fd) fail(std::string("cannot make a socket: ") + std::strerror(errno));
  return fd;
}

/// Returns 0 or an errno.
int bind_to(int fd, const sockaddr_un& address) {
  return ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0 ? 0 : errno;
}

/// Whether somebody listens there: a full backlog (EAGAIN) means yes, a refused connection means
/// that the owner is dead.
bool is_live(const sockaddr_un& address) {
  const UniqueFd probe = make_socket();
  return ::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) ==
             0 ||
         errno == EAGAIN;
}

void remove_stale(const std::string& path, const sockaddr_un& address) {
  struct stat status;
  if (::lstat(path.c_str(), &status) != 0) return;
  if (!S_ISSOCK(status.st_mode)) {
    fail("'" + path + "' exists and is not a socket; remove it or choose another socket path");
  }
  if (is_live(address)) {
    fail("socket " + path +
         " is in use by another device; stop that one or choose another socket path");
  }
  ::unlink(path.c_str());
}

}  // namespace

Listener::Listener(std::string path) : path_(std::move(path)) {
  const sockaddr_un address = address_of(path_);
  socket_ = make_socket();
  int error = bind_to(socket_.get(), address);
  if (error == EADDRINUSE) {
    remove_stale(path_, address);
    error = bind_to(socket_.get(), address);
  }
  struct stat status;
  if (error == 0 && ::listen(socket_.get(), kBacklog) != 0) error = errno;
  if (error == 0 && ::stat(path_.c_str(), &status) != 0) error = errno;
  if (error != 0) {
    fail("cannot listen at socket " + path_ + ": " + std::strerror(error) +
         "; choose a path in a directory that exists and can be written");
  }
  device_ = status.st_dev;
  inode_ = status.st_ino;
}

Listener::~Listener() {
  struct stat status;
  if (::stat(path_.c_str(), &status) == 0 && status.st_dev == device_ && status.st_ino == inode_) {
    ::unlink(path_.c_str());
  }
}

UniqueFd Listener::accept() {
  return UniqueFd(::accept4(socket_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
}

}  // namespace faultline::vfio_user
