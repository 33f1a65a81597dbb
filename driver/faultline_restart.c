// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Copy channels that a fault has switched out: restart them, or fail their job. */
#include "faultline_channel.h"
#include "faultline_device.h"
#include "faultline_fault_types.h"
#include "faultline_restart.h"
#include "faultline_ring.h"
#include "faultline_vm.h"

/* Copy channel j is engine 15 + j (dev_fault, ENGINE_ID). */
#define ENGINE_CE0	15

/*
 * A packet was lost. It may have been that of any channel, but of those whose
 * packets have been read.
 */
void faultline_restart_lost(struct faultline_device *fdev)
{
	struct faultline_channels *channels = &fdev->channels;
	u32 i;

	spin_lock_irq(&channels->lock);
	for (i = channels->stream_count; i < faultline_channels_count(fdev); i++)
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
	if (fault->engine >= ENGINE_CE0 && i < faultline_channels_count(vm->fdev))
		channel = channels->active[i];
	if (channel && (channel->vm != vm || fault->device_ns < READ_ONCE(channel->since_ns)))
		channel = NULL;
	if (channel)
		channel->fault_known = known;
	spin_unlock_irq(&channels->lock);
	return channel;
}

/* Its packet has been read and will be served. */
void faultline_restart_expect(struct faultline_vm *vm,
			      const struct faultline_fault *fault)
{
	faulted_channel(vm, fault, true);
}

/* Its fault is served: the access that faulted is issued again. */
void faultline_restart_served(struct faultline_vm *vm,
			      const struct faultline_fault *fault)
{
	struct faultline_channel *channel = faulted_channel(vm, fault, false);

	if (!channel)
		return;
	faultline_write(vm->fdev, FAULTLINE_CHAN_CLEAR_FAULTED(channel->index),
			FAULTLINE_CHAN_CLEAR_FAULTED_TRIGGER);
	faultline_vm_count(vm, FAULTLINE_COUNT_RESTARTS, 1);
}

/**
 * faultline_restart_failed - the fault of a switched-out channel is fatal
 * @vm: its address space
 * @fault: the fault
 * @error: why
 *
 * Such a fault cannot be cancelled: the channel is stopped, its running job
 * fails with @error, later ones with -ECANCELED, and it starts afresh.
 */
void faultline_restart_failed(struct faultline_vm *vm,
			      const struct faultline_fault *fault, int error)
{
	struct faultline_channel *channel = faulted_channel(vm, fault, false);

	if (!channel)
		return;
	mutex_lock(&channel->submit_lock);
	if (READ_ONCE(channel->dead))
		goto unlock;
	/* From here on the device's word for the running job is "aborted". */
	spin_lock_irq(&channel->lock);
	faultline_ring_reap_locked(channel);
	channel->restarting = true;
	spin_unlock_irq(&channel->lock);
	if (faultline_channel_disable(channel)) {
		spin_lock_irq(&channel->lock);
		channel->dead = true;
		spin_unlock_irq(&channel->lock);
		goto unlock;
	}
	WRITE_ONCE(channel->since_ns, faultline_device_time(vm->fdev));
	spin_lock_irq(&channel->lock);
	faultline_ring_abandon(channel, fault, error);
	channel->restarting = false;
	spin_unlock_irq(&channel->lock);
	faultline_channel_enable(channel);
	faultline_vm_count(vm, FAULTLINE_COUNT_CANCELS, 1);
unlock:
	mutex_unlock(&channel->submit_lock);
	wake_up_all(&channel->wait);
}
