// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The device may do to memory what the process may, and nothing else. */
#include <sys/mman.h>

#include "harness.h"

#define BYTES (16 * PAGE_BYTES)
#define WORDS (BYTES / sizeof(uint64_t))

TEST(protection_write_to_read_only_mapping_fails_and_changes_nothing)
{
	struct faultline device = device_open();
	char *memory = memory_map(BYTES);
	struct faultline_completion done;
	struct faultline_job job;

	memory_fill(memory, BYTES, 1);
	CHECK_EQUAL(mprotect(memory, BYTES, PROT_READ), 0);
	job = faultline_job_fill(memory, 0, WORDS, 8);
	done = run_fault(&device, FAULTLINE_ENGINE_STREAM, &job, -EPERM, 1);
	CHECK_EQUAL(done.done, 0);
	CHECK_EQUAL(done.fault_address & ~(PAGE_BYTES - 1ull), (uintptr_t)memory);
	memory_check(memory, BYTES, 1);
}

TEST(protection_write_after_read_of_read_only_mapping_fails)
{
	struct faultline device = device_open();
	char *memory = memory_map(BYTES);
	struct faultline_job job;

	memory_fill(memory, BYTES, 1);
	CHECK_EQUAL(mprotect(memory, BYTES, PROT_READ), 0);
	job = faultline_job_reduce(memory, FAULTLINE_ALU_XOR, 0, WORDS, 8);
	run_ok(&device, &job);
	job = faultline_job_fill(memory, 0, WORDS, 8);
	run_fault(&device, FAULTLINE_ENGINE_STREAM, &job, -EPERM, 1);
	memory_check(memory, BYTES, 1);
}

TEST(protection_atomic_on_read_only_mapping_fails)
{
	struct faultline device = device_open();
	char *memory = memory_map(BYTES);
	struct faultline_job job;

	memory_fill(memory, BYTES, 1);
	CHECK_EQUAL(mprotect(memory, BYTES, PROT_READ), 0);
	job = faultline_job_atomic(memory, FAULTLINE_ALU_ADD, 1, 1, 0, 8);
	run_fault(&device, FAULTLINE_ENGINE_STREAM, &job, -EPERM, 2);
	memory_check(memory, BYTES, 1);
}

TEST(protection_no_access_mapping_cannot_be_read)
{
	struct faultline device = device_open();
	char *memory = memory_map(BYTES);
	char *copy = memory_map(BYTES);
	struct faultline_job job;

	memory_fill(memory, BYTES, 1);
	memory_fill(copy, BYTES, 2);
	CHECK_EQUAL(mprotect(memory, BYTES, PROT_NONE), 0);
	job = faultline_job_copy(copy, memory, WORDS, 8);
	run_fault(&device, FAULTLINE_ENGINE_STREAM, &job, -EFAULT, 0);
	memory_check(copy, BYTES, 2);
}

TEST(protection_unmapped_address_fails)
{
	struct faultline device = device_open();
	char *memory = memory_map(BYTES);
	struct faultline_completion done;
	struct faultline_job job;

	CHECK_EQUAL(munmap(memory, BYTES), 0);
	job = faultline_job_reduce(memory, FAULTLINE_ALU_ADD, 0, WORDS, 8);
	done = run_fault(&device, FAULTLINE_ENGINE_STREAM, &job, -EFAULT, 0);
	CHECK_EQUAL(done.fault_address & ~(PAGE_BYTES - 1ull), (uintptr_t)memory);
}

TEST(protection_addresses_beyond_the_process_fail)
{
	static const uint64_t addresses[] = {
		0x0000800000000000, /* first one that user space cannot have */
		0x0001fffffffff000, /* the device's last page */
		0x0002000000000000, /* beyond the device's 49 bits */
		0xffffffff81000000, /* the kernel */
		0xfffffffffffff000,
	};
	struct faultline device = device_open();
	uint64_t *word = memory_map(PAGE_BYTES);
	struct faultline_job job;
	size_t i;

	for (i = 0; i < sizeof(addresses) / sizeof(*addresses); i++) {
		job = faultline_job_copy(word, word, 1, 8);
		job.src = addresses[i];
		run_fault(&device, FAULTLINE_ENGINE_STREAM, &job, -EFAULT, 0);
		CHECK_EQUAL(*word, 0);
	}
}

