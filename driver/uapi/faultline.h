/* SPDX-License-Identifier: (GPL-2.0-only WITH Linux-syscall-note) OR MIT */
/* The user-space interface of faultline.ko: /dev/faultlineN. */
#ifndef _UAPI_FAULTLINE_H
#define _UAPI_FAULTLINE_H

#include <linux/ioctl.h>
#include <linux/types.h>

/*
 * An open file is one GPU address space that mirrors the address space of the
 * process that opened it: a job takes plain pointers. Only that process may
 * submit; a child of fork() opens the device again.
 *
 * A file has one queue per engine. Jobs of a queue run in order. A job that
 * the device cannot complete is reported by its completion, never by a signal.
 */
#define FAULTLINE_API_VERSION	1

/* Which queue. */
#define FAULTLINE_ENGINE_STREAM	0	/* replayable faults */
#define FAULTLINE_ENGINE_COPY	1	/* non-replayable faults, restarted */

/* faultline_info.features */
#define FAULTLINE_FEATURE_DEVICE_MEMORY	0x1 /* pages can move to device memory */
#define FAULTLINE_FEATURE_EXCLUSIVE	0x2 /* strong atomics have pages to themselves */

/**
 * struct faultline_info - what the device and the driver offer
 * @api_version: FAULTLINE_API_VERSION of the driver
 * @device_version: VERSION register: 31:16 major, 15:0 minor
 * @stream_channels: stream channels of the device; one per open file at most
 * @copy_channels: copy channels of the device; one belongs to the driver
 * @vram_bytes: device memory
 * @va_bits: width of a device virtual address
 * @queue_entries: jobs that a queue holds
 * @fault_buffer_entries: entries of each fault buffer
 * @fault_around_pages: pages looked at around a fault
 * @device_time_offset_ns: device time minus CLOCK_MONOTONIC, measured now
 * @features: FAULTLINE_FEATURE_*
 */
struct faultline_info {
	__u32 api_version;
	__u32 device_version;
	__u32 stream_channels;
	__u32 copy_channels;
	__u64 vram_bytes;
	__u32 va_bits;
	__u32 queue_entries;
	__u32 fault_buffer_entries;
	__u32 fault_around_pages;
	__s64 device_time_offset_ns;
	__u64 features;
	__u64 reserved;
};

/* faultline_job.opcode: as the device's job descriptor has them. */
#define FAULTLINE_JOB_NOP		0
#define FAULTLINE_JOB_COPY		1
#define FAULTLINE_JOB_FILL		2
#define FAULTLINE_JOB_GATHER		3
#define FAULTLINE_JOB_SCATTER		4
#define FAULTLINE_JOB_POINTER_WALK	5
#define FAULTLINE_JOB_REDUCE		6
#define FAULTLINE_JOB_TRANSFORM		7
#define FAULTLINE_JOB_ATOMIC		8
#define FAULTLINE_JOB_ATOMIC_EXCH	9
#define FAULTLINE_JOB_ATOMIC_CAS	10
#define FAULTLINE_JOB_PREFETCH		11

/* faultline_job.alu_op */
#define FAULTLINE_ALU_ADD		0
#define FAULTLINE_ALU_XOR		1
#define FAULTLINE_ALU_AND		2
#define FAULTLINE_ALU_OR		3
#define FAULTLINE_ALU_MIN		4
#define FAULTLINE_ALU_MAX		5

/* faultline_job.flags */
#define FAULTLINE_JOB_WEAK_ATOMIC	0x1 /* atomics of weak access type */

/**
 * struct faultline_job - one job; all addresses are pointers of the submitter
 * @opcode: FAULTLINE_JOB_*
 * @element_shift: log2 of the element size in bytes, 0..3
 * @alu_op: FAULTLINE_ALU_*, for REDUCE, TRANSFORM and ATOMIC
 * @flags: FAULTLINE_JOB_WEAK_ATOMIC
 * @tag: returned in the completion
 * @dst: destination
 * @src: source
 * @count: elements
 * @index: 64-bit element indices of GATHER and SCATTER
 * @operand: FILL's value, the ALU's second operand, the value exchanged
 * @compare: what ATOMIC_CAS compares with
 * @stride: bytes between elements of an atomic; offset of the link in POINTER_WALK
 */
struct faultline_job {
	__u8 opcode;
	__u8 element_shift;
	__u8 alu_op;
	__u8 flags;
	__u32 tag;
	__u64 dst;
	__u64 src;
	__u64 count;
	__u64 index;
	__u64 operand;
	__u64 compare;
	__u64 stride;
};

