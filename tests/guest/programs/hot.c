// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Memory that the device uses often moves to it; what it uses seldom stays. */
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "work.h"

#define PART_BYTES BIG_BYTES
#define PART_PAGES BIG_PAGES
#define PART_WORDS (PART_BYTES / sizeof(uint64_t))
/* A pass over 64 KiB reads and writes each of its pages: 32 accesses. */
#define OFTEN 8
#define SELDOM 2
#define THRESHOLD "access_counter_threshold=128"

static struct faultline begin(void)
{
	struct faultline device = open_with_memory();

	faultline_close(&device);
	driver_reload(THRESHOLD);
	return device_open();
}

static void over(struct faultline *device)
{
	faultline_close(device);
	driver_reload(NULL);
}

/* Small pages of one region of 2 MiB. */
static uint64_t *region(uint64_t seed)
{
	uint64_t *memory = small_map(HUGE_BYTES);

	memory_fill(memory, HUGE_BYTES, seed);
	return memory;
}

static void use(struct faultline *device, uint64_t *part, int times)
{
	int i;

	for (i = 0; i < times; i++)
		add_one(device, part, PART_WORDS);
}

TEST(hot_memory_moves_to_the_device)
{
	struct faultline device = begin();
	uint64_t *memory = region(1);
	struct faultline_counters counters;

	use(&device, memory, SELDOM);
	sleep_ms(300);
	CHECK_EQUAL(device_stats(&device).file.notifications, 0);
	CHECK_EQUAL(device_stats(&device).file.to_device, 0);
	use(&device, memory, OFTEN);
	CHECK(hot_moves(&device, PART_PAGES));
	/* Of the 2 MiB, what was used. */
	counters = device_stats(&device).file;
	CHECK_EQUAL(counters.to_device, PART_PAGES);
	CHECK_EQUAL(counters.hot_moved, PART_PAGES);
	check_added(memory, PART_WORDS, 1, SELDOM + OFTEN);
	over(&device);
}

TEST(hot_memory_is_hot_again_after_the_cpu_had_it)
{
	struct faultline device = begin();
	uint64_t *memory = region(2);

	use(&device, memory, OFTEN);
	CHECK(hot_moves(&device, PART_PAGES));
	check_added(memory, PART_WORDS, 2, OFTEN);
	use(&device, memory, OFTEN);
	CHECK(hot_moves(&device, 2 * PART_PAGES));
	check_added(memory, PART_WORDS, 2, 2 * OFTEN);
	over(&device);
}

/* Accesses in device memory do not count: there is nothing to be moved. */
TEST(hot_memory_in_device_memory_is_left_alone)
{
	struct faultline device = begin();
	uint64_t *memory = region(3), notifications;

	to_device(&device, memory, HUGE_BYTES);
	add_one(&device, memory, PART_WORDS);
	notifications = device_stats(&device).file.notifications;
	use(&device, memory, 2 * OFTEN);
	sleep_ms(300);
	CHECK_EQUAL(device_stats(&device).file.notifications, notifications);
	over(&device);
}

TEST(hot_memory_that_may_not_move_stays)
{
	struct faultline device = begin();
	uint64_t *memory = mmap(NULL, PART_BYTES, PROT_READ | PROT_WRITE,
				MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int i;

	CHECK(memory != MAP_FAILED);
	memory_fill(memory, PART_BYTES, 4);
	use(&device, memory, 3 * OFTEN);
	for (i = 0; i < 50 && !device_stats(&device).file.notifications; i++)
		sleep_ms(100);
	CHECK(device_stats(&device).file.notifications > 0);
	CHECK_EQUAL(device_stats(&device).file.to_device, 0);
	check_added(memory, PART_WORDS, 4, 3 * OFTEN);
	over(&device);
}

/* Two processes, the same addresses: one uses its memory often. */
TEST(hot_memory_of_one_process_only)
{
	struct faultline device = begin();
	uint64_t *memory = region(5);
	pid_t pid;

	faultline_close(&device);
	pid = fork();
	CHECK(pid >= 0);
	if (!pid) {
		device = device_open();
		use(&device, memory, SELDOM);
		sleep_ms(3000);
		_exit(device_stats(&device).file.notifications != 0);
	}
	device = device_open();
	sleep_ms(500);
	use(&device, memory, OFTEN);
	CHECK(hot_moves(&device, PART_PAGES));
	CHECK_EQUAL(child_wait(pid, 30), 0);
	check_added(memory, PART_WORDS, 5, OFTEN);
	over(&device);
}

TEST(hot_memory_only_if_the_driver_counts)
{
	struct faultline device = open_with_memory();
	uint64_t *memory = region(6);

	use(&device, memory, 4 * OFTEN);
	sleep_ms(300);
	CHECK_EQUAL(device_stats(&device).file.notifications, 0);
	CHECK_EQUAL(device_stats(&device).file.to_device, 0);
}
