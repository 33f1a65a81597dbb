// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Memory changes under a device that is working on it. */
#include <pthread.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <unistd.h>

#include "harness.h"

#define BYTES (256 * PAGE_BYTES)
#define WORDS (BYTES / sizeof(uint64_t))

/* Fills the same memory again and again, with a greater value each time. */
struct filler {
	uint64_t *memory;
	atomic_bool stop;
	atomic_uint rounds;
	unsigned int failed;
	pthread_t thread;
};

static void *fill(void *arg)
{
	struct filler *filler = arg;
	struct faultline device = device_open();
	struct faultline_completion done;
	struct faultline_job job;
	int ret;

	while (!atomic_load(&filler->stop)) {
		job = faultline_job_fill(filler->memory,
					 atomic_load(&filler->rounds) + 1, WORDS, 8);
		ret = faultline_run(&device, FAULTLINE_ENGINE_STREAM, &job, &done);
		if (ret) {
			CHECK(ret == -EPERM || ret == -EFAULT);
			filler->failed++;
			sleep_ms(1);
		}
		atomic_fetch_add(&filler->rounds, 1);
	}
	return NULL;
}

static void filler_start(struct filler *filler, uint64_t *memory)
{
	filler->memory = memory;
	CHECK_EQUAL(pthread_create(&filler->thread, NULL, fill, filler), 0);
	while (atomic_load(&filler->rounds) < 2)
		sleep_ms(1);
}

static void filler_wait(struct filler *filler, unsigned int rounds)
{
	unsigned int from = atomic_load(&filler->rounds);

	while (atomic_load(&filler->rounds) - from < rounds)
		sleep_ms(1);
}

static void filler_stop(struct filler *filler)
{
	atomic_store(&filler->stop, true);
	pthread_join(filler->thread, NULL);
}

static void snapshot(uint64_t *copy, const uint64_t *memory)
{
	memcpy(copy, memory, BYTES);
}

TEST(invalidation_mprotect_stops_writes_at_once)
{
	uint64_t *memory = memory_map(BYTES), *copy = malloc(BYTES);
	struct filler filler = {};
	int i;

	filler_start(&filler, memory);
	for (i = 0; i < 10; i++) {
		CHECK_EQUAL(mprotect(memory, BYTES, PROT_READ), 0);
		snapshot(copy, memory);
		filler_wait(&filler, 3);
		CHECK(!memcmp(copy, memory, BYTES));
		CHECK_EQUAL(mprotect(memory, BYTES, PROT_READ | PROT_WRITE), 0);
		filler_wait(&filler, 2);
		CHECK(memcmp(copy, memory, BYTES));
	}
	filler_stop(&filler);
	CHECK(filler.failed > 0);
}

/* Seen through a second mapping of the same memory, which stays. */
TEST(invalidation_munmap_stops_writes_at_once)
{
	int fd = memfd_create("invalidation", 0);
	uint64_t *memory, *witness, *copy = malloc(BYTES);
	struct filler filler = {};
	int i;

	CHECK(fd >= 0);
	CHECK_EQUAL(ftruncate(fd, BYTES), 0);
	memory = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	witness = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	CHECK(memory != MAP_FAILED && witness != MAP_FAILED);
	filler_start(&filler, memory);
	for (i = 0; i < 10; i++) {
		CHECK_EQUAL(munmap(memory, BYTES), 0);
		snapshot(copy, witness);
		filler_wait(&filler, 3);
		CHECK(!memcmp(copy, witness, BYTES));
		CHECK(mmap(memory, BYTES, PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_FIXED, fd, 0) == memory);
		filler_wait(&filler, 2);
		CHECK(memcmp(copy, witness, BYTES));
	}
	filler_stop(&filler);
	CHECK(filler.failed > 0);
}

/* Of memory that is taken away while it is looked up, what was found is not mapped, but looked up again. */
TEST(invalidation_during_service_makes_it_look_again)
{
	struct faultline device = device_open();
	struct faultline_job job;
	struct filler filler = {};
	uint64_t *memory = memory_map(BYTES), retries;
	int i;

	retries = device_stats(&device).device.retries;
	filler_start(&filler, memory);
	for (i = 0; i < 100000 && device_stats(&device).device.retries == retries; i++)
		CHECK_EQUAL(madvise(memory, BYTES, MADV_DONTNEED), 0);
	CHECK(device_stats(&device).device.retries > retries);
	filler_stop(&filler);
	CHECK_EQUAL(filler.failed, 0);
	job = faultline_job_fill(memory, 7, WORDS, 8);
	run_ok(&device, &job);
	CHECK_EQUAL(memory[0], 7);
	CHECK_EQUAL(memory[WORDS - 1], 7);
}

static bool write_number(const char *path, int number)
{
	FILE *file = fopen(path, "w");

	if (!file)
		return false;
	fprintf(file, "%d", number);
	return !fclose(file);
}

