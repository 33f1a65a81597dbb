/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Fault packets and the buffers they arrive in. */
#ifndef _FAULTLINE_FAULT_TYPES_H_
#define _FAULTLINE_FAULT_TYPES_H_

#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>

struct task_struct;

/* Indexed by enum faultline_fault_buffer of the registers. */
#define FAULTLINE_FAULT_BUFFERS	2

/**
 * struct faultline_fault - a fault packet as the driver keeps it
 */
struct faultline_fault {
	/** @instance: address of the instance block */
	u64 instance;
	/** @va: faulting page */
	u64 va;
	/** @device_ns: device time of the packet */
	u64 device_ns;
	/** @irq_ns: CLOCK_MONOTONIC at the interrupt of its batch; 0: none */
	u64 irq_ns;
	/** @fetch_ns: when the packet was read */
	u64 fetch_ns;
	/** @engine: ENGINE_ID */
	u16 engine;
	/** @type: FAULT_TYPE */
	u8 type;
	/** @access: ACCESS_TYPE */
	u8 access;
	/** @client: CLIENT */
	u8 client;
	/** @gpc: GPC_ID */
	u8 gpc;
	/** @hub: the client is one of the hub */
	bool hub;
	/** @replayable: the request is held and waits for a replay */
	bool replayable;
	/** @cancelled: set by the service: requests like this one failed */
	bool cancelled;
	/** @cancel_class: then, which ones: FAULTLINE_CANCEL_ACCESS_* */
	u8 cancel_class;
};

/**
 * struct faultline_packet_ring - one ring of packets in coherent memory
 *
 * The device writes packets, VALID last; the driver clears VALID and moves
 * GET. Neither needs to read a register of the other.
 */
struct faultline_packet_ring {
	/** @index: which fault buffer */
	u32 index;
	/** @entries: packets */
	u32 entries;
	/**
	 * @get: next packet to read; the driver's copy of GET. The interrupt looks
	 * at it while the sources are not masked, and then nobody changes it
	 */
	u32 get;
	/** @unchecked: packets read since the overflow flag was looked at */
	u32 unchecked;
	/** @overflowed: packets were lost, nothing has been done about it yet */
	bool overflowed;
	/** @packets: the ring */
	__le32 *packets;
	/** @dma: where the device finds it */
	dma_addr_t dma;
};

/**
 * struct faultline_faults - the fault buffers and their reader
 */
struct faultline_faults {
	/**
	 * @fetch_lock: who holds it reads packets, and what the access counters
	 * notify; protects @rings and @batch between start and stop
	 */
	struct mutex fetch_lock;
	/** @rings: the rings */
	struct faultline_packet_ring rings[FAULTLINE_FAULT_BUFFERS];
	/** @batch: packets read together */
	struct faultline_fault *batch;
	/** @thread: reads packets and hands them to their address spaces */
	struct task_struct *thread;
	/** @wait: @thread waits for @masked here */
	wait_queue_head_t wait;
	/** @lock: protects what follows; taken in the interrupt */
	spinlock_t lock;
	/** @enabled: between faultline_fault_start() and _stop() */
	bool enabled;
	/** @masked: the sources are masked, @thread has work */
	bool masked;
	/**
	 * @irq_ns: when they were masked; 0 once a batch has been read. Belongs to
	 * the interrupt until they are masked, then to @thread, without @lock
	 */
	u64 irq_ns;
};

#endif /* _FAULTLINE_FAULT_TYPES_H_ */
