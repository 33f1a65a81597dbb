// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Lifetime of a device and of the access to its registers; its clock. */
#include <linux/ktime.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>

#include "faultline_device.h"

/* Readers are short sections that touch registers; remove() waits for them. */
DEFINE_SRCU(faultline_unplug_srcu);

/**
 * faultline_device_unplug - end all access to the registers
 * @fdev: the device
 *
 * On return no register section is running and none will begin. A section may
 * wait for the mmap lock, for pages, and for a close: so none of these is
 * held here, nor a lock that is held while they are waited for.
 */
void faultline_device_unplug(struct faultline_device *fdev)
{
	might_sleep();
	lockdep_assert_not_held(&fdev->reset_lock);
	lockdep_assert_not_held(&fdev->files_lock);
	lockdep_assert_not_held(&fdev->copy_lock);
	WRITE_ONCE(fdev->unplugged, true);
	synchronize_srcu(&faultline_unplug_srcu);
}

void faultline_device_get(struct faultline_device *fdev)
{
	kref_get(&fdev->ref);
}

static void faultline_device_release(struct kref *ref)
{
	struct faultline_device *fdev =
		container_of(ref, struct faultline_device, ref);

	xa_destroy(&fdev->vms);
	mutex_destroy(&fdev->files_lock);
	kfree(fdev);
}

void faultline_device_put(struct faultline_device *fdev)
{
	kref_put(&fdev->ref, faultline_device_release);
}

/* The register space answers with our identity, not with all ones. */
bool faultline_device_present(struct faultline_device *fdev)
{
	return faultline_read(fdev, FAULTLINE_ID) ==
	       FAULTLINE_ID_RESET;
}

/* A device that vanished without a word leaves its waiters: look for it. */
bool faultline_device_is_gone(struct faultline_device *fdev)
{
	bool gone = true;
	int idx;

	if (faultline_device_enter(fdev, &idx)) {
		gone = !faultline_device_present(fdev);
		faultline_device_exit(idx);
	}
	return gone;
}

/* Nanoseconds of device time; the high word is read around the low one. */
u64 faultline_device_time(struct faultline_device *fdev)
{
	u32 hi = faultline_read(fdev, FAULTLINE_PTIMER_TIME_1);
	u32 lo, again;
	int i;

	for (i = 0; i < 3; i++) {
		lo = faultline_read(fdev, FAULTLINE_PTIMER_TIME_0);
		again = faultline_read(fdev, FAULTLINE_PTIMER_TIME_1);
		if (again == hi)
			break;
		hi = again;
	}
	return (u64)FIELD_GET(FAULTLINE_PTIMER_TIME_1_NSEC, hi) << 32 |
	       (lo & FAULTLINE_PTIMER_TIME_0_NSEC);
}

/**
 * faultline_device_time_offset - compare the two clocks now
 * @fdev: the device
 * @offset_ns: device time minus CLOCK_MONOTONIC; the error is at most half
 *	the time that three register reads take
 *
 * Return: 0, or -ENODEV when the device is gone.
 */
int faultline_device_time_offset(struct faultline_device *fdev, s64 *offset_ns)
{
	u64 before, device, after;
	int idx, ret = 0;

	if (!faultline_device_enter(fdev, &idx))
		return -ENODEV;
	if (!faultline_device_present(fdev)) {
		ret = -ENODEV;
	} else {
		before = ktime_get_ns();
		device = faultline_device_time(fdev);
		after = ktime_get_ns();
		*offset_ns = (s64)(device - (before + (after - before) / 2));
	}
	faultline_device_exit(idx);
	return ret;
}
