// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Jobs: checked, written as descriptors, waited for. */
#include <linux/bitfield.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>

#include "faultline_channel.h"
#include "faultline_device.h"
#include "faultline_job.h"
#include "faultline_ring.h"
#include "faultline_trace.h"

/* The uAPI passes the device's own codes through. */
static_assert((int)FAULTLINE_JOB_PREFETCH == (int)FAULTLINE_OPCODE_PREFETCH);
static_assert((int)FAULTLINE_ALU_MAX == (int)FAULTLINE_ALU_OP_MAX);
static_assert((int)FAULTLINE_STATUS_DMA_ERROR ==
	      (int)FAULTLINE_COMPLETION_STATUS_DMA_ERROR);

/* So often a waiter makes sure that the device is still there. */
#define WAIT_SLICE	(1 * HZ)

/* Jobs that are taken over from user space at a time. */
#define JOBS_AT_ONCE	16u

static bool engine_does(const struct faultline_channel *channel, u8 opcode)
{
	if (channel->index < channel->fdev->channels.stream_count)
		return opcode <= FAULTLINE_JOB_PREFETCH;
	return opcode <= FAULTLINE_JOB_FILL;
}

/*
 * Only what the device's descriptor cannot hold is refused here. A misaligned
 * address is the job's own affair and comes back in its completion; where it
 * points is the MMU's.
 */
static int encode(const struct faultline_channel *channel,
		  const struct faultline_job *job, u64 *words)
{
	if (!engine_does(channel, job->opcode) ||
	    job->element_shift > FAULTLINE_DATA_SIZE_8_BYTES ||
	    job->alu_op > FAULTLINE_ALU_MAX ||
	    job->flags & ~FAULTLINE_JOB_WEAK_ATOMIC)
		return -EINVAL;
	words[0] = FIELD_PREP(FAULTLINE_JOB_OPCODE, job->opcode) |
		   FIELD_PREP(FAULTLINE_JOB_DATA_SIZE, job->element_shift) |
		   FIELD_PREP(FAULTLINE_JOB_ALU_OP, job->alu_op) |
		   FIELD_PREP(FAULTLINE_JOB_WEAK,
			      !!(job->flags & FAULTLINE_JOB_WEAK_ATOMIC)) |
		   FIELD_PREP(FAULTLINE_JOB_INTR, 1) |
		   FIELD_PREP(FAULTLINE_JOB_JOB_ID, job->tag);
	words[FAULTLINE_JOB_DST_WORD] = job->dst;
	words[FAULTLINE_JOB_SRC_WORD] = job->src;
	words[FAULTLINE_JOB_COUNT_WORD] = job->count;
	words[FAULTLINE_JOB_INDEX_WORD] = job->index;
	words[FAULTLINE_JOB_OPERAND_WORD] = job->operand;
	words[FAULTLINE_JOB_COMPARE_WORD] = job->compare;
	words[FAULTLINE_JOB_STRIDE_WORD] = job->stride;
	return 0;
}

static bool is_dead(const struct faultline_channel *channel)
{
	return READ_ONCE(channel->dead);
}

static int wait_for_room(struct faultline_channel *channel)
{
	long ret;

	for (;;) {
		ret = wait_event_interruptible_timeout(channel->wait,
						       faultline_ring_room(channel) ||
							       is_dead(channel),
						       WAIT_SLICE);
		if (is_dead(channel))
			return faultline_device_error(channel->fdev);
		if (ret)
			return min(ret, 0L);
		faultline_ring_reap(channel);
		if (!faultline_ring_room(channel) && faultline_device_is_gone(channel->fdev))
			return faultline_device_error(channel->fdev);
	}
}

/*
 * The next jobs, as far as they can be read. Not under @submit_lock: this may
 * wait for user space, or for a page to come back from the device, and whoever
 * stops the channel takes that lock. Return: how many, or -EFAULT.
 */
static int read_jobs(const struct faultline_submit *submit,
		     struct faultline_job *jobs)
{
	const struct faultline_job __user *from = u64_to_user_ptr(submit->jobs);
	u32 count = min(submit->count - submit->queued, JOBS_AT_ONCE);
	size_t missing;

	missing = copy_from_user(jobs, from + submit->queued,
				 count * sizeof(*jobs));
	count -= DIV_ROUND_UP(missing, sizeof(*jobs));
	return count ? count : -EFAULT;
}

/* Push what fits now. */
static int push_some(struct faultline_channel *channel,
		     struct faultline_submit *submit,
		     const struct faultline_job *jobs, u32 count)
{
	u64 words[FAULTLINE_JOB_WORDS];
	int ret = 0;
	u32 i;

	mutex_lock(&channel->submit_lock);
	for (i = 0; i < count && faultline_ring_room(channel); i++) {
		ret = encode(channel, &jobs[i], words);
		if (ret)
			break;
		submit->seqno = faultline_ring_push(channel, words);
		trace_faultline_job(channel->fdev, channel->index,
				    submit->seqno, &jobs[i]);
		submit->queued++;
	}
	if (i)
		faultline_ring_kick(channel);
	mutex_unlock(&channel->submit_lock);
	return ret;
}

