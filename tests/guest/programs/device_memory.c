// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Memory that moves to the device and back, under everything that may meet it. */
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "work.h"

#define PAGES 256u
#define BYTES (PAGES * PAGE_BYTES)
#define WORDS (BYTES / sizeof(uint64_t))

TEST(device_memory_there_and_back_on_request)
{
	struct faultline device = open_with_memory();
	struct faultline_counters before = device_stats(&device).file;
	uint64_t *memory = memory_map(BYTES);
	struct faultline_counters after;

	memory_fill(memory, BYTES, 1);
	to_device(&device, memory, BYTES);
	add_one(&device, memory, WORDS);
	to_system(&device, memory, BYTES);
	check_added(memory, WORDS, 1, 1);
	after = device_stats(&device).file;
	CHECK_EQUAL(after.to_device - before.to_device, PAGES);
	CHECK_EQUAL(after.to_system - before.to_system, PAGES);
	/* What arrived was mapped with it: the job met no fault. */
	CHECK_EQUAL(after.faults, before.faults);
}

/* Faults that a CPU takes to get all of it back. */
static uint64_t faults_of_return(struct faultline *device)
{
	uint64_t *memory = memory_map(BYTES);
	struct faultline_counters before, after;

	memory_fill(memory, BYTES, 2);
	to_device(device, memory, BYTES);
	before = device_stats(device).device;
	add_one(device, memory, WORDS);
	check_added(memory, WORDS, 2, 1);
	after = device_stats(device).device;
	CHECK_EQUAL(after.to_system - before.to_system, PAGES);
	/* And the device finds it again. */
	CHECK_EQUAL(device_sum(device, memory, WORDS), sum(memory, WORDS));
	return after.cpu_faults - before.cpu_faults;
}

TEST(device_memory_comes_back_when_the_cpu_touches_it)
{
	struct faultline device = open_with_memory();

	file_write(DRIVER_PARAMETERS, "cpu_fault_around_pages", "1");
	CHECK_EQUAL(faults_of_return(&device), PAGES);
	/* Its neighbours come along; the memory need not begin at a boundary. */
	file_write(DRIVER_PARAMETERS, "cpu_fault_around_pages", "16");
	CHECK(faults_of_return(&device) <= PAGES / 16 + 1);
}

TEST(device_memory_huge_page_moves_as_one)
{
	struct faultline device = open_with_memory();
	uint64_t *memory = huge_map(HUGE_BYTES);
	struct faultline_stats before, after;

	memory_fill(memory, HUGE_BYTES, 3);
	before = device_stats(&device);
	to_device(&device, memory, HUGE_BYTES);
	add_one(&device, memory, HUGE_WORDS);
	after = device_stats(&device);
	CHECK_EQUAL(after.file.huge_mapped - before.file.huge_mapped, HUGE_PAGES);
	CHECK_EQUAL(after.file.faults, before.file.faults);
	check_added(memory, HUGE_WORDS, 3, 1);
	after = device_stats(&device);
	CHECK_EQUAL(after.device.cpu_faults - before.device.cpu_faults, 1);
	CHECK_EQUAL(after.device.to_system - before.device.to_system, HUGE_PAGES);
}

TEST(device_memory_never_touched_arrives_as_zeroes)
{
	struct faultline device = open_with_memory();
	uint64_t *small = memory_map(BYTES), *huge = huge_map(HUGE_BYTES);

	/* Video memory is not clean. */
	memory_fill(small, BYTES, 4);
	to_device(&device, small, BYTES);
	CHECK_EQUAL(munmap(small, BYTES), 0);

	small = memory_map(BYTES);
	to_device(&device, small, BYTES);
	CHECK_EQUAL(device_sum(&device, small, WORDS), 0);
	CHECK_EQUAL(sum(small, WORDS), 0);
	to_device(&device, huge, HUGE_BYTES);
	CHECK_EQUAL(device_sum(&device, huge, HUGE_WORDS), 0);
	CHECK_EQUAL(sum(huge, HUGE_WORDS), 0);
}

