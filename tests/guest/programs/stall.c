// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Jobs that wait for a page that user space must provide (userfaultfd). */
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "work.h"

#define BYTES (8 * PAGE_BYTES)
#define WORDS (BYTES / sizeof(uint64_t))
#define SECOND_NS 1000000000ll

/* Pages of this memory are missing until somebody answers the descriptor. */
static int register_missing(void *memory)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register range = {
		.range = { .start = (uintptr_t)memory, .len = BYTES },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};
	int fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC);

	if (fd < 0)
		test_skip("no userfaultfd: %s", strerror(errno));
	CHECK_EQUAL(ioctl(fd, UFFDIO_API, &api), 0);
	CHECK_EQUAL(ioctl(fd, UFFDIO_REGISTER, &range), 0);
	return fd;
}

static uint64_t submit(struct faultline *device, uint32_t engine,
		       struct faultline_job job)
{
	uint64_t seqno;

	CHECK_EQUAL(faultline_submit(device, engine, &job, 1, &seqno), 0);
	return seqno;
}

/* The job has not ended; its number. */
static uint64_t stalled(struct faultline *device, uint32_t engine,
			struct faultline_job job)
{
	uint64_t seqno = submit(device, engine, job);
	int ret = faultline_wait(device, engine, seqno, SECOND_NS / 5, NULL);

	/* Kernels before hmm_range_fault_unlocked_timeout() cannot wait there. */
	if (ret == -EFAULT)
		test_skip("this kernel does not wait for userfaultfd here");
	CHECK_EQUAL(ret, -ETIME);
	return seqno;
}

static uint64_t submit_stalled(struct faultline *device, void *memory)
{
	return stalled(device, FAULTLINE_ENGINE_STREAM,
		       faultline_job_fill(memory, 1, WORDS, 8));
}

/* What jobs wait for. */
static void provide(int fd, void *memory)
{
	struct uffdio_copy copy = {
		.dst = (uintptr_t)memory,
		.src = (uintptr_t)memory_map(BYTES),
		.len = BYTES,
	};

	CHECK_EQUAL(ioctl(fd, UFFDIO_COPY, &copy), 0);
}

static void wait_end(struct faultline *device, uint32_t engine, uint64_t seqno)
{
	CHECK_EQUAL(faultline_wait(device, engine, seqno, 30 * SECOND_NS, NULL), 0);
}

static void check_usable(void)
{
	struct faultline device = device_open();
	uint64_t *memory = memory_map(BYTES);
	struct faultline_job job = faultline_job_fill(memory, 9, WORDS, 8);

	run_ok(&device, &job);
	CHECK_EQUAL(memory[WORDS - 1], 9);
}

static void another_process(void *unused)
{
	(void)unused;
	check_usable();
}

static void on_alarm(int signal)
{
	(void)signal;
}

TEST(stall_ends_when_user_space_provides_the_pages)
{
	struct faultline device = device_open();
	char *memory = memory_map(BYTES);
	int fd = register_missing(memory);
	uint64_t seqno = submit_stalled(&device, memory);

	provide(fd, memory);
	wait_end(&device, FAULTLINE_ENGINE_STREAM, seqno);
	CHECK_EQUAL(memory[BYTES - 8], 1);
}

static void *nowhere_map(size_t bytes)
{
	void *nowhere = memory_map(bytes);

	CHECK_EQUAL(munmap(nowhere, bytes), 0);
	return nowhere;
}

/* The driver judges so many prefetch faults together. */
#define SAMPLE 64

/*
 * The first sample turns prefetch faults off. What is left of the storm, all but
 * one of a second, must not turn them off again as soon as they are reported again.
 */
TEST(stall_leftovers_of_a_storm_are_not_counted_later)
{
	char *missing = memory_map(BYTES);
	char *nowhere = nowhere_map((2 * SAMPLE - 1) * PAGE_BYTES);
	struct faultline_job prefetch =
		faultline_job_prefetch(nowhere,
				       (2 * SAMPLE - 1) * PAGE_BYTES);
	struct faultline device;
	uint64_t copy;
	int fd;

	driver_reload("prefetch_filter_ms=300");
	device = device_open();
	fd = register_missing(missing);
	copy = stalled(&device, FAULTLINE_ENGINE_COPY,
		       faultline_job_copy(memory_map(BYTES), missing, BYTES, 1));
	run_ok(&device, &prefetch);
	provide(fd, missing);
	wait_end(&device, FAULTLINE_ENGINE_COPY, copy);
	sleep_ms(1000);
	CHECK_EQUAL(device_stats(&device).device.prefetch_filtered, 1);
	CHECK(mapped_by_prefetch(&device) >= USEFUL_PAGES);
	CHECK_EQUAL(device_stats(&device).device.prefetch_filtered, 1);
	faultline_close(&device);
	driver_reload(NULL);
}

