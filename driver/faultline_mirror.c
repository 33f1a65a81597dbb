// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Mirrors a process: hmm_range_fault() into the device's page tables, invalidations out of them. */
#include <linux/hmm.h>
#include <linux/mm.h>
#include <linux/mmu_notifier.h>
#include <linux/module.h>
#include <linux/sched/mm.h>

#include "faultline_compat.h"
#include "faultline_exclusive.h"
#include "faultline_mirror.h"
#include "faultline_mistake.h"
#include "faultline_note.h"
#include "faultline_tlb.h"
#include "faultline_trace.h"
#include "faultline_vm.h"
#include "faultline_vram.h"

/**
 * DOC: The rule of the mirror
 *
 * An entry may be written only while no invalidation of its address has begun
 * since the CPU's entry was looked at. Both sides hold &faultline_vm.lock: the
 * notifier raises the sequence number and zaps under it, the fault path checks
 * the number and writes under it.
 *
 * One notifier covers the whole process. Most of its callbacks hit memory that
 * the device never had; the tables know, and such a callback costs no TLB
 * invalidate. No event is filtered by its device: another file may mirror the
 * same process with page tables of its own. The one that is filtered is an address
 * space's own claim to exclusive access.
 *
 * A page that has moved to this device's memory is mapped like any other: the
 * process's entry says where it is, hmm_range_fault() passes it on, and the
 * entry is written with the aperture of device memory. There is no second way
 * into the page tables, so the rule holds for migrations too.
 */

static bool huge_pages = true;
module_param(huge_pages, bool, 0644);
MODULE_PARM_DESC(huge_pages, "map a transparent huge page by one 2 MiB entry (default: yes)");

static bool big_pages = true;
module_param(big_pages, bool, 0644);
MODULE_PARM_DESC(big_pages, "map 64 KiB of one folio by one entry (default: yes)");

/* For tests: whether this invalidation was done wrongly, and that is all. */
static bool make_mistake(struct faultline_vm *vm,
			 const struct mmu_notifier_range *mmu_range)
{
	u64 pdb = faultline_table_pdb(&vm->table);
	struct faultline_tlb_range range = {
		.start = mmu_range->start,
		.last = mmu_range->end - 1,
	};

	lockdep_assert_held(&vm->lock);
	if (faultline_mistake(IGNORE_MIGRATE))
		return mmu_range->event == MMU_NOTIFY_MIGRATE &&
		       mmu_range->owner == vm->fdev;
	if (!faultline_mistake(NO_ZAP))
		return false;
	faultline_tlb_invalidate(vm->fdev, pdb, &range, FAULTLINE_TLB_ATOMIC);
	faultline_note_withdrawn(vm, &range);
	return true;
}

static bool invalidate(struct mmu_interval_notifier *notifier,
		       const struct mmu_notifier_range *mmu_range,
		       unsigned long seq)
{
	struct faultline_vm *vm =
		container_of(notifier, struct faultline_vm, notifier);
	bool may_sleep = mmu_notifier_range_blockable(mmu_range);
	struct faultline_tlb_range range;
	u64 pages;

	if (faultline_exclusive_is_own(vm, mmu_range))
		return true;
	if (may_sleep)
		mutex_lock(&vm->lock);
	else if (!mutex_trylock(&vm->lock))
		return false;

	mmu_interval_set_seq(notifier, seq);
	if (vm->dead)
		goto unlock;
	faultline_vm_count(vm, FAULTLINE_COUNT_INVALIDATIONS, 1);
	if (make_mistake(vm, mmu_range))
		goto unlock;
	pages = faultline_table_zap(&vm->table, mmu_range->start,
				    mmu_range->end - 1, &range);
	if (!pages) {
		faultline_vm_count(vm, FAULTLINE_COUNT_INVALIDATIONS_UNMAPPED, 1);
		goto unlock;
	}
	faultline_tlb_invalidate(vm->fdev, faultline_table_pdb(&vm->table),
				 &range, may_sleep ? FAULTLINE_TLB_MAY_SLEEP :
						     FAULTLINE_TLB_ATOMIC);
	faultline_note_withdrawn(vm, &range);
	faultline_table_unmap_zapped(&vm->table, &range);
	faultline_vm_count(vm, FAULTLINE_COUNT_PAGES_ZAPPED, pages);
unlock:
	mutex_unlock(&vm->lock);
	return true;
}

static const struct mmu_interval_notifier_ops mirror_ops = {
	.invalidate = invalidate,
};

/* Begin to follow the caller's process. */
int faultline_mirror_attach(struct faultline_vm *vm)
{
	return mmu_interval_notifier_insert(&vm->notifier, vm->mm, 0,
					    ULONG_MAX & PAGE_MASK, &mirror_ops);
}

