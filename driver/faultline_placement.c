// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* What is served with a fault, and where it is to be: the policies' meeting place. */
#include <linux/bitmap.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched/mm.h>
#include <linux/userfaultfd_k.h>

#include "faultline_access.h"
#include "faultline_compat.h"
#include "faultline_migrate.h"
#include "faultline_placement.h"
#include "faultline_prefetch.h"
#include "faultline_service.h"
#include "faultline_table.h"
#include "faultline_thrash.h"
#include "faultline_vm.h"

static bool migrate_on_fault;
module_param(migrate_on_fault, bool, 0644);
MODULE_PARM_DESC(migrate_on_fault, "move private anonymous memory to the device when it faults there, 2 MiB at a time (default: no)");

/* What matters of the mapping around a fault. */
struct mapping {
	u64 start;
	u64 end;
	bool anonymous;
	/* User space provides the pages: none is to be asked for in advance. */
	bool watched;
};

/*
 * The first one in @span. False: there is none, or the process or this thread is
 * about to end.
 */
static bool find_mapping(struct faultline_vm *vm,
			 const struct faultline_region *span,
			 struct mapping *mapping)
{
	struct vm_area_struct *vma = NULL;

	if (!mmget_not_zero(vm->mm))
		return false;
	if (!mmap_read_lock_killable(vm->mm)) {
		vma = find_vma_intersection(vm->mm, span->start,
					    span->start + ((u64)span->pages << PAGE_SHIFT));
		if (vma)
			*mapping = (struct mapping){
				.start = vma->vm_start,
				.end = vma->vm_end,
				.anonymous = vma_is_anonymous(vma),
				.watched = userfaultfd_armed(vma),
			};
		mmap_read_unlock(vm->mm);
	}
	mmput(vm->mm);
	return vma;
}

static void find_occupied(struct faultline_vm *vm, u64 base,
			  const struct faultline_fault *faults, u32 count,
			  unsigned long *occupied)
{
	u32 i;

	mutex_lock(&vm->lock);
	if (vm->dead)
		bitmap_zero(occupied, FAULTLINE_HUGE_PAGES);
	else
		faultline_table_occupied(&vm->table, base, occupied);
	mutex_unlock(&vm->lock);
	for (i = 0; i < count && faults[i].va - base < FAULTLINE_HUGE_SIZE; i++)
		__set_bit((faults[i].va - base) >> PAGE_SHIFT, occupied);
}

/*
 * A mapping may change after the look at it: what is no longer there fails, and
 * each fault is served alone then.
 */
static void clip(struct faultline_region *region, const struct mapping *mapping)
{
	u64 end = region->start + ((u64)region->pages << PAGE_SHIFT);

	region->start = max(region->start, mapping->start);
	region->pages = (min(end, mapping->end) - region->start) >> PAGE_SHIFT;
}

/*
 * hmm_range_fault() faults in all that follows, in its range, the first page that
 * has to be, asked for or not. A page that the device has claimed would go back to the
 * CPUs for that: the region around @va ends where there is one.
 */
static void leave_claimed(struct faultline_vm *vm, u64 va,
			  struct faultline_region *region)
{
	u64 end = region->start + ((u64)region->pages << PAGE_SHIFT);
	u64 start = region->start, at;

	if (!vm->exclusive_atomics)
		return;
	mutex_lock(&vm->lock);
	for (at = start; !vm->dead && at < end; at += PAGE_SIZE) {
		if (at == va || !faultline_table_is_claimed(&vm->table, at))
			continue;
		if (at < va)
			start = at + PAGE_SIZE;
		else
			end = at;
	}
	mutex_unlock(&vm->lock);
	region->start = start;
	region->pages = (end - start) >> PAGE_SHIFT;
}

