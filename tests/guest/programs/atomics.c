// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Device and CPUs add to the same words at the same time: nothing is lost. */
#include <pthread.h>
#include <stdatomic.h>
#include <sys/mman.h>

#include "harness.h"

#define CELLS 512u
#define STRIDE 64u
#define BYTES (CELLS * STRIDE)
#define ROUNDS 40u
#define DEVICE_ADDEND 1000000000u
#define CPUS 2u

struct adder {
	char *memory;
	atomic_bool *stop;
	uint64_t added;
	pthread_t thread;
};

static _Atomic uint64_t *cell(char *memory, uint64_t i)
{
	return (_Atomic uint64_t *)(void *)(memory + i * STRIDE);
}

static void *cpu_adds(void *arg)
{
	struct adder *adder = arg;

	while (!atomic_load(adder->stop)) {
		atomic_fetch_add(cell(adder->memory, adder->added % CELLS), 1);
		adder->added++;
	}
	return NULL;
}

static void device_adds(struct faultline *device, char *memory)
{
	struct faultline_job job = faultline_job_atomic(
		memory, FAULTLINE_ALU_ADD, DEVICE_ADDEND, CELLS, STRIDE, 8);
	unsigned int i;

	for (i = 0; i < ROUNDS; i++)
		CHECK_EQUAL(run_ok(device, &job).done, CELLS);
}

static void check_sum(char *memory, uint64_t want)
{
	uint64_t sum = 0, i;

	for (i = 0; i < CELLS; i++)
		sum += *cell(memory, i);
	CHECK_EQUAL(sum, want);
}

TEST(atomics_of_device_and_cpus_lose_nothing)
{
	struct faultline device = device_open();
	char *memory = memory_map(BYTES);
	struct adder adders[CPUS];
	atomic_bool stop = false;
	uint64_t added = 0;
	unsigned int i;

	for (i = 0; i < CPUS; i++) {
		adders[i] = (struct adder){ .memory = memory, .stop = &stop };
		CHECK_EQUAL(pthread_create(&adders[i].thread, NULL, cpu_adds,
					   &adders[i]), 0);
	}
	device_adds(&device, memory);
	atomic_store(&stop, true);
	for (i = 0; i < CPUS; i++) {
		pthread_join(adders[i].thread, NULL);
		added += adders[i].added;
	}
	CHECK(added > 0);
	check_sum(memory, added + (uint64_t)ROUNDS * CELLS * DEVICE_ADDEND);
}

static void *stream_adds(void *arg)
{
	struct faultline device = device_open();

	device_adds(&device, arg);
	return NULL;
}

TEST(atomics_of_two_streams_lose_nothing)
{
	char *memory = memory_map(BYTES);
	pthread_t threads[2];
	unsigned int i;

	for (i = 0; i < 2; i++)
		CHECK_EQUAL(pthread_create(&threads[i], NULL, stream_adds, memory), 0);
	for (i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	check_sum(memory, 2ull * ROUNDS * CELLS * DEVICE_ADDEND);
}

/* The kernel takes the pages away and gives them back all the time. */
static void *disturb(void *arg)
{
	struct adder *adder = arg;

	while (!atomic_load(adder->stop)) {
		mprotect(adder->memory, BYTES, PROT_READ);
		mprotect(adder->memory, BYTES, PROT_READ | PROT_WRITE);
		sleep_ms(2);
	}
	return NULL;
}

TEST(atomics_survive_invalidation)
{
	struct faultline device = device_open();
	char *memory = memory_map(BYTES);
	atomic_bool stop = false;
	struct adder disturber = { .memory = memory, .stop = &stop };
	struct faultline_job job = faultline_job_atomic(
		memory, FAULTLINE_ALU_ADD, 1, CELLS, STRIDE, 8);
	struct faultline_completion done;
	uint64_t least[CELLS] = {}, most[CELLS] = {};
	unsigned int i, k;
	int ret;

	CHECK_EQUAL(pthread_create(&disturber.thread, NULL, disturb, &disturber), 0);
	for (i = 0; i < ROUNDS; i++) {
		ret = faultline_run(&device, FAULTLINE_ENGINE_STREAM, &job, &done);
		/*
		 * A job that met the read-only moment says how far it came.
		 * Behind that it may have done some elements, but none twice.
		 */
		CHECK(!ret || ret == -EPERM);
		for (k = 0; k < CELLS; k++) {
			least[k] += k < done.done;
			most[k] += ret || k < done.done;
		}
	}
	atomic_store(&stop, true);
	pthread_join(disturber.thread, NULL);
	for (k = 0; k < CELLS; k++)
		CHECK(*cell(memory, k) >= least[k] && *cell(memory, k) <= most[k]);
}
