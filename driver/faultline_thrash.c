// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Memory that goes back and forth between CPU and device is left where it is. */
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "faultline_compat.h"
#include "faultline_table.h"
#include "faultline_thrash.h"
#include "faultline_trace.h"
#include "faultline_vm.h"

/**
 * DOC: Thrashing
 *
 * A region that moves to the device by a fault, comes back because a CPU wants
 * it or because it was evicted, and moves again soon, thrashes. After
 * @thrash_threshold such moves, each within @thrash_lapse_ms of the one before,
 * it is pinned: for @thrash_pin_ms the device's faults map it where it is.
 * Pinned memory still moves when the process asks for it.
 */

static unsigned int thrash_threshold = 3;
module_param(thrash_threshold, uint, 0644);
MODULE_PARM_DESC(thrash_threshold, "moves in a row after which a region is pinned; 0: never (default: 3)");

static unsigned int thrash_lapse_ms = 500;
module_param(thrash_lapse_ms, uint, 0644);
MODULE_PARM_DESC(thrash_lapse_ms, "a move counts if the one before is not older (default: 500)");

static unsigned int thrash_pin_ms = 2000;
module_param(thrash_pin_ms, uint, 0644);
MODULE_PARM_DESC(thrash_pin_ms, "how long a region stays pinned (default: 2000)");

struct region {
	u64 moved_ns;
	u64 pinned_until_ns;
	u32 moves;
};

static unsigned long region_key(u64 va)
{
	return va >> FAULTLINE_HUGE_SHIFT;
}

void faultline_thrash_init(struct faultline_thrash *thrash)
{
	xa_init(&thrash->regions);
}

void faultline_thrash_fini(struct faultline_thrash *thrash)
{
	struct region *region;
	unsigned long key;

	xa_for_each(&thrash->regions, key, region)
		kfree(region);
	xa_destroy(&thrash->regions);
}

/* The device's faults at @va are to be served without a move. */
bool faultline_thrash_is_pinned(struct faultline_vm *vm, u64 va)
{
	struct region *region = xa_load(&vm->thrash.regions, region_key(va));

	return region && ktime_get_ns() < region->pinned_until_ns;
}

/* Without memory for it, nothing is known of the region. */
static struct region *find_or_add(struct faultline_thrash *thrash, u64 va)
{
	struct region *region = xa_load(&thrash->regions, region_key(va));

	if (region)
		return region;
	region = kzalloc_obj(struct region);
	if (region && xa_err(xa_store(&thrash->regions, region_key(va), region,
				      GFP_KERNEL))) {
		kfree(region);
		return NULL;
	}
	return region;
}

/* The region around @va has moved to the device, for a fault. */
void faultline_thrash_note_move(struct faultline_vm *vm, u64 va)
{
	struct region *region = find_or_add(&vm->thrash, va);
	u32 threshold = READ_ONCE(thrash_threshold);
	u64 now = ktime_get_ns();

	if (!region)
		return;
	if (now - region->moved_ns > READ_ONCE(thrash_lapse_ms) * NSEC_PER_MSEC)
		region->moves = 0;
	region->moved_ns = now;
	if (!threshold || ++region->moves <= threshold)
		return;
	region->moves = 0;
	region->pinned_until_ns =
		now + READ_ONCE(thrash_pin_ms) * NSEC_PER_MSEC;
	faultline_vm_count(vm, FAULTLINE_COUNT_PINNED, 1);
	trace_faultline_migrate(vm->fdev, "pinned", va, 0, 0);
}
