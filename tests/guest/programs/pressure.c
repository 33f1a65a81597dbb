// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Too little memory: swap, limits of a group, the OOM killer. */
#include <fcntl.h>
#include <signal.h>
#include <sys/klog.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "migration.h"
#include "reaping.h"

#define BYTES (256 * PAGE_BYTES)
#define WORDS (BYTES / sizeof(uint64_t))
#define SWAP_MODULE "/lib/brd.ko"
#define SWAP_DEVICE "/dev/ram0"

/* A RAM disk to swap to: its module is built from the kernel's source, with the kernel's HMM tests. */
static void swap_begin(void)
{
	int fd = open(SWAP_MODULE, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		test_skip("no " SWAP_MODULE ": run ./faultline test hmm");
	CHECK(!syscall(SYS_finit_module, fd, "rd_nr=1 rd_size=65536", 0) ||
	      errno == EEXIST);
	close(fd);
	CHECK_EQUAL(system("mkswap " SWAP_DEVICE " >/dev/null"), 0);
	CHECK_EQUAL(swapon(SWAP_DEVICE, 0), 0);
}

static uint64_t swapped_out(void)
{
	FILE *file = fopen("/proc/vmstat", "r");
	char name[64];
	uint64_t value;

	CHECK(file);
	while (fscanf(file, "%63s %" SCNu64, name, &value) == 2)
		if (!strcmp(name, "pswpout")) {
			fclose(file);
			return value;
		}
	test_fail(__FILE__, __LINE__, "no pswpout");
}

TEST(pressure_swaps_out_what_the_device_has_mapped)
{
	struct faultline device = device_open();
	uint64_t *memory = memory_map(BYTES);
	uint64_t before;
	int n;

	swap_begin();
	memory_fill(memory, BYTES, 1);
	for (n = 1; n <= 5; n++) {
		add_one(&device, memory, WORDS);
		before = swapped_out();
		CHECK_EQUAL(madvise(memory, BYTES, MADV_PAGEOUT), 0);
		CHECK(swapped_out() - before >= BYTES / PAGE_BYTES / 2);
		/* The device's write came along, and it finds its way back. */
		CHECK_EQUAL(device_sum(&device, memory, WORDS), sum(memory, WORDS));
		check_added(memory, WORDS, 1, (uint64_t)n);
	}
	CHECK_EQUAL(swapoff(SWAP_DEVICE), 0);
}

TEST(pressure_swaps_out_at_work)
{
	struct faultline device = device_open();
	uint64_t *memory = memory_map(BYTES), seqno;
	struct faultline_job job = faultline_job_transform(
		memory, memory, FAULTLINE_ALU_ADD, 1, WORDS, 8);
	int n;

	swap_begin();
	memory_fill(memory, BYTES, 2);
	for (n = 0; n < 20; n++) {
		CHECK_EQUAL(faultline_submit(&device, FAULTLINE_ENGINE_STREAM,
					     &job, 1, &seqno), 0);
		madvise(memory, BYTES, MADV_PAGEOUT);
	}
	CHECK_EQUAL(faultline_wait(&device, FAULTLINE_ENGINE_STREAM, seqno, -1,
				   NULL), 0);
	check_added(memory, WORDS, 2, 20);
	CHECK_EQUAL(swapoff(SWAP_DEVICE), 0);
}

#define GROUPS "/sys/fs/cgroup"
#define GROUP GROUPS "/faultline"
#define LIMIT (16u << 20)
#define WANTED (4 * LIMIT)

/* The calling process, in a group with a limit. */
static void enter_group(void)
{
	char number[32];

	file_write(GROUPS, "cgroup.subtree_control", "+memory");
	CHECK(!mkdir(GROUP, 0755) || errno == EEXIST);
	snprintf(number, sizeof(number), "%u", LIMIT);
	file_write(GROUP, "memory.max", number);
	snprintf(number, sizeof(number), "%d", getpid());
	file_write(GROUP, "cgroup.procs", number);
}

/* The device asks for more than the group may have; then the CPU does. */
static void want_too_much(bool in_device_memory)
{
	struct faultline device = open_with_memory();
	uint64_t *memory, *small, seqno;
	struct faultline_job job;
	int n;

	enter_group();
	small = memory_map(LIMIT / 4);
	memory = memory_map(WANTED);
	memory_fill(small, LIMIT / 4, 3);
	if (in_device_memory)
		move(&device, small, LIMIT / 4, FAULTLINE_MIGRATE_TO_DEVICE);
	job = faultline_job_transform(small, small, FAULTLINE_ALU_ADD, 1,
				      LIMIT / 4 / 8, 8);
	for (n = 0; n < 50; n++)
		CHECK_EQUAL(faultline_submit(&device, FAULTLINE_ENGINE_STREAM,
					     &job, 1, &seqno), 0);
	job = faultline_job_fill(memory, 1, WANTED / 8, 8);
	CHECK_EQUAL(faultline_submit(&device, FAULTLINE_ENGINE_STREAM, &job, 1,
				     &seqno), 0);
	memset(memory, 1, WANTED);
	test_fail(__FILE__, __LINE__, "the group has more than it may");
}

/* The killer's report has a stack trace, which nobody is to take for an oops. */
static void check_killed(bool in_device_memory)
{
	struct faultline device = open_with_memory();
	uint64_t *memory = memory_map(BYTES);
	int status, pid;

	faultline_close(&device);
	klogctl(8, NULL, 1);
	pid = fork();
	CHECK(pid >= 0);
	if (!pid)
		want_too_much(in_device_memory);
	status = child_wait(pid, 60);
	klogctl(8, NULL, 5);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	rmdir(GROUP);
	/* Others go on. */
	device = device_open();
	memory_fill(memory, BYTES, 4);
	add_one(&device, memory, WORDS);
	check_added(memory, WORDS, 4, 1);
}

TEST(pressure_kills_a_process_that_the_device_works_for)
{
	check_killed(false);
}

TEST(pressure_kills_a_process_with_device_memory)
{
	check_killed(true);
}

static void reap_and_look(void *arg)
{
	struct faultline device = device_open();
	struct faultline_counters before = device_stats(&device).device, after;

	victim_reap(*(int *)arg);
	after = device_stats(&device).device;
	/* It was the reaper that took the page from the device, and waited for the acknowledgement. */
	CHECK(after.pages_zapped > before.pages_zapped);
	CHECK(after.tlb_invalidates > before.tlb_invalidates);
}

/* The OOM killer's reaper may not sleep, whatever the device does. */
TEST(pressure_reaps_a_dying_process_without_sleeping)
{
	struct faultline device = device_open();
	uint64_t *memory = memory_map(BYTES);
	int victim = victim_start();

	in_child(reap_and_look, &victim, 60);
	child_wait(victim, 60);
	memory_fill(memory, BYTES, 5);
	add_one(&device, memory, WORDS);
	check_added(memory, WORDS, 5, 1);
}