/* Packets of prefetches fill the queue of the service that waits; the fault behind them has room. */
TEST(stall_behind_a_storm_of_prefetches_loses_no_fault)
{
	char *missing = memory_map(BYTES), *to = memory_map(BYTES);
	char *nowhere = nowhere_map(STORM_PAGES * PAGE_BYTES);
	uint64_t *behind = memory_map(BYTES), copy, fill;
	struct faultline device;
	int fd;

	driver_reload("prefetch_filter_percent=100");
	device = device_open();
	fd = register_missing(missing);
	copy = stalled(&device, FAULTLINE_ENGINE_COPY,
		       faultline_job_copy(to, missing, BYTES, 1));
	submit(&device, FAULTLINE_ENGINE_STREAM,
	       faultline_job_prefetch(nowhere, STORM_PAGES * PAGE_BYTES));
	fill = stalled(&device, FAULTLINE_ENGINE_STREAM,
		       faultline_job_fill(behind, 1, WORDS, 8));
	provide(fd, missing);
	wait_end(&device, FAULTLINE_ENGINE_COPY, copy);
	wait_end(&device, FAULTLINE_ENGINE_STREAM, fill);
	CHECK_EQUAL(behind[WORDS - 1], 1);
	CHECK(device_stats(&device).file.dropped > 0);
	faultline_close(&device);
	driver_reload(NULL);
}

TEST(stall_of_one_process_does_not_hold_up_another)
{
	struct faultline device = device_open();
	char *memory = memory_map(BYTES);

	register_missing(memory);
	submit_stalled(&device, memory);
	in_child(another_process, NULL, 10);
}

/* Faults of another process's, each with its replay. */
static void replay_all(void *unused)
{
	struct faultline own = device_open();
	uint64_t *memory = memory_map(BYTES);
	unsigned int page;

	(void)unused;
	for (page = 0; page < BYTES / PAGE_BYTES; page++) {
		struct faultline_job job =
			faultline_job_fill(memory + page * PAGE_BYTES / 8, 1, 1, 8);

		run_ok(&own, &job);
		CHECK_EQUAL(munmap(memory + page * PAGE_BYTES / 8, PAGE_BYTES), 0);
	}
	faultline_close(&own);
}

/* Each replay raises what is being served again: that is known, and answered once. */
TEST(stall_faults_that_are_raised_again_are_served_once)
{
	struct faultline device = device_open();
	char *memory = memory_map(BYTES);
	int fd = register_missing(memory);
	uint64_t seqno = submit_stalled(&device, memory);

	in_child(replay_all, NULL, 30);
	CHECK(device_stats(&device).file.duplicates > 0);
	provide(fd, memory);
	wait_end(&device, FAULTLINE_ENGINE_STREAM, seqno);
	CHECK_EQUAL(memory[BYTES - 8], 1);
	CHECK_EQUAL(device_stats(&device).file.cancels, 0);
}

/* A fault's batch has an atomic first: what is read and written behind it is not claimed for that. */
static void check_batch(struct faultline *device)
{
	char *missing = memory_map(BYTES), *src = memory_map(BYTES), *dst = memory_map(BYTES);
	char *word = memory_map(PAGE_BYTES);
	struct faultline_job prefetch = faultline_job_prefetch(missing, PAGE_BYTES);
	struct faultline_job atomic =
		faultline_job_atomic(word, FAULTLINE_ALU_ADD, 1, 1, 8, 8);
	struct faultline_job copy = faultline_job_copy(dst, src, WORDS, 8);
	int fd = register_missing(missing), i;
	uint64_t atomics, copies, before = device_stats(device).file.faults;

	CHECK(word < src && word < dst);
	memory_fill(src, BYTES, 3);
	/* Nobody waits for a prefetch, but its service waits for user space. */
	run_ok(device, &prefetch);
	atomics = submit(device, FAULTLINE_ENGINE_STREAM, atomic);
	copies = submit(device, FAULTLINE_ENGINE_COPY, copy);
	for (i = 0; i < 1000 && device_stats(device).file.faults < before + 3; i++)
		sleep_ms(10);
	CHECK(i < 1000);
	provide(fd, missing);
	wait_end(device, FAULTLINE_ENGINE_STREAM, atomics);
	wait_end(device, FAULTLINE_ENGINE_COPY, copies);
	CHECK_EQUAL(device_stats(device).file.exclusive, 1);
	CHECK_EQUAL(*(uint64_t *)word, 1);
	memory_check(dst, BYTES, 3);
}

