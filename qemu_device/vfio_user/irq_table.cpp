// SPDX-License-Identifier: MIT
// SET_IRQS and the latching of events that cannot be delivered yet.
#include "qemu_device/vfio_user/irq_table.hpp"

#include <fcntl.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstdio>
#include <string_view>

namespace faultline::vfio_user {
namespace {

bool is_eventfd(int fd) {
  char path[32];
  char target[64];
  std::snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
  const ssize_t length = readlink(path, target, sizeof(target));
  return length > 0 && std::string_view(target, length) == "anon_inode:[eventfd]";
}

/// Exactly one data kind and one action, and nothing else.
bool flags_valid(uint32_t flags) {
  return std::popcount(flags & VFIO_IRQ_SET_DATA_TYPE_MASK) == 1 &&
         std::popcount(flags & VFIO_IRQ_SET_ACTION_TYPE_MASK) == 1 &&
         (flags & ~(VFIO_IRQ_SET_DATA_TYPE_MASK | VFIO_IRQ_SET_ACTION_TYPE_MASK)) == 0;
}

size_t data_size(const IrqSet& request) {
  return (request.flags & VFIO_IRQ_SET_DATA_BOOL) != 0 ? request.count : 0;
}

bool disables_all(const IrqSet& r) {
  return r.count == 0 && r.start == 0 &&
         r.flags == (VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_TRIGGER);
}

}  // namespace

IrqTable::IrqTable(const Counts& counts) {
  for (size_t index = 0; index < counts.size(); ++index) {
    types_[index] = std::vector<Vector>(counts[index]);
  }
}

int IrqTable::set(const IrqSet& request, std::span<const std::byte> data, std::span<UniqueFd> fds) {
  if (request.index >= types_.size() || !flags_valid(request.flags)) return EINVAL;
  const std::span<Vector> type = types_[request.index];
  if (request.start > type.size() || request.count > type.size() - request.start) return EINVAL;
  if (data.size() != data_size(request)) return EINVAL;
  const bool eventfds = (request.flags & VFIO_IRQ_SET_DATA_EVENTFD) != 0;
  if (!eventfds && !fds.empty()) return EINVAL;

  if (disables_all(request)) {
    for (Vector& vector : type) vector.eventfd.reset();
    return 0;
  }
  if (request.count == 0) return EINVAL;
  const std::span<Vector> vectors = type.subspan(request.start, request.count);
  if (eventfds) {
    return (request.flags & VFIO_IRQ_SET_ACTION_TRIGGER) != 0 ? assign(vectors, fds) : ENOTSUP;
  }
  for (size_t i = 0; i < vectors.size(); ++i) {
    if (!data.empty() && data[i] == std::byte{0}) continue;
    if ((request.flags & VFIO_IRQ_SET_ACTION_MASK) != 0) {
      vectors[i].masked = true;
    } else {
      if ((request.flags & VFIO_IRQ_SET_ACTION_UNMASK) != 0) vectors[i].masked = false;
      if ((request.flags & VFIO_IRQ_SET_ACTION_TRIGGER) != 0) vectors[i].pending = true;
      deliver(vectors[i]);
    }
  }
  return 0;
}

RaiseResult IrqTable::raise(uint32_t index, uint32_t vector) {
  Vector& v = types_[index].at(vector);
  v.pending = true;
  deliver(v);
  return v.pending ? RaiseResult::kLatched : RaiseResult::kSent;
}

void IrqTable::reset() {
  for (auto& type : types_) {
    for (Vector& vector : type) vector.masked = vector.pending = false;
  }
}

void IrqTable::disconnect() {
  reset();
  for (auto& type : types_) {
    for (Vector& vector : type) vector.eventfd.reset();
  }
}

int IrqTable::assign(std::span<Vector> vectors, std::span<UniqueFd> fds) {
  if (!fds.empty() && fds.size() != vectors.size()) return EINVAL;
  if (!std::ranges::all_of(fds, [](const UniqueFd& fd) { return is_eventfd(fd.get()); })) {
    return EINVAL;
  }
  for (size_t i = 0; i < vectors.size(); ++i) {
    vectors[i].eventfd = fds.empty() ? UniqueFd{} : std::move(fds[i]);
    // A client that never reads its eventfd must not be able to block us when the counter is full.
    if (vectors[i].eventfd) {
      const int fd = vectors[i].eventfd.get();
      fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    }
    deliver(vectors[i]);
  }
  return 0;
}

void IrqTable::deliver(Vector& vector) {
  if (!vector.pending || vector.masked || !vector.eventfd) return;
  const uint64_t one = 1;
  // EAGAIN means that the counter is full of events that the client has not fetched: this one joins
  // them.
  if (::write(vector.eventfd.get(), &one, sizeof(one)) == sizeof(one) || errno == EAGAIN) {
    vector.pending = false;
  }
}

}  // namespace faultline::vfio_user
