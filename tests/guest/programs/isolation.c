// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* A process reaches its own memory through the device, and nobody else's, however hard it tries. */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "migration.h"

#define BYTES (64 * PAGE_BYTES)
#define WORDS (BYTES / sizeof(uint64_t))
#define SECRET 0x5ec4e75ec4e75ec4ull
/* Far from all that a process has by itself, and the same for all. */
#define PLACE ((void *)0x500000000000)
#define ROUNDS 20

static uint64_t *map_at_place(void)
{
	uint64_t *memory = mmap(PLACE, BYTES, PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

	CHECK(memory == PLACE);
	madvise(memory, BYTES, MADV_NOHUGEPAGE);
	return memory;
}

/* Every way to read or write there must fail. */
static void attack(struct faultline *device, uint64_t *target)
{
	uint64_t *mine = memory_map(PAGE_BYTES);
	struct faultline_job jobs[] = {
		faultline_job_reduce(target, FAULTLINE_ALU_ADD, 0, 1, 8),
		faultline_job_copy(mine, target, 1, 8),
		faultline_job_fill(target, 0, 1, 8),
		faultline_job_atomic(target, FAULTLINE_ALU_ADD, 1, 1, 0, 8),
		faultline_job_exchange(target, 0, 8),
		faultline_job_walk(target, 0, 1),
	};
	size_t i;

	for (i = 0; i < sizeof(jobs) / sizeof(jobs[0]); i++) {
		CHECK_EQUAL(faultline_run(device, FAULTLINE_ENGINE_STREAM,
					  &jobs[i], NULL), -EFAULT);
		CHECK_EQUAL(mine[0], 0);
	}
	CHECK_EQUAL(faultline_run(device, FAULTLINE_ENGINE_COPY, &jobs[1], NULL),
		    -EFAULT);
	CHECK_EQUAL(munmap(mine, PAGE_BYTES), 0);
}

static void victim_works(int in, int out)
{
	struct faultline device = device_open();
	uint64_t *memory = map_at_place();
	struct faultline_job job = faultline_job_fill(memory, SECRET, WORDS, 8);
	char byte = 0;

	run_ok(&device, &job);
	faultline_migrate(&device, memory, BYTES / 2, FAULTLINE_MIGRATE_TO_DEVICE,
			  NULL);
	CHECK_EQUAL(write(out, &byte, 1), 1);
	/* Busy for as long as the attack lasts. */
	do {
		run_ok(&device, &job);
		CHECK_EQUAL(memory[WORDS - 1], SECRET);
	} while (read(in, &byte, 1) < 0);
	CHECK_EQUAL(device_sum(&device, memory, WORDS), SECRET * WORDS);
	_exit(0);
}

TEST(isolation_of_a_process_at_work)
{
	int to_victim[2], from_victim[2], pid, i;
	struct faultline device;
	char byte = 0;

	CHECK_EQUAL(pipe2(to_victim, O_NONBLOCK), 0);
	CHECK_EQUAL(pipe(from_victim), 0);
	pid = fork();
	CHECK(pid >= 0);
	if (!pid)
		victim_works(to_victim[0], from_victim[1]);
	CHECK_EQUAL(read(from_victim[0], &byte, 1), 1);
	device = device_open();
	for (i = 0; i < ROUNDS; i++)
		attack(&device, (uint64_t *)PLACE + (size_t)i * PAGE_BYTES / 8);
	CHECK_EQUAL(write(to_victim[1], &byte, 1), 1);
	CHECK_EQUAL(child_wait(pid, 30), 0);
}

static void leave_a_secret(void *unused)
{
	struct faultline device = device_open();
	uint64_t *memory = map_at_place();
	struct faultline_job job = faultline_job_fill(memory, SECRET, WORDS, 8);

	(void)unused;
	run_ok(&device, &job);
	faultline_migrate(&device, memory, BYTES, FAULTLINE_MIGRATE_TO_DEVICE,
			  NULL);
	CHECK_EQUAL(device_sum(&device, memory, WORDS), SECRET * WORDS);
}

static void look_for_it(void *unused)
{
	struct faultline device = device_open();
	uint64_t *memory;

	(void)unused;
	attack(&device, PLACE);
	memory = map_at_place();
	CHECK_EQUAL(device_sum(&device, memory, WORDS), 0);
	/* Nor is it in the video memory that one is given. */
	faultline_migrate(&device, memory, BYTES, FAULTLINE_MIGRATE_TO_DEVICE,
			  NULL);
	CHECK_EQUAL(device_sum(&device, memory, WORDS), 0);
	CHECK_EQUAL(sum(memory, WORDS), 0);
}

/* Channel, instance block, tables and frames of one go to the next. */
TEST(isolation_from_those_who_were_here_before)
{
	int i;

	for (i = 0; i < ROUNDS; i++) {
		in_child(leave_a_secret, NULL, 30);
		in_child(look_for_it, NULL, 30);
	}
}

/* After exec-like changes: what was unmapped is gone for the device at once, at each address. */
TEST(isolation_from_what_one_had_before)
{
	struct faultline device = device_open();
	int i;

	for (i = 0; i < ROUNDS; i++) {
		uint64_t *memory = map_at_place();

		add_one(&device, memory, WORDS);
		CHECK_EQUAL(munmap(memory, BYTES), 0);
		attack(&device, PLACE);
	}
}

/* Two devices on one process's memory: what one moves, the other finds. */
TEST(isolation_two_devices_share_a_process)
{
	struct faultline first = device_open(), second;
	uint64_t *memory = memory_map(BYTES), seqno;
	struct faultline_job job = faultline_job_atomic(
		memory, FAULTLINE_ALU_ADD, 1, WORDS, 8, 8);
	int i;

	if (faultline_open(&second, "/dev/faultline1"))
		test_skip("one device");
	memory_fill(memory, BYTES, 1);
	for (i = 0; i < ROUNDS; i++) {
		CHECK_EQUAL(faultline_submit(&second, FAULTLINE_ENGINE_STREAM,
					     &job, 1, &seqno), 0);
		faultline_migrate(i % 2 ? &first : &second, memory, BYTES,
				  FAULTLINE_MIGRATE_TO_DEVICE, NULL);
		run_ok(&first, &job);
		CHECK_EQUAL(faultline_wait(&second, FAULTLINE_ENGINE_STREAM,
					   seqno, -1, NULL), 0);
		CHECK_EQUAL(device_sum(&first, memory, WORDS),
			    device_sum(&second, memory, WORDS));
	}
	check_added(memory, WORDS, 1, 2 * ROUNDS);
}
