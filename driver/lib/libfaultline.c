// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* libfaultline: the calls that reach the driver. */
#include "libfaultline.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

static int call(struct faultline *device, unsigned long request, void *arg)
{
	int ret;

	do {
		ret = ioctl(device->fd, request, arg);
	} while (ret < 0 && errno == EINTR);
	return ret < 0 ? -errno : 0;
}

int faultline_open(struct faultline *device, const char *node)
{
	if (!node)
		node = getenv("FAULTLINE_DEVICE");
	if (!node)
		node = FAULTLINE_DEFAULT_NODE;
	device->fd = open(node, O_RDWR | O_CLOEXEC);
	return device->fd < 0 ? -errno : 0;
}

void faultline_close(struct faultline *device)
{
	close(device->fd);
	device->fd = -1;
}

int faultline_info(struct faultline *device, struct faultline_info *info)
{
	return call(device, FAULTLINE_IOC_INFO, info);
}

int faultline_stats(struct faultline *device, struct faultline_stats *stats,
		    struct faultline_fault_record *records, uint32_t room)
{
	*stats = (struct faultline_stats){
		.records = (uintptr_t)records,
		.record_count = room,
	};
	return call(device, FAULTLINE_IOC_STATS, stats);
}

int faultline_submit(struct faultline *device, uint32_t engine,
		     const struct faultline_job *jobs, uint32_t count,
		     uint64_t *seqno)
{
	struct faultline_submit submit = {
		.jobs = (uintptr_t)jobs,
		.count = count,
		.engine = engine,
	};
	int ret = call(device, FAULTLINE_IOC_SUBMIT, &submit);

	if (ret)
		return ret;
	*seqno = submit.seqno;
	return submit.queued == count ? 0 : -EAGAIN;
}

int faultline_wait(struct faultline *device, uint32_t engine, uint64_t seqno,
		   int64_t timeout_ns, struct faultline_completion *done)
{
	struct faultline_wait wait = {
		.seqno = seqno,
		.timeout_ns = timeout_ns,
		.engine = engine,
	};
	int ret;

	/* A limited wait is not begun anew when a signal ends it. */
	if (timeout_ns < 0)
		ret = call(device, FAULTLINE_IOC_WAIT, &wait);
	else
		ret = ioctl(device->fd, FAULTLINE_IOC_WAIT, &wait) ? -errno : 0;
	if (ret)
		return ret;
	if (done)
		*done = wait.completion;
	return wait.completion.error;
}

int faultline_migrate(struct faultline *device, void *address, size_t bytes,
		      uint32_t where, uint64_t *moved)
{
	struct faultline_migrate migrate = {
		.address = (uintptr_t)address,
		.bytes = bytes,
		.where = where,
	};
	int ret = call(device, FAULTLINE_IOC_MIGRATE, &migrate);

	if (!ret && moved)
		*moved = migrate.moved;
	return ret;
}

int faultline_run(struct faultline *device, uint32_t engine,
		  const struct faultline_job *job,
		  struct faultline_completion *done)
{
	uint64_t seqno;
	int ret = faultline_submit(device, engine, job, 1, &seqno);

	return ret ? ret : faultline_wait(device, engine, seqno, -1, done);
}
