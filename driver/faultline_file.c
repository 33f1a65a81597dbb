// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The device node: open, ioctl, poll, close, and files that outlive the device. */
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/overflow.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "faultline_channel.h"
#include "faultline_compat.h"
#include "faultline_debugfs.h"
#include "faultline_device.h"
#include "faultline_dmirror.h"
#include "faultline_fault.h"
#include "faultline_file.h"
#include "faultline_file_types.h"
#include "faultline_job.h"
#include "faultline_migrate.h"
#include "faultline_ring.h"
#include "faultline_service.h"
#include "faultline_table.h"
#include "faultline_vm.h"
#include "faultline_vram.h"

static bool exclusive_atomics;
module_param(exclusive_atomics, bool, 0644);
MODULE_PARM_DESC(exclusive_atomics, "strong atomics on system memory need exclusive access, in files opened from now on (default: no)");

static void file_release(struct kref *ref)
{
	struct faultline_file *file = container_of(ref, struct faultline_file, ref);

	faultline_device_put(file->fdev);
	mutex_destroy(&file->command_lock);
	mutex_destroy(&file->lock);
	kfree(file);
}

/**
 * faultline_file_open - open a file of a device
 * @fdev: the device; its node cannot be unregistered meanwhile
 * @inode: the node
 * @filep: the file; its private data are written
 * @exclusive_atomics: see &faultline_vm.exclusive_atomics
 *
 * Return: 0 or an error.
 */
int faultline_file_open(struct faultline_device *fdev, struct inode *inode,
			struct file *filep, bool exclusive_atomics)
{
	struct faultline_file *file;

	if (faultline_device_is_given_up(fdev))
		return -EIO;
	file = kzalloc_obj(*file);
	if (!file)
		return -ENOMEM;
	file->vm = faultline_vm_create(fdev);
	if (IS_ERR(file->vm)) {
		int ret = PTR_ERR(file->vm);

		kfree(file);
		return ret;
	}
	kref_init(&file->ref);
	mutex_init(&file->lock);
	mutex_init(&file->command_lock);
	file->vm->exclusive_atomics = exclusive_atomics && FAULTLINE_VRAM_FEATURES;
	faultline_device_get(fdev);
	file->fdev = fdev;
	file->image = faultline_debugfs_add_image(file->vm);
	filep->private_data = file;

	mutex_lock(&fdev->files_lock);
	list_add_tail(&file->link, &fdev->files);
	mutex_unlock(&fdev->files_lock);
	return nonseekable_open(inode, filep);
}

/*
 * Take everything from the device. Runs once, at the close of the file or when
 * the device goes or is reset, whichever is first; the other waits for it.
 */
static void close_hardware(struct faultline_file *file)
{
	int i;

	mutex_lock(&file->lock);
	if (file->closed)
		goto unlock;
	WRITE_ONCE(file->closed, true);
	faultline_debugfs_remove_image(file->image);
	for (i = 0; i < FAULTLINE_ENGINES; i++)
		if (file->queues[i] && faultline_channel_stop(file->queues[i]))
			file->stuck = true;
	faultline_vm_close(file->vm, !file->stuck);
	for (i = 0; i < FAULTLINE_ENGINES; i++)
		if (file->queues[i])
			faultline_channel_free_rings(file->queues[i], !file->stuck);
unlock:
	mutex_unlock(&file->lock);
}

int faultline_file_close(struct inode *inode, struct file *filep)
{
	struct faultline_file *file = filep->private_data;
	int i;

	close_hardware(file);
	mutex_lock(&file->fdev->files_lock);
	list_del_init(&file->link);
	mutex_unlock(&file->fdev->files_lock);

	if (!file->stuck)
		faultline_bounce_free(&file->bounce);
	faultline_vm_detach(file->vm);
	for (i = 0; i < FAULTLINE_ENGINES; i++)
		if (file->queues[i] && !file->stuck)
			faultline_channel_free(file->queues[i]);
	faultline_vm_put(file->vm);
	kref_put(&file->ref, file_release);
	return 0;
}

/* The queue of an engine, opened when it is used first. */
struct faultline_channel *faultline_file_queue(struct faultline_file *file,
					       u32 engine)
{
	struct faultline_channel *channel;

	if (engine >= FAULTLINE_ENGINES)
		return ERR_PTR(-EINVAL);
	/* Unbind and reset hold the lock until all of device memory is evicted. */
	if (READ_ONCE(file->closed))
		return ERR_PTR(-ENODEV);
	down_read(&file->fdev->reset_lock);
	mutex_lock(&file->lock);
	channel = file->queues[engine];
	if (!channel && (file->closed || !file->fdev->running)) {
		channel = ERR_PTR(-ENODEV);
	} else if (!channel) {
		channel = faultline_channel_open(file->fdev,
						 engine == FAULTLINE_ENGINE_COPY ?
							 FAULTLINE_CHANNEL_COPY :
							 FAULTLINE_CHANNEL_STREAM,
						 file->vm);
		if (!IS_ERR(channel)) {
			/* Those who wait for jobs read it without the lock. */
			smp_store_release(&file->queues[engine], channel);
		}
	}
	mutex_unlock(&file->lock);
	up_read(&file->fdev->reset_lock);
	return channel;
}

