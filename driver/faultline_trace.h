/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Tracepoints: the life of a fault, and of a job. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM faultline

#if !defined(_FAULTLINE_TRACE_H_) || defined(TRACE_HEADER_MULTI_READ)
#define _FAULTLINE_TRACE_H_

#include <linux/tracepoint.h>

#include "faultline_device_types.h"

#define faultline_show_access(access) \
	__print_symbolic(access, \
		{ 0, "read" }, { 1, "write" }, { 2, "atomic" }, \
		{ 3, "prefetch" }, { 4, "atomic_weak" })

TRACE_EVENT(faultline_fault,
	TP_PROTO(const struct faultline_device *fdev,
		 const struct faultline_fault *fault),
	TP_ARGS(fdev, fault),
	TP_STRUCT__entry(
		__field(int, device)
		__field(u64, instance)
		__field(u64, va)
		__field(u64, device_ns)
		__field(u16, engine)
		__field(u8, type)
		__field(u8, access)
		__field(u8, gpc)
		__field(u8, client)
		__field(bool, replayable)
	),
	TP_fast_assign(
		__entry->device = fdev->id;
		__entry->instance = fault->instance;
		__entry->va = fault->va;
		__entry->device_ns = fault->device_ns;
		__entry->engine = fault->engine;
		__entry->type = fault->type;
		__entry->access = fault->access;
		__entry->gpc = fault->gpc;
		__entry->client = fault->client;
		__entry->replayable = fault->replayable;
	),
	TP_printk("device=%d instance=%#llx va=%#llx access=%s type=%u engine=%u gpc=%u client=%u replayable=%d device_ns=%llu",
		  __entry->device, __entry->instance, __entry->va,
		  faultline_show_access(__entry->access), __entry->type,
		  __entry->engine, __entry->gpc, __entry->client,
		  __entry->replayable, __entry->device_ns)
);

TRACE_EVENT(faultline_serviced,
	TP_PROTO(const struct faultline_device *fdev, pid_t pid,
		 const struct faultline_fault *fault, int error),
	TP_ARGS(fdev, pid, fault, error),
	TP_STRUCT__entry(
		__field(int, device)
		__field(pid_t, pid)
		__field(u64, va)
		__field(u8, access)
		__field(int, error)
	),
	TP_fast_assign(
		__entry->device = fdev->id;
		__entry->pid = pid;
		__entry->va = fault->va;
		__entry->access = fault->access;
		__entry->error = error;
	),
	TP_printk("device=%d pid=%d va=%#llx access=%s error=%d",
		  __entry->device, __entry->pid, __entry->va,
		  faultline_show_access(__entry->access), __entry->error)
);

TRACE_EVENT(faultline_replay,
	TP_PROTO(const struct faultline_device *fdev, u64 pdb),
	TP_ARGS(fdev, pdb),
	TP_STRUCT__entry(
		__field(int, device)
		__field(u64, pdb)
	),
	TP_fast_assign(
		__entry->device = fdev->id;
		__entry->pdb = pdb;
	),
	TP_printk("device=%d pdb=%#llx", __entry->device, __entry->pdb)
);

TRACE_EVENT(faultline_cancel,
	TP_PROTO(const struct faultline_device *fdev, u64 pdb, u64 va,
		 u32 access_class),
	TP_ARGS(fdev, pdb, va, access_class),
	TP_STRUCT__entry(
		__field(int, device)
		__field(u64, pdb)
		__field(u64, va)
		__field(u32, access_class)
	),
	TP_fast_assign(
		__entry->device = fdev->id;
		__entry->pdb = pdb;
		__entry->va = va;
		__entry->access_class = access_class;
	),
	TP_printk("device=%d pdb=%#llx va=%#llx access_class=%u",
		  __entry->device, __entry->pdb, __entry->va,
		  __entry->access_class)
);