/**
 * struct faultline_submit - queue jobs
 * @jobs: user pointer to struct faultline_job[@count]
 * @count: number of jobs
 * @engine: FAULTLINE_ENGINE_*
 * @seqno: out: number of the last job queued; job i of a queue has number i, from 1
 * @queued: out: jobs queued; less than @count only when the queue filled up
 *	and a signal arrived, or a later job was not valid
 * @flags: must be 0
 *
 * Waits for room when the queue is full. Fails with -EBUSY if the device has
 * no free channel for this file's first use of the engine.
 */
struct faultline_submit {
	__u64 jobs;
	__u32 count;
	__u32 engine;
	__u64 seqno;
	__u32 queued;
	__u32 flags;
};

/* faultline_completion.status: as the device's completion has them. */
#define FAULTLINE_STATUS_OK		0
#define FAULTLINE_STATUS_FAULT		1
#define FAULTLINE_STATUS_ABORTED	2
#define FAULTLINE_STATUS_BAD_JOB	3
#define FAULTLINE_STATUS_DMA_ERROR	4

/**
 * struct faultline_completion - how a job ended
 * @seqno: the job's number
 * @tag: the job's tag
 * @status: FAULTLINE_STATUS_*
 * @error: 0 or a negative errno: -EFAULT nothing is mapped or it may not be
 *	read, -EPERM it may not be written, -ECANCELED aborted, -EINVAL bad
 *	job, -EIO DMA error, or what else memory management said, such as
 *	-ENOMEM
 * @fault_type: for FAULTLINE_STATUS_FAULT, the fault packet's FAULT_TYPE
 * @access_type: likewise its ACCESS_TYPE
 * @result: REDUCE's and POINTER_WALK's result, an atomic's last old value
 * @done: elements finished
 * @fault_address: address of the fault, page aligned
 */
struct faultline_completion {
	__u64 seqno;
	__u32 tag;
	__u32 status;
	__s32 error;
	__u16 fault_type;
	__u16 access_type;
	__u64 result;
	__u64 done;
	__u64 fault_address;
};

/**
 * struct faultline_wait - wait until a job has ended
 * @seqno: the job's number
 * @timeout_ns: relative; negative: wait without limit; 0: only look
 * @engine: FAULTLINE_ENGINE_*
 * @flags: must be 0
 * @completion: out
 *
 * Fails with -ETIME when the time is over, -EINVAL for a number never
 * submitted, -ENODATA when the completion has been overwritten by that of a
 * job @queue_entries later, -ENODEV when the device is gone, -EIO when it is
 * given up: it has to be reset.
 */
struct faultline_wait {
	__u64 seqno;
	__s64 timeout_ns;
	__u32 engine;
	__u32 flags;
	struct faultline_completion completion;
};

/**
 * struct faultline_counters - what was counted
 * @jobs: jobs completed
 * @faults: fault packets read
 * @duplicates: of them, those for a page and access already being served
 * @batches: groups of packets served together
 * @replays: replays started
 * @cancels: pages whose accesses were cancelled
 * @restarts: switched-out channels restarted
 * @overflows: fault buffer overflows (device only)
 * @interrupts: interrupts (device only)
 * @invalidations: callbacks of the kernel's memory management
 * @invalidations_unmapped: of them, those that hit nothing the device had
 * @tlb_invalidates: TLB invalidates sent and acknowledged
 * @pages_mapped: 4 KiB pages mapped for the device
 * @huge_mapped: of them, those mapped as part of a 2 MiB page
 * @pages_zapped: 4 KiB pages unmapped by invalidations
 * @retries: mirror attempts repeated because memory management interfered
 * @dropped: packets not kept, to be raised again by the next replay
 * @to_device: 4 KiB pages moved to device memory
 * @to_system: 4 KiB pages moved back; a file counts those it asked for
 * @cpu_faults: accesses of CPUs to device memory (device only)
 * @evicted: of @to_system, pages that made room for others (device only)
 * @splits: large pages of device memory split by the kernel (device only)
 * @exclusive: pages claimed for the device alone, for its atomics
 * @prefetched: pages served along because much around them was in use
 * @pinned: times that a region was left where it was, since it thrashed
 * @big_mapped: 4 KiB pages mapped as part of a 64 KiB page
 * @prefetch_filtered: times that prefetch faults were turned off, since most
 *	were for nothing
 * @notifications: regions of which the access counters said that they are hot
 * @hot_moved: pages moved to device memory for that
 */
