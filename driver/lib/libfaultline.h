/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* libfaultline: submit jobs on plain pointers and wait for them. */
#ifndef LIBFAULTLINE_H
#define LIBFAULTLINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "faultline.h"

/*
 * All functions return 0 or a negative errno. Those that run a job also return
 * the error of its completion, which is in *done if that is not NULL.
 */

/* The node that faultline_open(NULL) opens, unless FAULTLINE_DEVICE names another. */
#define FAULTLINE_DEFAULT_NODE "/dev/faultline0"

struct faultline {
	int fd;
};

/* Mirrors the calling process; to be called again after fork(). */
int faultline_open(struct faultline *device, const char *node);
void faultline_close(struct faultline *device);

int faultline_info(struct faultline *device, struct faultline_info *info);
int faultline_stats(struct faultline *device, struct faultline_stats *stats,
		    struct faultline_fault_record *records, uint32_t room);

/* Queue jobs; *seqno is the number of the last. -EAGAIN: only some were queued. */
int faultline_submit(struct faultline *device, uint32_t engine,
		     const struct faultline_job *jobs, uint32_t count,
		     uint64_t *seqno);
/* timeout_ns < 0: without limit. -ETIME: over; -EINTR: a signal ended a limited wait. */
int faultline_wait(struct faultline *device, uint32_t engine, uint64_t seqno,
		   int64_t timeout_ns, struct faultline_completion *done);
/* Move memory; where: FAULTLINE_MIGRATE_*. *moved may be NULL: 4 KiB pages moved. */
int faultline_migrate(struct faultline *device, void *address, size_t bytes,
		      uint32_t where, uint64_t *moved);
/* One job, from submission to completion, without limit of time. */
int faultline_run(struct faultline *device, uint32_t engine,
		  const struct faultline_job *job,
		  struct faultline_completion *done);

/* Descriptors; element_bytes is 1, 2, 4 or 8. */
struct faultline_job faultline_job_copy(void *dst, const void *src,
					uint64_t count, unsigned int element_bytes);
struct faultline_job faultline_job_fill(void *dst, uint64_t value,
					uint64_t count, unsigned int element_bytes);
struct faultline_job faultline_job_gather(void *dst, const void *src,
					  const uint64_t *index, uint64_t count,
					  unsigned int element_bytes);
struct faultline_job faultline_job_scatter(void *dst, const void *src,
					   const uint64_t *index, uint64_t count,
					   unsigned int element_bytes);
struct faultline_job faultline_job_walk(const void *head, uint64_t link_offset,
					uint64_t max_steps);
struct faultline_job faultline_job_reduce(const void *src, unsigned int alu_op,
					  uint64_t initial, uint64_t count,
					  unsigned int element_bytes);
struct faultline_job faultline_job_transform(void *dst, const void *src,
					     unsigned int alu_op, uint64_t operand,
					     uint64_t count,
					     unsigned int element_bytes);
struct faultline_job faultline_job_atomic(void *dst, unsigned int alu_op,
					  uint64_t operand, uint64_t count,
					  uint64_t stride,
					  unsigned int element_bytes);
struct faultline_job faultline_job_exchange(void *dst, uint64_t value,
					    unsigned int element_bytes);
struct faultline_job faultline_job_compare_swap(void *dst, uint64_t compare,
						uint64_t value,
						unsigned int element_bytes);
struct faultline_job faultline_job_prefetch(const void *start, uint64_t bytes);

/* What the ALU does, for those who check results on the CPU. */
uint64_t faultline_alu(unsigned int alu_op, uint64_t a, uint64_t b,
		       unsigned int element_bytes);

const char *faultline_opcode_name(unsigned int opcode);
const char *faultline_alu_name(unsigned int alu_op);
const char *faultline_status_name(unsigned int status);
const char *faultline_fault_type_name(unsigned int fault_type);
const char *faultline_access_name(unsigned int access_type);
/* One line: what became of a job, for people. Returns buffer. */
const char *faultline_strcompletion(const struct faultline_completion *done,
				    char *buffer, size_t size);

#endif /* LIBFAULTLINE_H */
