// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The self-test node: the requests of the kernel's HMM tests, each carried out by the device. */
#include <linux/fs.h>
#include <linux/hmm.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/overflow.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "faultline_compat.h"
#include "faultline_device.h"
#include "faultline_dmirror.h"
#include "faultline_evict.h"
#include "faultline_exclusive.h"
#include "faultline_file.h"
#include "faultline_job.h"
#include "faultline_migrate.h"
#include "faultline_service.h"
#include "faultline_vm.h"
#include "faultline_vram.h"
#include "uapi/faultline_dmirror.h"

/**
 * DOC: The self-test node
 *
 * The kernel's hmm-tests drive a device by a handful of requests on a range of a
 * process. The kernel's own dummy carries them out in software; here the stream
 * engine does, through the device's page tables:
 *
 * A read or a write is a copy between the process's addresses and bounce memory
 * of the kernel in the same address space. At its first fault all of the range is
 * mapped at once, and what is reported as faults is how often that was necessary.
 *
 * Where the tests want to see that the device can reach pages already, the copy
 * runs unserved: a fault is cancelled, and the command fails with -ENOENT.
 *
 * Whether a page is exclusive is asked by an atomic that changes nothing, unserved
 * too: it succeeds only while the device has the page for itself. Pages that have
 * no entry in the device's page table need not be asked one by one.
 *
 * Snapshots ask the CPU's page table, and the rest are migrations.
 */

static bool dmirror;
module_param(dmirror, bool, 0444);
MODULE_PARM_DESC(dmirror, "make the self-test node /dev/hmm_dmirrorN (default: no)");

/* Pages looked at together by a snapshot. */
#define SNAPSHOT_PAGES	64

enum service_mode {
	SERVED,
	UNSERVED,
};

struct span {
	u64 start;
	u64 end;
};

static int span_of(const struct dmirror_command *command, struct span *span)
{
	u64 bytes;

	if (!PAGE_ALIGNED(command->address) || !command->pages ||
	    check_mul_overflow(command->pages, (u64)PAGE_SIZE, &bytes) ||
	    check_add_overflow(command->address, bytes, &span->end))
		return -EINVAL;
	span->start = command->address;
	return 0;
}

/* One job, alone in its address space. */
static int run_job(struct faultline_file *file, const struct faultline_job *job,
		   const struct span *span, bool write, enum service_mode mode,
		   u64 *faults)
{
	struct faultline_channel *channel;
	struct faultline_command command = {
		.start = span->start,
		.end = span->end,
		.write = write,
		.unserved = mode == UNSERVED,
	};
	int ret;

	lockdep_assert_held(&file->command_lock);
	channel = faultline_file_queue(file, FAULTLINE_ENGINE_STREAM);
	if (IS_ERR(channel))
		return PTR_ERR(channel);
	/* One that was killed may have left its job. */
	ret = faultline_job_drain(channel);
	if (ret)
		return ret;
	faultline_service_begin_command(file->vm, &command);
	ret = faultline_job_run(channel, job);
	*faults += faultline_service_end_command(file->vm);
	return ret;
}

static int copy_from_process(struct faultline_file *file,
			     const struct span *span, enum service_mode mode,
			     struct dmirror_command *command)
{
	u64 bytes = span->end - span->start;
	struct faultline_job job = {
		.opcode = FAULTLINE_JOB_COPY,
		.element_shift = ilog2(sizeof(u64)),
		.dst = FAULTLINE_BOUNCE_VA,
		.src = span->start,
		.count = bytes / sizeof(u64),
	};
	int ret;

	ret = faultline_bounce_grow(file->vm, &file->bounce, bytes);
	if (ret)
		return ret;
	ret = run_job(file, &job, span, false, mode, &command->faults);
	if (ret)
		return ret;
	command->done = command->pages;
	return faultline_bounce_read(&file->bounce,
				     u64_to_user_ptr(command->buffer), bytes);
}