TEST(device_memory_shared_pages_stay)
{
	struct faultline device = open_with_memory();
	uint64_t *memory = mmap(NULL, BYTES, PROT_READ | PROT_WRITE,
				MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	CHECK(memory != MAP_FAILED);
	memory_fill(memory, BYTES, 5);
	CHECK_EQUAL(move(&device, memory, BYTES, FAULTLINE_MIGRATE_TO_DEVICE), 0);
	add_one(&device, memory, WORDS);
	check_added(memory, WORDS, 5, 1);
}

TEST(device_memory_private_file_pages_move)
{
	struct faultline device = open_with_memory();
	int fd = memfd_create("file", 0);
	uint64_t *memory;

	CHECK_EQUAL(ftruncate(fd, BYTES), 0);
	memory = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	CHECK(memory != MAP_FAILED);
	memory_fill(memory, BYTES, 6);
	to_device(&device, memory, BYTES);
	add_one(&device, memory, WORDS);
	check_added(memory, WORDS, 6, 1);
}

TEST(device_memory_wrong_requests_are_refused)
{
	struct faultline device = open_with_memory();
	char *memory = memory_map(BYTES);

	CHECK_EQUAL(faultline_migrate(&device, memory + 1, PAGE_BYTES, 1, NULL),
		    -EINVAL);
	CHECK_EQUAL(faultline_migrate(&device, memory, 1, 1, NULL), -EINVAL);
	CHECK_EQUAL(faultline_migrate(&device, memory, 0, 1, NULL), -EINVAL);
	CHECK_EQUAL(faultline_migrate(&device, memory, PAGE_BYTES, 2, NULL),
		    -EINVAL);
	CHECK_EQUAL(faultline_migrate(&device, memory, -PAGE_BYTES, 1, NULL),
		    -EINVAL);
	CHECK_EQUAL(munmap(memory + PAGE_BYTES, PAGE_BYTES), 0);
	CHECK_EQUAL(faultline_migrate(&device, memory, BYTES, 1, NULL), -EINVAL);
	CHECK_EQUAL(mprotect(memory, PAGE_BYTES, PROT_NONE), 0);
	CHECK_EQUAL(faultline_migrate(&device, memory, PAGE_BYTES, 1, NULL),
		    -EINVAL);
}

/* The device faults on a page that is in its own memory already. */
TEST(device_memory_is_read_through_a_second_file)
{
	struct faultline first = open_with_memory(), second = device_open();
	uint64_t *memory = memory_map(BYTES);
	struct faultline_stats stats;
	uint64_t cpu_faults;

	memory_fill(memory, BYTES, 7);
	to_device(&first, memory, BYTES);
	cpu_faults = device_stats(&first).device.cpu_faults;
	add_one(&second, memory, WORDS);
	stats = device_stats(&second);
	CHECK(stats.file.faults > 0);
	/* It was mapped where it is. */
	CHECK_EQUAL(stats.device.cpu_faults, cpu_faults);
	check_added(memory, WORDS, 7, 1);
}

/* Every mirror of a process hears of a migration, whoever asked for it. */
TEST(device_memory_migration_reaches_all_mirrors)
{
	struct faultline first = open_with_memory(), second = device_open();
	uint64_t *memory = memory_map(BYTES);
	size_t i;

	memory_fill(memory, BYTES, 8);
	CHECK_EQUAL(device_sum(&second, memory, WORDS), sum(memory, WORDS));
	to_device(&first, memory, BYTES);
	CHECK_EQUAL(device_sum(&second, memory, WORDS),
		    device_sum(&first, memory, WORDS));
	/* The CPU takes it back and changes it: neither may see the old. */
	for (i = 0; i < WORDS; i++)
		memory[i] = i;
	CHECK_EQUAL(device_sum(&second, memory, WORDS), WORDS * (WORDS - 1) / 2);
	CHECK_EQUAL(device_sum(&first, memory, WORDS), WORDS * (WORDS - 1) / 2);
}

static void child_uses(void *arg)
{
	uint64_t *memory = arg;
	struct faultline device = device_open();

	/* Read where it is, then write: that is a copy of its own. */
	CHECK(device_sum(&device, memory, WORDS) != 0);
	add_one(&device, memory, WORDS / 2);
	check_added(memory, WORDS / 2, 9, 1);
	check_added(memory, 1, 9, 1);
	memory[WORDS - 1] = 0;
	faultline_close(&device);
}

TEST(device_memory_fork_keeps_both_sides_apart)
{
	struct faultline device = open_with_memory();
	uint64_t *memory = memory_map(BYTES);

	memory_fill(memory, BYTES, 9);
	to_device(&device, memory, BYTES);
	in_child(child_uses, memory, 30);
	add_one(&device, memory, WORDS);
	check_added(memory, WORDS, 9, 1);
}

/* A write by the device to a page that fork() shares and that is in its memory. */
TEST(device_memory_write_after_fork_makes_a_copy)
{
	struct faultline device = open_with_memory();
	uint64_t *memory = memory_map(BYTES);
	int ready[2], go[2], status;
	char byte = 0;
	pid_t child;

	CHECK_EQUAL(pipe(ready), 0);
	CHECK_EQUAL(pipe(go), 0);
	memory_fill(memory, BYTES, 10);
	to_device(&device, memory, BYTES);
	child = fork();
	if (!child) {
		CHECK_EQUAL(read(go[0], &byte, 1), 1);
		memory_check(memory, BYTES, 10);
		_exit(0);
	}
	add_one(&device, memory, WORDS);
	CHECK_EQUAL(write(go[1], &byte, 1), 1);
	CHECK_EQUAL(waitpid(child, &status, 0), child);
	CHECK_EQUAL(status, 0);
	check_added(memory, WORDS, 10, 1);
}

TEST(device_memory_read_only_mapping_is_not_written)
{
	struct faultline device = open_with_memory();
	uint64_t *memory = memory_map(BYTES);
	struct faultline_job job = faultline_job_fill(memory, 0, WORDS, 8);

	memory_fill(memory, BYTES, 11);
	to_device(&device, memory, BYTES);
	CHECK_EQUAL(mprotect(memory, BYTES, PROT_READ), 0);
	CHECK_EQUAL(device_sum(&device, memory, WORDS), sum(memory, WORDS));
	to_device(&device, memory, BYTES);
	run_fault(&device, FAULTLINE_ENGINE_STREAM, &job, -EPERM, 1);
	memory_check(memory, BYTES, 11);
}

TEST(device_memory_part_of_a_huge_page_is_unmapped)
{
	struct faultline device = open_with_memory();
	char *memory = huge_map(HUGE_BYTES);
	uint64_t *rest = (uint64_t *)(memory + HUGE_BYTES / 2);
	uint64_t splits;

	memory_fill(memory, HUGE_BYTES, 12);
	to_device(&device, memory, HUGE_BYTES);
	splits = device_stats(&device).device.splits;
	CHECK_EQUAL(munmap(memory, HUGE_BYTES / 2), 0);
	add_one(&device, rest, HUGE_WORDS / 2);
	CHECK_EQUAL(rest[0], memory_word(12, HUGE_WORDS / 2) + 1);
	CHECK_EQUAL(device_stats(&device).device.splits, splits + 1);
	add_one(&device, rest, HUGE_WORDS / 2);
	CHECK_EQUAL(rest[HUGE_WORDS / 2 - 1],
		    memory_word(12, HUGE_WORDS - 1) + 2);
}

TEST(device_memory_is_moved_to_another_address)
{
	struct faultline device = open_with_memory();
	char *memory = huge_map(HUGE_BYTES), *target = huge_map(HUGE_BYTES);
	uint64_t *moved;

	memory_fill(memory, HUGE_BYTES, 13);
	to_device(&device, memory, HUGE_BYTES);
	add_one(&device, (uint64_t *)memory, HUGE_WORDS);
	/* Off by a page: no 2 MiB entry fits the new place. */
	moved = mremap(memory, HUGE_BYTES, HUGE_BYTES,
		       MREMAP_MAYMOVE | MREMAP_FIXED, target + PAGE_BYTES);
	CHECK(moved == (uint64_t *)(target + PAGE_BYTES));
	run_fault(&device, FAULTLINE_ENGINE_STREAM,
		  &(struct faultline_job){ .opcode = FAULTLINE_JOB_FILL,
					   .element_shift = 3,
					   .dst = (uintptr_t)memory,
					   .count = 1 }, -EFAULT, 1);
	add_one(&device, moved, HUGE_WORDS);
	check_added(moved, HUGE_WORDS, 13, 2);
}

/* The kernel reads and writes it for system calls. */
TEST(device_memory_meets_system_calls)
{
	struct faultline device = open_with_memory();
	uint64_t *memory = memory_map(BYTES), *copy = memory_map(BYTES);
	struct iovec local = { copy, BYTES }, remote = { memory, BYTES };
	int pipes[2];

	memory_fill(memory, BYTES, 14);
	to_device(&device, memory, BYTES);
	CHECK_EQUAL(process_vm_readv(getpid(), &local, 1, &remote, 1, 0), BYTES);
	memory_check(copy, BYTES, 14);

	CHECK_EQUAL(pipe(pipes), 0);
	to_device(&device, memory, BYTES);
	CHECK_EQUAL(write(pipes[1], memory, PAGE_BYTES), PAGE_BYTES);
	CHECK_EQUAL(read(pipes[0], memory + PAGE_BYTES / 8, PAGE_BYTES),
		    PAGE_BYTES);
	memory_check(memory + PAGE_BYTES / 8, PAGE_BYTES, 14);
}

struct race {
	uint64_t *words;
	atomic_bool over;
};

/* The CPU counts in odd words while the device counts in even ones. */
static void *count_on_cpu(void *arg)
{
	struct race *race = arg;
	uint64_t rounds = 0;
	size_t i;

	while (!atomic_load(&race->over)) {
		for (i = 1; i < WORDS; i += 64)
			race->words[i]++;
		rounds++;
	}
	return (void *)(uintptr_t)rounds;
}

TEST(device_memory_cpu_and_device_race_for_it)
{
	struct faultline device = open_with_memory();
	struct race race = { .words = memory_map(BYTES) };
	struct faultline_job job = faultline_job_atomic(
		race.words, FAULTLINE_ALU_ADD, 1, WORDS / 64, 64 * 8, 8);
	pthread_t thread;
	void *rounds;
	size_t i;
	int n;

	CHECK_EQUAL(pthread_create(&thread, NULL, count_on_cpu, &race), 0);
	for (n = 0; n < 20; n++) {
		move(&device, race.words, BYTES, FAULTLINE_MIGRATE_TO_DEVICE);
		run_ok(&device, &job);
	}
	atomic_store(&race.over, true);
	pthread_join(thread, &rounds);
	for (i = 0; i < WORDS; i += 64) {
		CHECK_EQUAL(race.words[i], 20);
		CHECK_EQUAL(race.words[i + 1], (uintptr_t)rounds);
	}
}

TEST(device_memory_survives_unbind)
{
	struct faultline device = open_with_memory();
	uint64_t *small = memory_map(BYTES), *huge = huge_map(HUGE_BYTES);
	char address[32];

	memory_fill(small, BYTES, 15);
	memory_fill(huge, HUGE_BYTES, 16);
	to_device(&device, small, BYTES);
	to_device(&device, huge, HUGE_BYTES);
	add_one(&device, small, WORDS);
	add_one(&device, huge, HUGE_WORDS);
	driver_address(address, sizeof(address));
	file_write(DRIVER_FOLDER, "unbind", address);
	check_added(small, WORDS, 15, 1);
	check_added(huge, HUGE_WORDS, 16, 1);
	CHECK_EQUAL(faultline_migrate(&device, small, BYTES, 1, NULL), -ENODEV);
	file_write(DRIVER_FOLDER, "bind", address);
	faultline_close(&device);
	device = device_open();
	to_device(&device, small, BYTES);
	add_one(&device, small, WORDS);
	check_added(small, WORDS, 15, 2);
}

TEST(device_memory_survives_removal_of_the_module)
{
	struct faultline device = open_with_memory();
	uint64_t *memory = memory_map(BYTES);

	memory_fill(memory, BYTES, 17);
	to_device(&device, memory, BYTES);
	add_one(&device, memory, WORDS);
	faultline_close(&device);
	driver_unload();
	check_added(memory, WORDS, 17, 1);
	driver_reload(NULL);
}

#define ON_ITS_WAY_BYTES (16 * HUGE_BYTES)

struct traveller {
	struct faultline device;
	void *memory;
	int result;
};

/* Goes on until the device is taken away. */
static void *travel(void *arg)
{
	struct traveller *t = arg;
	uint32_t where = FAULTLINE_MIGRATE_TO_DEVICE;
	uint64_t moved;

	do {
		t->result = faultline_migrate(&t->device, t->memory,
					      ON_ITS_WAY_BYTES, where, &moved);
		where = where == FAULTLINE_MIGRATE_TO_DEVICE ?
				FAULTLINE_MIGRATE_TO_SYSTEM :
				FAULTLINE_MIGRATE_TO_DEVICE;
	} while (!t->result);
	return NULL;
}

/* A migration maps what arrived; meanwhile the page tables are given up. */
TEST(device_memory_is_on_its_way_when_the_driver_is_unbound)
{
	struct traveller traveller = { .memory = memory_map(ON_ITS_WAY_BYTES) };
	char address[32];
	pthread_t thread;
	unsigned int i;

	memory_fill(traveller.memory, ON_ITS_WAY_BYTES, 19);
	driver_address(address, sizeof(address));
	for (i = 0; i < 5; i++) {
		traveller.device = open_with_memory();
		CHECK_EQUAL(pthread_create(&thread, NULL, travel, &traveller), 0);
		sleep_ms(100 + 37 * i);
		file_write(DRIVER_FOLDER, "unbind", address);
		pthread_join(thread, NULL);
		CHECK_EQUAL(traveller.result, -ENODEV);
		memory_check(traveller.memory, ON_ITS_WAY_BYTES, 19);
		faultline_close(&traveller.device);
		file_write(DRIVER_FOLDER, "bind", address);
	}
}

TEST(device_memory_survives_a_reset)
{
	struct faultline device = open_with_memory();
	uint64_t *memory = memory_map(BYTES);

	memory_fill(memory, BYTES, 18);
	to_device(&device, memory, BYTES);
	add_one(&device, memory, WORDS);
	driver_reset();
	check_added(memory, WORDS, 18, 1);
	faultline_close(&device);
	device = device_open();
	to_device(&device, memory, BYTES);
	add_one(&device, memory, WORDS);
	check_added(memory, WORDS, 18, 2);
}
