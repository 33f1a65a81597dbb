// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Channels: their rings, their completions, and how they are started and stopped. */
#include <linux/bitfield.h>
#include <linux/dma-mapping.h>
#include <linux/iopoll.h>
#include <linux/log2.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "faultline_channel.h"
#include "faultline_compat.h"
#include "faultline_device.h"
#include "faultline_service.h"
#include "faultline_trace.h"
#include "faultline_vm.h"

/* A channel stops at the next element, unless the device is broken or gone. */
#define STOP_TIMEOUT_US	(1 * USEC_PER_SEC)

/* Copy channel j is engine 15 + j (dev_fault, ENGINE_ID). */
#define ENGINE_CE0	15

static unsigned int queue_entries = 256;
module_param(queue_entries, uint, 0444);
MODULE_PARM_DESC(queue_entries, "jobs that a queue holds, 2 to 65536 (default: 256)");

unsigned int faultline_channel_entries(void)
{
	return rounddown_pow_of_two(clamp(queue_entries, 2u, 65536u));
}

void faultline_channels_init(struct faultline_device *fdev, u32 stream, u32 copy)
{
	spin_lock_init(&fdev->channels.lock);
	fdev->channels.stream_count = stream;
	fdev->channels.copy_count = copy;
}

static u32 channel_count(struct faultline_device *fdev)
{
	return fdev->channels.stream_count + fdev->channels.copy_count;
}

/* Stop all, whoever left them running; writes only. */
void faultline_channels_quiesce(struct faultline_device *fdev)
{
	u32 i;

	for (i = 0; i < channel_count(fdev); i++)
		faultline_write(fdev, FAULTLINE_CHAN_CTRL(i), 0);
}

static size_t jobs_bytes(const struct faultline_channel *channel)
{
	return PAGE_ALIGN(channel->entries * FAULTLINE_JOB_BYTES);
}

static size_t completions_bytes(const struct faultline_channel *channel)
{
	return PAGE_ALIGN(channel->entries * FAULTLINE_COMPLETION_BYTES);
}

/* Take a channel number of the kind; the interrupt handler may use it at once. */
static int claim(struct faultline_device *fdev, enum faultline_channel_kind kind,
		 struct faultline_channel *channel)
{
	struct faultline_channels *channels = &fdev->channels;
	u32 first = kind == FAULTLINE_CHANNEL_COPY ? channels->stream_count : 0;
	u32 count = kind == FAULTLINE_CHANNEL_COPY ? channels->copy_count :
						     channels->stream_count;
	int ret = -EBUSY;
	u32 i;

	spin_lock_irq(&channels->lock);
	for (i = first; i < first + count; i++) {
		if (channels->active[i])
			continue;
		channel->index = i;
		channels->active[i] = channel;
		ret = 0;
		break;
	}
	spin_unlock_irq(&channels->lock);
	if (ret)
		dev_dbg(fdev->dev, "all %u %s channels are in use\n", count,
			kind == FAULTLINE_CHANNEL_COPY ? "copy" : "stream");
	return ret;
}

static void unclaim(struct faultline_channel *channel)
{
	struct faultline_channels *channels = &channel->fdev->channels;

	spin_lock_irq(&channels->lock);
	channels->active[channel->index] = NULL;
	spin_unlock_irq(&channels->lock);
}

