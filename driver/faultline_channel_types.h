/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Channels: rings of jobs and of completions. */
#ifndef _FAULTLINE_CHANNEL_TYPES_H_
#define _FAULTLINE_CHANNEL_TYPES_H_

#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>

#include "faultline.h"

struct faultline_device;
struct faultline_vm;

/* As the channel number's fields are wide in the interrupt registers: two words. */
#define FAULTLINE_CHANNELS_MAX	64

/**
 * struct faultline_channel - one channel in use
 *
 * Jobs are counted from 1; job n lies at ring index (n - 1 - @base) modulo the
 * size of the ring.
 */
struct faultline_channel {
	/** @fdev: the device */
	struct faultline_device *fdev;
	/**
	 * @vm: address space of its jobs; NULL: physical addresses only, or it
	 * did not stop. Changed under @lock
	 */
	struct faultline_vm *vm;
	/** @index: channel number of the device */
	u32 index;
	/** @entries: size of both rings, a power of two */
	u32 entries;
	/** @jobs: job ring; NULL once given up, under @lock */
	__le64 *jobs;
	/** @jobs_dma: where the device finds it */
	dma_addr_t jobs_dma;
	/** @completions: completion ring; NULL once given up, under @lock */
	__le64 *completions;
	/** @completions_dma: where the device finds it */
	dma_addr_t completions_dma;

	/**
	 * @submit_lock: one at a time submits to the channel, starts, stops or
	 * restarts it. Under it nothing is allocated and no memory of user space
	 * touched: who stops the channel waits for it
	 */
	struct mutex submit_lock;
	/** @wait: for room, for completions and for the end */
	wait_queue_head_t wait;
	/**
	 * @fault_known: it is switched out and its packet has been read; under
	 * &faultline_channels.lock
	 */
	bool fault_known;
	/**
	 * @since_ns: device time of its latest restart after a fatal fault;
	 * written by the service thread, read without a lock
	 */
	u64 since_ns;
	/** @lock: protects what follows; taken in the interrupt */
	spinlock_t lock;
	/**
	 * @submitted: jobs ever submitted; changed under @submit_lock, too, so
	 * either is enough to read it
	 */
	u64 submitted;
	/** @completed: jobs ever completed; who waits looks at it without @lock */
	u64 completed;
	/** @base: @submitted when the channel was last enabled; as @submitted */
	u64 base;
	/** @restarting: the ring says nothing: the channel is being restarted */
	bool restarting;
	/**
	 * @dead: no job will complete any more; never taken back, and looked at
	 * without @lock, too
	 */
	bool dead;
	/** @done: latest completions, at the ring index of (number - 1) */
	struct faultline_completion *done;
};

/**
 * struct faultline_channels - the channels of a device
 */
struct faultline_channels {
	/** @stream_count: stream channels, the first ones */
	u32 stream_count;
	/** @copy_count: copy channels, after them */
	u32 copy_count;
	/** @lock: protects @active and their @fault_known; taken in the interrupt */
	spinlock_t lock;
	/** @active: channels in use by number */
	struct faultline_channel *active[FAULTLINE_CHANNELS_MAX];
};

#endif /* _FAULTLINE_CHANNEL_TYPES_H_ */
