// SPDX-License-Identifier: MIT
// A file's bytes, mapped read-only.
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace faultline::translate {

class MappedFile {
 public:
  /// Throws ImageError if it is not a regular file that can be read.
  explicit MappedFile(const std::string& path);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  std::span<const std::byte> bytes() const { return bytes_; }

 private:
  std::span<const std::byte> bytes_;
};

}  // namespace faultline::translate
