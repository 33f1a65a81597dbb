// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The driver loaded with other parameters, loaded again, unbound under its users. */
#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "harness.h"

#define STORM_STREAMS 8
#define COPY_STREAMS 6
#define STORM_BYTES (128 * PAGE_BYTES)
#define STORM_WORDS (STORM_BYTES / sizeof(uint64_t))

/* One of many that all fault at the same time. */
static void *storm_stream(void *arg)
{
	uint64_t *memory = memory_map(STORM_BYTES), seed = (uintptr_t)arg, i;
	struct faultline device = device_open();
	struct faultline_job job = faultline_job_transform(
		memory, memory, FAULTLINE_ALU_ADD, 3, STORM_WORDS, 8);

	memory_fill(memory, STORM_BYTES, seed);
	run_ok(&device, &job);
	for (i = 0; i < STORM_WORDS; i++)
		CHECK_EQUAL(memory[i], memory_word(seed, i) + 3);
	faultline_close(&device);
	return NULL;
}

static void storm(void)
{
	pthread_t threads[STORM_STREAMS];
	uintptr_t i;

	for (i = 0; i < STORM_STREAMS; i++)
		CHECK_EQUAL(pthread_create(&threads[i], NULL, storm_stream,
					   (void *)i), 0);
	for (i = 0; i < STORM_STREAMS; i++)
		pthread_join(threads[i], NULL);
}

/* What a storm did to a driver with these parameters. */
static struct faultline_counters storm_with(const char *parameters)
{
	struct faultline device;
	struct faultline_stats stats;

	driver_reload(parameters);
	storm();
	device = device_open();
	stats = device_stats(&device);
	faultline_close(&device);
	driver_reload(NULL);
	return stats.device;
}

TEST(reload_storm_overflows_a_small_buffer_and_loses_nothing)
{
	struct faultline_counters counters =
		storm_with("fault_buffer_entries=8 fault_around_pages=1 prefetch_density=100");

	CHECK(counters.overflows > 0);
	CHECK(counters.faults >= STORM_STREAMS * STORM_BYTES / PAGE_BYTES);
	CHECK_EQUAL(counters.cancels, 0);
}

TEST(reload_storm_passes_through_a_buffer_of_two_entries)
{
	struct faultline_counters counters =
		storm_with("fault_buffer_entries=2 fault_around_pages=4 prefetch_density=100");

	CHECK(counters.overflows > 0);
	CHECK_EQUAL(counters.cancels, 0);
}

/* One that is switched out by each of its faults. */
static void *copy_storm(void *arg)
{
	char *src = memory_map(STORM_BYTES), *dst = memory_map(STORM_BYTES);
	struct faultline device = device_open();
	struct faultline_job job = faultline_job_copy(dst, src, STORM_WORDS, 8);
	uint64_t seed = (uintptr_t)arg;

	memory_fill(src, STORM_BYTES, seed);
	CHECK_EQUAL(faultline_run(&device, FAULTLINE_ENGINE_COPY, &job, NULL), 0);
	memory_check(dst, STORM_BYTES, seed);
	faultline_close(&device);
	return NULL;
}

/* What is not replayed and not reported must still be found. */
TEST(reload_copy_channels_whose_packets_were_lost_are_restarted)
{
	pthread_t threads[COPY_STREAMS];
	uintptr_t i;

	driver_reload("fault_buffer_entries=2 fault_around_pages=1");
	for (i = 0; i < COPY_STREAMS; i++)
		CHECK_EQUAL(pthread_create(&threads[i], NULL, copy_storm,
					   (void *)i), 0);
	for (i = 0; i < COPY_STREAMS; i++)
		pthread_join(threads[i], NULL);
	driver_reload(NULL);
}

TEST(reload_storm_in_batches_of_one)
{
	struct faultline_counters counters = storm_with("fault_batch=1");

	CHECK(counters.faults > 0);
	CHECK_EQUAL(counters.cancels, 0);
}

TEST(reload_queue_of_two_entries)
{
	struct faultline_job jobs[50] = {};
	struct faultline device;
	uint64_t seqno;

	driver_reload("queue_entries=2");
	device = device_open();
	CHECK_EQUAL(faultline_submit(&device, FAULTLINE_ENGINE_STREAM, jobs, 50,
				     &seqno), 0);
	CHECK_EQUAL(faultline_wait(&device, FAULTLINE_ENGINE_STREAM, seqno, -1,
				   NULL), 0);
	faultline_close(&device);
	driver_reload(NULL);
}

