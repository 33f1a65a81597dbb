// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The policies of the fault service: each shows its effect, and touches nothing that it must not. */
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "work.h"

#define WORDS HUGE_WORDS

static struct faultline_counters counters_of_fill(const char *parameters)
{
	struct faultline_counters counters;
	struct faultline device;
	uint64_t *memory;

	driver_reload(parameters);
	device = device_open();
	memory = fill_fresh_region(&device);
	counters = device_stats(&device).file;
	CHECK_EQUAL(device_sum(&device, memory, WORDS), 7 * WORDS);
	CHECK_EQUAL(sum(memory, WORDS), 7 * WORDS);
	faultline_close(&device);
	return counters;
}

TEST(policy_prefetch_takes_a_fault_per_doubling)
{
	struct faultline_counters without, with;

	without = counters_of_fill("prefetch_density=100");
	with = counters_of_fill(NULL);
	printf("# fill of 512 untouched pages: %" PRIu64 " batches without, %" PRIu64
	       " with prefetch\n", (uint64_t)without.batches, (uint64_t)with.batches);
	CHECK_EQUAL(without.prefetched, 0);
	CHECK(with.prefetched > HUGE_PAGES / 2);
	CHECK(3 * with.batches < without.batches);
	CHECK(3 * with.faults < 2 * without.faults);
}

/* What the process has around a fault is mapped along. */
static uint64_t mapped_by_one_fault(struct faultline *device, const char *around)
{
	uint64_t *memory = small_map(HUGE_BYTES);
	uint64_t before = device_stats(device).file.pages_mapped;

	memory_fill(memory, HUGE_BYTES, 8);
	file_write(DRIVER_PARAMETERS, "fault_around_pages", around);
	add_one(device, memory + WORDS / 2, 1);
	return device_stats(device).file.pages_mapped - before;
}

TEST(policy_fault_maps_what_is_around_it)
{
	struct faultline device = device_open();

	CHECK_EQUAL(mapped_by_one_fault(&device, "1"), 1);
	CHECK_EQUAL(mapped_by_one_fault(&device, "64"), 64);
	CHECK_EQUAL(mapped_by_one_fault(&device, "16"), 16);
}

/*
 * A page here and there is no reason to bring the others. The kernel itself
 * fills up what is looked at around a fault.
 */
TEST(policy_prefetch_leaves_sparse_memory_alone)
{
	const unsigned int stride = 64, around = 16;
	struct faultline device = device_open();
	char *memory = small_map(HUGE_BYTES);
	unsigned char resident[HUGE_PAGES];
	struct faultline_job job = faultline_job_atomic(
		memory, FAULTLINE_ALU_ADD, 1, HUGE_PAGES / stride,
		stride * PAGE_BYTES, 8);
	unsigned int i, count = 0;

	run_ok(&device, &job);
	CHECK_EQUAL(device_stats(&device).file.prefetched, 0);
	CHECK_EQUAL(mincore(memory, HUGE_BYTES, resident), 0);
	for (i = 0; i < HUGE_PAGES; i++)
		count += resident[i] & 1;
	CHECK(count <= HUGE_PAGES / stride * around);
}

