// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Copies on the driver's own copy channel, waited for by interrupt. */
#include <linux/bitfield.h>
#include <linux/jiffies.h>
#include <linux/module.h>

#include "faultline_channel.h"
#include "faultline_copy.h"
#include "faultline_device.h"
#include "faultline_mistake.h"
#include "faultline_ring.h"
#include "faultline_trace.h"

/**
 * DOC: Copies
 *
 * The driver's channel has no address space: its jobs name physical addresses,
 * so they never fault. Jobs run in order; only the last of those that are queued
 * together asks for an interrupt. Whoever copies holds @copy_lock from the first
 * job to the last completion: the engine does one thing at a time anyway, and so
 * the completions of a caller are still there when it looks at them.
 *
 * The pages of a copy are locked, and a CPU may wait for one. So an engine that does
 * not come to an end costs the device the bus (faultline_device_give_up()): then
 * nothing touches the pages any more, and they go back as after a copy that failed.
 */

/* So often a waiter makes sure that the device is still there. */
#define COPY_WAIT_SLICE	(1 * HZ)

/*
 * Jobs that are queued together copy some MiB at most. A second counts if the device
 * answered a read in it: neither it nor this machine stood still.
 */
static unsigned int copy_patience_s = 60;
module_param(copy_patience_s, uint, 0644);
MODULE_PARM_DESC(copy_patience_s, "seconds after which copies that do not end make the device be given up (default: 60)");

#define COPY_WORD_BYTES	sizeof(u64)

static u32 address_mode(bool system)
{
	return system ? FAULTLINE_ADDRESS_MODE_SYSTEM :
			FAULTLINE_ADDRESS_MODE_VIDMEM;
}

static void encode(const struct faultline_copy *copy, bool interrupt, u64 *words)
{
	bool zero = copy->kind == FAULTLINE_COPY_ZERO;
	bool to_system = copy->kind == FAULTLINE_COPY_TO_SYSTEM;

	words[0] = FIELD_PREP(FAULTLINE_JOB_OPCODE, zero ? FAULTLINE_OPCODE_FILL :
							   FAULTLINE_OPCODE_COPY) |
		   FIELD_PREP(FAULTLINE_JOB_DATA_SIZE, FAULTLINE_DATA_SIZE_8_BYTES) |
		   FIELD_PREP(FAULTLINE_JOB_INTR, interrupt) |
		   FIELD_PREP(FAULTLINE_JOB_DST_MODE, address_mode(to_system)) |
		   FIELD_PREP(FAULTLINE_JOB_SRC_MODE, address_mode(!to_system));
	words[FAULTLINE_JOB_DST_WORD] = to_system ? copy->system : copy->vram;
	words[FAULTLINE_JOB_SRC_WORD] = to_system ? copy->vram : copy->system;
	words[FAULTLINE_JOB_COUNT_WORD] = copy->bytes / COPY_WORD_BYTES;
}

/* Return: the number of the last job; 0: the channel works no more. */
static u64 push(struct faultline_channel *channel,
		const struct faultline_copy *copies, u32 count)
{
	u64 words[FAULTLINE_JOB_WORDS] = {};
	u64 last = 0;
	u32 i;

	lockdep_assert_held(&channel->fdev->copy_lock);
	mutex_lock(&channel->submit_lock);
	/* What an earlier caller gave up waiting for is still in there. */
	if (faultline_ring_room(channel) < channel->entries)
		count = 0;
	for (i = 0; i < count; i++) {
		encode(&copies[i], i == count - 1, words);
		last = faultline_ring_push(channel, words);
	}
	if (count && !faultline_mistake(LOST_COPY))
		faultline_ring_kick(channel);
	mutex_unlock(&channel->submit_lock);
	return last;
}

static bool is_over(const struct faultline_channel *channel, u64 number)
{
	return READ_ONCE(channel->completed) >= number || READ_ONCE(channel->dead);
}

/* It is within faultline_device_enter() only for this, so that an unplug need not wait. */
static void give_up(struct faultline_device *fdev, unsigned int seconds)
{
	int idx;

	if (!faultline_device_enter(fdev, &idx))
		return;
	faultline_device_give_up(fdev, "a copy has not ended within %u s", seconds);
	faultline_device_exit(idx);
}

static int wait_for(struct faultline_channel *channel, u64 number)
{
	struct faultline_device *fdev = channel->fdev;
	unsigned int seconds = 0;

	lockdep_assert_held(&fdev->copy_lock);
	while (!wait_event_timeout(channel->wait, is_over(channel, number),
				   COPY_WAIT_SLICE)) {
		if (faultline_device_is_gone(fdev))
			return faultline_device_error(fdev);
		if (++seconds >= READ_ONCE(copy_patience_s))
			give_up(fdev, seconds);
	}
	return READ_ONCE(channel->completed) >= number ?
		       0 : faultline_device_error(fdev);
}

static int check(struct faultline_channel *channel, u64 last, u32 count)
{
	const struct faultline_completion *done;
	int ret = 0;
	u64 number;

	lockdep_assert_held(&channel->fdev->copy_lock);
	spin_lock_irq(&channel->lock);
	for (number = last - count + 1; !ret && number <= last; number++) {
		done = &channel->done[(number - 1) & (channel->entries - 1)];
		if (WARN_ON_ONCE(done->seqno != number))
			ret = -EIO;
		else
			ret = done->error;
	}
	spin_unlock_irq(&channel->lock);
	return ret;
}

/**
 * faultline_copy_append - add a copy to a list, joined with the one before if
 * they follow each other
 * @copies: the list, with room
 * @count: its length
 * @copy: what to add
 */
void faultline_copy_append(struct faultline_copy *copies, u32 *count,
			   const struct faultline_copy *copy)
{
	struct faultline_copy *before = *count ? &copies[*count - 1] : NULL;

	if (before && before->kind == copy->kind &&
	    before->vram + before->bytes == copy->vram &&
	    (copy->kind == FAULTLINE_COPY_ZERO ||
	     before->system + before->bytes == copy->system))
		before->bytes += copy->bytes;
	else
		copies[(*count)++] = *copy;
}

/**
 * faultline_copy_run - have copies done, and wait for them
 * @fdev: the device
 * @copies: what to do
 * @count: how many
 *
 * Not interruptible: who calls this has pages locked and cannot leave them.
 *
 * Return: 0; -ENODEV: the device is gone; -EIO: it refused an address, or is given up.
 */
int faultline_copy_run(struct faultline_device *fdev,
		       const struct faultline_copy *copies, u32 count)
{
	struct faultline_channel *channel;
	u32 done, some;
	u64 bytes = 0, last;
	int ret = 0;

	mutex_lock(&fdev->copy_lock);
	channel = fdev->kernel_channel;
	for (done = 0; !ret && done < count; done += some) {
		if (!channel || !fdev->running || faultline_device_is_given_up(fdev)) {
			ret = faultline_device_error(fdev);
			break;
		}
		some = min(count - done, channel->entries);
		last = push(channel, copies + done, some);
		ret = last ? wait_for(channel, last) : faultline_device_error(fdev);
		if (!ret)
			ret = check(channel, last, some);
	}
	mutex_unlock(&fdev->copy_lock);
	for (done = 0; done < count; done++)
		bytes += copies[done].bytes;
	trace_faultline_copy(fdev, count, bytes, ret);
	return ret;
}
