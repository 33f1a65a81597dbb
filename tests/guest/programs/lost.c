// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The device goes while memory of a process is on it: tests/guest/device_lost.sh kills it, or the driver gives it up. */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "migration.h"

#define BYTES (64 * PAGE_BYTES)
#define WORDS (BYTES / sizeof(uint64_t))

static void wait_for_loss(struct faultline *device)
{
	struct faultline_job job = { .opcode = FAULTLINE_JOB_NOP };
	int i;

	printf("# ready\n");
	fflush(stdout);
	/* It goes while nothing is said to it: in the middle of a message QEMU 11.1 aborts, see docs/guide/driver.md. */
	sleep_ms(2000);
	for (i = 0; i < 300; i++) {
		if (faultline_run(device, FAULTLINE_ENGINE_STREAM, &job, NULL) == -ENODEV)
			return;
		sleep_ms(100);
	}
	test_fail(__FILE__, __LINE__, "the device is still there");
}

static bool module_can_go(void)
{
	return !syscall(SYS_delete_module, "faultline", O_NONBLOCK);
}

/* The driver lets go of the device; its pages keep it there until nobody has them. */
static void unbind(void *lost)
{
	char address[32];
	int i;

	driver_address(address, sizeof(address));
	file_write(DRIVER_FOLDER, "unbind", address);
	CHECK(!module_can_go());
	CHECK_EQUAL(munmap(lost, BYTES), 0);
	for (i = 0; i < 100 && !module_can_go(); i++)
		sleep_ms(100);
	CHECK(i < 100);
}

/* Removal of the module cannot be refused: it waits. */
static void remove_module(void *lost)
{
	int pid = fork(), status;

	CHECK(pid >= 0);
	if (!pid) {
		munmap(lost, BYTES);
		_exit(!module_can_go());
	}
	sleep_ms(2000);
	CHECK_EQUAL(waitpid(pid, &status, WNOHANG), 0);
	CHECK_EQUAL(munmap(lost, BYTES), 0);
	CHECK_EQUAL(child_wait(pid, 30), 0);
}

TEST(lost_device_takes_its_memory_along)
{
	struct faultline device;
	uint64_t *lost, *kept;
	const char *end = getenv("FAULTLINE_LOSS");

	if (!end)
		test_skip("nobody kills the device");
	device = open_with_memory();
	lost = memory_map(BYTES);
	kept = memory_map(BYTES);
	memory_fill(lost, BYTES, 1);
	memory_fill(kept, BYTES, 2);
	add_one(&device, kept, WORDS);
	to_device(&device, lost, BYTES);
	wait_for_loss(&device);

	check_lost(lost, WORDS);
	check_added(kept, WORDS, 2, 1);

	faultline_close(&device);
	if (!strcmp(end, "unbind"))
		unbind(lost);
	else
		remove_module(lost);
	check_added(kept, WORDS, 2, 1);
}

/* With memory of a process on it, the device is given up. */
static uint64_t *lose(struct faultline *device)
{
	uint64_t *lost = memory_map(BYTES), *given = memory_map(PAGE_BYTES);

	memory_fill(lost, BYTES, 1);
	add_one(device, given, 1);
	to_device(device, lost, BYTES);
	driver_mistake("lost_invalidate");
	CHECK_EQUAL(munmap(given, PAGE_BYTES), 0);
	check_lost(lost, WORDS);
	driver_mistake("none");
	return lost;
}

/* A reset gives the device back, but not what was in its memory: that must not be taken for something else. */
TEST(mishap_memory_of_a_device_given_up_is_lost)
{
	struct faultline device = open_with_memory(), again;
	uint64_t *lost, *kept = memory_map(BYTES);
	int i;

	memory_fill(kept, BYTES, 2);
	add_one(&device, kept, WORDS);
	lost = lose(&device);
	check_added(kept, WORDS, 2, 1);
	driver_reset();
	CHECK_EQUAL(faultline_open(&again, NULL), -EIO);
	check_lost(lost, WORDS);
	/* Nobody has it any more: the device is as new. */
	CHECK_EQUAL(munmap(lost, BYTES), 0);
	for (i = 0; i < 100 && faultline_open(&again, NULL); i++) {
		sleep_ms(100);
		driver_reset();
	}
	CHECK(i < 100);
	to_device(&again, kept, BYTES);
	add_one(&again, kept, WORDS);
	check_added(kept, WORDS, 2, 2);

	lost = lose(&again);
	faultline_close(&again);
	faultline_close(&device);
	unbind(lost);
	check_added(kept, WORDS, 2, 2);
	driver_reload(NULL);
	device = device_open();
	add_one(&device, kept, WORDS);
	check_added(kept, WORDS, 2, 3);
}