TEST(stall_atomic_of_a_batch_claims_its_page_alone)
{
	struct faultline_info info;
	struct faultline device;

	driver_reload("exclusive_atomics=1");
	device = device_open();
	CHECK_EQUAL(faultline_info(&device, &info), 0);
	if (info.features & FAULTLINE_FEATURE_EXCLUSIVE)
		check_batch(&device);
	faultline_close(&device);
	driver_reload(NULL);
	if (!(info.features & FAULTLINE_FEATURE_EXCLUSIVE))
		test_skip("this kernel has no exclusive access");
}

TEST(stall_ends_when_the_file_is_closed)
{
	struct faultline device = device_open();
	char *memory = memory_map(BYTES);

	register_missing(memory);
	submit_stalled(&device, memory);
	faultline_close(&device);
	check_usable();
}

TEST(stall_ends_when_the_memory_is_unmapped)
{
	struct faultline device = device_open();
	char *memory = memory_map(BYTES);
	uint64_t seqno;
	int fd = register_missing(memory);

	seqno = submit_stalled(&device, memory);
	CHECK_EQUAL(munmap(memory, BYTES), 0);
	close(fd);
	CHECK_EQUAL(faultline_wait(&device, FAULTLINE_ENGINE_STREAM, seqno,
				   30 * SECOND_NS, NULL), -EFAULT);
}

/* The descriptor stays open in the parent: nothing but the kill ends the wait. */
TEST(stall_does_not_survive_a_kill)
{
	int ready[2], pid, uffd, number, status;

	CHECK_EQUAL(pipe(ready), 0);
	pid = fork();
	CHECK(pid >= 0);
	if (!pid) {
		struct faultline device = device_open();
		char *memory = memory_map(BYTES);

		number = register_missing(memory);
		submit_stalled(&device, memory);
		CHECK_EQUAL(write(ready[1], &number, sizeof(number)), sizeof(number));
		pause();
	}
	close(ready[1]);
	if (read(ready[0], &number, sizeof(number)) != sizeof(number)) {
		child_wait(pid, 10);
		test_skip("the child could not stall");
	}
	uffd = (int)syscall(SYS_pidfd_getfd,
			    (int)syscall(SYS_pidfd_open, pid, 0), number, 0);
	CHECK(uffd >= 0);
	CHECK_EQUAL(kill(pid, SIGKILL), 0);
	status = child_wait(pid, 10);
	CHECK(WIFSIGNALED(status));
	check_usable();
}

TEST(stall_wait_is_interrupted_by_a_signal)
{
	struct faultline device = device_open();
	char *memory = memory_map(BYTES);
	struct sigaction action = { .sa_handler = on_alarm };
	struct faultline_wait wait = { .timeout_ns = 20 * SECOND_NS };

	register_missing(memory);
	wait.seqno = submit_stalled(&device, memory);
	CHECK_EQUAL(sigaction(SIGALRM, &action, NULL), 0);
	alarm(1);
	CHECK_EQUAL(ioctl(device.fd, FAULTLINE_IOC_WAIT, &wait), -1);
	CHECK_EQUAL(errno, EINTR);
}

struct submitter {
	struct faultline device;
	struct faultline_job *jobs;
	uint64_t seqno;
	int result;
};

static void *submit_jobs(void *arg)
{
	struct submitter *submitter = arg;

	submitter->result = faultline_submit(&submitter->device,
					     FAULTLINE_ENGINE_STREAM,
					     submitter->jobs, 1,
					     &submitter->seqno);
	return NULL;
}

/* The array of jobs is what is missing. Unbind stops the channel that they are meant for. */
TEST(stall_of_a_submitter_does_not_hold_up_unbind)
{
	struct submitter submitter = {
		.device = device_open(),
		.jobs = memory_map(BYTES),
	};
	struct faultline_job nop = { .opcode = FAULTLINE_JOB_NOP };
	int fd = register_missing(submitter.jobs);
	char address[32];
	pthread_t thread;

	run_ok(&submitter.device, &nop);
	CHECK_EQUAL(pthread_create(&thread, NULL, submit_jobs, &submitter), 0);
	sleep_ms(200);
	driver_address(address, sizeof(address));
	file_write(DRIVER_FOLDER, "unbind", address);
	provide(fd, submitter.jobs);
	pthread_join(thread, NULL);
	CHECK_EQUAL(submitter.result, -ENODEV);
	faultline_close(&submitter.device);
	file_write(DRIVER_FOLDER, "bind", address);
	check_usable();
}
