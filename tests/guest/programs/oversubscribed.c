// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* More memory for the device than it has: start it with little, --device-option --vram=32M. */
#include "work.h"

#define SMALL_VRAM (256ull << 20)
#define ROUNDS 3

static struct faultline open_small(uint64_t *vram)
{
	struct faultline device = device_open();
	struct faultline_info info;

	CHECK_EQUAL(faultline_info(&device, &info), 0);
	if (!(info.features & FAULTLINE_FEATURE_DEVICE_MEMORY))
		test_skip("this kernel has no device-private pages");
	if (info.vram_bytes > SMALL_VRAM)
		test_skip("needs a device with at most %llu MiB",
			  SMALL_VRAM >> 20);
	*vram = info.vram_bytes;
	return device;
}

static void work_on(struct faultline *device, void *memory, uint64_t bytes)
{
	memory_fill(memory, bytes, 1);
	/* In order, over and over, nothing is found there again. */
	CHECK(work_by_pieces(device, memory, bytes, ROUNDS) > 0);
	check_added(memory, bytes / 8, 1, ROUNDS);
}

TEST(oversubscribed_twice_in_huge_pages)
{
	uint64_t vram;
	struct faultline device = open_small(&vram);
	struct faultline_counters counters;

	work_on(&device, huge_map(2 * vram), 2 * vram);
	counters = device_stats(&device).device;
	CHECK(counters.evicted >= vram / PAGE_BYTES);
	/* In order, over and over, nothing is found there again. */
	CHECK(counters.to_device >= ROUNDS * 2 * vram / PAGE_BYTES);
}

TEST(oversubscribed_twice_in_small_pages)
{
	uint64_t vram;
	struct faultline device = open_small(&vram);

	work_on(&device, small_map(2 * vram), 2 * vram);
	CHECK(device_stats(&device).device.evicted >= vram / PAGE_BYTES);
}

/* Nobody asks for a move: the device's faults do it, and make room. */
TEST(oversubscribed_twice_by_faults_alone)
{
	uint64_t vram, start, i, bytes;
	struct faultline device = open_small(&vram);
	struct faultline_counters counters;
	struct faultline_job job;
	char *memory;
	int round;

	faultline_close(&device);
	driver_reload("migrate_on_fault=1 thrash_threshold=0");
	device = device_open();
	bytes = 2 * vram;
	memory = huge_map(bytes);
	memory_fill(memory, bytes, 2);
	for (round = 0; round < ROUNDS; round++) {
		for (start = 0; start < bytes; start += HUGE_BYTES) {
			job = faultline_job_transform(memory + start,
						      memory + start,
						      FAULTLINE_ALU_ADD, 1,
						      HUGE_BYTES / 8, 8);
			run_ok(&device, &job);
		}
	}
	counters = device_stats(&device).device;
	CHECK(counters.to_device >= bytes / PAGE_BYTES);
	CHECK(counters.evicted >= vram / PAGE_BYTES);
	for (i = 0; i < bytes / 8; i++)
		CHECK_EQUAL(((uint64_t *)memory)[i], memory_word(2, i) + ROUNDS);
	faultline_close(&device);
	driver_reload(NULL);
}

/* What is used all the time stays. */
TEST(oversubscribed_evicts_what_was_used_least_recently)
{
	uint64_t vram, moved, start;
	struct faultline device = open_small(&vram), other;
	char *memory = huge_map(2 * vram);
	char *hot = huge_map(HUGE_BYTES);
	struct faultline_job job;

	memory_fill(hot, HUGE_BYTES, 2);
	CHECK_EQUAL(faultline_migrate(&device, hot, HUGE_BYTES, 1, &moved), 0);
	CHECK_EQUAL(moved, HUGE_BYTES / PAGE_BYTES);
	for (start = 0; start < 2 * vram; start += HUGE_BYTES) {
		CHECK_EQUAL(faultline_migrate(&device, memory + start,
					      HUGE_BYTES, 1, &moved), 0);
		/* A new file faults on it, and so it is known to be in use. */
		other = device_open();
		job = faultline_job_reduce(hot, FAULTLINE_ALU_ADD, 0, 1, 8);
		run_ok(&other, &job);
		faultline_close(&other);
	}
	/* Had it been evicted, it would move now. */
	CHECK_EQUAL(faultline_migrate(&device, hot, HUGE_BYTES, 1, &moved), 0);
	CHECK_EQUAL(moved, 0);
	memory_check(hot, HUGE_BYTES, 2);
}
