/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* One PCI function and everything the driver keeps for it. */
#ifndef _FAULTLINE_DEVICE_TYPES_H_
#define _FAULTLINE_DEVICE_TYPES_H_

#include <linux/kref.h>
#include <linux/list.h>
#include <linux/miscdevice.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/rwsem.h>
#include <linux/spinlock.h>
#include <linux/xarray.h>

#include "faultline_access_types.h"
#include "faultline_channel_types.h"
#include "faultline_counters.h"
#include "faultline_fault_types.h"
#include "faultline_prf.h"
#include "faultline_tlb_types.h"
#include "faultline_vram_types.h"

/**
 * struct faultline_device - one device
 *
 * Files outlive the device: @ref keeps this structure, nothing of the hardware.
 */
struct faultline_device {
	/** @ref: one for the bound driver, one for each open file */
	struct kref ref;
	/** @pdev: the function; not used once @unplugged */
	struct pci_dev *pdev;
	/** @dev: &pdev->dev, for DMA and messages */
	struct device *dev;
	/**
	 * @regs: BAR0; reached between faultline_device_enter() and _exit(), or by
	 * what unbind ends before it takes @regs away: the interrupt, the threads,
	 * channels that are not dead
	 */
	void __iomem *regs;
	/** @unplugged: the driver is unbound, @regs is gone; read in a section */
	bool unplugged;
	/**
	 * @given_up: the MMU does not answer to invalidates, or the copy engine does
	 * not end a copy, so the function has lost its bus mastering, and nothing is
	 * asked of it until it is started anew. Changed under
	 * &faultline_channels.lock, looked at without it, too
	 */
	bool given_up;
	/** @id: number in the name of the device node */
	int id;
	/** @misc: the device node */
	struct miscdevice misc;
	/** @name: its name */
	char name[16];
	/** @dmirror: the self-test node; without a name if there is none */
	struct miscdevice dmirror;
	/** @dmirror_name: its name */
	char dmirror_name[16];
	/** @debugfs: its debugfs directory */
	struct dentry *debugfs;
	/** @debugfs_vm: directory of the images */
	struct dentry *debugfs_vm;

	/** @version: VERSION register */
	u32 version;
	/** @vram_bytes: size of device memory */
	u64 vram_bytes;

	/** @files: open files; under @files_lock */
	struct list_head files;
	/** @files_lock: protects @files */
	struct mutex files_lock;
	/**
	 * @vms: address spaces by page number of their instance block; its own
	 * lock makes that one which is found is still there
	 */
	struct xarray vms;

	/**
	 * @reset_lock: held for writing while the device is started, stopped or
	 * reset; who makes use of the device anew holds it for reading
	 */
	struct rw_semaphore reset_lock;
	/**
	 * @running: channels and fault buffers work; changed under @reset_lock
	 * and @copy_lock, so either is enough to read it
	 */
	bool running;
	/** @channels: who owns which channel */
	struct faultline_channels channels;
	/** @kernel_channel: copy channel of the driver itself; under @copy_lock */
	struct faultline_channel *kernel_channel;
	/**
	 * @copy_lock: who holds it uses @kernel_channel, from the first job to the
	 * last completion. Taken with folios locked: nothing is allocated under it
	 */
	struct mutex copy_lock;
	/** @vram: device memory */
	struct faultline_vram vram;
	/** @faults: fault buffers and the thread that reads them */
	struct faultline_faults faults;
	/** @access: the access counters' notifications */
	struct faultline_access access;
	/** @prf: the filter of prefetch faults */
	struct faultline_prf prf;
	/** @tlb: the invalidate and replay registers */
	struct faultline_tlb tlb;
	/** @notes_wanted: the device runs with the translation sanitizer */
	bool notes_wanted;
	/** @note_lock: the register writes of one note stay together */
	spinlock_t note_lock;
	/** @counters: totals since the driver was bound */
	struct faultline_counter_set counters;
};

#endif /* _FAULTLINE_DEVICE_TYPES_H_ */