/**
 * faultline_job_submit - queue jobs
 * @channel: the channel
 * @submit: the request; @queued and @seqno are written
 *
 * Return: 0 when at least one job was queued, or why the first was not.
 */
int faultline_job_submit(struct faultline_channel *channel,
			 struct faultline_submit *submit)
{
	struct faultline_job jobs[JOBS_AT_ONCE];
	int ret = 0;

	submit->queued = 0;
	while (!ret && submit->queued < submit->count) {
		ret = wait_for_room(channel);
		if (!ret)
			ret = read_jobs(submit, jobs);
		if (ret > 0)
			ret = push_some(channel, submit, jobs, ret);
	}
	return submit->queued ? 0 : ret;
}

/* Return: 0 and the completion, -EAGAIN while it runs, or -EINVAL, -ENODATA. */
static int look(struct faultline_channel *channel, u64 seqno,
		struct faultline_completion *out)
{
	const struct faultline_completion *done;
	int ret = 0;

	spin_lock_irq(&channel->lock);
	done = &channel->done[(seqno - 1) & (channel->entries - 1)];
	if (!seqno || seqno > channel->submitted)
		ret = -EINVAL;
	else if (seqno > channel->completed)
		ret = channel->dead ? faultline_device_error(channel->fdev) :
				      -EAGAIN;
	else if (done->seqno != seqno)
		ret = -ENODATA;
	else
		*out = *done;
	spin_unlock_irq(&channel->lock);
	return ret;
}

static bool is_over(struct faultline_channel *channel, u64 seqno)
{
	return READ_ONCE(channel->completed) >= seqno || is_dead(channel);
}

/**
 * faultline_job_wait - wait for the end of a job
 * @channel: the channel
 * @wait: the request; @completion is written
 *
 * Return: 0, -ETIME, -EINVAL, -ENODATA, -ENODEV, -EIO, -EINTR or
 * -ERESTARTSYS.
 */
int faultline_job_wait(struct faultline_channel *channel,
		       struct faultline_wait *wait)
{
	u64 deadline = wait->timeout_ns < 0 ? U64_MAX :
					      ktime_get_ns() + wait->timeout_ns;
	unsigned long slice;
	u64 now;
	long ret;

	for (;;) {
		faultline_ring_reap(channel);
		ret = look(channel, wait->seqno, &wait->completion);
		if (ret != -EAGAIN)
			return ret;
		now = ktime_get_ns();
		if (now >= deadline)
			return -ETIME;
		slice = WAIT_SLICE;
		if (deadline != U64_MAX)
			slice = min(slice, nsecs_to_jiffies(deadline - now) + 1);
		ret = wait_event_interruptible_timeout(channel->wait,
						       is_over(channel, wait->seqno),
						       slice);
		/* A limited wait must not begin anew when it is restarted. */
		if (ret < 0)
			return wait->timeout_ns < 0 ? ret : -EINTR;
		if (!ret && slice == WAIT_SLICE && faultline_device_is_gone(channel->fdev))
			return faultline_device_error(channel->fdev);
	}
}

/* Wait without heed of signals, but of SIGKILL. Return: 0, -EINTR, -ENODEV or -EIO. */
static int wait_killable(struct faultline_channel *channel, u64 seqno)
{
	long ret;

	for (;;) {
		faultline_ring_reap(channel);
		ret = wait_event_killable_timeout(channel->wait,
						  is_over(channel, seqno),
						  WAIT_SLICE);
		if (ret < 0)
			return -EINTR;
		if (ret)
			return READ_ONCE(channel->completed) >= seqno ?
				       0 : faultline_device_error(channel->fdev);
		if (faultline_device_is_gone(channel->fdev))
			return faultline_device_error(channel->fdev);
	}
}

/**
 * faultline_job_run - one job of the driver's own, from submission to completion
 * @channel: the channel; nobody else submits to it
 * @job: the job
 *
 * Return: the error of its completion; -EINVAL: there is no such job; -EINTR:
 * killed, the job goes on; -ENODEV: the device is gone; -EIO: it is given up.
 */
int faultline_job_run(struct faultline_channel *channel,
		      const struct faultline_job *job)
{
	struct faultline_completion done;
	u64 words[FAULTLINE_JOB_WORDS];
	u64 seqno;
	int ret;

	ret = encode(channel, job, words);
	if (ret)
		return ret;
	mutex_lock(&channel->submit_lock);
	if (faultline_ring_room(channel)) {
		seqno = faultline_ring_push(channel, words);
		trace_faultline_job(channel->fdev, channel->index, seqno, job);
		faultline_ring_kick(channel);
	} else {
		ret = faultline_device_error(channel->fdev);
	}
	mutex_unlock(&channel->submit_lock);
	if (!ret)
		ret = wait_killable(channel, seqno);
	if (!ret)
		ret = look(channel, seqno, &done);
	return ret ?: done.error;
}

/* Wait until no job is running. Return: 0, -EINTR: killed, -ENODEV or -EIO. */
int faultline_job_drain(struct faultline_channel *channel)
{
	return wait_killable(channel, READ_ONCE(channel->submitted));
}
