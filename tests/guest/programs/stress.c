// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Everything at once, at random: FAULTLINE_SEED repeats a run, FAULTLINE_STRESS_SECONDS makes it longer. */
#include <pthread.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "migration.h"

#define WORKERS 4
#define WORDS (HUGE_BYTES / sizeof(uint64_t))
/* Elements of a page that belong to the device; the others belong to the CPU. */
#define STRIDE 64u
#define DEFAULT_SECONDS 15

/* One worker: a file of its own, 2 MiB that it works on, and what must be in them. */
struct worker {
	struct faultline device;
	unsigned int number;
	uint64_t random;
	uint64_t *memory;
	uint64_t seed;
	/* Added by the device to words 0, STRIDE, ...; by the CPU to all others. */
	uint64_t device_added;
	uint64_t cpu_added;
	unsigned int steps;
	double until;
};

static double now_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static uint64_t environment_number(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);

	return text ? strtoull(text, NULL, 0) : otherwise;
}

/* xorshift64 */
static unsigned int draw(struct worker *worker, unsigned int below)
{
	worker->random ^= worker->random << 13;
	worker->random ^= worker->random >> 7;
	worker->random ^= worker->random << 17;
	return (unsigned int)(worker->random >> 33) % below;
}

static struct faultline_job device_addition(const struct worker *worker)
{
	return faultline_job_atomic(worker->memory, FAULTLINE_ALU_ADD, 1,
				    WORDS / STRIDE, STRIDE * 8, 8);
}

static uint64_t wanted_word(const struct worker *worker, size_t i)
{
	return memory_word(worker->seed, i) +
	       (i % STRIDE ? worker->cpu_added : worker->device_added);
}

static void verify(const struct worker *worker)
{
	size_t i;

	for (i = 0; i < WORDS; i++)
		if (worker->memory[i] != wanted_word(worker, i))
			test_fail(__FILE__, __LINE__,
				  "worker %u, step %u: word %zu is %#" PRIx64
				  ", not %#" PRIx64, worker->number,
				  worker->steps, i, worker->memory[i],
				  wanted_word(worker, i));
}

static void verify_by_device(struct worker *worker)
{
	uint64_t total = 0;
	size_t i;

	for (i = 0; i < WORDS; i++)
		total += wanted_word(worker, i);
	CHECK_EQUAL(device_sum(&worker->device, worker->memory, WORDS), total);
}

static void add_by_cpu(struct worker *worker)
{
	size_t i;

	for (i = 0; i < WORDS; i++)
		if (i % STRIDE)
			worker->memory[i]++;
	worker->cpu_added++;
}

static void migrate_some(struct worker *worker)
{
	size_t page = draw(worker, HUGE_PAGES);
	size_t pages = 1 + draw(worker, (unsigned int)(HUGE_PAGES - page));

	/* Some may stay: another worker's memory or a busy page is in the way. */
	faultline_migrate(&worker->device,
			  (char *)worker->memory + page * PAGE_BYTES,
			  pages * PAGE_BYTES,
			  draw(worker, 3) ? FAULTLINE_MIGRATE_TO_DEVICE :
					    FAULTLINE_MIGRATE_TO_SYSTEM, NULL);
}

/* A child has what was there at fork(), whatever becomes of the parent's. */
static int fork_witness(const struct worker *worker)
{
	int pid = fork();

	CHECK(pid >= 0);
	if (!pid) {
		verify(worker);
		_exit(0);
	}
	return pid;
}

static void move_elsewhere(struct worker *worker)
{
	uint64_t *target = huge_map(HUGE_BYTES + PAGE_BYTES);

	target += draw(worker, 2) * PAGE_BYTES / 8;
	CHECK(mremap(worker->memory, HUGE_BYTES, HUGE_BYTES,
		     MREMAP_MAYMOVE | MREMAP_FIXED, target) == target);
	worker->memory = target;
}

