/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Reaching the registers of a device that may vanish. */
#ifndef _FAULTLINE_DEVICE_H_
#define _FAULTLINE_DEVICE_H_

#include <linux/bitfield.h>
#include <linux/io.h>
#include <linux/srcu.h>

#include "faultline_device_types.h"
#include "faultline_regs.h"

/* What a read of a vanished device returns. */
#define FAULTLINE_GONE	(~0u)

/* A field of a record of 32-bit words, read already. */
#define faultline_record_field(words, field) \
	FIELD_GET(FAULTLINE_ ## field, (words)[FAULTLINE_ ## field ## _WORD])

extern struct srcu_struct faultline_unplug_srcu;

/**
 * faultline_device_enter - begin to touch registers
 * @fdev: the device
 * @idx: to be handed to faultline_device_exit()
 *
 * Inline, so that sparse sees a section end in the function that began it.
 *
 * Return: false, without a section begun, once the device is unplugged.
 */
static inline bool faultline_device_enter(struct faultline_device *fdev, int *idx)
{
	*idx = srcu_read_lock(&faultline_unplug_srcu);
	if (!READ_ONCE(fdev->unplugged))
		return true;
	srcu_read_unlock(&faultline_unplug_srcu, *idx);
	return false;
}

static inline void faultline_device_exit(int idx)
{
	srcu_read_unlock(&faultline_unplug_srcu, idx);
}

/* It reaches no memory any more, and has to be reset: faultline_device_give_up(). */
static inline bool faultline_device_is_given_up(const struct faultline_device *fdev)
{
	return READ_ONCE(fdev->given_up);
}

/* As faultline_device_enter(), for what only a device does that is not given up. */
static inline bool faultline_device_enter_working(struct faultline_device *fdev,
						  int *idx)
{
	return !faultline_device_is_given_up(fdev) &&
	       faultline_device_enter(fdev, idx);
}

/* Why it does no more jobs. */
static inline int faultline_device_error(const struct faultline_device *fdev)
{
	return faultline_device_is_given_up(fdev) ? -EIO : -ENODEV;
}

void faultline_device_unplug(struct faultline_device *fdev);
__printf(2, 3)
void faultline_device_give_up(struct faultline_device *fdev, const char *why, ...);
void faultline_device_get(struct faultline_device *fdev);
void faultline_device_put(struct faultline_device *fdev);
bool faultline_device_present(struct faultline_device *fdev);
bool faultline_device_is_gone(struct faultline_device *fdev);
u64 faultline_device_time(struct faultline_device *fdev);
int faultline_device_time_offset(struct faultline_device *fdev, s64 *offset_ns);

/* Costs a round trip to the device: not for the fault path. */
static inline u32 faultline_read(struct faultline_device *fdev, u32 offset)
{
	return readl(fdev->regs + offset);
}

/* Posted, and ordered after earlier writes to coherent memory. */
static inline void faultline_write(struct faultline_device *fdev, u32 offset,
				   u32 value)
{
	writel(value, fdev->regs + offset);
}

static inline void faultline_device_count(struct faultline_device *fdev,
					  enum faultline_counter which, s64 n)
{
	faultline_counter_add(&fdev->counters, which, n);
}

#endif /* _FAULTLINE_DEVICE_H_ */
