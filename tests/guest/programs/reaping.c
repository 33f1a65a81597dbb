// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Processes whose memory is taken by somebody who may not sleep, for tests. */
#include "reaping.h"

#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"

/* Both are bound to one processor, which is the caller's until he sleeps. */
static void use_one_processor(void)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(0, &one);
	CHECK_EQUAL(sched_setaffinity(0, sizeof(one), &one), 0);
}

int victim_start(void)
{
	int pid = fork();

	CHECK(pid >= 0);
	if (!pid) {
		struct faultline device = device_open();
		struct faultline_job job =
			faultline_job_fill(memory_map(PAGE_BYTES), 1, 1, 8);

		use_one_processor();
		run_ok(&device, &job);
		raise(SIGSTOP);
		_exit(0);
	}
	CHECK_EQUAL(waitpid(pid, NULL, WUNTRACED), pid);
	return pid;
}

void victim_reap(int victim)
{
	struct sched_param first = { .sched_priority = 1 };
	int fd = (int)syscall(SYS_pidfd_open, victim, 0);

	CHECK(fd >= 0);
	use_one_processor();
	CHECK_EQUAL(sched_setscheduler(0, SCHED_FIFO, &first), 0);
	CHECK_EQUAL(kill(victim, SIGKILL), 0);
	CHECK_EQUAL(syscall(SYS_process_mrelease, fd, 0), 0);
	close(fd);
}
