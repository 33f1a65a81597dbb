// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The copy engine on virtual addresses: non-replayable faults, switched out and restarted. */
#include <sys/mman.h>

#include "harness.h"

#define BYTES (128 * PAGE_BYTES)
#define WORDS (BYTES / sizeof(uint64_t))

static int run(struct faultline *device, const struct faultline_job *job)
{
	return faultline_run(device, FAULTLINE_ENGINE_COPY, job, NULL);
}

TEST(copy_engine_is_restarted_after_each_fault)
{
	struct faultline device = device_open();
	char *src = memory_map(BYTES), *dst = memory_map(BYTES);
	struct faultline_job job = faultline_job_copy(dst, src, WORDS, 8);
	struct faultline_stats stats;

	memory_fill(src, BYTES, 1);
	CHECK_EQUAL(run(&device, &job), 0);
	memory_check(dst, BYTES, 1);
	stats = device_stats(&device);
	CHECK(stats.file.restarts > 0);
	CHECK_EQUAL(stats.file.cancels, 0);
}

TEST(copy_engine_fills)
{
	struct faultline device = device_open();
	uint64_t *dst = memory_map(BYTES);
	struct faultline_job job = faultline_job_fill(dst, 5, WORDS, 8);

	CHECK_EQUAL(run(&device, &job), 0);
	CHECK_EQUAL(dst[0], 5);
	CHECK_EQUAL(dst[WORDS - 1], 5);
}

TEST(copy_engine_fatal_fault_fails_its_job_and_cancels_those_behind)
{
	struct faultline device = device_open();
	uint64_t *memory = memory_map(BYTES), seqno;
	struct faultline_completion done;
	struct faultline_job jobs[3];

	jobs[0] = faultline_job_fill(memory, 1, 1, 8);
	jobs[1] = faultline_job_fill(NULL, 2, 1, 8);
	jobs[1].tag = 71;
	jobs[2] = faultline_job_fill(memory, 3, 1, 8);
	jobs[2].tag = 72;
	CHECK_EQUAL(faultline_submit(&device, FAULTLINE_ENGINE_COPY, jobs, 3,
				     &seqno), 0);
	CHECK_EQUAL(faultline_wait(&device, FAULTLINE_ENGINE_COPY, seqno, -1,
				   &done), -ECANCELED);
	CHECK_EQUAL(done.tag, 72);
	CHECK_EQUAL(faultline_wait(&device, FAULTLINE_ENGINE_COPY, seqno - 1, -1,
				   &done), -EFAULT);
	CHECK_EQUAL(done.tag, 71);
	CHECK_EQUAL(done.status, FAULTLINE_STATUS_FAULT);
	CHECK_EQUAL(done.access_type, 1);
	CHECK_EQUAL(done.fault_address, 0);
	CHECK_EQUAL(faultline_wait(&device, FAULTLINE_ENGINE_COPY, seqno - 2, -1,
				   &done), 0);
	CHECK_EQUAL(memory[0], 1);
	/* And it runs again. */
	jobs[0] = faultline_job_fill(memory, 4, WORDS, 8);
	CHECK_EQUAL(run(&device, &jobs[0]), 0);
	CHECK_EQUAL(memory[WORDS - 1], 4);
}

TEST(copy_engine_write_to_read_only_mapping_fails)
{
	struct faultline device = device_open();
	char *memory = memory_map(BYTES);
	struct faultline_job job = faultline_job_fill(memory, 0, WORDS, 8);

	memory_fill(memory, BYTES, 1);
	CHECK_EQUAL(mprotect(memory, BYTES, PROT_READ), 0);
	run_fault(&device, FAULTLINE_ENGINE_COPY, &job, -EPERM, 1);
	memory_check(memory, BYTES, 1);
}

TEST(copy_engine_and_stream_of_one_file_share_an_address_space)
{
	struct faultline device = device_open();
	char *src = memory_map(BYTES), *dst = memory_map(BYTES);
	struct faultline_job job = faultline_job_fill(src, 6, WORDS, 8);
	struct faultline_stats stats;

	run_ok(&device, &job);
	job = faultline_job_fill(dst, 7, WORDS, 8);
	run_ok(&device, &job);
	job = faultline_job_copy(dst, src, WORDS, 8);
	CHECK_EQUAL(run(&device, &job), 0);
	CHECK_EQUAL(dst[BYTES - 8], 6);
	stats = device_stats(&device);
	CHECK_EQUAL(stats.file.restarts, 0);
}

TEST(copy_engine_refuses_what_only_streams_do)
{
	struct faultline device = device_open();
	uint64_t *word = memory_map(PAGE_BYTES);
	struct faultline_job job =
		faultline_job_reduce(word, FAULTLINE_ALU_ADD, 0, 1, 8);

	CHECK_EQUAL(run(&device, &job), -EINVAL);
}
