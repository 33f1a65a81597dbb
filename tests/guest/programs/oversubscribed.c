// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* More memory for the device than it has: start it with little, --device-option --vram=32M. */
#include <sys/mman.h>

#include "harness.h"

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

/* Twice over the whole of it, piece by piece, each piece moved before it is used. */
static void work_on(struct faultline *device, char *memory, uint64_t bytes)
{
	struct faultline_job job;
	uint64_t moved, start, i;
	int round;

	memory_fill(memory, bytes, 1);
	for (round = 0; round < ROUNDS; round++) {
		for (start = 0; start < bytes; start += HUGE_BYTES) {
			CHECK_EQUAL(faultline_migrate(device, memory + start,
						      HUGE_BYTES,
						      FAULTLINE_MIGRATE_TO_DEVICE,
						      &moved), 0);
			CHECK(moved > 0);
			job = faultline_job_transform(memory + start,
						      memory + start,
						      FAULTLINE_ALU_ADD, 1,
						      HUGE_BYTES / 8, 8);
			run_ok(device, &job);
		}
	}
	for (i = 0; i < bytes / 8; i++)
		CHECK_EQUAL(((uint64_t *)memory)[i], memory_word(1, i) + ROUNDS);
}

static void *aligned_map(uint64_t bytes, int advice)
{
	char *memory = mmap(NULL, bytes + HUGE_BYTES, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHECK(memory != MAP_FAILED);
	memory = (char *)(((uintptr_t)memory + HUGE_BYTES - 1) &
			  ~((uintptr_t)HUGE_BYTES - 1));
	CHECK_EQUAL(madvise(memory, bytes, advice), 0);
	return memory;
}

TEST(oversubscribed_twice_in_huge_pages)
{
	uint64_t vram;
	struct faultline device = open_small(&vram);
	struct faultline_counters counters;

	work_on(&device, aligned_map(2 * vram, MADV_HUGEPAGE), 2 * vram);
	counters = device_stats(&device).device;
	CHECK(counters.evicted >= vram / PAGE_BYTES);
	/* In order, over and over, nothing is found there again. */
	CHECK(counters.to_device >= ROUNDS * 2 * vram / PAGE_BYTES);
}

TEST(oversubscribed_twice_in_small_pages)
{
	uint64_t vram;
	struct faultline device = open_small(&vram);

	work_on(&device, aligned_map(2 * vram, MADV_NOHUGEPAGE), 2 * vram);
	CHECK(device_stats(&device).device.evicted >= vram / PAGE_BYTES);
}

/* What is used all the time stays. */
TEST(oversubscribed_evicts_what_was_used_least_recently)
{
	uint64_t vram, moved, start;
	struct faultline device = open_small(&vram), other;
	char *memory = aligned_map(2 * vram, MADV_HUGEPAGE);
	char *hot = aligned_map(HUGE_BYTES, MADV_HUGEPAGE);
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
