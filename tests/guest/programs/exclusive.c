// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Atomics of the device on pages that it has for itself, until a CPU wants them back. */
#include <pthread.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "work.h"

#define PAGES 64u
#define BYTES (PAGES * PAGE_BYTES)
#define ATOMIC_ACCESS 2

/* A file whose atomics need exclusive access; over() puts the driver back. */
static struct faultline begin(void)
{
	struct faultline_info info;
	struct faultline device;

	driver_reload("exclusive_atomics=1");
	device = device_open();
	CHECK_EQUAL(faultline_info(&device, &info), 0);
	if (!(info.features & FAULTLINE_FEATURE_EXCLUSIVE)) {
		faultline_close(&device);
		driver_reload(NULL);
		test_skip("this kernel has no exclusive access");
	}
	return device;
}

static void over(struct faultline *device)
{
	faultline_close(device);
	driver_reload(NULL);
}

/* One addition in each page. */
static struct faultline_job add_to_pages(void *memory, uint64_t operand)
{
	return faultline_job_atomic(memory, FAULTLINE_ALU_ADD, operand, PAGES,
				    PAGE_BYTES, 8);
}

static void check_pages(const char *memory, uint64_t value)
{
	unsigned int i;

	for (i = 0; i < PAGES; i++)
		CHECK_EQUAL(*(const uint64_t *)(memory + i * PAGE_BYTES), value);
}

TEST(exclusive_pages_are_claimed_and_given_back)
{
	struct faultline device = begin();
	char *memory = memory_map(BYTES);
	struct faultline_job job = add_to_pages(memory, 3);
	uint64_t claimed;

	run_ok(&device, &job);
	claimed = device_stats(&device).file.exclusive;
	CHECK_EQUAL(claimed, PAGES);
	/* What is claimed stays claimed. */
	run_ok(&device, &job);
	CHECK_EQUAL(device_stats(&device).file.exclusive, claimed);
	/* Until a CPU looks. */
	check_pages(memory, 6);
	run_ok(&device, &job);
	CHECK_EQUAL(device_stats(&device).file.exclusive, 2 * claimed);
	check_pages(memory, 9);
	over(&device);
}

TEST(exclusive_access_is_for_strong_atomics_only)
{
	struct faultline device = begin();
	uint64_t *memory = memory_map(BYTES);
	struct faultline_job job =
		faultline_job_fill(memory, 1, BYTES / sizeof(uint64_t), 8);

	run_ok(&device, &job);
	job = add_to_pages(memory, 1);
	job.flags = FAULTLINE_JOB_WEAK_ATOMIC;
	run_ok(&device, &job);
	CHECK_EQUAL(device_stats(&device).file.exclusive, 0);
	/* The pages are mapped and writable: only the atomic faults. */
	job.flags = 0;
	run_ok(&device, &job);
	CHECK_EQUAL(device_stats(&device).file.exclusive, PAGES);
	check_pages((char *)memory, 3);
	over(&device);
}

/* Work around a claimed page, which is served along with all of its region. */
TEST(exclusive_page_is_not_taken_back_by_prefetch)
{
	struct faultline device = begin();
	char *memory = small_map(HUGE_BYTES), *claimed = memory + 400 * PAGE_BYTES;
	struct faultline_job atomic =
		faultline_job_atomic(claimed, FAULTLINE_ALU_ADD, 1, 1, 8, 8);
	struct faultline_job job =
		faultline_job_fill(memory, 5, 400 * PAGE_BYTES / 8, 8);
	uint64_t faults;

	run_ok(&device, &atomic);
	run_ok(&device, &job);
	CHECK(device_stats(&device).file.prefetched > 0);
	wait_for_service(&device);
	faults = device_stats(&device).file.faults;
	run_ok(&device, &atomic);
	CHECK_EQUAL(device_stats(&device).file.faults, faults);
	CHECK_EQUAL(device_stats(&device).file.exclusive, 1);
	CHECK_EQUAL(*(uint64_t *)claimed, 2);
	over(&device);
}