static int copy_to_process(struct faultline_file *file,
			   const struct span *span,
			   struct dmirror_command *command)
{
	u64 bytes = span->end - span->start;
	struct faultline_job job = {
		.opcode = FAULTLINE_JOB_COPY,
		.element_shift = ilog2(sizeof(u64)),
		.dst = span->start,
		.src = FAULTLINE_BOUNCE_VA,
		.count = bytes / sizeof(u64),
	};
	int ret;

	ret = faultline_bounce_grow(file->vm, &file->bounce, bytes);
	if (!ret)
		ret = faultline_bounce_write(&file->bounce,
					     u64_to_user_ptr(command->buffer),
					     bytes);
	if (!ret)
		ret = run_job(file, &job, span, true, SERVED, &command->faults);
	if (!ret)
		command->done = command->pages;
	return ret;
}

static int migrate_to_device(struct faultline_file *file,
			     const struct span *span,
			     struct dmirror_command *command)
{
	struct faultline_migrate_request request = {
		.start = span->start,
		.end = span->end,
		.fail_alloc = &file->fail_alloc,
	};
	int ret;

	ret = faultline_migrate_to_device(file->vm, &request);
	if (ret)
		return ret;
	return copy_from_process(file, span, UNSERVED, command);
}

static int migrate_to_system(struct faultline_file *file,
			     const struct span *span,
			     struct dmirror_command *command)
{
	struct faultline_migrate_request request = {
		.start = span->start,
		.end = span->end,
		.fail_alloc = &file->fail_alloc,
	};
	int ret;

	ret = faultline_migrate_to_system(file->vm, &request);
	command->done = request.moved;
	return ret;
}

static int claim_pages(struct faultline_vm *vm, const struct span *span)
{
	struct faultline_window *window = faultline_window_create();
	int ret = 0;
	u64 va;

	if (!window)
		return -ENOMEM;
	for (va = span->start; !ret && va < span->end; va += PAGE_SIZE) {
		ret = faultline_exclusive_map(vm, window, va);
		faultline_mirror_flush(vm, window);
	}
	faultline_window_destroy(vm, window);
	return ret;
}

static int claim(struct faultline_file *file, const struct span *span,
		 struct dmirror_command *command)
{
	int ret;

	if (!faultline_vm_enter(file->vm))
		return -ENODEV;
	ret = claim_pages(file->vm, span);
	faultline_vm_exit(file->vm);
	if (ret)
		return ret;
	return copy_from_process(file, span, UNSERVED, command);
}

/*
 * What the kernel does to memory on its own takes pages back before they are read:
 * khugepaged brings up to max_ptes_swap claimed or moved pages of a huge page's
 * place back to see whether it can have one. So -ENOENT is believed when it has
 * been said that often.
 */
#define ENOENT_BELIEVED	16

static int insist(struct faultline_file *file, const struct span *span,
		  struct dmirror_command *command,
		  int (*operation)(struct faultline_file *file,
				   const struct span *span,
				   struct dmirror_command *command))
{
	int ret = -ENOENT, i;

	for (i = 0; ret == -ENOENT && i < ENOENT_BELIEVED; i++) {
		command->faults = 0;
		ret = operation(file, span, command);
	}
	return ret;
}

/* What has no entry cannot be reached: the device has to show that on the first page only. */
static bool is_worth_trying(struct faultline_vm *vm, const struct span *span, u64 va)
{
	struct faultline_leaf leaf;
	bool has_entry;

	mutex_lock(&vm->lock);
	has_entry = faultline_table_find(&vm->table, va, &leaf);
	mutex_unlock(&vm->lock);
	return has_entry || va == span->start;
}

/* Return: 0: the device can do atomics on none of the pages; -EPERM: it can. */
static int check_not_claimed(struct faultline_file *file,
			     const struct span *span,
			     struct dmirror_command *command)
{
	struct faultline_job job = {
		.opcode = FAULTLINE_JOB_ATOMIC,
		.element_shift = ilog2(sizeof(u64)),
		.alu_op = FAULTLINE_ALU_ADD,
		.count = 1,
	};
	int ret;

