// SPDX-License-Identifier: MIT
// A signalfd in the event loop.
#include "qemu_device/pci/stop_signals.hpp"

#include <poll.h>
#include <sys/signalfd.h>

#include <cerrno>
#include <csignal>
#include <system_error>

namespace faultline::pci {

StopSignals::StopSignals(vfio_user::EventLoop& loop) : loop_(loop) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  signals_ = vfio_user::UniqueFd(signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!signals_) throw std::system_error(errno, std::system_category(), "signalfd");
  loop_.watch(signals_.get(), POLLIN, [this](short) {
    signalfd_siginfo info;
    if (::read(signals_.get(), &info, sizeof(info)) == sizeof(info)) loop_.stop();
  });
}

StopSignals::~StopSignals() { loop_.unwatch(signals_.get()); }

}  // namespace faultline::pci
