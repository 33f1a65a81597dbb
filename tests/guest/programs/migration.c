// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Work on memory that moves to the device and back, for tests. */
#include "migration.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

struct faultline open_with_memory(void)
{
	struct faultline device = device_open();
	struct faultline_info info;

	CHECK_EQUAL(faultline_info(&device, &info), 0);
	if (!(info.features & FAULTLINE_FEATURE_DEVICE_MEMORY))
		test_skip("this kernel has no device-private pages");
	return device;
}

uint64_t move(struct faultline *device, void *memory, size_t bytes,
	      uint32_t where)
{
	uint64_t moved = 0;

	CHECK_EQUAL(faultline_migrate(device, memory, bytes, where, &moved), 0);
	return moved;
}

void to_device(struct faultline *device, void *memory, size_t bytes)
{
	CHECK_EQUAL(move(device, memory, bytes, FAULTLINE_MIGRATE_TO_DEVICE),
		    bytes / PAGE_BYTES);
}

void to_system(struct faultline *device, void *memory, size_t bytes)
{
	CHECK_EQUAL(move(device, memory, bytes, FAULTLINE_MIGRATE_TO_SYSTEM),
		    bytes / PAGE_BYTES);
}

uint64_t sum(const uint64_t *words, size_t count)
{
	uint64_t total = 0;
	size_t i;

	for (i = 0; i < count; i++)
		total += words[i];
	return total;
}

uint64_t device_sum(struct faultline *device, const uint64_t *words, size_t count)
{
	struct faultline_job job =
		faultline_job_reduce(words, FAULTLINE_ALU_ADD, 0, count, 8);

	return run_ok(device, &job).result;
}

void add_one(struct faultline *device, uint64_t *words, size_t count)
{
	struct faultline_job job = faultline_job_transform(
		words, words, FAULTLINE_ALU_ADD, 1, count, 8);

	run_ok(device, &job);
}

void check_added(const uint64_t *words, size_t count, uint64_t seed,
		 uint64_t added)
{
	size_t i;

	for (i = 0; i < count; i++)
		CHECK_EQUAL(words[i], memory_word(seed, i) + added);
}

void check_lost(const uint64_t *words, size_t count)
{
	int status, pid = fork();

	CHECK(pid >= 0);
	if (!pid) {
		signal(SIGBUS, SIG_DFL);
		_exit(sum(words, count) == 0);
	}
	status = child_wait(pid, 30);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS);
}

void *huge_map(size_t bytes)
{
	char *memory = mmap(NULL, bytes + HUGE_BYTES, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *start = (char *)(((uintptr_t)memory + HUGE_BYTES - 1) &
			       ~((uintptr_t)HUGE_BYTES - 1));

	CHECK(memory != MAP_FAILED);
	CHECK_EQUAL(madvise(start, bytes, MADV_HUGEPAGE), 0);
	return start;
}