static uint64_t read_number(const char *path)
{
	FILE *file = fopen(path, "r");
	uint64_t number = 0;

	CHECK(file && fscanf(file, "%" SCNu64, &number) == 1);
	fclose(file);
	return number;
}

/* The kernel moves pages to other places while the device works on them. */
TEST(invalidation_compaction_loses_nothing)
{
	struct faultline device = device_open();
	char *memory = memory_map(BYTES), *holes = memory_map(64 * BYTES);
	struct faultline_job job = faultline_job_transform(
		memory, memory, FAULTLINE_ALU_XOR, UINT64_MAX, WORDS, 8);
	size_t i;

	memory_fill(memory, BYTES, 1);
	/* Every other page free: something to compact. */
	memset(holes, 1, 64 * BYTES);
	for (i = 0; i < 64 * BYTES; i += 2 * PAGE_BYTES)
		madvise(holes + i, PAGE_BYTES, MADV_DONTNEED);
	for (i = 0; i < 10; i++) {
		run_ok(&device, &job);
		if (!write_number("/proc/sys/vm/compact_memory", 1))
			test_skip("no compaction");
		run_ok(&device, &job);
	}
	memory_check(memory, BYTES, 1);
}

#define KSM "/sys/kernel/mm/ksm/"
/* Of this process alone: what those before it had is counted by the others until the kernel comes by. */
#define MERGED "/proc/self/ksm_merging_pages"

/* Equal pages become one, read-only page; a write of the device takes it apart again. */
TEST(invalidation_merged_pages_are_copied_on_write)
{
	struct faultline device = device_open();
	char *memory = memory_map(16 * PAGE_BYTES);
	struct faultline_job job =
		faultline_job_fill(memory, 0x11, 16 * PAGE_BYTES, 1);
	unsigned int tries;

	run_ok(&device, &job);
	if (madvise(memory, 16 * PAGE_BYTES, MADV_MERGEABLE) ||
	    !write_number(KSM "run", 1))
		test_skip("no KSM");
	for (tries = 0; tries < 200 && read_number(MERGED) < 8; tries++)
		sleep_ms(50);
	if (read_number(MERGED) < 8)
		test_skip("the kernel merged nothing");
	write_number(KSM "run", 0);
	CHECK(device_stats(&device).file.pages_zapped > 0);
	job = faultline_job_fill(memory + 3 * PAGE_BYTES, 0x22, PAGE_BYTES, 1);
	run_ok(&device, &job);
	CHECK_EQUAL(memory[3 * PAGE_BYTES - 1], 0x11);
	CHECK_EQUAL(memory[3 * PAGE_BYTES], 0x22);
	CHECK_EQUAL(memory[4 * PAGE_BYTES - 1], 0x22);
	CHECK_EQUAL(memory[4 * PAGE_BYTES], 0x11);
}

/* Other memory of the process comes and goes: that must not cost TLB invalidates. */
TEST(invalidation_of_memory_the_device_never_had_is_free)
{
	struct faultline device = device_open();
	char *memory = memory_map(PAGE_BYTES);
	struct faultline_job job = faultline_job_fill(memory, 1, 1, 8);
	struct faultline_stats before, after;
	int i;

	run_ok(&device, &job);
	before = device_stats(&device);
	for (i = 0; i < 100; i++) {
		char *other = memory_map(BYTES);

		other[0] = 1;
		CHECK_EQUAL(munmap(other, BYTES), 0);
	}
	after = device_stats(&device);
	CHECK(after.file.invalidations - before.file.invalidations >= 100);
	CHECK_EQUAL(after.file.invalidations - before.file.invalidations,
		    after.file.invalidations_unmapped -
			    before.file.invalidations_unmapped);
	CHECK_EQUAL(after.file.tlb_invalidates, before.file.tlb_invalidates);
}

/* Two files mirror the same process, each with page tables of its own. */
TEST(invalidation_reaches_every_mirror_of_the_process)
{
	struct faultline first = device_open(), second = device_open();
	char *memory = memory_map(BYTES);
	struct faultline_job job = faultline_job_fill(memory, 1, WORDS, 8);

	run_ok(&first, &job);
	run_ok(&second, &job);
	CHECK_EQUAL(mprotect(memory, BYTES, PROT_READ), 0);
	run_fault(&first, FAULTLINE_ENGINE_STREAM, &job, -EPERM, 1);
	run_fault(&second, FAULTLINE_ENGINE_STREAM, &job, -EPERM, 1);
	CHECK_EQUAL(munmap(memory, BYTES), 0);
	run_fault(&first, FAULTLINE_ENGINE_STREAM, &job, -EFAULT, 1);
	run_fault(&second, FAULTLINE_ENGINE_STREAM, &job, -EFAULT, 1);
}
