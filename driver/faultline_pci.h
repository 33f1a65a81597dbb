/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* PCI identity (docs/reference/device.md). */
#ifndef _FAULTLINE_PCI_H_
#define _FAULTLINE_PCI_H_

/* The vendor id of QEMU's own virtual devices. */
#define FAULTLINE_PCI_VENDOR	0x1234
#define FAULTLINE_PCI_DEVICE	0xfa17

#endif /* _FAULTLINE_PCI_H_ */
