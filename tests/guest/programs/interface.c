// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The driver's interface: bad arguments, full queues, old numbers. */
#include <fcntl.h>
#include <glob.h>
#include <linux/pci_regs.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "harness.h"

TEST(interface_reports_device_and_driver)
{
	struct faultline device = device_open();
	struct faultline_info info;

	CHECK_EQUAL(faultline_info(&device, &info), 0);
	CHECK_EQUAL(info.api_version, FAULTLINE_API_VERSION);
	CHECK_EQUAL(info.va_bits, 49);
	CHECK(info.stream_channels > 0);
	CHECK(info.copy_channels > 1);
	CHECK(info.queue_entries >= 2);
}

TEST(interface_refuses_unknown_requests)
{
	struct faultline device = device_open();

	CHECK_EQUAL(ioctl(device.fd, _IO(FAULTLINE_IOC_MAGIC, 0x7f)), -1);
	CHECK_EQUAL(errno, ENOTTY);
}

TEST(interface_refuses_bad_pointers)
{
	static const unsigned long requests[] = {
		FAULTLINE_IOC_INFO, FAULTLINE_IOC_SUBMIT, FAULTLINE_IOC_WAIT,
		FAULTLINE_IOC_STATS,
	};
	struct faultline device = device_open();
	size_t i;

	for (i = 0; i < sizeof(requests) / sizeof(*requests); i++) {
		CHECK_EQUAL(ioctl(device.fd, requests[i], NULL), -1);
		CHECK_EQUAL(errno, EFAULT);
	}
}

static int submit_raw(struct faultline *device, struct faultline_submit *submit)
{
	return ioctl(device->fd, FAULTLINE_IOC_SUBMIT, submit) ? -errno : 0;
}

TEST(interface_refuses_bad_submissions)
{
	struct faultline device = device_open();
	struct faultline_job job = { .opcode = FAULTLINE_JOB_NOP };
	const struct faultline_submit good = {
		.jobs = (uintptr_t)&job, .count = 1,
	};
	struct faultline_submit submit = good;

	submit.count = 0;
	CHECK_EQUAL(submit_raw(&device, &submit), -EINVAL);
	submit = good;
	submit.engine = 2;
	CHECK_EQUAL(submit_raw(&device, &submit), -EINVAL);
	submit = good;
	submit.flags = 1;
	CHECK_EQUAL(submit_raw(&device, &submit), -EINVAL);
	submit = good;
	submit.jobs = 8;
	CHECK_EQUAL(submit_raw(&device, &submit), -EFAULT);
	submit = good;
	CHECK_EQUAL(submit_raw(&device, &submit), 0);
	CHECK_EQUAL(submit.seqno, 1);
	CHECK_EQUAL(submit.queued, 1);
}

TEST(interface_refuses_bad_jobs)
{
	struct faultline device = device_open();
	static const struct faultline_job jobs[] = {
		{ .opcode = 12 },
		{ .opcode = 255 },
		{ .opcode = FAULTLINE_JOB_FILL, .element_shift = 4 },
		{ .opcode = FAULTLINE_JOB_REDUCE, .alu_op = 6 },
		{ .opcode = FAULTLINE_JOB_NOP, .flags = 2 },
	};
	uint64_t seqno;
	size_t i;

	for (i = 0; i < sizeof(jobs) / sizeof(*jobs); i++)
		CHECK_EQUAL(faultline_submit(&device, FAULTLINE_ENGINE_STREAM,
					     &jobs[i], 1, &seqno), -EINVAL);
}

TEST(interface_queues_the_jobs_before_a_bad_one)
{
	struct faultline device = device_open();
	struct faultline_job jobs[3] = { {}, {}, { .opcode = 99 } };
	struct faultline_submit submit = {
		.jobs = (uintptr_t)jobs, .count = 3,
	};

	CHECK_EQUAL(submit_raw(&device, &submit), 0);
	CHECK_EQUAL(submit.queued, 2);
	CHECK_EQUAL(faultline_wait(&device, FAULTLINE_ENGINE_STREAM, 2, -1, NULL), 0);
}

TEST(interface_wait_tells_unknown_from_forgotten)
{
	struct faultline device = device_open();
	struct faultline_info info;
	struct faultline_job job = { .opcode = FAULTLINE_JOB_NOP };
	uint32_t i;

	CHECK_EQUAL(faultline_info(&device, &info), 0);
	CHECK_EQUAL(faultline_wait(&device, FAULTLINE_ENGINE_STREAM, 1, 0, NULL),
		    -EINVAL);
	for (i = 0; i < info.queue_entries + 1; i++)
		run_ok(&device, &job);
	CHECK_EQUAL(faultline_wait(&device, FAULTLINE_ENGINE_STREAM, 1, 0, NULL),
		    -ENODATA);
	CHECK_EQUAL(faultline_wait(&device, FAULTLINE_ENGINE_STREAM, 2, 0, NULL), 0);
	CHECK_EQUAL(faultline_wait(&device, FAULTLINE_ENGINE_STREAM, i + 1, 0,
				   NULL), -EINVAL);
	CHECK_EQUAL(faultline_wait(&device, FAULTLINE_ENGINE_COPY, 1, 0, NULL),
		    -EINVAL);
}