/* Three quarters of a file's pages are written: the others stay holes. */
TEST(policy_prefetch_fills_no_holes_of_files)
{
	struct faultline device = device_open();
	int fd = memfd_create("holes", 0);
	struct stat status;
	struct faultline_job job;
	char *memory;
	unsigned int i;

	CHECK_EQUAL(ftruncate(fd, HUGE_BYTES), 0);
	memory = mmap(NULL, HUGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	CHECK(memory != MAP_FAILED);
	for (i = 0; i < HUGE_PAGES; i++) {
		if (i % 4 == 3)
			continue;
		job = faultline_job_fill(memory + i * PAGE_BYTES, 1, 1, 8);
		run_ok(&device, &job);
	}
	CHECK_EQUAL(fstat(fd, &status), 0);
	CHECK_EQUAL(status.st_blocks, HUGE_PAGES / 4 * 3 * PAGE_BYTES / 512);
}

/* The region ends with the mapping, and what is read-only stays so. */
TEST(policy_prefetch_stays_in_the_mapping)
{
	struct faultline device = device_open();
	char *memory = small_map(HUGE_BYTES);
	size_t half = HUGE_BYTES / 2;
	struct faultline_job job = faultline_job_fill(memory, 1, half / 8, 8);

	CHECK_EQUAL(mprotect(memory + half, half / 2, PROT_READ), 0);
	CHECK_EQUAL(munmap(memory + half + half / 2, half / 2), 0);
	run_ok(&device, &job);
	CHECK(device_stats(&device).file.prefetched > 0);
	job = faultline_job_fill(memory + half, 1, 1, 8);
	run_fault(&device, FAULTLINE_ENGINE_STREAM, &job, -EPERM, 1);
	job = faultline_job_fill(memory + half + half / 2, 1, 1, 8);
	run_fault(&device, FAULTLINE_ENGINE_STREAM, &job, -EFAULT, 1);
	CHECK_EQUAL(sum((uint64_t *)memory, half / 8), half / 8);
}

static struct faultline open_migrating(const char *parameters)
{
	struct faultline device = open_with_memory();

	faultline_close(&device);
	driver_reload(parameters);
	return device_open();
}

static void over(struct faultline *device)
{
	faultline_close(device);
	driver_reload(NULL);
}

TEST(policy_migration_on_fault)
{
	struct faultline device = open_migrating("migrate_on_fault=1");
	uint64_t *memory = small_map(HUGE_BYTES), *huge = huge_map(HUGE_BYTES);
	uint64_t *shared = mmap(NULL, PAGE_BYTES, PROT_READ | PROT_WRITE,
				MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct faultline_counters counters;

	memory_fill(memory, HUGE_BYTES, 1);
	add_one(&device, memory, WORDS);
	wait_for_service(&device);
	counters = device_stats(&device).file;
	CHECK(counters.to_device >= HUGE_PAGES - 8);
	memory_fill(huge, HUGE_BYTES, 2);
	add_one(&device, huge, WORDS);
	CHECK_EQUAL(device_stats(&device).file.to_device - counters.to_device,
		    HUGE_PAGES);
	check_added(memory, WORDS, 1, 1);
	check_added(huge, WORDS, 2, 1);
	/* Shared memory is used where it is. */
	CHECK(shared != MAP_FAILED);
	counters = device_stats(&device).file;
	memory_fill(shared, PAGE_BYTES, 3);
	add_one(&device, shared, PAGE_BYTES / 8);
	check_added(shared, PAGE_BYTES / 8, 3, 1);
	CHECK_EQUAL(device_stats(&device).file.to_device, counters.to_device);
	over(&device);
}

#define TURNS 24

/* Pages that moved to the device in turns of CPU and device. */
static uint64_t moved_in_turns(const char *parameters, uint64_t *pinned)
{
	struct faultline device = open_migrating(parameters);
	struct faultline_counters counters;

	take_turns(&device, TURNS);
	counters = device_stats(&device).file;
	over(&device);
	*pinned = counters.pinned;
	return counters.to_device;
}

TEST(policy_thrashing_memory_is_pinned)
{
	/* A guest under emulation is slow: what is soon there takes longer. */
	uint64_t with, without, pinned;

	without = moved_in_turns("migrate_on_fault=1 thrash_threshold=0", &pinned);
	CHECK_EQUAL(pinned, 0);
	with = moved_in_turns(
		"migrate_on_fault=1 thrash_lapse_ms=5000 thrash_pin_ms=60000",
		&pinned);
	printf("# pages moved in %d turns: %" PRIu64 " without, %" PRIu64
	       " with pinning\n", TURNS, without, with);
	CHECK(without >= (TURNS - 4) * (uint64_t)HUGE_PAGES);
	CHECK_EQUAL(pinned, 1);
	CHECK(with <= 5 * HUGE_PAGES);
}

TEST(policy_pinned_memory_moves_again_later)
{
	struct faultline device = open_migrating(
		"migrate_on_fault=1 thrash_threshold=1 thrash_lapse_ms=5000 thrash_pin_ms=1000");
	uint64_t *memory = small_map(HUGE_BYTES), moved;
	int turn;

	memory_fill(memory, HUGE_BYTES, 5);
	for (turn = 0; turn < 4; turn++) {
		add_one(&device, memory, WORDS);
		check_added(memory, WORDS, 5, (uint64_t)turn + 1);
	}
	/* In a slow guest the time of the first pin is over before the last turn. */
	CHECK(device_stats(&device).file.pinned > 0);
	moved = device_stats(&device).file.to_device;
	sleep_ms(1500);
	/* The device's entries go first: what is mapped does not fault. */
	CHECK_EQUAL(mprotect(memory, HUGE_BYTES, PROT_READ), 0);
	CHECK_EQUAL(mprotect(memory, HUGE_BYTES, PROT_READ | PROT_WRITE), 0);
	add_one(&device, memory, WORDS);
	CHECK(device_stats(&device).file.to_device > moved);
	check_added(memory, WORDS, 5, 5);
	over(&device);
}

TEST(policy_prefetch_faults_for_nothing_are_turned_off)
{
	uint64_t without, first, second;
	struct faultline device;

	driver_reload("prefetch_filter_percent=100");
	device = device_open();
	without = storm(&device) + storm(&device);
	CHECK_EQUAL(device_stats(&device).file.prefetch_filtered, 0);
	CHECK(without >= 2 * STORM_PAGES);
	faultline_close(&device);

	driver_reload("prefetch_filter_ms=60000");
	device = device_open();
	first = storm(&device);
	CHECK_EQUAL(device_stats(&device).device.prefetch_filtered, 1);
	second = storm(&device);
	printf("# faults of two storms of %d pages: %" PRIu64 " without, %" PRIu64
	       " + %" PRIu64 " with the filter\n", STORM_PAGES, without, first, second);
	CHECK(second < 8);
	CHECK(mapped_by_prefetch(&device) < 32);
	over(&device);
}

TEST(policy_prefetch_faults_come_again_later)
{
	struct faultline device;

	driver_reload("prefetch_filter_ms=300");
	device = device_open();
	storm(&device);
	CHECK_EQUAL(device_stats(&device).device.prefetch_filtered, 1);
	sleep_ms(1000);
	CHECK(mapped_by_prefetch(&device) >= USEFUL_PAGES);
	over(&device);
}

TEST(policy_prefetch_faults_of_use_are_not_filtered)
{
	struct faultline device = device_open();

	CHECK(mapped_by_prefetch(&device) >= USEFUL_PAGES);
	CHECK(mapped_by_prefetch(&device) >= USEFUL_PAGES);
	CHECK_EQUAL(device_stats(&device).device.prefetch_filtered, 0);
}