static void enable(struct faultline_channel *channel)
{
	struct faultline_device *fdev = channel->fdev;
	u32 i = channel->index, ctrl = FAULTLINE_CHAN_CTRL_ENABLE;

	if (channel->vm) {
		faultline_write(fdev, FAULTLINE_CHAN_INST_LO(i),
				FIELD_PREP(FAULTLINE_CHAN_INST_LO_APERTURE,
					   FAULTLINE_PTE_APERTURE_SYS_COHERENT) |
				(lower_32_bits(channel->vm->instance_dma) &
				 FAULTLINE_CHAN_INST_LO_ADDRESS));
		faultline_write(fdev, FAULTLINE_CHAN_INST_HI(i),
				upper_32_bits(channel->vm->instance_dma));
		ctrl |= FAULTLINE_CHAN_CTRL_USE_INST;
	}
	faultline_write(fdev, FAULTLINE_CHAN_RING_LO(i),
			lower_32_bits(channel->jobs_dma));
	faultline_write(fdev, FAULTLINE_CHAN_RING_HI(i),
			upper_32_bits(channel->jobs_dma));
	faultline_write(fdev, FAULTLINE_CHAN_RING_SIZE(i),
			FIELD_PREP(FAULTLINE_CHAN_RING_SIZE_LOG2_ENTRIES,
				   ilog2(channel->entries)));
	faultline_write(fdev, FAULTLINE_CHAN_COMPLETION_LO(i),
			lower_32_bits(channel->completions_dma));
	faultline_write(fdev, FAULTLINE_CHAN_COMPLETION_HI(i),
			upper_32_bits(channel->completions_dma));
	faultline_write(fdev, FAULTLINE_CHAN_CTRL(i), ctrl);
}

/**
 * faultline_channel_open - take a channel and start it
 * @fdev: the device
 * @kind: which engine
 * @vm: address space for virtual addresses, or NULL
 *
 * Return: the channel; ERR_PTR(-EBUSY) when all are in use, or -ENOMEM.
 */
struct faultline_channel *faultline_channel_open(struct faultline_device *fdev,
						 enum faultline_channel_kind kind,
						 struct faultline_vm *vm)
{
	struct faultline_channel *channel;
	int ret = -ENOMEM;

	channel = kzalloc_obj(*channel);
	if (!channel)
		return ERR_PTR(-ENOMEM);
	channel->fdev = fdev;
	channel->vm = vm;
	channel->entries = faultline_channel_entries();
	mutex_init(&channel->submit_lock);
	spin_lock_init(&channel->lock);
	init_waitqueue_head(&channel->wait);

	channel->done = kvcalloc(channel->entries, sizeof(*channel->done),
				 GFP_KERNEL);
	channel->jobs = dma_alloc_coherent(fdev->dev, jobs_bytes(channel),
					   &channel->jobs_dma, GFP_KERNEL);
	channel->completions = dma_alloc_coherent(fdev->dev,
						  completions_bytes(channel),
						  &channel->completions_dma,
						  GFP_KERNEL);
	if (!channel->done || !channel->jobs || !channel->completions)
		goto fail;
	ret = claim(fdev, kind, channel);
	if (ret)
		goto fail;
	enable(channel);
	return channel;
fail:
	faultline_channel_free_rings(channel, true);
	faultline_channel_free(channel);
	return ERR_PTR(ret);
}

static int disable_and_wait(struct faultline_channel *channel)
{
	struct faultline_device *fdev = channel->fdev;
	u32 status;

	faultline_write(fdev, FAULTLINE_CHAN_CTRL(channel->index), 0);
	if (!read_poll_timeout(faultline_read, status,
			       status == FAULTLINE_GONE ||
			       FIELD_GET(FAULTLINE_CHAN_STATUS_STATE, status) ==
				       FAULTLINE_CHAN_STATE_DISABLED,
			       20, STOP_TIMEOUT_US, false, fdev,
			       FAULTLINE_CHAN_STATUS(channel->index)))
		return 0;
	dev_err(fdev->dev, "channel %u does not stop: state %u\n",
		channel->index,
		FIELD_GET(FAULTLINE_CHAN_STATUS_STATE, status));
	return -ETIMEDOUT;
}

/**
 * faultline_channel_stop - stop for good, also when its job is stalled
 * @channel: the channel
 *
 * Requests that the MMU holds are withdrawn, the running job is aborted.
 * Whoever waits for a job is woken.
 *
 * Return: 0: the device uses the rings and the address space no more;
 * -ETIMEDOUT: it may.
 */