TEST(protection_job_stops_at_the_first_page_that_is_missing)
{
	struct faultline device = device_open();
	char *memory = memory_map(BYTES);
	struct faultline_completion done;
	struct faultline_job job;

	CHECK_EQUAL(munmap(memory + BYTES / 2, BYTES / 2), 0);
	job = faultline_job_fill(memory, 5, WORDS, 8);
	done = run_fault(&device, FAULTLINE_ENGINE_STREAM, &job, -EFAULT, 1);
	CHECK_EQUAL(done.fault_address & ~(PAGE_BYTES - 1ull),
		    (uintptr_t)memory + BYTES / 2);
	CHECK(done.done <= WORDS / 2);
}

TEST(protection_channel_works_after_a_fault)
{
	struct faultline device = device_open();
	char *memory = memory_map(BYTES);
	struct faultline_job job;
	int i;

	for (i = 0; i < 20; i++) {
		job = faultline_job_fill(NULL, 1, 1, 8);
		run_fault(&device, FAULTLINE_ENGINE_STREAM, &job, -EFAULT, 1);
		job = faultline_job_fill(memory, (uint64_t)i, WORDS, 8);
		run_ok(&device, &job);
		CHECK_EQUAL(memory[BYTES - 8], i);
	}
}

TEST(protection_jobs_behind_a_failed_one_still_run)
{
	struct faultline device = device_open();
	uint64_t *memory = memory_map(BYTES), seqno;
	struct faultline_completion done;
	struct faultline_job jobs[3];

	jobs[0] = faultline_job_fill(memory, 1, 1, 8);
	jobs[1] = faultline_job_fill(NULL, 2, 1, 8);
	jobs[2] = faultline_job_fill(memory + 1, 3, 1, 8);
	CHECK_EQUAL(faultline_submit(&device, FAULTLINE_ENGINE_STREAM, jobs, 3,
				     &seqno), 0);
	CHECK_EQUAL(faultline_wait(&device, FAULTLINE_ENGINE_STREAM, seqno, -1,
				   &done), 0);
	CHECK_EQUAL(faultline_wait(&device, FAULTLINE_ENGINE_STREAM, seqno - 1,
				   0, &done), -EFAULT);
	CHECK_EQUAL(memory[0], 1);
	CHECK_EQUAL(memory[1], 3);
}

TEST(protection_granted_by_mprotect_holds_for_the_device)
{
	struct faultline device = device_open();
	char *memory = memory_map(BYTES);
	struct faultline_job job = faultline_job_fill(memory, 9, WORDS, 8);

	CHECK_EQUAL(mprotect(memory, BYTES, PROT_READ), 0);
	run_fault(&device, FAULTLINE_ENGINE_STREAM, &job, -EPERM, 1);
	CHECK_EQUAL(mprotect(memory, BYTES, PROT_READ | PROT_WRITE), 0);
	run_ok(&device, &job);
	CHECK_EQUAL(memory[BYTES - 8], 9);
}

/* Packets of a failed job must not be served as if they were the next one's. */
TEST(protection_a_cancel_never_hits_the_next_job)
{
	struct faultline device = device_open();
	int round;

	for (round = 0; round < 200; round++) {
		char *memory = memory_map(BYTES);
		struct faultline_job job = faultline_job_fill(memory, round, WORDS, 8);

		CHECK_EQUAL(mprotect(memory, BYTES, PROT_READ), 0);
		run_fault(&device, FAULTLINE_ENGINE_STREAM, &job, -EPERM, 1);
		CHECK_EQUAL(mprotect(memory, BYTES, PROT_READ | PROT_WRITE), 0);
		run_ok(&device, &job);
		CHECK_EQUAL(memory[BYTES - 8], (char)round);
		CHECK_EQUAL(munmap(memory, BYTES), 0);
	}
}