TEST(reload_refuses_parameters_out_of_range)
{
	struct faultline device;

	/* The module loads, its probe does not succeed: no node. */
	driver_reload("fault_buffer_entries=1");
	CHECK_EQUAL(faultline_open(&device, NULL), -ENOENT);
	driver_reload(NULL);
	device = device_open();
	faultline_close(&device);
}

TEST(reload_many_times)
{
	int i;

	for (i = 0; i < 5; i++) {
		driver_reload(NULL);
		storm_stream((void *)(uintptr_t)i);
	}
}

TEST(reload_is_refused_while_a_file_is_open)
{
	struct faultline device = device_open();

	CHECK_EQUAL(syscall(SYS_delete_module, "faultline", O_NONBLOCK), -1);
	CHECK_EQUAL(errno, EWOULDBLOCK);
	faultline_close(&device);
}

static void check_gone(struct faultline *device)
{
	struct faultline_job job = { .opcode = FAULTLINE_JOB_NOP };
	struct faultline_info info;
	struct faultline_stats stats;
	uint64_t seqno;

	CHECK_EQUAL(faultline_submit(device, FAULTLINE_ENGINE_STREAM, &job, 1,
				     &seqno), -ENODEV);
	CHECK_EQUAL(faultline_info(device, &info), -ENODEV);
	CHECK_EQUAL(faultline_stats(device, &stats, NULL, 0), -ENODEV);
}

TEST(unbind_with_a_file_open)
{
	struct faultline device = device_open(), again;
	uint64_t *memory = memory_map(STORM_BYTES);
	struct faultline_job job = faultline_job_fill(memory, 1, STORM_WORDS, 8);
	char address[32];

	run_ok(&device, &job);
	driver_address(address, sizeof(address));
	file_write(DRIVER_FOLDER, "unbind", address);
	check_gone(&device);
	/* What the device had is the process's alone again. */
	memory[0] = 2;
	CHECK_EQUAL(munmap(memory, STORM_BYTES), 0);
	file_write(DRIVER_FOLDER, "bind", address);
	again = device_open();
	storm_stream((void *)1);
	check_gone(&device);
	faultline_close(&device);
	storm_stream((void *)2);
	faultline_close(&again);
}

TEST(reset_of_the_function_ends_the_use_of_open_files)
{
	struct faultline device = device_open();
	uint64_t *memory = memory_map(STORM_BYTES), seqno;
	struct faultline_job job = faultline_job_fill(memory, 1, STORM_WORDS, 8);

	run_ok(&device, &job);
	driver_reset();
	CHECK_EQUAL(faultline_submit(&device, FAULTLINE_ENGINE_STREAM, &job, 1,
				     &seqno), -ENODEV);
	storm_stream((void *)4);
	faultline_close(&device);
	storm_stream((void *)5);
}

struct waiter {
	struct faultline device;
	uint64_t seqno;
	int result;
};

static void *wait_for_job(void *arg)
{
	struct waiter *waiter = arg;

	waiter->result = faultline_wait(&waiter->device, FAULTLINE_ENGINE_STREAM,
					waiter->seqno, -1, NULL);
	return NULL;
}

/* A job that goes on for so long that it is still running. */
TEST(unbind_wakes_those_who_wait)
{
	struct waiter waiter = { .device = device_open() };
	uint64_t *memory = memory_map(STORM_BYTES);
	struct faultline_job jobs[200];
	char address[32];
	pthread_t thread;
	int i;

	for (i = 0; i < 200; i++)
		jobs[i] = faultline_job_fill(memory, 1, STORM_WORDS, 1);
	for (i = 0; i < 200; i++)
		jobs[i].count = STORM_BYTES;
	CHECK_EQUAL(faultline_submit(&waiter.device, FAULTLINE_ENGINE_STREAM,
				     jobs, 200, &waiter.seqno), 0);
	CHECK_EQUAL(pthread_create(&thread, NULL, wait_for_job, &waiter), 0);
	driver_address(address, sizeof(address));
	file_write(DRIVER_FOLDER, "unbind", address);
	pthread_join(thread, NULL);
	CHECK(waiter.result == -ENODEV || waiter.result == 0);
	faultline_close(&waiter.device);
	file_write(DRIVER_FOLDER, "bind", address);
	storm_stream((void *)3);
}