int faultline_channel_stop(struct faultline_channel *channel)
{
	int ret;

	spin_lock_irq(&channel->lock);
	channel->dead = true;
	spin_unlock_irq(&channel->lock);
	wake_up_all(&channel->wait);

	/* The submitter in its last push, if any, sees @dead before the next. */
	mutex_lock(&channel->submit_lock);
	ret = disable_and_wait(channel);
	mutex_unlock(&channel->submit_lock);
	if (!ret)
		unclaim(channel);
	else
		channel->vm = NULL;
	return ret;
}

/* Give the rings back, or leave them to a device that did not stop. */
void faultline_channel_free_rings(struct faultline_channel *channel, bool stopped)
{
	struct device *dev = channel->fdev->dev;
	__le64 *jobs, *completions;

	spin_lock_irq(&channel->lock);
	jobs = channel->jobs;
	completions = channel->completions;
	channel->jobs = NULL;
	channel->completions = NULL;
	spin_unlock_irq(&channel->lock);
	if (stopped && jobs)
		dma_free_coherent(dev, jobs_bytes(channel), jobs,
				  channel->jobs_dma);
	if (stopped && completions)
		dma_free_coherent(dev, completions_bytes(channel), completions,
				  channel->completions_dma);
}

/* Not for a channel that did not stop: its number stays taken by it. */
void faultline_channel_free(struct faultline_channel *channel)
{
	mutex_destroy(&channel->submit_lock);
	kvfree(channel->done);
	kfree(channel);
}

/* Jobs that fit now; 0 also when the channel is dead. */
u32 faultline_channel_room(struct faultline_channel *channel)
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
 * faultline_channel_push - put a job into the ring
 * @channel: the channel; @submit_lock is held and there is room
 * @job_words: the descriptor, FAULTLINE_JOB_WORDS words
 *
 * The device looks at it with the next faultline_channel_kick().
 *
 * Return: the job's number.
 */
u64 faultline_channel_push(struct faultline_channel *channel, const u64 *job_words)
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
void faultline_channel_kick(struct faultline_channel *channel)
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
	if (channel->vm)
		faultline_vm_count(channel->vm, FAULTLINE_COUNT_JOBS, 1);
	else
		faultline_device_count(channel->fdev, FAULTLINE_COUNT_JOBS, 1);
}

static bool reap_locked(struct faultline_channel *channel)
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
void faultline_channel_reap(struct faultline_channel *channel)
{
	unsigned long flags;
	bool any;

	spin_lock_irqsave(&channel->lock, flags);
	any = reap_locked(channel);
	spin_unlock_irqrestore(&channel->lock, flags);
	if (any)
		wake_up_all(&channel->wait);
}

/* From the interrupt handler: pending bits first, then the rings, no reads. */
void faultline_channels_interrupt(struct faultline_device *fdev)
{
	struct faultline_channels *channels = &fdev->channels;
	u32 i, words[FAULTLINE_CHANNELS_MAX / 32] = {};

	spin_lock(&channels->lock);
	for (i = 0; i < channel_count(fdev); i++)
		if (channels->active[i])
			words[i / 32] |= BIT(i % 32);
	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (words[i])
			faultline_write(fdev, FAULTLINE_CHAN_INTR(i), words[i]);
	for (i = 0; i < channel_count(fdev); i++)
		if (channels->active[i])
			faultline_channel_reap(channels->active[i]);
	spin_unlock(&channels->lock);
}

/*
 * A packet was lost. It may have been that of any channel, but of those whose
 * packets have been read.
 */
void faultline_channels_restart_lost(struct faultline_device *fdev)
{
	struct faultline_channels *channels = &fdev->channels;
	u32 i;

	spin_lock_irq(&channels->lock);
	for (i = channels->stream_count; i < channel_count(fdev); i++)
		if (channels->active[i] && !channels->active[i]->fault_known)
			faultline_write(fdev, FAULTLINE_CHAN_CLEAR_FAULTED(i),
					FAULTLINE_CHAN_CLEAR_FAULTED_TRIGGER);
	spin_unlock_irq(&channels->lock);
}