/* Waits for running notifiers, and they for the lock. */
void faultline_mirror_detach(struct faultline_vm *vm)
{
	might_sleep();
	lockdep_assert_not_held(&vm->lock);
	mmu_interval_notifier_remove(&vm->notifier);
}

static void request_pages(struct faultline_window *window)
{
	u32 i;

	for (i = 0; i < window->pages; i++) {
		window->pfns[i] = 0;
		if (test_bit(i, window->read))
			window->pfns[i] |= HMM_PFN_REQ_FAULT;
		if (test_bit(i, window->write))
			window->pfns[i] |= HMM_PFN_REQ_FAULT | HMM_PFN_REQ_WRITE;
	}
}

static void note_mapped(struct faultline_vm *vm,
			struct faultline_window *window, int mapped, u64 va,
			u64 size)
{
	bool is_new = mapped == FAULTLINE_MAPPED_NEW ||
		      mapped == FAULTLINE_MAPPED_LINKED;

	if (is_new)
		faultline_vm_count(vm, FAULTLINE_COUNT_PAGES_MAPPED,
				   size >> PAGE_SHIFT);
	if (is_new && size == FAULTLINE_BIG_SIZE)
		faultline_vm_count(vm, FAULTLINE_COUNT_BIG_MAPPED,
				   FAULTLINE_BIG_PAGES);
	if (is_new && size == FAULTLINE_HUGE_SIZE)
		faultline_vm_count(vm, FAULTLINE_COUNT_HUGE_MAPPED,
				   FAULTLINE_HUGE_PAGES);
	if (mapped > FAULTLINE_MAPPED_SAME)
		window->changed += size >> PAGE_SHIFT;
	if (mapped > FAULTLINE_MAPPED_NEW) {
		window->upgraded.start = min(window->upgraded.start, va);
		window->upgraded.last = max(window->upgraded.last, va + size - 1);
		window->upgraded.directory |= size == FAULTLINE_HUGE_SIZE ||
					      mapped == FAULTLINE_MAPPED_LINKED;
	}
}

/*
 * Entries give way to one of another size. It says no less, but their DMA
 * mappings can be given back only once they are forgotten.
 */
static void make_room(struct faultline_vm *vm, u64 va, u64 size)
{
	struct faultline_tlb_range range;

	lockdep_assert_held(&vm->lock);
	if (!faultline_table_zap(&vm->table, va, va + size - 1, &range))
		return;
	faultline_tlb_invalidate(vm->fdev, faultline_table_pdb(&vm->table),
				 &range, FAULTLINE_TLB_MAY_SLEEP);
	faultline_table_unmap_zapped(&vm->table, &range);
}

/**
 * faultline_mirror_map - write one entry
 * @vm: the address space, locked; no invalidation of the page has begun
 * @window: the caller's; @upgraded and @changed are written
 * @va: address, aligned to the page
 * @level: of the entry, as for faultline_table_map()
 * @target: what to
 *
 * A larger page that allows less is given up for the smaller one.
 *
 * Return: 0 or -EIO.
 */
int faultline_mirror_map(struct faultline_vm *vm,
			 struct faultline_window *window, u64 va,
			 enum faultline_level level,
			 const struct faultline_target *target)
{
	u64 size = faultline_table_page_size(level);
	struct faultline_leaf leaf;
	int mapped;

	lockdep_assert_held(&vm->lock);
	if (faultline_table_find(&vm->table, va, &leaf)) {
		if (faultline_table_page_size(leaf.level) > size &&
		    faultline_table_allows(leaf.pte, target))
			return 0;
		if (leaf.level != level)
			make_room(vm, va, size);
	} else if (level != FAULTLINE_LEVEL_PTE) {
		make_room(vm, va, size);
	}
	mapped = faultline_table_map(&vm->table, &window->spares, va, level,
				     target);
	note_mapped(vm, window, mapped, va, size);
	return min(mapped, 0);
}

/*
 * Whoever cleans a page invalidates its mappings first, so it is enough to
 * mark it dirty when it becomes writable. Device memory has no other copy. The
 * caller has no reference to the page: it stays because it cannot leave the
 * process while the notifier waits for the lock.
 */
static void choose_target(const struct faultline_vm *vm, unsigned long pfn,
			  struct faultline_target *target)
{
	struct page *page = hmm_pfn_to_page(pfn);

	lockdep_assert_held(&vm->lock);
	*target = (struct faultline_target){
		.writable = pfn & HMM_PFN_WRITE,
		.atomic = pfn & HMM_PFN_WRITE && !vm->exclusive_atomics,
	};
	if (is_device_private_page(page)) {
		/* No CPU reaches it. */
		target->atomic = target->writable;
		target->vram = faultline_vram_address(page);
		faultline_vram_touch(page);
		return;
	}
	target->page = page;
	if (target->writable)
		set_page_dirty(page);
}