TRACE_EVENT(faultline_invalidate,
	TP_PROTO(const struct faultline_device *fdev, u64 pdb, u64 start,
		 u64 last, u32 level),
	TP_ARGS(fdev, pdb, start, last, level),
	TP_STRUCT__entry(
		__field(int, device)
		__field(u64, pdb)
		__field(u64, start)
		__field(u64, last)
		__field(u32, level)
	),
	TP_fast_assign(
		__entry->device = fdev->id;
		__entry->pdb = pdb;
		__entry->start = start;
		__entry->last = last;
		__entry->level = level;
	),
	TP_printk("device=%d pdb=%#llx range=%#llx-%#llx level=%u",
		  __entry->device, __entry->pdb, __entry->start, __entry->last,
		  __entry->level)
);

TRACE_EVENT(faultline_copy,
	TP_PROTO(const struct faultline_device *fdev, u32 jobs, u64 bytes,
		 int error),
	TP_ARGS(fdev, jobs, bytes, error),
	TP_STRUCT__entry(
		__field(int, device)
		__field(u32, jobs)
		__field(u64, bytes)
		__field(int, error)
	),
	TP_fast_assign(
		__entry->device = fdev->id;
		__entry->jobs = jobs;
		__entry->bytes = bytes;
		__entry->error = error;
	),
	TP_printk("device=%d jobs=%u bytes=%llu error=%d", __entry->device,
		  __entry->jobs, __entry->bytes, __entry->error)
);

TRACE_EVENT(faultline_migrate,
	TP_PROTO(const struct faultline_device *fdev, const char *why, u64 va,
		 u32 pages, u32 moved),
	TP_ARGS(fdev, why, va, pages, moved),
	TP_STRUCT__entry(
		__field(int, device)
		__string(why, why)
		__field(u64, va)
		__field(u32, pages)
		__field(u32, moved)
	),
	TP_fast_assign(
		__entry->device = fdev->id;
		__assign_str(why);
		__entry->va = va;
		__entry->pages = pages;
		__entry->moved = moved;
	),
	TP_printk("device=%d why=%s va=%#llx pages=%u moved=%u",
		  __entry->device, __get_str(why), __entry->va, __entry->pages,
		  __entry->moved)
);

TRACE_EVENT(faultline_job,
	TP_PROTO(const struct faultline_device *fdev, u32 channel, u64 seqno,
		 const struct faultline_job *job),
	TP_ARGS(fdev, channel, seqno, job),
	TP_STRUCT__entry(
		__field(int, device)
		__field(u32, channel)
		__field(u64, seqno)
		__field(u8, opcode)
		__field(u64, dst)
		__field(u64, src)
		__field(u64, count)
	),
	TP_fast_assign(
		__entry->device = fdev->id;
		__entry->channel = channel;
		__entry->seqno = seqno;
		__entry->opcode = job->opcode;
		__entry->dst = job->dst;
		__entry->src = job->src;
		__entry->count = job->count;
	),
	TP_printk("device=%d channel=%u seqno=%llu opcode=%u dst=%#llx src=%#llx count=%llu",
		  __entry->device, __entry->channel, __entry->seqno,
		  __entry->opcode, __entry->dst, __entry->src, __entry->count)
);

TRACE_EVENT(faultline_job_done,
	TP_PROTO(const struct faultline_device *fdev, u32 channel,
		 const struct faultline_completion *done),
	TP_ARGS(fdev, channel, done),
	TP_STRUCT__entry(
		__field(int, device)
		__field(u32, channel)
		__field(u64, seqno)
		__field(u32, status)
		__field(int, error)
		__field(u64, done)
	),
	TP_fast_assign(
		__entry->device = fdev->id;
		__entry->channel = channel;
		__entry->seqno = done->seqno;
		__entry->status = done->status;
		__entry->error = done->error;
		__entry->done = done->done;
	),
	TP_printk("device=%d channel=%u seqno=%llu status=%u error=%d done=%llu",
		  __entry->device, __entry->channel, __entry->seqno,
		  __entry->status, __entry->error, __entry->done)
);

#endif /* _FAULTLINE_TRACE_H_ */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE faultline_trace
#include <trace/define_trace.h>
