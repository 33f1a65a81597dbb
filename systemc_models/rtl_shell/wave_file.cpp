// SPDX-License-Identifier: MIT
// Opening, times, and a disk that fills up.
#include "systemc_models/rtl_shell/wave_file.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <utility>

namespace faultline::rtl {

namespace {

constexpr uint64_t kPicosecondsOfCycle = 1000;
// The writer of FST files does not tell errors, so space is looked at before it is gone: so often,
// and so much must be left, which is more than is ever written in between.
constexpr uint64_t kWritesBetweenLooks = 4096;
constexpr uintmax_t kLeastRoom = uintmax_t{64} << 20;

}  // namespace

// The writer removes what is there before it writes: never a device or a pipe.
WaveFile::WaveFile(std::string path) : path_(std::move(path)) {
  if (std::filesystem::exists(path_) && !std::filesystem::is_regular_file(path_))
    throw std::runtime_error(fmt::format(
        "cannot write waveforms to '{}': it is not an ordinary file; name another", path_));
  if (!std::ofstream(path_))
    throw std::runtime_error(
        fmt::format("cannot write waveforms to '{}': {}", path_, std::strerror(errno)));
  if (!has_room())
    throw std::runtime_error(fmt::format(
        "cannot write waveforms to '{}': less than {} MiB are free", path_, kLeastRoom >> 20));
}

void WaveFile::open() {
  fst_.set_time_unit("1ps");
  fst_.set_time_resolution("1ps");
  fst_.open(path_.c_str());
  if (!fst_.isOpen())
    throw std::runtime_error(fmt::format("cannot write waveforms to '{}'", path_));
}

bool WaveFile::has_room() const {
  std::error_code error;
  const auto space = std::filesystem::space(std::filesystem::absolute(path_).parent_path(), error);
  return error || space.available >= kLeastRoom;
}

void WaveFile::write(uint64_t cycle, Half half) {
  if (!fst_.isOpen()) return;
  if (++written_ % kWritesBetweenLooks == 0 && !has_room()) {
    spdlog::error("the disk is almost full: the waveforms in '{}' end with cycle {}", path_, cycle);
    close();
    return;
  }
  const uint64_t edge = half == Half::kLow ? kPicosecondsOfCycle / 2 : 0;
  fst_.dump(cycle * kPicosecondsOfCycle + edge);
}

void WaveFile::close() {
  if (fst_.isOpen()) fst_.close();
}

}  // namespace faultline::rtl
