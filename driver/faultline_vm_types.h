/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* An address space of the device, and the process it mirrors. */
#ifndef _FAULTLINE_VM_TYPES_H_
#define _FAULTLINE_VM_TYPES_H_

#include <linux/kref.h>
#include <linux/mmu_notifier.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>

#include "faultline_counters.h"
#include "faultline_service_types.h"
#include "faultline_table_types.h"
#include "faultline_thrash.h"

struct faultline_device;

/**
 * struct faultline_vm - one address space, one per open file
 */
struct faultline_vm {
	/** @ref: one for the file, one for each user found by instance block */
	struct kref ref;
	/** @fdev: the device */
	struct faultline_device *fdev;
	/** @mm: the mirrored process; kept by @notifier */
	struct mm_struct *mm;
	/** @pid: its id, for messages and names */
	pid_t pid;
	/** @notifier: covers all of @mm; its sequence number changes under @lock */
	struct mmu_interval_notifier notifier;
	/**
	 * @use_lock: held for reading by who maps, but for the service thread,
	 * from the allocation of tables until what was not needed is given
	 * back; for writing while @table and @instance are given up
	 */
	struct rw_semaphore use_lock;
	/**
	 * @lock: protects the entries of @table, and @dead. Taken in the
	 * notifier, which reclaim calls: no allocation under it.
	 */
	struct mutex lock;
	/**
	 * @exclusive_atomics: strong atomics on system memory need exclusive
	 * access; set before the first job
	 */
	bool exclusive_atomics;
	/**
	 * @dead: no entry may be written any more; changed under @use_lock and
	 * @lock, so either is enough to read it
	 */
	bool dead;
	/** @table: page tables */
	struct faultline_table table;
	/** @instance: the instance block */
	__le32 *instance;
	/** @instance_dma: where the device finds it */
	dma_addr_t instance_dma;
	/** @service: faults under way */
	struct faultline_service service;
	/** @thrash: regions that move by faults */
	struct faultline_thrash thrash;
	/** @counters: since the file was opened */
	struct faultline_counter_set counters;
};

#endif /* _FAULTLINE_VM_TYPES_H_ */