	for (job.dst = span->start; job.dst < span->end; job.dst += PAGE_SIZE) {
		if (!is_worth_trying(file->vm, span, job.dst))
			continue;
		ret = run_job(file, &job, span, true, UNSERVED,
			      &command->faults);
		if (!ret)
			return -EPERM;
		if (ret != -ENOENT)
			return ret;
	}
	return 0;
}

static u8 describe_place(const struct faultline_vm *vm, const struct page *page)
{
	if (is_device_private_page(page))
		return faultline_vram_is_of(page, vm->fdev) ?
			       DMIRROR_PAGE_LOCAL : DMIRROR_PAGE_REMOTE;
	return is_zero_pfn(page_to_pfn(page)) ? DMIRROR_PAGE_ZERO : 0;
}

static u8 describe_page(const struct faultline_vm *vm, unsigned long pfn)
{
	u8 text;

	if (pfn & HMM_PFN_ERROR)
		return DMIRROR_PAGE_ERROR;
	if (!(pfn & HMM_PFN_VALID))
		return DMIRROR_PAGE_NONE;
	text = describe_place(vm, hmm_pfn_to_page(pfn));
	text |= pfn & HMM_PFN_WRITE ? DMIRROR_PAGE_WRITE : DMIRROR_PAGE_READ;
	switch (hmm_pfn_to_map_order(pfn)) {
	case PMD_SHIFT - PAGE_SHIFT:
		return text | DMIRROR_PAGE_PMD;
	case PUD_SHIFT - PAGE_SHIFT:
		return text | DMIRROR_PAGE_PUD;
	default:
		return text;
	}
}

/* Some pages as they were at one moment. Return: 0, -EBUSY: again; or an error. */
static int snapshot_once(struct faultline_vm *vm, u64 start, u32 pages, u8 *text)
{
	unsigned long pfns[SNAPSHOT_PAGES] = {};
	struct hmm_range range = {
		.notifier = &vm->notifier,
		.start = start,
		.end = start + ((u64)pages << PAGE_SHIFT),
		.hmm_pfns = pfns,
		.dev_private_owner = vm->fdev,
	};
	int ret;
	u32 i;

	range.notifier_seq = mmu_interval_read_begin(range.notifier);
	mmap_read_lock(vm->mm);
	ret = hmm_range_fault(&range);
	mmap_read_unlock(vm->mm);
	if (ret)
		return ret;
	mutex_lock(&vm->lock);
	if (mmu_interval_read_retry(range.notifier, range.notifier_seq))
		ret = -EBUSY;
	for (i = 0; !ret && i < pages; i++)
		text[i] = describe_page(vm, pfns[i]);
	mutex_unlock(&vm->lock);
	return ret;
}

static int snapshot(struct faultline_file *file, const struct span *span,
		    struct dmirror_command *command)
{
	unsigned long deadline =
		jiffies + msecs_to_jiffies(HMM_RANGE_DEFAULT_TIMEOUT);
	u8 __user *to = u64_to_user_ptr(command->buffer);
	struct faultline_vm *vm = file->vm;
	u8 text[SNAPSHOT_PAGES];
	int ret = 0;
	u32 pages;

	if (!mmget_not_zero(vm->mm))
		return -EFAULT;
	while (!ret && command->done < command->pages) {
		pages = min_t(u64, command->pages - command->done,
			      SNAPSHOT_PAGES);
		do {
			ret = snapshot_once(vm, span->start +
					    (command->done << PAGE_SHIFT),
					    pages, text);
		} while (ret == -EBUSY && time_before(jiffies, deadline));
		if (!ret && copy_to_user(to + command->done, text, pages))
			ret = -EFAULT;
		if (!ret)
			command->done += pages;
	}
	mmput(vm->mm);
	return ret;
}