static int configuration_open(void)
{
	glob_t paths;
	int file;

	CHECK_EQUAL(glob("/sys/bus/pci/drivers/faultline/0*/config", 0, NULL, &paths), 0);
	file = open(paths.gl_pathv[0], O_RDWR);
	CHECK(file >= 0);
	globfree(&paths);
	return file;
}

/* Behind the driver's back. */
static void set_interrupts(bool enabled)
{
	int file = configuration_open();
	uint8_t at, capability[2];
	uint16_t control;

	CHECK_EQUAL(pread(file, &at, 1, PCI_CAPABILITY_LIST), 1);
	for (;;) {
		CHECK(at);
		CHECK_EQUAL(pread(file, capability, 2, at), 2);
		if (capability[0] == PCI_CAP_ID_MSI)
			break;
		at = capability[1];
	}
	CHECK_EQUAL(pread(file, &control, 2, at + PCI_MSI_FLAGS), 2);
	control &= ~PCI_MSI_FLAGS_ENABLE;
	if (enabled)
		control |= PCI_MSI_FLAGS_ENABLE;
	CHECK_EQUAL(pwrite(file, &control, 2, at + PCI_MSI_FLAGS), 2);
	close(file);
}

static uint64_t interrupts(struct faultline *device)
{
	struct faultline_stats stats;

	CHECK_EQUAL(faultline_stats(device, &stats, NULL, 0), 0);
	return stats.device.interrupts;
}

/*
 * The interrupt of a job's end that comes when its channel is nobody's any more
 * leaves it pending in the device; that must not keep back those of who has the
 * channel next, which would be found only by looking once a second.
 */
TEST(interface_jobs_end_with_interrupts_whoever_had_the_channel_before)
{
	struct faultline_job job = { .opcode = FAULTLINE_JOB_NOP };
	struct faultline device = device_open();
	uint64_t before;
	int i;

	set_interrupts(false);
	run_ok(&device, &job);
	faultline_close(&device);
	set_interrupts(true);

	device = device_open();
	before = interrupts(&device);
	run_ok(&device, &job);
	for (i = 0; i < 1000 && interrupts(&device) == before; i++)
		usleep(1000);
	CHECK(interrupts(&device) > before);
}

/* Three times as many jobs as the queue holds, in one call. */
TEST(interface_submission_waits_for_room)
{
	struct faultline device = device_open();
	uint64_t *word = memory_map(PAGE_BYTES), seqno;
	struct faultline_job *jobs;
	struct faultline_info info;
	uint32_t i;

	CHECK_EQUAL(faultline_info(&device, &info), 0);
	jobs = calloc(3 * info.queue_entries, sizeof(*jobs));
	for (i = 0; i < 3 * info.queue_entries; i++)
		jobs[i] = faultline_job_atomic(word, FAULTLINE_ALU_ADD, 1, 1, 0, 8);
	CHECK_EQUAL(faultline_submit(&device, FAULTLINE_ENGINE_STREAM, jobs,
				     3 * info.queue_entries, &seqno), 0);
	CHECK_EQUAL(seqno, 3 * info.queue_entries);
	CHECK_EQUAL(faultline_wait(&device, FAULTLINE_ENGINE_STREAM, seqno, -1,
				   NULL), 0);
	CHECK_EQUAL(*word, 3 * info.queue_entries);
}

TEST(interface_poll_tells_when_all_is_done)
{
	struct faultline device = device_open();
	struct pollfd poll_fd = { .fd = device.fd, .events = POLLIN };
	uint64_t *memory = memory_map(64 * PAGE_BYTES), seqno;
	struct faultline_job job =
		faultline_job_fill(memory, 1, 64 * PAGE_BYTES / 8, 8);

	CHECK_EQUAL(faultline_submit(&device, FAULTLINE_ENGINE_STREAM, &job, 1,
				     &seqno), 0);
	CHECK_EQUAL(poll(&poll_fd, 1, 30000), 1);
	CHECK_EQUAL(poll_fd.revents, POLLIN);
	CHECK_EQUAL(faultline_wait(&device, FAULTLINE_ENGINE_STREAM, seqno, 0,
				   NULL), 0);
}

TEST(interface_statistics_tell_the_life_of_a_fault)
{
	struct faultline device = device_open();
	struct faultline_fault_record records[4];
	uint64_t *memory = memory_map(PAGE_BYTES);
	struct faultline_job job = faultline_job_fill(memory, 1, 1, 8);
	struct faultline_stats stats;

	run_ok(&device, &job);
	CHECK_EQUAL(faultline_stats(&device, &stats, records, 4), 0);
	CHECK_EQUAL(stats.file.jobs, 1);
	CHECK(stats.file.faults >= 1);
	CHECK(stats.file.replays >= 1);
	CHECK_EQUAL(stats.file.cancels, 0);
	/* One of the fault, one of the job's end; they may come together. */
	CHECK(stats.device.interrupts >= 1);
	CHECK(stats.record_count >= 1);
	CHECK_EQUAL(records[0].address, (uintptr_t)memory);
	CHECK_EQUAL(records[0].access_type, 1);
	CHECK_EQUAL(records[0].error, 0);
	CHECK(records[0].irq_ns <= records[0].fetch_ns);
	CHECK(records[0].fetch_ns <= records[0].service_ns);
	CHECK(records[0].service_ns <= records[0].mapped_ns);
	CHECK(records[0].mapped_ns <= records[0].replay_ns);
}
