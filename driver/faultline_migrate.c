// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Migrations that are asked for: by a process, or by a CPU's access. */
#include <linux/log2.h>
#include <linux/migrate.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched/mm.h>

#include "faultline_compat.h"
#include "faultline_evict.h"
#include "faultline_migrate.h"
#include "faultline_migration.h"
#include "faultline_mirror.h"
#include "faultline_trace.h"
#include "faultline_vm.h"
#include "faultline_vram.h"

/* A region that moved in part is tried so often. */
#define MOVE_ATTEMPTS	3

static unsigned int cpu_fault_around_pages = 16;
module_param(cpu_fault_around_pages, uint, 0644);
MODULE_PARM_DESC(cpu_fault_around_pages, "pages that come back together when a CPU touches one, a power of two from 1 to 512 (default: 16)");

/*
 * Map what has arrived, so that the device need not fault for it, and what was
 * there before: collecting the pages has invalidated all of the region.
 *
 * Return: pages in device memory.
 */
static u32 map_arrived(struct faultline_vm *vm, u64 start, u64 end)
{
	struct faultline_window *window;
	u32 arrived = 0;

	if (!faultline_vm_enter(vm))
		return 0;
	window = faultline_window_create();
	/* Without it the device faults, that is all. */
	if (window) {
		window->vram_only = true;
		window->start = start;
		window->pages = (end - start) >> PAGE_SHIFT;
		faultline_mirror_fault(vm, window);
		faultline_mirror_flush(vm, window);
		arrived = window->in_vram;
		faultline_window_destroy(vm, window);
	}
	faultline_vm_exit(vm);
	return arrived;
}

static int move_region(struct faultline_vm *vm, struct faultline_migration *migration,
		       struct migrate_vma *args, u32 *moved)
{
	struct mm_struct *mm = vm->mm;
	struct vm_area_struct *vma;
	int ret = -EINVAL;

	*moved = 0;
	mmap_read_lock(mm);
	vma = vma_lookup(mm, args->start);
	if (vma && vma->vm_flags & VM_READ) {
		args->end = min(args->end, vma->vm_end);
		args->vma = vma;
		ret = faultline_migration_move_vma(migration, args, moved);
	}
	mmap_read_unlock(mm);
	return ret;
}

static void note_moved(struct faultline_vm *vm, enum faultline_direction direction,
		       const struct migrate_vma *args, u32 moved)
{
	bool to_device = direction == FAULTLINE_TO_DEVICE;

	faultline_vm_count(vm, to_device ? FAULTLINE_COUNT_TO_DEVICE :
					   FAULTLINE_COUNT_TO_SYSTEM, moved);
	trace_faultline_migrate(vm->fdev, to_device ? "to device" : "to system",
				args->start,
				(args->end - args->start) >> PAGE_SHIFT, moved);
}

/*
 * Whoever holds a page for a moment, such as a batch of the LRU lists, keeps it
 * from moving. So a region that is not all there is tried again.
 */
static int move_region_to_device(struct faultline_vm *vm,
				 struct faultline_migration *migration,
				 struct migrate_vma *args, u32 *moved)
{
	int ret, attempt;
	u32 some, pages;

	*moved = 0;
	for (attempt = 0; attempt < MOVE_ATTEMPTS; attempt++) {
		pages = (args->end - args->start) >> PAGE_SHIFT;
		ret = faultline_evict_for(vm->fdev, pages);
		if (ret)
			break;
		ret = move_region(vm, migration, args, &some);
		*moved += some;
		if (ret && !some)
			break;
		pages = (args->end - args->start) >> PAGE_SHIFT;
		if (map_arrived(vm, args->start, args->end) == pages)
			break;
	}
	return ret;
}

/* One region after the other, none across a boundary of 2 MiB or of a mapping. */
static int move_range(struct faultline_vm *vm, enum faultline_direction direction,
		      struct faultline_migrate_request *request)
{
	bool to_device = direction == FAULTLINE_TO_DEVICE;
	struct migrate_vma args = { .end = request->start };
	struct faultline_migration migration;
	u32 moved;
	int ret;

	ret = faultline_migration_init(&migration, vm->fdev, direction,
				       FAULTLINE_VRAM_BLOCK_PAGES);
	if (ret)
		return ret;
	migration.fail_alloc = request->fail_alloc;
	while (!ret && args.end < request->end) {
		args = (struct migrate_vma){
			.start = args.end,
			.end = min(round_down(args.end, FAULTLINE_VRAM_BLOCK_BYTES) +
					   FAULTLINE_VRAM_BLOCK_BYTES, request->end),
			.flags = MIGRATE_VMA_SELECT_COMPOUND |
				 (to_device ? MIGRATE_VMA_SELECT_SYSTEM :
					      MIGRATE_VMA_SELECT_DEVICE_PRIVATE),
		};
		if (to_device)
			ret = move_region_to_device(vm, &migration, &args, &moved);
		else
			ret = move_region(vm, &migration, &args, &moved);
		request->moved += moved;
		note_moved(vm, direction, &args, moved);
	}
	faultline_migration_fini(&migration);
	return ret;
}

/* The device is not unbound under a migration. */
static int move_range_of_device(struct faultline_vm *vm, enum faultline_direction direction,
				struct faultline_migrate_request *request)
{
	int idx, ret;

