// SPDX-License-Identifier: MIT
// GET_IRQ_INFO and SET_IRQS.
#include <linux/vfio.h>

#include <cerrno>

#include "qemu_device/vfio_user/session.hpp"

namespace faultline::vfio_user {

int Session::get_irq_info(const Message& message) {
  if (message.payload.size() != sizeof(IrqInfo)) return EINVAL;
  const auto request = load<IrqInfo>(message.payload);
  if (request.argsz < sizeof(IrqInfo) || request.index >= VFIO_PCI_NUM_IRQS) return EINVAL;
  // Vectors can be added one by one, so VFIO_IRQ_INFO_NORESIZE stays out: QEMU relies on that for
  // MSI-X.
  const uint32_t count = irqs_.count(request.index);
  const uint32_t flags = count == 0 ? 0 : VFIO_IRQ_INFO_EVENTFD | VFIO_IRQ_INFO_MASKABLE;
  reply(IrqInfo{sizeof(IrqInfo), flags, request.index, count});
  return 0;
}

int Session::set_irqs(Message& message) {
  if (message.payload.size() < sizeof(IrqSet)) return EINVAL;
  const auto request = load<IrqSet>(message.payload);
  if (request.argsz != message.payload.size()) return EINVAL;
  const int error = irqs_.set(request, message.payload.subspan(sizeof(IrqSet)), message.fds);
  if (error == 0) device_.irqs_set(request);
  return error;
}

}  // namespace faultline::vfio_user