/* The CPU's entries of @pages from @i on are alike, and so is their memory. */
static bool are_alike(const struct faultline_window *window, u32 i, u32 pages)
{
	const struct page *page = hmm_pfn_to_page(window->pfns[i]);
	u32 k;

	if (i + pages > window->pages)
		return false;
	for (k = 1; k < pages; k++)
		if (window->pfns[i + k] != window->pfns[i] + k)
			return false;
	/* What is mapped for DMA as one is one allocation. */
	return is_device_private_page(page) ||
	       page_folio(page) == page_folio(page + pages - 1);
}

/*
 * The largest page that may be mapped by one entry. What the CPU maps by one
 * entry of 2 MiB may be so whatever the window looked at; a smaller page must
 * be in the window as a whole, since the CPU has an entry for each 4 KiB of it.
 */
static enum faultline_level choose_level(const struct faultline_window *window,
					 u32 i)
{
	unsigned long pfn = window->pfns[i];
	u64 va = window->start + ((u64)i << PAGE_SHIFT);
	u64 differ = va ^ page_to_phys(hmm_pfn_to_page(pfn));

	if (READ_ONCE(huge_pages) && !(differ & (FAULTLINE_HUGE_SIZE - 1)) &&
	    hmm_pfn_to_map_order(pfn) >= FAULTLINE_HUGE_ORDER)
		return FAULTLINE_LEVEL_PDE0;
	if (READ_ONCE(big_pages) &&
	    !((va | differ) & (FAULTLINE_BIG_SIZE - 1)) &&
	    are_alike(window, i, FAULTLINE_BIG_PAGES))
		return FAULTLINE_LEVEL_BIG_PTE;
	return FAULTLINE_LEVEL_PTE;
}

/* @target is that of a 4 KiB page; the larger one around it has the same. */
static u64 widen(struct faultline_target *target, u64 va, u64 size)
{
	u64 offset = va & (size - 1);

	if (target->page)
		target->page -= offset >> PAGE_SHIFT;
	else
		target->vram -= offset;
	return va - offset;
}

static int map_window(struct faultline_vm *vm, struct faultline_window *window)
{
	struct faultline_target target;
	enum faultline_level level;
	u32 i, pages;
	u64 va, size;
	int ret;

	lockdep_assert_held(&vm->lock);
	window->in_vram = 0;
	for (i = 0; i < window->pages; i += pages) {
		pages = 1;
		if (!(window->pfns[i] & HMM_PFN_VALID))
			continue;
		if (window->vram_only &&
		    !is_device_private_page(hmm_pfn_to_page(window->pfns[i])))
			continue;
		choose_target(vm, window->pfns[i], &target);
		level = choose_level(window, i);
		size = faultline_table_page_size(level);
		va = widen(&target, window->start + ((u64)i << PAGE_SHIFT), size);
		pages = min(window->pages - i, size >> PAGE_SHIFT);
		if (!target.page)
			window->in_vram += pages;
		ret = faultline_mirror_map(vm, window, va, level, &target);
		if (ret)
			return ret;
	}
	return 0;
}

static int fault_once(struct faultline_vm *vm, struct faultline_window *window,
		      void *owner)
{
	struct hmm_range range = {
		.notifier = &vm->notifier,
		.start = window->start,
		.end = window->start + ((u64)window->pages << PAGE_SHIFT),
		.hmm_pfns = window->pfns,
		.pfn_flags_mask = HMM_PFN_REQ_FAULT | HMM_PFN_REQ_WRITE,
		.dev_private_owner = owner,
	};
	int ret;

	request_pages(window);
	ret = faultline_hmm_range_fault(&range,
					msecs_to_jiffies(HMM_RANGE_DEFAULT_TIMEOUT));
	if (ret)
		return ret;

	mutex_lock(&vm->lock);
	if (vm->dead)
		ret = -ENODEV;
	else if (mmu_interval_read_retry(&vm->notifier, range.notifier_seq))
		ret = -EBUSY;
	else
		ret = map_window(vm, window);
	mutex_unlock(&vm->lock);
	return ret;
}

/* Pages of @owner's memory stay there; those of other devices move back. */
static int fault_and_map(struct faultline_vm *vm,
			 struct faultline_window *window, void *owner)
{
	unsigned long deadline =
		jiffies + msecs_to_jiffies(HMM_RANGE_DEFAULT_TIMEOUT);
	int ret;

