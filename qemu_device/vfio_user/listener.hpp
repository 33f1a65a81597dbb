// SPDX-License-Identifier: MIT
// The socket file that clients connect to.
#pragma once

#include <sys/types.h>

#include <string>

#include "qemu_device/vfio_user/unique_fd.hpp"

namespace faultline::vfio_user {

class Listener {
 public:
  /// Listens at `path`. A socket file that nobody listens at any more is replaced. Throws
  /// std::runtime_error with one line that names cause and remedy if another server listens there,
  /// or no socket can be made.
  explicit Listener(std::string path);
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  /// Removes the socket file, unless it has become another's.
  ~Listener();

  int fd() const { return socket_.get(); }
  const std::string& path() const { return path_; }
  /// The next waiting client, non-blocking; empty if there is none.
  UniqueFd accept();

 private:
  std::string path_;
  UniqueFd socket_;
  dev_t device_ = 0;
  ino_t inode_ = 0;
};

}  // namespace faultline::vfio_user
