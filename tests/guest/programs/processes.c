// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Processes: kept apart, forked, killed. */
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"

#define BYTES (32 * PAGE_BYTES)
#define WORDS (BYTES / sizeof(uint64_t))

/* Both ends of a turn-taking between parent and child. */
struct turns {
	int to_child[2];
	int to_parent[2];
};

static struct turns turns_make(void)
{
	struct turns turns;

	CHECK_EQUAL(pipe(turns.to_child), 0);
	CHECK_EQUAL(pipe(turns.to_parent), 0);
	return turns;
}

static void give(const int *pipe_ends)
{
	CHECK_EQUAL(write(pipe_ends[1], "x", 1), 1);
}

static void take(const int *pipe_ends)
{
	char c;

	CHECK_EQUAL(read(pipe_ends[0], &c, 1), 1);
}

static void fill_by_device(struct faultline *device, uint64_t *memory, uint64_t value)
{
	struct faultline_job job = faultline_job_fill(memory, value, WORDS, 8);

	run_ok(device, &job);
}

static void check_by_device(struct faultline *device, uint64_t *memory, uint64_t value)
{
	struct faultline_job job =
		faultline_job_reduce(memory, FAULTLINE_ALU_MAX, 0, WORDS, 8);

	CHECK_EQUAL(run_ok(device, &job).result, value);
	job = faultline_job_reduce(memory, FAULTLINE_ALU_MIN, UINT64_MAX, WORDS, 8);
	CHECK_EQUAL(run_ok(device, &job).result, value);
	CHECK_EQUAL(memory[0], value);
	CHECK_EQUAL(memory[WORDS - 1], value);
}

/* The same virtual address holds different memory in parent and child. */
TEST(processes_fork_copies_on_write_both_ways)
{
	struct faultline device = device_open();
	struct turns turns = turns_make();
	uint64_t *memory = memory_map(BYTES);
	int pid;

	fill_by_device(&device, memory, 1);
	pid = fork();
	CHECK(pid >= 0);
	if (!pid) {
		struct faultline mine = device_open();

		take(turns.to_child);
		/* The parent's device wrote in the meantime. */
		check_by_device(&mine, memory, 1);
		fill_by_device(&mine, memory, 3);
		give(turns.to_parent);
		take(turns.to_child);
		check_by_device(&mine, memory, 3);
		_exit(0);
	}
	fill_by_device(&device, memory, 2);
	give(turns.to_child);
	take(turns.to_parent);
	check_by_device(&device, memory, 2);
	fill_by_device(&device, memory, 4);
	give(turns.to_child);
	CHECK_EQUAL(child_wait(pid, 30), 0);
	check_by_device(&device, memory, 4);
}

TEST(processes_child_cannot_submit_on_the_parents_file)
{
	struct faultline device = device_open();
	struct faultline_job job = { .opcode = FAULTLINE_JOB_NOP };
	uint64_t seqno;
	int pid = fork();

	CHECK(pid >= 0);
	if (!pid) {
		CHECK_EQUAL(faultline_submit(&device, FAULTLINE_ENGINE_STREAM,
					     &job, 1, &seqno), -EPERM);
		_exit(0);
	}
	CHECK_EQUAL(child_wait(pid, 10), 0);
	run_ok(&device, &job);
}

/* The file lives on in a grandchild, the process it mirrors does not. */
TEST(processes_file_outlives_its_process)
{
	struct turns turns = turns_make();
	int pid = fork();

	CHECK(pid >= 0);
	if (!pid) {
		struct faultline device = device_open();
		uint64_t *memory = memory_map(BYTES);

		fill_by_device(&device, memory, 1);
		if (!fork()) {
			take(turns.to_child);
			CHECK_EQUAL(device_stats(&device).file.jobs, 1);
			faultline_close(&device);
			give(turns.to_parent);
		}
		_exit(0);
	}
	CHECK_EQUAL(child_wait(pid, 10), 0);
	give(turns.to_child);
	close(turns.to_parent[1]);
	take(turns.to_parent);
}

static void isolated(void *arg)
{
	uint64_t value = (uint64_t)(uintptr_t)arg;
	struct faultline device = device_open();
	uint64_t *memory = mmap((void *)0x400000000000, BYTES,
				PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	int i;

	CHECK(memory != MAP_FAILED);
	for (i = 0; i < 20; i++) {
		fill_by_device(&device, memory, value + (uint64_t)i);
		check_by_device(&device, memory, value + (uint64_t)i);
	}
}

TEST(processes_at_the_same_addresses_are_kept_apart)
{
	int pids[4], i;

	for (i = 0; i < 4; i++) {
		pids[i] = fork();
		CHECK(pids[i] >= 0);
		if (!pids[i]) {
			isolated((void *)(uintptr_t)(1000 * (i + 1)));
			_exit(0);
		}
	}
	for (i = 0; i < 4; i++)
		CHECK_EQUAL(child_wait(pids[i], 60), 0);
}

TEST(processes_killed_at_work_leave_the_device_usable)
{
	int i;

	for (i = 0; i < 10; i++) {
		int status, pid = fork();

		CHECK(pid >= 0);
		if (!pid) {
			struct faultline device = device_open();
			uint64_t *memory = memory_map(64 * BYTES), seqno;
			struct faultline_job job =
				faultline_job_fill(memory, 1, 64 * WORDS, 8);

			for (;;)
				CHECK_EQUAL(faultline_submit(&device,
							     FAULTLINE_ENGINE_STREAM,
							     &job, 1, &seqno), 0);
		}
		sleep_ms(20 + 7 * (unsigned int)i);
		CHECK_EQUAL(kill(pid, SIGKILL), 0);
		status = child_wait(pid, 10);
		CHECK(WIFSIGNALED(status));
	}
	isolated((void *)5);
}

static void queue_and_exit(void *unused)
{
	struct faultline device = device_open();
	uint64_t *memory = memory_map(BYTES), seqno;
	struct faultline_job job = faultline_job_fill(memory, 1, WORDS, 8);
	int i;

	(void)unused;
	for (i = 0; i < 100; i++)
		CHECK_EQUAL(faultline_submit(&device, FAULTLINE_ENGINE_STREAM,
					     &job, 1, &seqno), 0);
}

TEST(processes_exit_with_jobs_queued)
{
	int i;

	for (i = 0; i < 10; i++)
		in_child(queue_and_exit, NULL, 10);
	isolated((void *)6);
}

/* More open files than channels: the rest is told, and served when one is closed. */
TEST(processes_channels_are_shared_out)
{
	struct faultline_job job = { .opcode = FAULTLINE_JOB_NOP };
	struct faultline files[65];
	struct faultline_info info;
	uint64_t seqno;
	uint32_t i;

	files[0] = device_open();
	CHECK_EQUAL(faultline_info(&files[0], &info), 0);
	CHECK(info.stream_channels < 65);
	for (i = 1; i <= info.stream_channels; i++)
		files[i] = device_open();
	for (i = 0; i < info.stream_channels; i++)
		run_ok(&files[i], &job);
	CHECK_EQUAL(faultline_submit(&files[i], FAULTLINE_ENGINE_STREAM, &job, 1,
				     &seqno), -EBUSY);
	faultline_close(&files[3]);
	run_ok(&files[i], &job);
}