static int ioctl_info(struct faultline_file *file, void __user *arg)
{
	struct faultline_device *fdev = file->fdev;
	struct faultline_info info = {
		.api_version = FAULTLINE_API_VERSION,
		.device_version = fdev->version,
		.stream_channels = fdev->channels.stream_count,
		.copy_channels = fdev->channels.copy_count,
		.vram_bytes = fdev->vram_bytes,
		.va_bits = FAULTLINE_VA_BITS,
		.queue_entries = faultline_channel_entries(),
		.fault_buffer_entries = faultline_fault_entries(),
		.fault_around_pages = faultline_service_fault_around(),
		.features = FAULTLINE_VRAM_FEATURES |
			    (file->vm->exclusive_atomics ?
				     FAULTLINE_FEATURE_EXCLUSIVE : 0),
	};
	int ret;

	ret = faultline_device_time_offset(fdev, &info.device_time_offset_ns);
	if (ret)
		return ret;
	return copy_to_user(arg, &info, sizeof(info)) ? -EFAULT : 0;
}

static int ioctl_submit(struct faultline_file *file, void __user *arg)
{
	struct faultline_channel *channel;
	struct faultline_submit submit;
	int ret;

	/* Pointers are those of the process whose memory is mirrored. */
	if (current->mm != file->vm->mm)
		return -EPERM;
	if (copy_from_user(&submit, arg, sizeof(submit)))
		return -EFAULT;
	if (submit.flags || !submit.count)
		return -EINVAL;
	channel = faultline_file_queue(file, submit.engine);
	if (IS_ERR(channel))
		return PTR_ERR(channel);
	ret = faultline_job_submit(channel, &submit);
	if (ret)
		return ret;
	return copy_to_user(arg, &submit, sizeof(submit)) ? -EFAULT : 0;
}

static int ioctl_wait(struct faultline_file *file, void __user *arg)
{
	struct faultline_channel *channel;
	struct faultline_wait wait;
	int ret;

	if (copy_from_user(&wait, arg, sizeof(wait)))
		return -EFAULT;
	if (wait.flags || wait.engine >= FAULTLINE_ENGINES)
		return -EINVAL;
	channel = READ_ONCE(file->queues[wait.engine]);
	if (!channel)
		return -EINVAL;
	ret = faultline_job_wait(channel, &wait);
	if (ret)
		return ret;
	return copy_to_user(arg, &wait, sizeof(wait)) ? -EFAULT : 0;
}

static int ioctl_migrate(struct faultline_file *file, void __user *arg)
{
	struct faultline_migrate_request request = {};
	struct faultline_migrate migrate;
	int ret;

	if (current->mm != file->vm->mm)
		return -EPERM;
	if (READ_ONCE(file->closed))
		return -ENODEV;
	if (copy_from_user(&migrate, arg, sizeof(migrate)))
		return -EFAULT;
	if (migrate.flags || !migrate.bytes ||
	    !PAGE_ALIGNED(migrate.address | migrate.bytes) ||
	    check_add_overflow(migrate.address, migrate.bytes, &request.end))
		return -EINVAL;
	request.start = migrate.address;
	switch (migrate.where) {
	case FAULTLINE_MIGRATE_TO_DEVICE:
		ret = faultline_migrate_to_device(file->vm, &request);
		break;
	case FAULTLINE_MIGRATE_TO_SYSTEM:
		ret = faultline_migrate_to_system(file->vm, &request);
		break;
	default:
		return -EINVAL;
	}
	if (ret)
		return ret;
	migrate.moved = request.moved;
	return copy_to_user(arg, &migrate, sizeof(migrate)) ? -EFAULT : 0;
}

static int copy_records(struct faultline_file *file, struct faultline_stats *stats)
{
	struct faultline_fault_record *records;
	u32 room = min_t(u32, stats->record_count, FAULTLINE_SERVICE_RECORDS);
	int ret = 0;

	stats->record_count = 0;
	if (!stats->records || !room)
		return 0;
	records = kvcalloc(room, sizeof(*records), GFP_KERNEL);
	if (!records)
		return -ENOMEM;
	stats->record_count = faultline_service_read_records(file->vm, records,
							     room);
	if (copy_to_user(u64_to_user_ptr(stats->records), records,
			 stats->record_count * sizeof(*records)))
		ret = -EFAULT;
	kvfree(records);
	return ret;
}

