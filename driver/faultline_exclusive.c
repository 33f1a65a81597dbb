// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Exclusive access: the device's atomics are atomic because no CPU reaches the page meanwhile. */
#include <linux/hmm.h>
#include <linux/mm.h>
#include <linux/rmap.h>
#include <linux/sched/mm.h>

#include "faultline_compat.h"
#include "faultline_exclusive.h"
#include "faultline_trace.h"
#include "faultline_vm.h"

/**
 * DOC: Exclusive access
 *
 * Behind a bus without atomics a device's read-modify-write is not atomic for
 * the CPUs. make_device_exclusive() takes a page out of the CPUs' reach: its
 * entry in the process's page table becomes one that faults, and the device's
 * entry alone allows atomics. A CPU's access puts the page back, which invalidates
 * the device's entry first; the device's next atomic faults and claims it again.
 *
 * The claim itself is an invalidation, and would spoil the sequence number that
 * the rule of the mirror goes by. So an address space ignores its own claims, told
 * by the owner; everybody else's mirrors, those of the same device too, see them.
 * Since claiming a page that is claimed already first puts it back, the page is
 * made present and writable before the number is taken: then the claim causes no
 * other invalidation, unless somebody interferes, and that is tried again.
 */

/* Make the page present and writable, in system memory. */
static int make_present(struct faultline_vm *vm, u64 va)
{
	unsigned long pfn = 0;
	struct hmm_range range = {
		.notifier = &vm->notifier,
		.notifier_seq = mmu_interval_read_begin(&vm->notifier),
		.start = va,
		.end = va + PAGE_SIZE,
		.hmm_pfns = &pfn,
		.default_flags = HMM_PFN_REQ_FAULT | HMM_PFN_REQ_WRITE,
	};

	mmap_assert_locked(vm->mm);
	return hmm_range_fault(&range);
}

/* The page is locked, so it cannot be put back while its entry is written. */
static int map_claimed(struct faultline_vm *vm, struct faultline_window *window,
		       u64 va, struct page *page, unsigned long seq)
{
	struct faultline_target target = {
		.page = page,
		.writable = true,
		.atomic = true,
	};
	int ret;

	mutex_lock(&vm->lock);
	if (vm->dead)
		ret = -ENODEV;
	else if (mmu_interval_read_retry(&vm->notifier, seq))
		ret = -EBUSY;
	else
		ret = faultline_mirror_map(vm, window, va, FAULTLINE_LEVEL_PTE,
					   &target);
	mutex_unlock(&vm->lock);
	if (!ret)
		set_page_dirty(page);
	return ret;
}

static int claim(struct faultline_vm *vm, struct faultline_window *window, u64 va)
{
	unsigned long seq = mmu_interval_read_begin(&vm->notifier);
	struct folio *folio;
	struct page *page;
	int ret;

	mmap_assert_locked(vm->mm);
	page = make_device_exclusive(vm->mm, va, vm, &folio);
	if (IS_ERR(page))
		return PTR_ERR(page);
	ret = map_claimed(vm, window, va, page, seq);
	folio_unlock(folio);
	folio_put(folio);
	return ret;
}

static int claim_once(struct faultline_vm *vm, struct faultline_window *window,
		      u64 va)
{
	int ret;

	faultline_vm_assert_entered(vm);
	ret = faultline_table_prepare(&vm->table, &window->spares);
	if (ret)
		return ret;
	mmap_read_lock(vm->mm);
	ret = make_present(vm, va);
	if (!ret)
		ret = claim(vm, window, va);
	mmap_read_unlock(vm->mm);
	return ret;
}

/* Either claimed already, or in device memory. */
static bool is_atomic(struct faultline_vm *vm, u64 va)
{
	bool atomic;

	mutex_lock(&vm->lock);
	atomic = !vm->dead && faultline_table_is_atomic(&vm->table, va);
	mutex_unlock(&vm->lock);
	return atomic;
}

/* As for a write. It may wait for user space, which a claim cannot. */
static int map_for_write(struct faultline_vm *vm, struct faultline_window *window,
			 u64 va)
{
	window->start = va;
	window->pages = 1;
	bitmap_zero(window->read, FAULTLINE_HUGE_PAGES);
	bitmap_zero(window->write, FAULTLINE_HUGE_PAGES);
	__set_bit(0, window->read);
	__set_bit(0, window->write);
	return faultline_mirror_fault(vm, window);
}

/**
 * faultline_exclusive_map - give the device a page for its atomics
 * @vm: the address space
 * @window: the caller's; @upgraded and @changed are written
 * @va: the page
 *
 * Return: 0; -EOPNOTSUPP: only private anonymous memory can be claimed; -EBUSY:
 * memory management kept interfering; others as faultline_mirror_fault().
 */
int faultline_exclusive_map(struct faultline_vm *vm,
			    struct faultline_window *window, u64 va)
{
	unsigned long deadline =
		jiffies + msecs_to_jiffies(HMM_RANGE_DEFAULT_TIMEOUT);
	int ret;

	window->upgraded = (struct faultline_tlb_range){ .start = U64_MAX };
	window->changed = 0;
	if (is_atomic(vm, va))
		return 0;
	ret = map_for_write(vm, window, va);
	if (ret || is_atomic(vm, va))
		return ret;
	if (!mmget_not_zero(vm->mm))
		return -EFAULT;
	do {
		ret = claim_once(vm, window, va);
		if (ret == -EBUSY)
			faultline_vm_count(vm, FAULTLINE_COUNT_RETRIES, 1);
	} while (ret == -EBUSY && time_before(jiffies, deadline));
	if (!ret)
		faultline_vm_count(vm, FAULTLINE_COUNT_EXCLUSIVE, 1);
	mmput(vm->mm);
	return ret;
}