static void protect(struct worker *worker)
{
	struct faultline_job job = device_addition(worker);

	CHECK_EQUAL(mprotect(worker->memory, HUGE_BYTES, PROT_READ), 0);
	CHECK_EQUAL(faultline_run(&worker->device, FAULTLINE_ENGINE_STREAM, &job,
				  NULL), -EPERM);
	CHECK_EQUAL(mprotect(worker->memory, HUGE_BYTES, PROT_READ | PROT_WRITE),
		    0);
}

static void start_anew(struct worker *worker)
{
	CHECK_EQUAL(madvise(worker->memory, HUGE_BYTES, MADV_DONTNEED), 0);
	worker->seed++;
	worker->device_added = 0;
	worker->cpu_added = 0;
	memory_fill(worker->memory, HUGE_BYTES, worker->seed);
}

static void disturb(struct worker *worker)
{
	switch (draw(worker, 6)) {
	case 0:
		add_by_cpu(worker);
		break;
	case 1:
		madvise(worker->memory, HUGE_BYTES,
			draw(worker, 2) ? MADV_PAGEOUT : MADV_COLD);
		break;
	default:
		migrate_some(worker);
		break;
	}
}

static void step(struct worker *worker)
{
	struct faultline_job job = device_addition(worker);
	int witness = 0, i;
	uint64_t seqno;

	switch (draw(worker, 12)) {
	case 0:
		return protect(worker);
	case 1:
		return start_anew(worker);
	case 2:
		move_elsewhere(worker);
		break;
	case 3:
		witness = fork_witness(worker);
		break;
	case 4:
		verify(worker);
		return;
	case 5:
		return verify_by_device(worker);
	default:
		break;
	}
	job = device_addition(worker);
	CHECK_EQUAL(faultline_submit(&worker->device, FAULTLINE_ENGINE_STREAM,
				     &job, 1, &seqno), 0);
	for (i = (int)draw(worker, 4); i > 0; i--)
		disturb(worker);
	CHECK_EQUAL(faultline_wait(&worker->device, FAULTLINE_ENGINE_STREAM,
				   seqno, -1, NULL), 0);
	worker->device_added++;
	if (witness)
		CHECK_EQUAL(child_wait(witness, 60), 0);
}

static void *work(void *arg)
{
	struct worker *worker = arg;

	worker->memory = huge_map(HUGE_BYTES);
	worker->seed = worker->number;
	memory_fill(worker->memory, HUGE_BYTES, worker->seed);
	for (; now_seconds() < worker->until; worker->steps++)
		step(worker);
	verify(worker);
	verify_by_device(worker);
	return NULL;
}

/* Threads of one process and processes of their own, all on one device. */
static void work_in_threads(uint64_t seed, double until)
{
	struct worker workers[WORKERS] = {};
	pthread_t threads[WORKERS];
	unsigned int i, steps = 0;

	for (i = 0; i < WORKERS; i++) {
		workers[i].device = open_with_memory();
		workers[i].number = i;
		workers[i].random = (seed + i + 1) * 0x9e3779b97f4a7c15ull;
		workers[i].until = until;
		CHECK_EQUAL(pthread_create(&threads[i], NULL, work, &workers[i]),
			    0);
	}
	for (i = 0; i < WORKERS; i++) {
		pthread_join(threads[i], NULL);
		steps += workers[i].steps;
	}
	printf("# %u steps\n", steps);
	fflush(stdout);
}

TEST(stress_of_everything_at_once)
{
	uint64_t seed = environment_number("FAULTLINE_SEED", (uint64_t)time(NULL));
	uint64_t seconds = environment_number("FAULTLINE_STRESS_SECONDS",
					      DEFAULT_SECONDS);
	double until = now_seconds() + (double)seconds;
	struct faultline device = open_with_memory();
	int pid;

	faultline_close(&device);
	printf("# FAULTLINE_SEED=%" PRIu64 "\n", seed);
	fflush(stdout);
	pid = fork();
	CHECK(pid >= 0);
	if (!pid) {
		work_in_threads(seed + 1000, until);
		_exit(0);
	}
	work_in_threads(seed, until);
	CHECK_EQUAL(child_wait(pid, 60), 0);
}
