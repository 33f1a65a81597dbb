// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The rings of a channel: jobs in, completions out. */
#include <linux/bitfield.h>

#include "faultline_device.h"
#include "faultline_fault_types.h"
#include "faultline_ring.h"
#include "faultline_service.h"
#include "faultline_trace.h"
#include "faultline_vm.h"

/* Jobs that fit now; 0 also when the channel is dead. */
u32 faultline_ring_room(struct faultline_channel *channel)
{
	unsigned long flags;
	u32 room;

	spin_lock_irqsave(&channel->lock, flags);
	room = channel->dead ? 0 : channel->entries -
				   (channel->submitted - channel->completed);
	spin_unlock_irqrestore(&channel->lock, flags);
	return room;
}

static u32 ring_index(const struct faultline_channel *channel, u64 number)
{
	return (number - 1 - channel->base) & (channel->entries - 1);
}

static struct faultline_completion *done_slot(struct faultline_channel *channel,
					      u64 number)
{
	return &channel->done[(number - 1) & (channel->entries - 1)];
}

/**
 * faultline_ring_push - put a job into the ring
 * @channel: the channel; @submit_lock is held and there is room
 * @job_words: the descriptor, FAULTLINE_JOB_WORDS words
 *
 * The device looks at it with the next faultline_ring_kick().
 *
 * Return: the job's number.
 */
u64 faultline_ring_push(struct faultline_channel *channel, const u64 *job_words)
{
	__le64 *slot;
	u64 number;
	u32 i;

	lockdep_assert_held(&channel->submit_lock);
	spin_lock_irq(&channel->lock);
	number = channel->submitted + 1;
	slot = channel->jobs +
	       ring_index(channel, number) * FAULTLINE_JOB_WORDS;
	for (i = 0; i < FAULTLINE_JOB_WORDS; i++)
		slot[i] = cpu_to_le64(job_words[i]);
	channel->submitted = number;
	spin_unlock_irq(&channel->lock);
	return number;
}

/* Ring the doorbell for all that was pushed. */
void faultline_ring_kick(struct faultline_channel *channel)
{
	lockdep_assert_held(&channel->submit_lock);
	faultline_write(channel->fdev, FAULTLINE_CHAN_DOORBELL(channel->index),
			lower_32_bits(channel->submitted - channel->base));
}

static int status_error(u32 status)
{
	switch (status) {
	case FAULTLINE_COMPLETION_STATUS_OK:
		return 0;
	case FAULTLINE_COMPLETION_STATUS_ABORTED:
		return -ECANCELED;
	case FAULTLINE_COMPLETION_STATUS_BAD_JOB:
		return -EINVAL;
	default:
		return -EIO;
	}
}

static u64 completion_word(const __le64 *completion, u32 word)
{
	return le64_to_cpu(READ_ONCE(completion[word]));
}

#define completion_field(completion, field) \
	FIELD_GET(FAULTLINE_COMPLETION_ ## field, \
		  completion_word(completion, FAULTLINE_COMPLETION_ ## field ## _WORD))

static void read_completion(struct faultline_channel *channel,
			    const __le64 *completion, u64 number)
{
	struct faultline_completion *done = done_slot(channel, number);

	lockdep_assert_held(&channel->lock);
	*done = (struct faultline_completion){
		.seqno = number,
		.tag = completion_field(completion, JOB_ID),
		.status = completion_field(completion, STATUS),
		.fault_type = completion_field(completion, FAULT_TYPE),
		.access_type = completion_field(completion, ACCESS_TYPE),
		.result = completion_field(completion, RESULT),
		.done = completion_field(completion, DONE),
		.fault_address = completion_field(completion, FAULT_ADDRESS),
	};
	if (done->status == FAULTLINE_COMPLETION_STATUS_FAULT && channel->vm)
		done->error = faultline_service_cancel_error(channel->vm,
							     done->fault_address);
	else
		done->error = status_error(done->status);
	trace_faultline_job_done(channel->fdev, channel->index, done);
}

static void count_job(struct faultline_channel *channel)
{
	lockdep_assert_held(&channel->lock);
	if (channel->vm)
		faultline_vm_count(channel->vm, FAULTLINE_COUNT_JOBS, 1);
	else
		faultline_device_count(channel->fdev, FAULTLINE_COUNT_JOBS, 1);
}

/* Return: whether a job has completed. */
bool faultline_ring_reap_locked(struct faultline_channel *channel)
{
	bool any = false;
	__le64 *completion;
	u64 number;

	lockdep_assert_held(&channel->lock);
	if (channel->restarting || !channel->completions)
		return false;
	while (channel->completed < channel->submitted) {
		number = channel->completed + 1;
		completion = channel->completions +
			     ring_index(channel, number) *
				     FAULTLINE_COMPLETION_WORDS;
		if (!completion_field(completion, VALID))
			break;
		/* VALID was written last and is read first. */
		dma_rmb();
		read_completion(channel, completion, number);
		WRITE_ONCE(completion[FAULTLINE_COMPLETION_VALID_WORD], 0);
		channel->completed = number;
		count_job(channel);
		any = true;
	}
	return any;
}

/* Take over the completions that the device has written. */
void faultline_ring_reap(struct faultline_channel *channel)
{
	unsigned long flags;
	bool any;

	spin_lock_irqsave(&channel->lock, flags);
	any = faultline_ring_reap_locked(channel);
	spin_unlock_irqrestore(&channel->lock, flags);
	if (any)
		wake_up_all(&channel->wait);
}

static u32 job_tag(const struct faultline_channel *channel, u64 number)
{
	const __le64 *job = channel->jobs +
			    ring_index(channel, number) * FAULTLINE_JOB_WORDS;

	return FIELD_GET(FAULTLINE_JOB_JOB_ID,
			 le64_to_cpu(job[FAULTLINE_JOB_JOB_ID_WORD]));
}

/**
 * faultline_ring_abandon - complete all jobs that the device will not
 * @channel: the channel; it is stopped, and both its locks are held
 * @fault: why the first of them failed
 * @error: and with what
 */
void faultline_ring_abandon(struct faultline_channel *channel,
			    const struct faultline_fault *fault, int error)
{
	struct faultline_completion *done;
	u64 first = channel->completed + 1;

	lockdep_assert_held(&channel->submit_lock);
	lockdep_assert_held(&channel->lock);
	memset(channel->completions, 0, faultline_ring_completions_bytes(channel));
	for (; channel->completed < channel->submitted; channel->completed++) {
		done = done_slot(channel, channel->completed + 1);
		*done = (struct faultline_completion){
			.seqno = channel->completed + 1,
			.tag = job_tag(channel, channel->completed + 1),
			.status = FAULTLINE_STATUS_ABORTED,
			.error = -ECANCELED,
		};
		if (done->seqno == first) {
			done->status = FAULTLINE_STATUS_FAULT;
			done->error = error;
			done->fault_type = fault->type;
			done->access_type = fault->access;
			done->fault_address = fault->va;
		}
		count_job(channel);
	}
	channel->base = channel->submitted;
}
