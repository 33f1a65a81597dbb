// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* 64 KiB of one folio are one entry of the device, and only what the CPU's 16 entries allow. */
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "work.h"

#define BIGS 8
#define BYTES (BIGS * BIG_BYTES)
#define WORDS (BYTES / sizeof(uint64_t))

/* Reads and writes all of it. */
static void touch(struct faultline *device, void *memory)
{
	struct faultline_job job = faultline_job_transform(
		memory, memory, FAULTLINE_ALU_XOR, 0, WORDS, 8);

	run_ok(device, &job);
}

static uint64_t big_mapped(struct faultline *device)
{
	return device_stats(device).file.big_mapped;
}

/* Memory that the device has mapped by 64 KiB entries. */
static char *begin(struct faultline *device, uint64_t seed)
{
	char *memory = big_map(BYTES, seed);

	touch(device, memory);
	CHECK_EQUAL(big_mapped(device), BIGS * BIG_PAGES);
	return memory;
}

TEST(big_pages_are_one_entry_each)
{
	struct faultline device = device_open();
	char *memory = begin(&device, 1);
	uint64_t faults;

	CHECK_EQUAL(device_stats(&device).file.pages_mapped, BIGS * BIG_PAGES);
	memory_check(memory, BYTES, 1);
	wait_for_service(&device);
	faults = device_stats(&device).file.faults;
	touch(&device, memory);
	CHECK_EQUAL(device_stats(&device).file.faults, faults);
}

TEST(big_pages_only_if_the_driver_may)
{
	struct faultline device = device_open();
	char *memory = big_map(BYTES, 2);

	file_write(DRIVER_PARAMETERS, "big_pages", "N");
	touch(&device, memory);
	wait_for_service(&device);
	file_write(DRIVER_PARAMETERS, "big_pages", "Y");
	CHECK_EQUAL(big_mapped(&device), 0);
	memory_check(memory, BYTES, 2);
}

TEST(big_pages_lose_one_of_their_pages)
{
	struct faultline device = device_open();
	char *memory = begin(&device, 3);
	uint64_t *lost = (uint64_t *)(memory + 5 * PAGE_BYTES);
	struct faultline_job job = faultline_job_fill(lost, 7, 1, 8);

	CHECK_EQUAL(munmap(lost, PAGE_BYTES), 0);
	run_fault(&device, FAULTLINE_ENGINE_STREAM, &job, -EFAULT, 1);
	job = faultline_job_fill(memory, 7, 5 * PAGE_BYTES, 1);
	run_ok(&device, &job);
	CHECK_EQUAL(memory[5 * PAGE_BYTES - 1], 7);
	CHECK_EQUAL(*(uint64_t *)(memory + 6 * PAGE_BYTES),
		    memory_word(3, 6 * PAGE_BYTES / 8));
}

TEST(big_pages_with_one_read_only_page)
{
	struct faultline device = device_open();
	char *memory = begin(&device, 4);
	char *locked = memory + 9 * PAGE_BYTES;
	struct faultline_job job = faultline_job_fill(locked, 7, 1, 8);

	CHECK_EQUAL(mprotect(locked, PAGE_BYTES, PROT_READ), 0);
	run_fault(&device, FAULTLINE_ENGINE_STREAM, &job, -EPERM, 1);
	memory_check(memory, BYTES, 4);
	job = faultline_job_fill(locked + PAGE_BYTES, 7, 1, 8);
	run_ok(&device, &job);
	CHECK_EQUAL(locked[PAGE_BYTES], 7);
	/* Alike again: they may be one entry once more. */
	CHECK_EQUAL(mprotect(locked, PAGE_BYTES, PROT_READ | PROT_WRITE), 0);
	touch(&device, memory);
	touch(&device, memory);
	CHECK_EQUAL(locked[PAGE_BYTES], 7);
}