/* All of device memory is given back, and its struct pages. */
static int release_memory(struct faultline_file *file)
{
	struct faultline_device *fdev = file->fdev;
	int ret = 0;

	/* The device is not unbound meanwhile: that would close the file first. */
	mutex_lock(&file->lock);
	if (file->closed) {
		ret = -ENODEV;
	} else {
		faultline_vram_stop(fdev);
		faultline_evict_all(fdev);
		faultline_vram_start(fdev);
	}
	mutex_unlock(&file->lock);
	return ret;
}

static int run(struct faultline_file *file, unsigned int request,
	       struct dmirror_command *command)
{
	struct span span;
	int ret;

	ret = span_of(command, &span);
	if (ret)
		return ret;
	switch (request) {
	case DMIRROR_READ:
	case DMIRROR_READ_UNLOCKED:
		return copy_from_process(file, &span, SERVED, command);
	case DMIRROR_WRITE:
		return copy_to_process(file, &span, command);
	case DMIRROR_TO_DEVICE:
		return insist(file, &span, command, migrate_to_device);
	case DMIRROR_TO_SYSTEM:
		return migrate_to_system(file, &span, command);
	case DMIRROR_SNAPSHOT:
		return snapshot(file, &span, command);
	case DMIRROR_EXCLUSIVE:
		return insist(file, &span, command, claim);
	case DMIRROR_CHECK_EXCLUSIVE:
		return check_not_claimed(file, &span, command);
	case DMIRROR_RELEASE:
		return release_memory(file);
	case DMIRROR_FLAGS:
		file->fail_alloc = command->pages & DMIRROR_FLAG_FAIL_ALLOC;
		return 0;
	default:
		return -EINVAL;
	}
}

static long dmirror_ioctl(struct file *filep, unsigned int request,
			  unsigned long arg)
{
	struct faultline_file *file = filep->private_data;
	void __user *user = (void __user *)arg;
	struct dmirror_command command;
	int ret;

	if (copy_from_user(&command, user, sizeof(command)))
		return -EFAULT;
	command.done = 0;
	command.faults = 0;
	if (mutex_lock_killable(&file->command_lock))
		return -EINTR;
	ret = run(file, request, &command);
	mutex_unlock(&file->command_lock);
	if (ret)
		return ret;
	return copy_to_user(user, &command, sizeof(command)) ? -EFAULT : 0;
}

/* Ordinary pages of the kernel, in a mapping that has no vm_ops. */
static int dmirror_mmap(struct file *filep, struct vm_area_struct *vma)
{
	unsigned long va;
	struct page *page;
	int ret;

	for (va = vma->vm_start; va < vma->vm_end; va += PAGE_SIZE) {
		page = alloc_page(GFP_KERNEL_ACCOUNT | __GFP_ZERO);
		if (!page)
			return -ENOMEM;
		ret = vm_insert_page(vma, va, page);
		put_page(page);
		if (ret)
			return ret;
	}
	return 0;
}

static int dmirror_open(struct inode *inode, struct file *filep)
{
	struct faultline_device *fdev =
		container_of(filep->private_data, struct faultline_device, dmirror);

	return faultline_file_open(fdev, inode, filep, true);
}

static const struct file_operations dmirror_fops = {
	.owner = THIS_MODULE,
	.open = dmirror_open,
	.release = faultline_file_close,
	.unlocked_ioctl = dmirror_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.mmap = dmirror_mmap,
};

int faultline_dmirror_register(struct faultline_device *fdev)
{
	int ret;

	if (!dmirror)
		return 0;
	snprintf(fdev->dmirror_name, sizeof(fdev->dmirror_name),
		 "hmm_dmirror%d", fdev->id);
	fdev->dmirror.minor = MISC_DYNAMIC_MINOR;
	fdev->dmirror.name = fdev->dmirror_name;
	fdev->dmirror.fops = &dmirror_fops;
	fdev->dmirror.parent = fdev->dev;
	ret = misc_register(&fdev->dmirror);
	if (ret)
		fdev->dmirror.name = NULL;
	return ret;
}

void faultline_dmirror_unregister(struct faultline_device *fdev)
{
	if (fdev->dmirror.name)
		misc_deregister(&fdev->dmirror);
	fdev->dmirror.name = NULL;
}