/* Much of what is around the fault is in use: the rest of it is served along. */
static void widen_where_dense(struct faultline_vm *vm, u64 va,
			      const unsigned long *occupied,
			      struct faultline_region *region)
{
	struct faultline_region fault = { .start = va, .pages = 1 };
	u32 page = (va & (FAULTLINE_HUGE_SIZE - 1)) >> PAGE_SHIFT;
	u32 pages = faultline_prefetch_subtree(occupied, page, region->pages);
	struct mapping mapping;

	if (!pages || !find_mapping(vm, &fault, &mapping))
		return;
	region->pages = pages;
	region->start = round_down(va, (u64)pages << PAGE_SHIFT);
	region->populate = mapping.anonymous && !mapping.watched;
	clip(region, &mapping);
}

/**
 * faultline_placement_choose - what to serve together with a fault
 * @vm: the address space
 * @faults: the fault, and those that follow it by address
 * @count: how many
 * @region: out: around the first of @faults
 *
 * Only private anonymous memory is populated in advance: pages of files and of
 * shared memory would get content, or be written back, that nobody asked for.
 */
void faultline_placement_choose(struct faultline_vm *vm,
				const struct faultline_fault *faults, u32 count,
				struct faultline_region *region)
{
	u64 base = round_down(faults[0].va, FAULTLINE_HUGE_SIZE);
	DECLARE_BITMAP(occupied, FAULTLINE_HUGE_PAGES);

	region->pages = faultline_service_fault_around();
	region->start = round_down(faults[0].va, (u64)region->pages << PAGE_SHIFT);
	region->populate = false;
	find_occupied(vm, base, faults, count, occupied);
	widen_where_dense(vm, faults[0].va, occupied, region);
	leave_claimed(vm, faults[0].va, region);
}

/* What of @region the mapping at @span has. Return: 4 KiB pages that arrived. */
static u64 move(struct faultline_vm *vm, struct faultline_region region,
		const struct faultline_region *span)
{
	struct faultline_migrate_request request = {};
	struct mapping mapping;

	if (!find_mapping(vm, span, &mapping) || !mapping.anonymous ||
	    mapping.watched)
		return 0;
	clip(&region, &mapping);
	request.start = region.start;
	request.end = region.start + ((u64)region.pages << PAGE_SHIFT);
	faultline_migrate_to_device(vm, &request);
	return request.moved;
}

/**
 * faultline_placement_move - move memory to the device, if it is to be there
 * @vm: the address space
 * @va: a replayable fault
 *
 * What cannot move is served where it is.
 */
void faultline_placement_move(struct faultline_vm *vm, u64 va)
{
	struct faultline_region around = {
		.start = round_down(va, FAULTLINE_HUGE_SIZE),
		.pages = FAULTLINE_HUGE_PAGES,
	};
	struct faultline_region page = { .start = va, .pages = 1 };

	if (!READ_ONCE(migrate_on_fault) || faultline_thrash_is_pinned(vm, va))
		return;
	if (move(vm, around, &page))
		faultline_thrash_note_move(vm, va);
}

/**
 * faultline_placement_move_hot - move to the device what it uses often
 * @vm: the address space
 * @hot: what the access counters say
 */
void faultline_placement_move_hot(struct faultline_vm *vm,
				  const struct faultline_hot *hot)
{
	const u32 part_pages = FAULTLINE_HUGE_PAGES / BITS_PER_TYPE(hot->parts);
	unsigned long first, end, parts = hot->parts;
	struct faultline_region run;
	u64 moved = 0;

	if (!faultline_thrash_is_pinned(vm, hot->va)) {
		for_each_set_bitrange(first, end, &parts,
				      BITS_PER_TYPE(hot->parts)) {
			run.start = hot->va + (first * part_pages << PAGE_SHIFT);
			run.pages = (end - first) * part_pages;
			moved += move(vm, run, &run);
		}
	}
	if (moved)
		faultline_thrash_note_move(vm, hot->va);
	faultline_vm_count(vm, FAULTLINE_COUNT_HOT_MOVED, moved);
	faultline_access_clear(vm->fdev, hot->tag);
}
