// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* libfaultline: job descriptors, and the ALU as the CPU computes it. */
#include "libfaultline.h"

static uint8_t shift_of(unsigned int element_bytes)
{
	return (uint8_t)__builtin_ctz(element_bytes);
}

struct faultline_job faultline_job_copy(void *dst, const void *src,
					uint64_t count, unsigned int element_bytes)
{
	return (struct faultline_job){
		.opcode = FAULTLINE_JOB_COPY,
		.element_shift = shift_of(element_bytes),
		.dst = (uintptr_t)dst,
		.src = (uintptr_t)src,
		.count = count,
	};
}

struct faultline_job faultline_job_fill(void *dst, uint64_t value,
					uint64_t count, unsigned int element_bytes)
{
	return (struct faultline_job){
		.opcode = FAULTLINE_JOB_FILL,
		.element_shift = shift_of(element_bytes),
		.dst = (uintptr_t)dst,
		.operand = value,
		.count = count,
	};
}

struct faultline_job faultline_job_gather(void *dst, const void *src,
					  const uint64_t *index, uint64_t count,
					  unsigned int element_bytes)
{
	return (struct faultline_job){
		.opcode = FAULTLINE_JOB_GATHER,
		.element_shift = shift_of(element_bytes),
		.dst = (uintptr_t)dst,
		.src = (uintptr_t)src,
		.index = (uintptr_t)index,
		.count = count,
	};
}

struct faultline_job faultline_job_scatter(void *dst, const void *src,
					   const uint64_t *index, uint64_t count,
					   unsigned int element_bytes)
{
	struct faultline_job job =
		faultline_job_gather(dst, src, index, count, element_bytes);

	job.opcode = FAULTLINE_JOB_SCATTER;
	return job;
}

struct faultline_job faultline_job_walk(const void *head, uint64_t link_offset,
					uint64_t max_steps)
{
	return (struct faultline_job){
		.opcode = FAULTLINE_JOB_POINTER_WALK,
		.element_shift = shift_of(sizeof(uint64_t)),
		.src = (uintptr_t)head,
		.stride = link_offset,
		.count = max_steps,
	};
}

struct faultline_job faultline_job_reduce(const void *src, unsigned int alu_op,
					  uint64_t initial, uint64_t count,
					  unsigned int element_bytes)
{
	return (struct faultline_job){
		.opcode = FAULTLINE_JOB_REDUCE,
		.element_shift = shift_of(element_bytes),
		.alu_op = (uint8_t)alu_op,
		.src = (uintptr_t)src,
		.operand = initial,
		.count = count,
	};
}

struct faultline_job faultline_job_transform(void *dst, const void *src,
					     unsigned int alu_op, uint64_t operand,
					     uint64_t count,
					     unsigned int element_bytes)
{
	return (struct faultline_job){
		.opcode = FAULTLINE_JOB_TRANSFORM,
		.element_shift = shift_of(element_bytes),
		.alu_op = (uint8_t)alu_op,
		.dst = (uintptr_t)dst,
		.src = (uintptr_t)src,
		.operand = operand,
		.count = count,
	};
}

struct faultline_job faultline_job_atomic(void *dst, unsigned int alu_op,
					  uint64_t operand, uint64_t count,
					  uint64_t stride,
					  unsigned int element_bytes)
{
	return (struct faultline_job){
		.opcode = FAULTLINE_JOB_ATOMIC,
		.element_shift = shift_of(element_bytes),
		.alu_op = (uint8_t)alu_op,
		.dst = (uintptr_t)dst,
		.operand = operand,
		.count = count,
		.stride = stride,
	};
}

struct faultline_job faultline_job_exchange(void *dst, uint64_t value,
					    unsigned int element_bytes)
{
	return (struct faultline_job){
		.opcode = FAULTLINE_JOB_ATOMIC_EXCH,
		.element_shift = shift_of(element_bytes),
		.dst = (uintptr_t)dst,
		.operand = value,
		.count = 1,
	};
}

struct faultline_job faultline_job_compare_swap(void *dst, uint64_t compare,
						uint64_t value,
						unsigned int element_bytes)
{
	struct faultline_job job =
		faultline_job_exchange(dst, value, element_bytes);

	job.opcode = FAULTLINE_JOB_ATOMIC_CAS;
	job.compare = compare;
	return job;
}

struct faultline_job faultline_job_prefetch(const void *start, uint64_t bytes)
{
	return (struct faultline_job){
		.opcode = FAULTLINE_JOB_PREFETCH,
		.dst = (uintptr_t)start,
		.count = bytes,
	};
}

static uint64_t truncate_to(uint64_t value, unsigned int element_bytes)
{
	return element_bytes == sizeof(value) ?
		       value : value & ((1ull << (8 * element_bytes)) - 1);
}

uint64_t faultline_alu(unsigned int alu_op, uint64_t a, uint64_t b,
		       unsigned int element_bytes)
{
	a = truncate_to(a, element_bytes);
	b = truncate_to(b, element_bytes);
	switch (alu_op) {
	case FAULTLINE_ALU_ADD:
		return truncate_to(a + b, element_bytes);
	case FAULTLINE_ALU_XOR:
		return a ^ b;
	case FAULTLINE_ALU_AND:
		return a & b;
	case FAULTLINE_ALU_OR:
		return a | b;
	case FAULTLINE_ALU_MIN:
		return a < b ? a : b;
	default:
		return a > b ? a : b;
	}
}
