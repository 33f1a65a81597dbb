/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Fault service of one address space. */
#ifndef _FAULTLINE_SERVICE_TYPES_H_
#define _FAULTLINE_SERVICE_TYPES_H_

#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>

#include "faultline.h"
#include "faultline_access_types.h"
#include "faultline_channel_types.h"
#include "faultline_fault_types.h"

struct faultline_window;
struct task_struct;

/*
 * Faults kept for an address space at a time. A stream has 16 accesses in
 * flight; what does not fit stays in the device's replay list and is raised
 * again by the next replay.
 */
#define FAULTLINE_SERVICE_REPLAYABLE	256

/* And one for each channel that may be switched out by a fault. */
#define FAULTLINE_SERVICE_FAULTS \
	(FAULTLINE_SERVICE_REPLAYABLE + FAULTLINE_CHANNELS_MAX)

/* More can wait for their counters to notify again. */
#define FAULTLINE_SERVICE_HOT	16

/* Latest faults kept for the time line, and latest cancels for their errors. */
#define FAULTLINE_SERVICE_RECORDS	256
#define FAULTLINE_SERVICE_CANCELS	64

/**
 * struct faultline_cancel - why accesses to a page were cancelled
 */
struct faultline_cancel {
	/** @va: the page */
	u64 va;
	/** @error: negative errno for the submitter */
	int error;
};

/**
 * struct faultline_command - a job that is served as a whole, or not at all
 *
 * For those who know all that their one running job will touch.
 */
struct faultline_command {
	/** @start: first byte of the process that it touches */
	u64 start;
	/** @end: behind the last; 0: there is no command */
	u64 end;
	/** @write: it writes there */
	bool write;
	/** @unserved: its faults are cancelled, with -ENOENT */
	bool unserved;
	/** @rounds: batches that had to map something for it */
	u32 rounds;
};

/**
 * struct faultline_service - faults on their way from the packet to the replay
 *
 * A thread of its own per address space: resolving a fault may wait for user
 * space (userfaultfd), and that must not hold up anybody else.
 */
struct faultline_service {
	/** @thread: serves */
	struct task_struct *thread;
	/** @wait: @thread waits for @pending_count or @hot_count here */
	wait_queue_head_t wait;
	/**
	 * @lock: protects what follows, down to @record_count; not taken in
	 * the interrupt
	 */
	spinlock_t lock;
	/** @pending: faults not begun */
	struct faultline_fault pending[FAULTLINE_SERVICE_FAULTS];
	/** @pending_count: how many */
	u32 pending_count;
	/** @hot: regions that may be moved to the device */
	struct faultline_hot hot[FAULTLINE_SERVICE_HOT];
	/** @hot_count: how many */
	u32 hot_count;
	/**
	 * @active: faults being served. Changed by @thread alone, which so needs
	 * @lock only for what others look at: all but @cancelled and
	 * @cancel_class of a fault
	 */
	struct faultline_fault active[FAULTLINE_SERVICE_FAULTS];
	/** @active_count: how many; as @active */
	u32 active_count;
	/** @command: the one that runs */
	struct faultline_command command;
	/** @replay_owed: a packet was dropped that may be of a later request */
	bool replay_owed;
	/** @records: latest faults, a ring */
	struct faultline_fault_record records[FAULTLINE_SERVICE_RECORDS];
	/** @record_count: ever recorded; as @active */
	u64 record_count;
	/** @window: @thread's, too large for its stack */
	struct faultline_window *window;
	/** @cancel_lock: protects what follows; taken in the interrupt */
	spinlock_t cancel_lock;
	/** @cancels: latest cancels, a ring */
	struct faultline_cancel cancels[FAULTLINE_SERVICE_CANCELS];
	/** @cancel_count: ever cancelled */
	u64 cancel_count;
};

#endif /* _FAULTLINE_SERVICE_TYPES_H_ */
