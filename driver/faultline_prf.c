// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Prefetch faults are turned off for a while when most of them are for nothing. */
#include <linux/bitfield.h>
#include <linux/module.h>

#include "faultline_device.h"
#include "faultline_prf.h"
#include "faultline_regs.h"

/**
 * DOC: The filter of prefetch faults
 *
 * A prefetch asks for pages that may be needed. Nobody waits for it, so one to
 * an address that the process does not have costs a packet and its service, and
 * takes both from faults that somebody waits for. If of %PRF_SAMPLE prefetch
 * faults more than @prefetch_filter_percent were for nothing, PRF_FILTER
 * tells the MMU to report none (SEND_NONE). After @prefetch_filter_ms they are
 * reported again: what the job of then prefetches may exist.
 */

/* Prefetch faults that are judged together. */
#define PRF_SAMPLE	64

static unsigned int prefetch_filter_percent = 66;
module_param(prefetch_filter_percent, uint, 0644);
MODULE_PARM_DESC(prefetch_filter_percent, "per cent of prefetch faults for nothing above which they are turned off; 100: never (default: 66)");

static unsigned int prefetch_filter_ms = 1000;
module_param(prefetch_filter_ms, uint, 0644);
MODULE_PARM_DESC(prefetch_filter_ms, "how long prefetch faults stay turned off (default: 1000)");

static void set_filter(struct faultline_device *fdev, u32 filter)
{
	int idx;

	if (!faultline_device_enter(fdev, &idx))
		return;
	faultline_write(fdev, FAULTLINE_MMU_PAGE_FAULT_CTRL,
			FIELD_PREP(FAULTLINE_MMU_PAGE_FAULT_CTRL_PRF_FILTER,
				   filter));
	faultline_device_exit(idx);
}

static void begin_sample(struct faultline_prf *prf)
{
	spin_lock(&prf->lock);
	prf->served = 0;
	prf->invalid = 0;
	spin_unlock(&prf->lock);
}

/* What is left of the storm says nothing about what comes now. */
static void send_again(struct work_struct *work)
{
	struct faultline_prf *prf =
		container_of(to_delayed_work(work), struct faultline_prf,
			     send_again);

	begin_sample(prf);
	set_filter(container_of(prf, struct faultline_device, prf),
		   FAULTLINE_PRF_FILTER_SEND_ALL);
}

void faultline_prf_init(struct faultline_device *fdev)
{
	spin_lock_init(&fdev->prf.lock);
	INIT_DELAYED_WORK(&fdev->prf.send_again, send_again);
}

/* A job that prefetches wants its pages mapped, so all is reported at first. */
void faultline_prf_start(struct faultline_device *fdev)
{
	begin_sample(&fdev->prf);
	set_filter(fdev, FAULTLINE_PRF_FILTER_SEND_ALL);
}

/* No fault is served any more. */
void faultline_prf_stop(struct faultline_device *fdev)
{
	cancel_delayed_work_sync(&fdev->prf.send_again);
}

/**
 * faultline_prf_note - a prefetch fault was served
 * @fdev: the device
 * @error: 0, -EFAULT or -EPERM: for nothing; others say nothing about it
 */
void faultline_prf_note(struct faultline_device *fdev, int error)
{
	struct faultline_prf *prf = &fdev->prf;
	bool storm = false;

	spin_lock(&prf->lock);
	prf->served++;
	prf->invalid += error == -EFAULT || error == -EPERM;
	if (prf->served == PRF_SAMPLE) {
		storm = prf->invalid * 100 >
			PRF_SAMPLE * READ_ONCE(prefetch_filter_percent);
		prf->served = 0;
		prf->invalid = 0;
	}
	spin_unlock(&prf->lock);
	/* Packets of before may arrive while the filter is on already. */
	if (!storm || delayed_work_pending(&prf->send_again))
		return;
	set_filter(fdev, FAULTLINE_PRF_FILTER_SEND_NONE);
	faultline_device_count(fdev, FAULTLINE_COUNT_PREFETCH_FILTERED, 1);
	schedule_delayed_work(&prf->send_again,
			      msecs_to_jiffies(READ_ONCE(prefetch_filter_ms)));
}
