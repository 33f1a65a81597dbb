// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Work that shows what the driver's policies are for, for tests and benchmarks. */
#include "work.h"

#include <sys/mman.h>
#include <unistd.h>

#define MTHP "/sys/kernel/mm/transparent_hugepage/hugepages-64kB"

void *small_map(size_t bytes)
{
	void *memory = huge_map(bytes);

	CHECK_EQUAL(madvise(memory, bytes, MADV_NOHUGEPAGE), 0);
	return memory;
}

char *big_map(size_t bytes, uint64_t seed)
{
	char *memory;

	if (access(MTHP "/enabled", W_OK))
		test_skip("this kernel has no folios of 64 KiB");
	file_write(MTHP, "enabled", "always");
	memory = small_map(HUGE_BYTES);
	CHECK_EQUAL(munmap(memory, HUGE_BYTES), 0);
	memory = mmap(memory, bytes, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	CHECK(memory != MAP_FAILED);
	memory_fill(memory, bytes, seed);
	file_write(MTHP, "enabled", "never");
	return memory;
}

uint64_t *fill_fresh_region(struct faultline *device)
{
	uint64_t *memory = small_map(HUGE_BYTES);
	struct faultline_job job = faultline_job_fill(memory, 7, HUGE_WORDS, 8);

	run_ok(device, &job);
	return memory;
}

void take_turns(struct faultline *device, unsigned int turns)
{
	uint64_t *memory = small_map(HUGE_BYTES);
	unsigned int turn;
	size_t i;

	memory_fill(memory, HUGE_BYTES, 4);
	for (turn = 0; turn < turns; turn++) {
		add_one(device, memory, HUGE_WORDS);
		for (i = 0; i < HUGE_WORDS; i += PAGE_BYTES / 8)
			CHECK_EQUAL(memory[i], memory_word(4, i) + turn + 1);
	}
	check_added(memory, HUGE_WORDS, 4, turns);
}

uint64_t work_by_pieces(struct faultline *device, char *memory, uint64_t bytes,
			unsigned int rounds)
{
	uint64_t start, moved, fewest = UINT64_MAX;
	unsigned int round;

	for (round = 0; round < rounds; round++) {
		for (start = 0; start < bytes; start += HUGE_BYTES) {
			moved = move(device, memory + start, HUGE_BYTES,
				     FAULTLINE_MIGRATE_TO_DEVICE);
			fewest = moved < fewest ? moved : fewest;
			add_one(device, (uint64_t *)(memory + start), HUGE_WORDS);
		}
	}
	return fewest;
}

void wait_for_service(struct faultline *device)
{
	add_one(device, memory_map(PAGE_BYTES), 1);
}

uint64_t storm(struct faultline *device)
{
	char *nowhere = memory_map(STORM_PAGES * PAGE_BYTES);
	struct faultline_job job =
		faultline_job_prefetch(nowhere, STORM_PAGES * PAGE_BYTES);
	uint64_t before = device_stats(device).file.faults;

	CHECK_EQUAL(munmap(nowhere, STORM_PAGES * PAGE_BYTES), 0);
	run_ok(device, &job);
	wait_for_service(device);
	return device_stats(device).file.faults - before;
}

uint64_t mapped_by_prefetch(struct faultline *device)
{
	char *memory = memory_map(USEFUL_PAGES * PAGE_BYTES);
	struct faultline_job job =
		faultline_job_prefetch(memory, USEFUL_PAGES * PAGE_BYTES);
	uint64_t before;

	memory_fill(memory, USEFUL_PAGES * PAGE_BYTES, 1);
	before = device_stats(device).file.pages_mapped;
	run_ok(device, &job);
	wait_for_service(device);
	return device_stats(device).file.pages_mapped - before;
}

bool hot_moves(struct faultline *device, uint64_t pages)
{
	int i;

	for (i = 0; i < 50; i++) {
		if (device_stats(device).file.hot_moved >= pages)
			return true;
		sleep_ms(100);
	}
	return false;
}