	if (!faultline_device_enter_working(vm->fdev, &idx))
		return faultline_device_error(vm->fdev);
	ret = move_range(vm, direction, request);
	faultline_device_exit(idx);
	return ret;
}

/**
 * faultline_migrate_to_device - move a range to device memory
 * @vm: the address space of the process
 * @request: what; @moved is added to
 *
 * Pages that cannot move are left out. Memory that was never touched arrives as
 * zeroes.
 *
 * Return: 0; -EINVAL: there is nothing, or nothing readable, in part of the
 * range; -EOPNOTSUPP: the kernel has no such pages; -ENODEV: the device is gone;
 * -EFAULT: the process is gone; -ENOMEM, -EIO. What was moved before the error
 * stays moved.
 */
int faultline_migrate_to_device(struct faultline_vm *vm,
				struct faultline_migrate_request *request)
{
	int ret;

	ret = faultline_vram_open(vm->fdev);
	if (ret)
		return ret;
	if (!mmget_not_zero(vm->mm))
		return -EFAULT;
	ret = move_range_of_device(vm, FAULTLINE_TO_DEVICE, request);
	mmput(vm->mm);
	return ret;
}

/**
 * faultline_migrate_to_system - move a range back to system memory
 * @vm: the address space of the process
 * @request: what; @moved is added to
 *
 * Return: as faultline_migrate_to_device().
 */
int faultline_migrate_to_system(struct faultline_vm *vm,
				struct faultline_migrate_request *request)
{
	int ret;

	if (!mmget_not_zero(vm->mm))
		return -EFAULT;
	ret = move_range_of_device(vm, FAULTLINE_TO_SYSTEM, request);
	mmput(vm->mm);
	return ret;
}

/*
 * How many pages come back. The page of a large folio that is mapped page by page
 * comes alone: the kernel waits for the lock of each such folio that it finds, to
 * split it, so who has one locked must not look for another.
 */
static u32 pages_back(const struct vm_fault *vmf)
{
	unsigned int pages = READ_ONCE(cpu_fault_around_pages);

	if (!vmf->pte)
		return FAULTLINE_VRAM_BLOCK_PAGES;
	if (folio_test_large(page_folio(vmf->page)))
		return 1;
	return rounddown_pow_of_two(clamp(pages, 1u, FAULTLINE_VRAM_BLOCK_PAGES));
}

/* The @pages around a fault, as far as they are of the same mapping. */
static struct migrate_vma range_around(struct vm_fault *vmf, u32 pages)
{
	unsigned long bytes = (unsigned long)pages << PAGE_SHIFT;
	unsigned long start = ALIGN_DOWN(vmf->address, bytes);

	return (struct migrate_vma){
		.vma = vmf->vma,
		.start = max(start, vmf->vma->vm_start),
		.end = min(start + bytes, vmf->vma->vm_end),
		/* Without an entry of its own the page is part of a large folio. */
		.flags = MIGRATE_VMA_SELECT_DEVICE_PRIVATE |
			 (vmf->pte ? 0 : MIGRATE_VMA_SELECT_COMPOUND),
		.fault_page = vmf->page,
	};
}

/* Return: as faultline_migration_move_vma(). */
static int move_back(struct faultline_device *fdev, struct vm_fault *vmf, u32 pages)
{
	struct migrate_vma args = range_around(vmf, pages);
	struct faultline_migration migration;
	u32 moved;
	int ret;

	ret = faultline_migration_init(&migration, fdev, FAULTLINE_TO_SYSTEM, pages);
	if (ret)
		return ret;
	ret = faultline_migration_move_vma(&migration, &args, &moved);
	faultline_migration_fini(&migration);
	faultline_device_count(fdev, FAULTLINE_COUNT_TO_SYSTEM, moved);
	trace_faultline_migrate(fdev, "cpu", args.start,
				(args.end - args.start) >> PAGE_SHIFT, moved);
	return ret;
}

/**
 * faultline_migrate_to_ram - a CPU wants a page that is in device memory
 * @vmf: the fault; its page is locked and referenced. The process may be any
 *	that has the page, such as a child of the one that moved it
 *
 * Its neighbours in device memory come along, as far as there is room: a CPU that
 * reads on would fault for each. A large folio that is mapped as such moves as a
 * whole; otherwise the kernel splits it and only the page moves.
 *
 * Return: 0, also when the page could not be taken: the CPU asks again;
 * VM_FAULT_OOM; VM_FAULT_SIGBUS when the device does not give the content back.
 */
vm_fault_t faultline_migrate_to_ram(struct vm_fault *vmf)
{
	struct faultline_device *fdev = faultline_vram_device(vmf->page);
	u32 pages = pages_back(vmf);
	int idx, ret;

	if (!faultline_device_enter(fdev, &idx))
		return VM_FAULT_SIGBUS;
	ret = move_back(fdev, vmf, pages);
	/* There may be no room for the neighbours, but there must be for the page. */
	if (ret == -ENOMEM && vmf->pte && pages > 1)
		ret = move_back(fdev, vmf, 1);
	faultline_device_exit(idx);
	faultline_device_count(fdev, FAULTLINE_COUNT_CPU_FAULTS, 1);
	if (ret == -ENOMEM)
		return VM_FAULT_OOM;
	return ret ? VM_FAULT_SIGBUS : 0;
}
