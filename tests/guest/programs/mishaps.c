// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* What may happen to a driver: no acknowledge, no memory. Its build for mistakes is told so: tests/guest/mishaps.sh. */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "reaping.h"
#include "work.h"

/* Counts in one word, and does not come to an end. */
static uint64_t count_for_ever(struct faultline *device, uint64_t *word)
{
	struct faultline_job job =
		faultline_job_atomic(word, FAULTLINE_ALU_ADD, 1, 1ull << 40, 0, 8);
	uint64_t seqno;

	CHECK_EQUAL(faultline_submit(device, FAULTLINE_ENGINE_STREAM, &job, 1, &seqno), 0);
	return seqno;
}

static uint64_t look_at(const uint64_t *word)
{
	return *(const volatile uint64_t *)word;
}

static void wait_for_more(const uint64_t *word)
{
	uint64_t before = look_at(word);

	while (look_at(word) == before)
		sleep_ms(1);
}

static void check_given_up(struct faultline *device)
{
	struct faultline_job job = { .opcode = FAULTLINE_JOB_NOP };
	struct pollfd polled = { .fd = device->fd, .events = POLLIN };
	uint64_t *memory = memory_map(PAGE_BYTES), seqno;
	struct faultline_info info;
	struct faultline another;
	int i;

	for (i = 0; i < 2; i++)
		CHECK_EQUAL(faultline_submit(device, i ? FAULTLINE_ENGINE_COPY : FAULTLINE_ENGINE_STREAM,
					     &job, 1, &seqno), -EIO);
	CHECK_EQUAL(faultline_migrate(device, memory, PAGE_BYTES, FAULTLINE_MIGRATE_TO_DEVICE,
				      NULL), -EIO);
	CHECK_EQUAL(faultline_open(&another, NULL), -EIO);
	CHECK_EQUAL(poll(&polled, 1, 0), 1);
	CHECK(polled.revents & POLLERR);
	/* What there is to know is told. */
	CHECK_EQUAL(faultline_info(device, &info), 0);
	device_stats(device);
}

static void check_works(void)
{
	uint64_t *memory = memory_map(PAGE_BYTES);
	struct faultline device = device_open();

	memory_fill(memory, PAGE_BYTES, 1);
	add_one(&device, memory, PAGE_BYTES / 8);
	check_added(memory, PAGE_BYTES / 8, 1, 1);
	faultline_close(&device);
	CHECK_EQUAL(munmap(memory, PAGE_BYTES), 0);
}

#define UNACKNOWLEDGED "the MMU has not acknowledged an invalidate"
#define NO_END "a copy has not ended within 2 s"

/* How often the kernel's log says, since it was asked last, that the device is given up for that. */
static unsigned int messages(const char *reason)
{
	static int log = -1;
	char line[8192];
	unsigned int count = 0;
	ssize_t size;

	if (log < 0)
		log = open("/dev/kmsg", O_RDONLY | O_NONBLOCK);
	CHECK(log >= 0);
	while ((size = read(log, line, sizeof(line) - 1)) > 0) {
		line[size] = 0;
		count += strstr(line, reason) &&
			 strstr(line, "Reset it: echo 1 >");
	}
	return count;
}

/*
 * The TLB keeps what the page table has lost, and the device goes on using it, as long as it can. A second mapping of the
 * memory, which stays, shows for how long that is.
 */