/*
 * The channel of a non-replayable fault; it stays while the service thread
 * runs. A fault from before its latest restart is not its any more.
 */
static struct faultline_channel *faulted_channel(struct faultline_vm *vm,
						 const struct faultline_fault *fault,
						 bool known)
{
	struct faultline_channels *channels = &vm->fdev->channels;
	struct faultline_channel *channel = NULL;
	u32 i = channels->stream_count + fault->engine - ENGINE_CE0;

	spin_lock_irq(&channels->lock);
	if (fault->engine >= ENGINE_CE0 && i < channel_count(vm->fdev))
		channel = channels->active[i];
	if (channel && (channel->vm != vm || fault->device_ns < READ_ONCE(channel->since_ns)))
		channel = NULL;
	if (channel)
		channel->fault_known = known;
	spin_unlock_irq(&channels->lock);
	return channel;
}

/* Its packet has been read and will be served. */
void faultline_channel_note_fault(struct faultline_vm *vm,
				  const struct faultline_fault *fault)
{
	faulted_channel(vm, fault, true);
}

/* Its fault is served: the access that faulted is issued again. */
void faultline_channel_restart(struct faultline_vm *vm,
			       const struct faultline_fault *fault)
{
	struct faultline_channel *channel = faulted_channel(vm, fault, false);

	if (!channel)
		return;
	faultline_write(vm->fdev, FAULTLINE_CHAN_CLEAR_FAULTED(channel->index),
			FAULTLINE_CHAN_CLEAR_FAULTED_TRIGGER);
	faultline_vm_count(vm, FAULTLINE_COUNT_RESTARTS, 1);
}

static u32 job_tag(const struct faultline_channel *channel, u64 number)
{
	const __le64 *job = channel->jobs +
			    ring_index(channel, number) * FAULTLINE_JOB_WORDS;

	return FIELD_GET(FAULTLINE_JOB_JOB_ID,
			 le64_to_cpu(job[FAULTLINE_JOB_JOB_ID_WORD]));
}

static void complete_unfinished(struct faultline_channel *channel,
				const struct faultline_fault *fault, int error)
{
	struct faultline_completion *done;
	u64 first = channel->completed + 1;

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
}

/**
 * faultline_channel_fail - the fault of a switched-out channel is fatal
 * @vm: its address space
 * @fault: the fault
 * @error: why
 *
 * Such a fault cannot be cancelled: the channel is stopped, its running job
 * fails with @error, later ones with -ECANCELED, and it starts afresh.
 */
void faultline_channel_fail(struct faultline_vm *vm,
			    const struct faultline_fault *fault, int error)
{
	struct faultline_channel *channel = faulted_channel(vm, fault, false);

	if (!channel)
		return;
	mutex_lock(&channel->submit_lock);
	if (channel->dead)
		goto unlock;
	/* From here on the device's word for the running job is "aborted". */
	spin_lock_irq(&channel->lock);
	reap_locked(channel);
	channel->restarting = true;
	spin_unlock_irq(&channel->lock);
	if (disable_and_wait(channel)) {
		WRITE_ONCE(channel->dead, true);
		goto unlock;
	}
	WRITE_ONCE(channel->since_ns, faultline_device_time(vm->fdev));
	spin_lock_irq(&channel->lock);
	memset(channel->completions, 0, completions_bytes(channel));
	complete_unfinished(channel, fault, error);
	channel->base = channel->submitted;
	channel->restarting = false;
	spin_unlock_irq(&channel->lock);
	enable(channel);
	faultline_vm_count(vm, FAULTLINE_COUNT_CANCELS, 1);
unlock:
	mutex_unlock(&channel->submit_lock);
	wake_up_all(&channel->wait);
}