TEST(exclusive_splits_a_huge_page)
{
	struct faultline device = begin();
	char *memory = mmap(NULL, 2 * HUGE_BYTES, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct faultline_job job;

	CHECK(memory != MAP_FAILED);
	memory = (char *)(((uintptr_t)memory + HUGE_BYTES - 1) &
			  ~((uintptr_t)HUGE_BYTES - 1));
	CHECK_EQUAL(madvise(memory, HUGE_BYTES, MADV_HUGEPAGE), 0);
	memory_fill(memory, HUGE_BYTES, 1);
	job = add_to_pages(memory, 0);
	run_ok(&device, &job);
	CHECK_EQUAL(device_stats(&device).file.exclusive, PAGES);
	memory_check(memory, HUGE_BYTES, 1);
	over(&device);
}

TEST(exclusive_device_memory_needs_no_claim)
{
	struct faultline device = begin();
	char *memory = memory_map(BYTES);
	struct faultline_job job = add_to_pages(memory, 4);

	CHECK_EQUAL(faultline_migrate(&device, memory, BYTES,
				      FAULTLINE_MIGRATE_TO_DEVICE, NULL), 0);
	run_ok(&device, &job);
	CHECK_EQUAL(device_stats(&device).file.exclusive, 0);
	check_pages(memory, 4);
	over(&device);
}

TEST(exclusive_access_to_shared_memory_is_refused)
{
	struct faultline device = begin();
	char *memory = mmap(NULL, BYTES, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct faultline_job job = add_to_pages(memory, 1);

	CHECK(memory != MAP_FAILED);
	run_fault(&device, FAULTLINE_ENGINE_STREAM, &job, -EOPNOTSUPP,
		  ATOMIC_ACCESS);
	check_pages(memory, 0);
	over(&device);
}

TEST(exclusive_read_only_memory_is_refused)
{
	struct faultline device = begin();
	char *memory = memory_map(BYTES);
	struct faultline_job job = add_to_pages(memory, 1);

	check_pages(memory, 0);
	CHECK_EQUAL(mprotect(memory, BYTES, PROT_READ), 0);
	run_fault(&device, FAULTLINE_ENGINE_STREAM, &job, -EPERM, ATOMIC_ACCESS);
	check_pages(memory, 0);
	over(&device);
}

#define CPU_ADDITIONS 2000
#define JOBS 40
#define JOB_ADDITIONS 50

static void *add_on_cpu(void *arg)
{
	uint64_t *word = arg;
	int i;

	for (i = 0; i < CPU_ADDITIONS; i++)
		__atomic_fetch_add(word, 1, __ATOMIC_SEQ_CST);
	return NULL;
}

/* Two files are two mirrors: each takes the page from the other and from the CPU. */
TEST(exclusive_cpu_and_two_streams_race_for_a_word)
{
	struct faultline device = begin(), other = device_open();
	uint64_t *word = memory_map(PAGE_BYTES);
	struct faultline_job job = faultline_job_atomic(
		word, FAULTLINE_ALU_ADD, 1, JOB_ADDITIONS, 0, 8);
	pthread_t thread;
	uint64_t seqno;
	int i;

	CHECK_EQUAL(pthread_create(&thread, NULL, add_on_cpu, word), 0);
	for (i = 0; i < JOBS; i++) {
		CHECK_EQUAL(faultline_submit(&other, FAULTLINE_ENGINE_STREAM,
					     &job, 1, &seqno), 0);
		run_ok(&device, &job);
	}
	CHECK_EQUAL(faultline_wait(&other, FAULTLINE_ENGINE_STREAM, seqno, -1,
				   NULL), 0);
	pthread_join(thread, NULL);
	CHECK_EQUAL(*word, CPU_ADDITIONS + 2 * JOBS * JOB_ADDITIONS);
	faultline_close(&other);
	over(&device);
}

TEST(exclusive_fork_gives_the_pages_back)
{
	struct faultline device = begin();
	char *memory = memory_map(BYTES);
	struct faultline_job job = add_to_pages(memory, 1);
	int status;
	pid_t child;

	run_ok(&device, &job);
	child = fork();
	if (!child) {
		check_pages(memory, 1);
		_exit(0);
	}
	run_ok(&device, &job);
	CHECK_EQUAL(waitpid(child, &status, 0), child);
	CHECK_EQUAL(status, 0);
	check_pages(memory, 2);
	over(&device);
}