struct faultline_counters {
	__u64 jobs;
	__u64 faults;
	__u64 duplicates;
	__u64 batches;
	__u64 replays;
	__u64 cancels;
	__u64 restarts;
	__u64 overflows;
	__u64 interrupts;
	__u64 invalidations;
	__u64 invalidations_unmapped;
	__u64 tlb_invalidates;
	__u64 pages_mapped;
	__u64 huge_mapped;
	__u64 pages_zapped;
	__u64 retries;
	__u64 dropped;
	__u64 to_device;
	__u64 to_system;
	__u64 cpu_faults;
	__u64 evicted;
	__u64 splits;
	__u64 exclusive;
	__u64 prefetched;
	__u64 pinned;
	__u64 big_mapped;
	__u64 prefetch_filtered;
	__u64 notifications;
	__u64 hot_moved;
	__u64 reserved[7];
};

/**
 * struct faultline_fault_record - the life of one fault
 * @address: page address
 * @device_ns: device time of the packet
 * @irq_ns: CLOCK_MONOTONIC when the interrupt handler masked the fault buffer;
 *	0: the packet arrived while the driver was reading others
 * @fetch_ns: when the packet was read
 * @service_ns: when its service began
 * @mapped_ns: when its page-table entry was written
 * @replay_ns: when the replay was sent
 * @access_type: packet's ACCESS_TYPE
 * @fault_type: packet's FAULT_TYPE
 * @gpc: packet's GPC_ID
 * @client: packet's CLIENT
 * @error: 0, or why it was cancelled
 */
struct faultline_fault_record {
	__u64 address;
	__u64 device_ns;
	__u64 irq_ns;
	__u64 fetch_ns;
	__u64 service_ns;
	__u64 mapped_ns;
	__u64 replay_ns;
	__u8 access_type;
	__u8 fault_type;
	__u8 gpc;
	__u8 client;
	__s32 error;
};

/**
 * struct faultline_stats - counters of this file and of the device, latest faults
 * @file: this open file
 * @device: the device since the driver was bound
 * @records: user pointer to struct faultline_fault_record[@record_count], may be 0
 * @record_count: in: room; out: records written, oldest first
 * @flags: must be 0
 * @device_time_offset_ns: device time minus CLOCK_MONOTONIC, measured now
 */
struct faultline_stats {
	struct faultline_counters file;
	struct faultline_counters device;
	__u64 records;
	__u32 record_count;
	__u32 flags;
	__s64 device_time_offset_ns;
};

/* Where to. */
#define FAULTLINE_MIGRATE_TO_SYSTEM	0
#define FAULTLINE_MIGRATE_TO_DEVICE	1

/**
 * struct faultline_migrate - move memory of the caller
 * @address: first byte, page aligned
 * @bytes: length, a multiple of the page size
 * @where: FAULTLINE_MIGRATE_*
 * @flags: must be 0
 * @moved: out: 4 KiB pages moved
 *
 * Private anonymous memory moves, also the private copies of file pages and
 * memory that was never touched. What is shared, pinned or busy stays where it
 * is, without an error: compare @moved. When device memory is full, pages that
 * the device has not used for long move out.
 *
 * Fails with -EINVAL if part of the range is not mapped or not readable,
 * -EOPNOTSUPP without FAULTLINE_FEATURE_DEVICE_MEMORY, -EPERM for another
 * process than that which opened the file, -ENOMEM, -ENODEV, -EIO when the
 * device is given up. What was moved before stays moved; @moved is not written
 * then.
 */
struct faultline_migrate {
	__u64 address;
	__u64 bytes;
	__u32 where;
	__u32 flags;
	__u64 moved;
};

#define FAULTLINE_IOC_MAGIC	0xFA
#define FAULTLINE_IOC_INFO	_IOR(FAULTLINE_IOC_MAGIC, 0x00, struct faultline_info)
#define FAULTLINE_IOC_SUBMIT	_IOWR(FAULTLINE_IOC_MAGIC, 0x01, struct faultline_submit)
#define FAULTLINE_IOC_WAIT	_IOWR(FAULTLINE_IOC_MAGIC, 0x02, struct faultline_wait)
#define FAULTLINE_IOC_STATS	_IOWR(FAULTLINE_IOC_MAGIC, 0x03, struct faultline_stats)
#define FAULTLINE_IOC_MIGRATE	_IOWR(FAULTLINE_IOC_MAGIC, 0x04, struct faultline_migrate)

#endif /* _UAPI_FAULTLINE_H */