/* What one writes after fork() is a page of its own among those still shared. */
TEST(big_pages_are_copied_on_write_one_by_one)
{
	struct faultline device = device_open();
	char *memory = begin(&device, 5);
	uint64_t *page = (uint64_t *)(memory + 3 * PAGE_BYTES);
	struct faultline_job job = faultline_job_fill(page, 7, 1, 8);
	pid_t pid = fork();

	CHECK(pid >= 0);
	if (!pid) {
		pause();
		_exit(0);
	}
	run_ok(&device, &job);
	CHECK_EQUAL(*page, 7);
	CHECK_EQUAL(kill(pid, SIGKILL), 0);
	CHECK_EQUAL(waitpid(pid, NULL, 0), pid);
	*page = memory_word(5, 3 * PAGE_BYTES / 8);
	touch(&device, memory);
	memory_check(memory, BYTES, 5);
}

/* Small entries are there already when the whole folio becomes readable as one. */
TEST(big_pages_take_the_place_of_small_ones)
{
	struct faultline device = device_open();
	char *memory = big_map(BYTES, 6);
	struct faultline_job job;

	file_write(DRIVER_PARAMETERS, "fault_around_pages", "1");
	file_write(DRIVER_PARAMETERS, "prefetch_density", "100");
	job = faultline_job_transform(memory, memory, FAULTLINE_ALU_XOR, 0, 1, 8);
	run_ok(&device, &job);
	CHECK_EQUAL(big_mapped(&device), 0);
	file_write(DRIVER_PARAMETERS, "fault_around_pages", "16");
	file_write(DRIVER_PARAMETERS, "prefetch_density", "51");
	touch(&device, memory);
	CHECK_EQUAL(big_mapped(&device), BIGS * BIG_PAGES);
	memory_check(memory, BYTES, 6);
}