	for (;;) {
		ret = fault_once(vm, window, owner);
		if (ret != -EBUSY)
			return ret;
		faultline_vm_count(vm, FAULTLINE_COUNT_RETRIES, 1);
		if (time_after(jiffies, deadline))
			return ret;
		cond_resched();
	}
}

/*
 * hmm_range_fault() leaves a page in the owner's memory alone, also when the
 * process may not write to it, such as after fork(). What it did not grant is
 * left in the window.
 */
static bool is_write_missing(struct faultline_window *window)
{
	u32 i;

	for (i = 0; i < window->pages; i++)
		if (window->pfns[i] & HMM_PFN_WRITE)
			__clear_bit(i, window->write);
	return !bitmap_empty(window->write, window->pages);
}

struct faultline_window *faultline_window_create(void)
{
	return kzalloc_obj(struct faultline_window);
}

void faultline_window_destroy(struct faultline_vm *vm,
			      struct faultline_window *window)
{
	faultline_table_release(&vm->table, &window->spares);
	kfree(window);
}

/**
 * faultline_mirror_fault - make pages accessible to the device
 * @vm: the address space
 * @window: which pages, and how; pages that are not asked for are mapped
 *	along if the process has them
 *
 * May wait for user space (userfaultfd), until the thread is killed. Tables are
 * allocated, so the caller is the service thread or within faultline_vm_enter().
 *
 * Return: 0; -EFAULT or -EPERM: at least one page may not be accessed so, or
 * the process is gone; -EBUSY: memory management kept interfering; -EINTR:
 * killed; -ENOMEM, -EIO, -EHWPOISON: as they say.
 */
int faultline_mirror_fault(struct faultline_vm *vm,
			   struct faultline_window *window)
{
	u64 last = window->start + ((u64)window->pages << PAGE_SHIFT) - 1;
	int ret;

	might_sleep();
	lockdep_assert_not_held(&vm->lock);
	faultline_vm_assert_entered(vm);
	window->upgraded = (struct faultline_tlb_range){ .start = U64_MAX };
	window->changed = 0;
	window->in_vram = 0;
	if (faultline_mistake(NO_SERVICE))
		return 0;
	if (faultline_device_is_given_up(vm->fdev))
		return -EIO;
	if (last >= vm->mm->task_size || last >> FAULTLINE_VA_BITS)
		return -EFAULT;
	ret = faultline_table_prepare(&vm->table, &window->spares);
	if (ret)
		return ret;
	if (!mmget_not_zero(vm->mm))
		return -EFAULT;
	ret = fault_and_map(vm, window, vm->fdev);
	if (!ret && is_write_missing(window)) {
		/* A copy of one's own is made in system memory. */
		bitmap_copy(window->read, window->write, FAULTLINE_HUGE_PAGES);
		ret = fault_and_map(vm, window, NULL);
	}
	mmput(vm->mm);
	return ret;
}

/**
 * faultline_mirror_flush - forget what @upgraded names, without a replay
 * @vm: the address space
 * @window: what faultline_mirror_fault() was called with
 *
 * For those who map without a fault: otherwise the device may meet what it had,
 * and raise a fault that nobody needs.
 */
void faultline_mirror_flush(struct faultline_vm *vm,
			    const struct faultline_window *window)
{
	if (window->upgraded.start == U64_MAX)
		return;
	mutex_lock(&vm->lock);
	if (!vm->dead)
		faultline_tlb_invalidate(vm->fdev, faultline_table_pdb(&vm->table),
					 &window->upgraded,
					 FAULTLINE_TLB_MAY_SLEEP);
	mutex_unlock(&vm->lock);
}

/**
 * faultline_mirror_check - may a page be accessed at this moment?
 * @vm: the address space; the caller has its mm and holds the mmap lock, so
 *	that the answer stays true until it lets go
 * @va: address in the page
 * @write: writing, or only reading
 * @seq: of mmu_interval_read_begin(), from before the lock
 *
 * A page of this device that is to be written may be fetched back for that.
 *
 * Return: 0; -EBUSY: memory management interferes; other errors: it may not,
 * as faultline_mirror_fault() says.
 */
int faultline_mirror_check(struct faultline_vm *vm, u64 va, bool write,
			   unsigned long seq)
{
	unsigned long pfn = 0;
	struct hmm_range range = {
		.notifier = &vm->notifier,
		.notifier_seq = seq,
		.start = round_down(va, PAGE_SIZE),
		.end = round_down(va, PAGE_SIZE) + PAGE_SIZE,
		.hmm_pfns = &pfn,
		.default_flags = HMM_PFN_REQ_FAULT |
				 (write ? HMM_PFN_REQ_WRITE : 0),
		.dev_private_owner = write ? NULL : vm->fdev,
	};

	mmap_assert_locked(vm->mm);
	return hmm_range_fault(&range);
}
