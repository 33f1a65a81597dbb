// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* What a driver's mistakes would show in: run with the translation sanitizer, also with broken drivers. */
#include <sys/mman.h>

#include "harness.h"

#define PAGES 8
#define BYTES (PAGES * PAGE_BYTES)
#define WORDS (BYTES / sizeof(uint64_t))
#define ROUNDS 4

/* Longer than any service takes, shorter than a broken driver's hang is worth. */
#define LIMIT_NS 5000000000ll

static uint64_t sum_of(const uint64_t *memory)
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < WORDS; i++)
		sum += memory[i];
	return sum;
}

/* The sum of the memory as the device sees it. */
static uint64_t device_sum(struct faultline *device, const uint64_t *memory)
{
	struct faultline_job job =
		faultline_job_reduce(memory, FAULTLINE_ALU_ADD, 0, WORDS, 8);
	struct faultline_completion done = {};
	uint64_t seqno;

	CHECK_EQUAL(faultline_submit(device, FAULTLINE_ENGINE_STREAM, &job, 1,
				     &seqno), 0);
	CHECK_EQUAL(faultline_wait(device, FAULTLINE_ENGINE_STREAM, seqno,
				   LIMIT_NS, &done), 0);
	return done.result;
}

TEST(sanitize_pages_replaced_under_the_device)
{
	struct faultline device = device_open();
	uint64_t *memory = memory_map(BYTES);
	uint64_t round;

	for (round = 0; round < ROUNDS; round++) {
		memory_fill(memory, BYTES, round);
		CHECK(device_sum(&device, memory) == sum_of(memory));
		CHECK_EQUAL(madvise(memory, BYTES, MADV_DONTNEED), 0);
		/* Zero, unless the device still has the pages that were there. */
		CHECK_EQUAL(device_sum(&device, memory), 0);
	}
	faultline_close(&device);
}

/* A mirror that has no part in a migration, but maps what moves. */
TEST(sanitize_second_mirror_follows_a_migration)
{
	struct faultline mover = device_open(), reader = device_open();
	uint64_t *memory = memory_map(BYTES);
	uint64_t moved, sum;
	int ret;

	memory_fill(memory, BYTES, 1);
	sum = sum_of(memory);
	CHECK(device_sum(&reader, memory) == sum);
	ret = faultline_migrate(&mover, memory, BYTES, FAULTLINE_MIGRATE_TO_DEVICE,
				&moved);
	if (ret == -EOPNOTSUPP)
		test_skip("no device memory on this kernel");
	CHECK_EQUAL(ret, 0);
	CHECK_EQUAL(moved, PAGES);
	CHECK(device_sum(&reader, memory) == sum);
	memory_fill(memory, BYTES, 2);
	CHECK(device_sum(&reader, memory) == sum_of(memory));
	faultline_close(&reader);
	faultline_close(&mover);
}