/* Both kinds of tables below one directory entry, in either order. */
TEST(big_pages_beside_small_ones)
{
	struct faultline device = device_open();
	char *memory = begin(&device, 7);
	char *small = mmap(memory + BYTES, BYTES, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	CHECK(small != MAP_FAILED);
	memory_fill(small, BYTES, 8);
	touch(&device, small);
	CHECK_EQUAL(big_mapped(&device), BIGS * BIG_PAGES);
	memory_check(small, BYTES, 8);
	memory_check(memory, BYTES, 7);
}

/* A claim for one page leaves the others to the CPU. */
TEST(big_pages_give_way_to_a_claim)
{
	struct faultline_job job;
	struct faultline device;
	uint64_t *memory;

	driver_reload("exclusive_atomics=1");
	device = device_open();
	memory = (uint64_t *)begin(&device, 9);
	job = faultline_job_atomic(memory, FAULTLINE_ALU_ADD, 1, 1, 8, 8);
	run_ok(&device, &job);
	CHECK_EQUAL(device_stats(&device).file.exclusive, 1);
	job = faultline_job_atomic(memory + PAGE_BYTES / 8, FAULTLINE_ALU_ADD, 1,
				   1, 8, 8);
	run_ok(&device, &job);
	CHECK_EQUAL(device_stats(&device).file.exclusive, 2);
	CHECK_EQUAL(memory[0], memory_word(9, 0) + 1);
	memory[0]--;
	memory[PAGE_BYTES / 8]--;
	memory_check(memory, BYTES, 9);
	faultline_close(&device);
	driver_reload(NULL);
}

/* Neighbours in device memory are one entry, too; one that goes home takes it along. */
TEST(big_pages_of_device_memory)
{
	struct faultline device = open_with_memory();
	char *memory = big_map(BYTES, 10);

	to_device(&device, memory, BYTES);
	touch(&device, memory);
	CHECK(big_mapped(&device) > 0);
	CHECK_EQUAL(((uint64_t *)memory)[0], memory_word(10, 0));
	touch(&device, memory);
	memory_check(memory, BYTES, 10);
}

/* Half of a 64 KiB page, at the same place in it as before, so that only its folio tells it from another. */
static void move_half(char *to, char *from, unsigned int half)
{
	unsigned long offset = half * BIG_BYTES / 2;

	CHECK(mremap(from + offset, BIG_BYTES / 2, BIG_BYTES / 2,
		     MREMAP_MAYMOVE | MREMAP_FIXED, to + offset) == to + offset);
}

static void check_half(const char *memory, unsigned int half, uint64_t seed, uint64_t added)
{
	const uint64_t *words = (const uint64_t *)memory;
	size_t i;

	for (i = 0; i < BIG_BYTES / 16; i++)
		CHECK_EQUAL(words[half * BIG_BYTES / 16 + i],
			    memory_word(seed, half * BIG_BYTES / 16 + i) + added);
}

/* One fault looks at all of the 64 KiB, and maps them; then no more is needed. Returns pages mapped by 64 KiB entries. */
static uint64_t add_to_all(struct faultline *device, char *memory)
{
	struct faultline_counters before = device_stats(device).file, after;

	device_sum(device, (uint64_t *)memory, 1);
	CHECK_EQUAL(device_stats(device).file.faults, before.faults + 1);
	add_one(device, (uint64_t *)memory, BIG_BYTES / 8);
	after = device_stats(device).file;
	CHECK_EQUAL(after.faults, before.faults + 1);
	CHECK_EQUAL(after.pages_mapped, before.pages_mapped + BIG_PAGES);
	return after.big_mapped - before.big_mapped;
}

/* Two huge pages are taken apart, and halves of both meet in the same 64 KiB: first where an entry of 64 KiB was, then beside it. */
static void meet(struct faultline *device, bool in_device_memory)
{
	char *first = huge_map(HUGE_BYTES), *second = huge_map(HUGE_BYTES);
	char *place = small_map(HUGE_BYTES), *beside = place + HUGE_BYTES / 2;
	uint64_t faults;

	memory_fill(first, HUGE_BYTES, 11);
	memory_fill(second, HUGE_BYTES, 12);
	if (in_device_memory) {
		to_device(device, first, HUGE_BYTES);
		to_device(device, second, HUGE_BYTES);
	}
	/* Both halves of one folio may be one entry. */
	move_half(place, first, 0);
	move_half(place, first, 1);
	CHECK_EQUAL(add_to_all(device, place), BIG_PAGES);
	/* One folio gives way to the other. */
	move_half(place, second, 1);
	CHECK_EQUAL(add_to_all(device, place), 0);
	/* Where no entry of 64 KiB has been, with what was left of both. */
	move_half(beside, second, 0);
	move_half(beside, first + BIG_BYTES, 1);
	CHECK_EQUAL(add_to_all(device, beside), 0);
	/* One that loses a page says nothing of the other. */
	CHECK_EQUAL(munmap(place + BIG_BYTES - PAGE_BYTES, PAGE_BYTES), 0);
	faults = device_stats(device).file.faults;
	add_one(device, (uint64_t *)place, BIG_BYTES / 16);
	add_one(device, (uint64_t *)beside, BIG_BYTES / 8);
	CHECK_EQUAL(device_stats(device).file.faults, faults);
	check_half(place, 0, 11, 3);
	CHECK_EQUAL(*(uint64_t *)(place + BIG_BYTES / 2), memory_word(12, BIG_BYTES / 16) + 1);
	check_half(beside, 0, 12, 2);
	CHECK_EQUAL(((uint64_t *)beside)[BIG_BYTES / 8 - 1],
		    memory_word(11, 2 * BIG_BYTES / 8 - 1) + 2);
}

TEST(big_pages_of_two_folios_are_small)
{
	struct faultline device = device_open();

	meet(&device, false);
}

TEST(big_pages_of_two_folios_of_device_memory_are_small)
{
	struct faultline device = open_with_memory();

	meet(&device, true);
}