TEST(mishap_unacknowledged_invalidate_takes_the_bus_away)
{
	struct faultline device = device_open();
	int fd = memfd_create("mishap", 0);
	uint64_t *word, *witness, before, after, seqno;

	CHECK(fd >= 0);
	CHECK_EQUAL(ftruncate(fd, PAGE_BYTES), 0);
	word = mmap(NULL, PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	witness = mmap(NULL, PAGE_BYTES, PROT_READ, MAP_SHARED, fd, 0);
	CHECK(word != MAP_FAILED && witness != MAP_FAILED);
	seqno = count_for_ever(&device, word);
	wait_for_more(witness);

	messages(UNACKNOWLEDGED);
	driver_mistake("lost_invalidate");
	before = look_at(witness);
	CHECK_EQUAL(munmap(word, PAGE_BYTES), 0);
	after = look_at(witness);
	/* Until the driver gave up, the device was at it. */
	CHECK(after > before);
	sleep_ms(300);
	CHECK_EQUAL(look_at(witness), after);
	CHECK_EQUAL(messages(UNACKNOWLEDGED), 1);
	CHECK_EQUAL(faultline_wait(&device, FAULTLINE_ENGINE_STREAM, seqno, -1, NULL), -EIO);
	check_given_up(&device);

	/* The next ones are not even tried: no message, no second of waiting. */
	word = memory_map(PAGE_BYTES);
	CHECK_EQUAL(munmap(word, PAGE_BYTES), 0);
	driver_mistake("none");
	driver_reset();
	CHECK_EQUAL(messages(UNACKNOWLEDGED), 0);
	CHECK_EQUAL(look_at(witness), after);
	check_works();
	faultline_close(&device);
	check_works();
}

/* Many are about to find out at the same time; all are told, and none before the device has lost the bus. */
TEST(mishap_several_find_out_at_once)
{
	struct faultline device = device_open();
	unsigned int i;
	int pids[4];

	messages(UNACKNOWLEDGED);
	for (i = 0; i < 4; i++) {
		pids[i] = fork();
		CHECK(pids[i] >= 0);
		if (!pids[i]) {
			struct faultline own = device_open();
			uint64_t *memory = memory_map(PAGE_BYTES);

			add_one(&own, memory, 1);
			raise(SIGSTOP);
			CHECK_EQUAL(munmap(memory, PAGE_BYTES), 0);
			check_given_up(&own);
			_exit(0);
		}
		CHECK_EQUAL(waitpid(pids[i], NULL, WUNTRACED), pids[i]);
	}
	driver_mistake("lost_invalidate");
	for (i = 0; i < 4; i++)
		CHECK_EQUAL(kill(pids[i], SIGCONT), 0);
	for (i = 0; i < 4; i++)
		CHECK_EQUAL(child_wait(pids[i], 60), 0);
	CHECK_EQUAL(messages(UNACKNOWLEDGED), 1);
	faultline_close(&device);
	driver_mistake("none");
	driver_reset();
	check_works();
}

static void reap_and_find_out(void *arg)
{
	struct faultline device;

	victim_reap(*(int *)arg);
	CHECK_EQUAL(faultline_open(&device, NULL), -EIO);
	CHECK_EQUAL(messages(UNACKNOWLEDGED), 1);
}

TEST(mishap_found_out_where_nobody_may_sleep)
{
	int victim = victim_start();

	messages(UNACKNOWLEDGED);
	driver_mistake("lost_invalidate");
	in_child(reap_and_find_out, &victim, 60);
	child_wait(victim, 60);
	driver_mistake("none");
	driver_reset();
	check_works();
}

/* It gets the bus when its MMU has forgotten what it knew, not before. */
TEST(mishap_device_is_bound_again_when_it_acknowledges)
{
	struct faultline device = device_open(), again;
	uint64_t *memory = memory_map(PAGE_BYTES);
	char address[32];
	int fd;

	driver_address(address, sizeof(address));
	add_one(&device, memory, 1);
	driver_mistake("lost_invalidate");
	CHECK_EQUAL(munmap(memory, PAGE_BYTES), 0);
	check_given_up(&device);
	file_write(DRIVER_FOLDER, "unbind", address);
	fd = open(DRIVER_FOLDER "/bind", O_WRONLY);
	CHECK(fd >= 0);
	CHECK(write(fd, address, strlen(address)) < 0 && errno == EIO);
	close(fd);
	CHECK_EQUAL(faultline_open(&again, NULL), -ENOENT);
	driver_mistake("none");
	file_write(DRIVER_FOLDER, "bind", address);
	check_works();
	faultline_close(&device);
	check_works();
}

TEST(mishap_module_goes_with_a_device_that_is_given_up)
{
	struct faultline device = device_open();
	uint64_t *memory = memory_map(PAGE_BYTES);

	add_one(&device, memory, 1);
	driver_mistake("lost_invalidate");
	CHECK_EQUAL(munmap(memory, PAGE_BYTES), 0);
	check_given_up(&device);
	faultline_close(&device);
	driver_unload();
	CHECK_EQUAL(access(DRIVER_FOLDER, F_OK), -1);
	driver_reload(NULL);
	check_works();
}

/* An engine that hears of no copy. */
static void lose_copies(void)
{
	file_write(DRIVER_PARAMETERS, "copy_patience_s", "2");
	messages(NO_END);
	driver_mistake("lost_copy");
}

static void have_copies_again(void)
{
	driver_mistake("none");
	file_write(DRIVER_PARAMETERS, "copy_patience_s", "60");
	driver_reset();
	check_works();
}

TEST(mishap_copy_without_end_leaves_the_page_where_it_was)
{
	struct faultline device = open_with_memory();
	uint64_t *memory = memory_map(PAGE_BYTES);

	memory_fill(memory, PAGE_BYTES, 1);
	lose_copies();
	CHECK_EQUAL(faultline_migrate(&device, memory, PAGE_BYTES, FAULTLINE_MIGRATE_TO_DEVICE,
				      NULL), -EIO);
	CHECK_EQUAL(messages(NO_END), 1);
	memory_check(memory, PAGE_BYTES, 1);
	check_given_up(&device);
	have_copies_again();
	faultline_close(&device);
}

/* There is no other way to what is in the device's memory: SIGBUS, but nobody waits for ever. */
TEST(mishap_copy_without_end_holds_no_cpu)
{
	struct faultline device = open_with_memory();
	uint64_t *memory = memory_map(PAGE_BYTES);

	memory_fill(memory, PAGE_BYTES, 1);
	to_device(&device, memory, PAGE_BYTES);
	lose_copies();
	check_lost(memory, PAGE_BYTES / 8);
	CHECK_EQUAL(messages(NO_END), 1);
	check_given_up(&device);
	CHECK_EQUAL(munmap(memory, PAGE_BYTES), 0);
	have_copies_again();
	faultline_close(&device);
}

static void check_page(const uint64_t *memory, unsigned int page)
{
	size_t i;

	for (i = 0; i < PAGE_BYTES / 8; i++)
		CHECK_EQUAL(memory[page * PAGE_BYTES / 8 + i],
			    memory_word(1, page * PAGE_BYTES / 8 + i));
}

/* A page that a CPU touches, in a group of which every other finds no memory: how many come back, by how many faults. */
static void touch(struct faultline *device, const uint64_t *memory, unsigned int page,
		  uint64_t pages, uint64_t faults)
{
	struct faultline_counters before = device_stats(device).device, after;

	check_page(memory, page);
	after = device_stats(device).device;
	CHECK_EQUAL(after.to_system - before.to_system, pages);
	CHECK_EQUAL(after.cpu_faults - before.cpu_faults, faults);
}

TEST(mishap_page_comes_back_when_its_neighbours_find_no_memory)
{
	struct faultline device = open_with_memory();
	uint64_t *memory = small_map(HUGE_BYTES);
	const uint64_t *next = memory + BIG_BYTES / 8;
	unsigned int page;

	memory_fill(memory, 2 * BIG_BYTES, 1);
	to_device(&device, memory, 2 * BIG_BYTES);
	driver_mistake("short_of_ram");
	/* One that finds none with the others, and comes alone. */
	touch(&device, memory, 3, BIG_PAGES / 2 + 1, 1);
	touch(&device, memory, 4, 0, 0);
	touch(&device, memory, 5, 1, 1);
	/* One that finds some, unlike its neighbours. */
	touch(&device, memory, BIG_PAGES + 2, BIG_PAGES / 2, 1);
	touch(&device, memory, BIG_PAGES + 4, 0, 0);
	for (page = 0; page < 2 * BIG_PAGES; page++)
		check_page(memory, page);
	driver_mistake("none");
	/* The device finds them where they are. */
	CHECK_EQUAL(device_sum(&device, next, BIG_BYTES / 8), sum(next, BIG_BYTES / 8));
}
