// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Channels: who has which, and how they are started and stopped. */
#include <linux/bitfield.h>
#include <linux/dma-mapping.h>
#include <linux/iopoll.h>
#include <linux/log2.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "faultline_channel.h"
#include "faultline_compat.h"
#include "faultline_device.h"
#include "faultline_patience.h"
#include "faultline_ring.h"
#include "faultline_vm.h"

/* A channel stops at the next element, unless the device is broken or gone. */
#define STOP_TIMEOUT_US	(1 * USEC_PER_SEC)

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

/* Stop all, whoever left them running; writes only. */
void faultline_channels_quiesce(struct faultline_device *fdev)
{
	u32 i;

	for (i = 0; i < faultline_channels_count(fdev); i++)
		faultline_write(fdev, FAULTLINE_CHAN_CTRL(i), 0);
}

/*
 * No job of the device will complete any more. In any context. Return: false: that
 * was known.
 */
bool faultline_channels_give_up(struct faultline_device *fdev)
{
	struct faultline_channels *channels = &fdev->channels;
	struct faultline_channel *channel;
	unsigned long flags;
	bool first;
	u32 i;

	spin_lock_irqsave(&channels->lock, flags);
	first = !fdev->given_up;
	WRITE_ONCE(fdev->given_up, true);
	for (i = 0; i < faultline_channels_count(fdev); i++) {
		channel = channels->active[i];
		if (!channel)
			continue;
		spin_lock(&channel->lock);
		channel->dead = true;
		spin_unlock(&channel->lock);
		wake_up_all(&channel->wait);
	}
	spin_unlock_irqrestore(&channels->lock, flags);
	return first;
}

/* The device is started anew; what was dead stays so. */
void faultline_channels_take_up(struct faultline_device *fdev)
{
	lockdep_assert_held_write(&fdev->reset_lock);
	spin_lock_irq(&fdev->channels.lock);
	WRITE_ONCE(fdev->given_up, false);
	spin_unlock_irq(&fdev->channels.lock);
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
	if (fdev->given_up)
		ret = -EIO;
	for (i = first; ret == -EBUSY && i < first + count; i++) {
		if (channels->active[i])
			continue;
		channel->index = i;
		channels->active[i] = channel;
		ret = 0;
	}
	spin_unlock_irq(&channels->lock);
	if (ret == -EBUSY)
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

/*
 * The device takes the configuration over, and both its counts begin at 0. An
 * interrupt that came when nobody had the channel is still pending there, and would
 * keep those of the new owner from being sent.
 */
void faultline_channel_enable(struct faultline_channel *channel)
{
	struct faultline_device *fdev = channel->fdev;
	u32 i = channel->index, ctrl = FAULTLINE_CHAN_CTRL_ENABLE;

	lockdep_assert_held(&channel->submit_lock);
	faultline_write(fdev, FAULTLINE_CHAN_INTR(i / 32), BIT(i % 32));
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
 * The device is not stopped meanwhile: @reset_lock is held.
 *
 * Return: the channel; ERR_PTR(-EBUSY) when all are in use, -EIO when the device is
 * given up, or -ENOMEM.
 */
struct faultline_channel *faultline_channel_open(struct faultline_device *fdev,
						 enum faultline_channel_kind kind,
						 struct faultline_vm *vm)
{
	struct faultline_channel *channel;
	int ret = -ENOMEM;

	lockdep_assert_held(&fdev->reset_lock);
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
	channel->jobs = dma_alloc_coherent(fdev->dev, faultline_ring_jobs_bytes(channel),
					   &channel->jobs_dma, GFP_KERNEL);
	channel->completions = dma_alloc_coherent(fdev->dev,
						  faultline_ring_completions_bytes(channel),
						  &channel->completions_dma,
						  GFP_KERNEL);
	if (!channel->done || !channel->jobs || !channel->completions)
		goto fail;
	ret = claim(fdev, kind, channel);
	if (ret)
		goto fail;
	mutex_lock(&channel->submit_lock);
	faultline_channel_enable(channel);
	mutex_unlock(&channel->submit_lock);
	return channel;
fail:
	faultline_channel_free_rings(channel, true);
	faultline_channel_free(channel);
	return ERR_PTR(ret);
}

static bool has_stopped(u32 status)
{
	return status == FAULTLINE_GONE ||
	       FIELD_GET(FAULTLINE_CHAN_STATUS_STATE, status) ==
		       FAULTLINE_CHAN_STATE_DISABLED;
}

/**
 * faultline_channel_disable - stop the device's side
 * @channel: the channel; @submit_lock is held
 *
 * Return: 0 when it has stopped or the device is gone, or -ETIMEDOUT.
 */
int faultline_channel_disable(struct faultline_channel *channel)
{
	struct faultline_patience patience = faultline_patience_of(STOP_TIMEOUT_US);
	struct faultline_device *fdev = channel->fdev;
	u32 status;

	lockdep_assert_held(&channel->submit_lock);
	faultline_write(fdev, FAULTLINE_CHAN_CTRL(channel->index), 0);
	read_poll_timeout(faultline_read, status,
			  has_stopped(status) ||
			  faultline_patience_over(&patience),
			  20, 0, false, fdev,
			  FAULTLINE_CHAN_STATUS(channel->index));
	if (has_stopped(status))
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
	ret = faultline_channel_disable(channel);
	mutex_unlock(&channel->submit_lock);
	if (!ret) {
		unclaim(channel);
		return 0;
	}
	/* Its interrupt may still come, and the address space goes. */
	spin_lock_irq(&channel->lock);
	channel->vm = NULL;
	spin_unlock_irq(&channel->lock);
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
		dma_free_coherent(dev, faultline_ring_jobs_bytes(channel), jobs,
				  channel->jobs_dma);
	if (stopped && completions)
		dma_free_coherent(dev, faultline_ring_completions_bytes(channel), completions,
				  channel->completions_dma);
}

/* Not for a channel that did not stop: its number stays taken by it. */
void faultline_channel_free(struct faultline_channel *channel)
{
	mutex_destroy(&channel->submit_lock);
	kvfree(channel->done);
	kfree(channel);
}

/* From the interrupt handler: pending bits first, then the rings, no reads. */
void faultline_channels_interrupt(struct faultline_device *fdev)
{
	struct faultline_channels *channels = &fdev->channels;
	u32 i, words[FAULTLINE_CHANNELS_MAX / 32] = {};

	spin_lock(&channels->lock);
	for (i = 0; i < faultline_channels_count(fdev); i++)
		if (channels->active[i])
			words[i / 32] |= BIT(i % 32);
	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (words[i])
			faultline_write(fdev, FAULTLINE_CHAN_INTR(i), words[i]);
	for (i = 0; i < faultline_channels_count(fdev); i++)
		if (channels->active[i])
			faultline_ring_reap(channels->active[i]);
	spin_unlock(&channels->lock);
}