static int ioctl_stats(struct faultline_file *file, void __user *arg)
{
	struct faultline_stats stats;
	int ret;

	if (copy_from_user(&stats, arg, sizeof(stats)))
		return -EFAULT;
	if (stats.flags)
		return -EINVAL;
	ret = copy_records(file, &stats);
	if (ret)
		return ret;
	ret = faultline_device_time_offset(file->fdev,
					   &stats.device_time_offset_ns);
	if (ret)
		return ret;
	faultline_counters_read(&file->vm->counters, &stats.file);
	faultline_counters_read(&file->fdev->counters, &stats.device);
	return copy_to_user(arg, &stats, sizeof(stats)) ? -EFAULT : 0;
}

static long file_ioctl(struct file *filep, unsigned int cmd, unsigned long arg)
{
	struct faultline_file *file = filep->private_data;
	void __user *user = (void __user *)arg;

	switch (cmd) {
	case FAULTLINE_IOC_INFO:
		return ioctl_info(file, user);
	case FAULTLINE_IOC_SUBMIT:
		return ioctl_submit(file, user);
	case FAULTLINE_IOC_WAIT:
		return ioctl_wait(file, user);
	case FAULTLINE_IOC_STATS:
		return ioctl_stats(file, user);
	case FAULTLINE_IOC_MIGRATE:
		return ioctl_migrate(file, user);
	default:
		return -ENOTTY;
	}
}

/* Readable when no job is running; an error when none can run any more. */
static __poll_t file_poll(struct file *filep, poll_table *table)
{
	struct faultline_file *file = filep->private_data;
	struct faultline_channel *channel;
	__poll_t events = EPOLLIN | EPOLLRDNORM;
	int i;

	if (faultline_device_is_given_up(file->fdev))
		return EPOLLERR | EPOLLHUP;
	for (i = 0; i < FAULTLINE_ENGINES; i++) {
		channel = READ_ONCE(file->queues[i]);
		if (!channel)
			continue;
		poll_wait(filep, &channel->wait, table);
		if (READ_ONCE(channel->dead))
			return EPOLLERR | EPOLLHUP;
		if (faultline_ring_room(channel) < channel->entries)
			events = 0;
	}
	return events;
}

static int file_open(struct inode *inode, struct file *filep)
{
	struct faultline_device *fdev =
		container_of(filep->private_data, struct faultline_device, misc);

	return faultline_file_open(fdev, inode, filep,
				   READ_ONCE(exclusive_atomics));
}

static const struct file_operations file_fops = {
	.owner = THIS_MODULE,
	.open = file_open,
	.release = faultline_file_close,
	.unlocked_ioctl = file_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.poll = file_poll,
};

int faultline_file_register(struct faultline_device *fdev)
{
	int ret;

	fdev->misc.minor = MISC_DYNAMIC_MINOR;
	fdev->misc.name = fdev->name;
	fdev->misc.fops = &file_fops;
	fdev->misc.parent = fdev->dev;
	ret = misc_register(&fdev->misc);
	if (ret)
		return ret;
	ret = faultline_dmirror_register(fdev);
	if (ret)
		misc_deregister(&fdev->misc);
	return ret;
}

static struct faultline_file *first_not_closed(struct faultline_device *fdev)
{
	struct faultline_file *file, *found = NULL;

	mutex_lock(&fdev->files_lock);
	list_for_each_entry(file, &fdev->files, link) {
		if (READ_ONCE(file->closed))
			continue;
		kref_get(&file->ref);
		found = file;
		break;
	}
	mutex_unlock(&fdev->files_lock);
	return found;
}

/* The files that are open now lose the device for good. */
void faultline_file_close_all(struct faultline_device *fdev)
{
	struct faultline_file *file;

	while ((file = first_not_closed(fdev))) {
		close_hardware(file);
		kref_put(&file->ref, file_release);
	}
	/* One that is being closed by its owner may still be at it. */
	mutex_lock(&fdev->files_lock);
	list_for_each_entry(file, &fdev->files, link) {
		mutex_lock(&file->lock);
		mutex_unlock(&file->lock);
	}
	mutex_unlock(&fdev->files_lock);
}

/* No file is opened any more, and those that are open lose the device. */
void faultline_file_unregister(struct faultline_device *fdev)
{
	faultline_dmirror_unregister(fdev);
	misc_deregister(&fdev->misc);
	faultline_file_close_all(fdev);
}
