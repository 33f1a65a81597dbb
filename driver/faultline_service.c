// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Fault service of one address space: sort, coalesce, map, then replay or cancel. */
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/mmu_notifier.h>
#include <linux/module.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "faultline_channel.h"
#include "faultline_compat.h"
#include "faultline_exclusive.h"
#include "faultline_fault.h"
#include "faultline_mirror.h"
#include "faultline_placement.h"
#include "faultline_prf.h"
#include "faultline_restart.h"
#include "faultline_service.h"
#include "faultline_tlb.h"
#include "faultline_trace.h"
#include "faultline_vm.h"

/**
 * DOC: Fault service
 *
 * The reader of the device does not serve: a fault may wait for I/O, for memory,
 * for a CPU that has the page, or for user space as long as that likes. So each
 * address space has a thread, and only its own faults wait behind each other.
 *
 * The thread takes all that is pending, in the order of addresses, and serves what
 * lies in the same part of 2 MiB together: a window that the policies choose
 * (faultline_placement.c) is looked up by one hmm_range_fault(). If a window fails,
 * each of its faults is tried on its own, so that none fails for its neighbours.
 * What user space has to provide is waited for without the mmap lock.
 *
 * Then each fault is settled. Mapped: the request is replayed, or the copy channel
 * that was switched out is started again. Refused: the request is cancelled, or the
 * channel's job failed. Neither, since memory management interfered for too long:
 * replayed as well, and whoever still waits faults again. A prefetch: nothing, as
 * nobody waits for it.
 *
 * One replay ends the batch. It makes the device translate all that it holds again,
 * and carries the invalidate of entries that were valid and allow more now; new
 * ones need none. It is posted and not waited for, and until it no register is read.
 * That no fault is forgotten in this, and which are duplicates, is the matter
 * of faultline_service_queue.c.
 *
 * Memory that the access counters found to be hot is moved when no fault waits.
 *
 * Closing the file ends the thread with SIGKILL, which ends its waits. Its channels
 * have stopped by then, so the device holds nothing that would have to be answered.
 */

/**
 * DOC: A cancel hits nobody else
 *
 * A cancel names a page, not a request, and a packet may be served late: its
 * own request answered, its memory unmapped, something else mapped there and
 * asked for by the next job. So no cancel follows from an error alone. The page
 * is looked at again with the mmap lock held, and the lock is kept until the
 * device has acknowledged the cancel. Whatever is cancelled is then an access
 * that the process may not do at that very moment, whoever asked for it.
 */

static unsigned int fault_around_pages = 16;
module_param(fault_around_pages, uint, 0644);
MODULE_PARM_DESC(fault_around_pages, "pages looked at around a fault, a power of two from 1 to 512 (default: 16)");

unsigned int faultline_service_fault_around(void)
{
	unsigned int pages = READ_ONCE(fault_around_pages);

	return rounddown_pow_of_two(clamp(pages, 1u, FAULTLINE_HUGE_PAGES));
}

/* Types that a valid page-table entry cures; the others are the program's fault. */
static bool is_serviceable(const struct faultline_fault *fault)
{
	switch (fault->type) {
	case FAULTLINE_FAULT_TYPE_PDE:
	case FAULTLINE_FAULT_TYPE_PTE:
	case FAULTLINE_FAULT_TYPE_RO_VIOLATION:
	case FAULTLINE_FAULT_TYPE_ATOMIC_VIOLATION:
		return true;
	default:
		return false;
	}
}

/* What the service of one batch adds up to. */
struct batch {
	struct faultline_vm *vm;
	struct faultline_window *window;
	struct faultline_tlb_range upgraded;
	bool replay;
};

static void widen(struct faultline_tlb_range *range,
		  const struct faultline_tlb_range *by)
{
	range->start = min(range->start, by->start);
	range->last = max(range->last, by->last);
	range->directory |= by->directory;
}

static void ask_for_faults(struct faultline_window *window,
			   const struct faultline_fault *faults, u32 count)
{
	u32 i, page;

	bitmap_zero(window->read, FAULTLINE_HUGE_PAGES);
	bitmap_zero(window->write, FAULTLINE_HUGE_PAGES);
	for (i = 0; i < count; i++) {
		page = (faults[i].va - window->start) >> PAGE_SHIFT;
		__set_bit(page, window->read);
		if (faultline_fault_is_write(&faults[i]))
			__set_bit(page, window->write);
	}
}

/* As the faults ask for theirs. */
static void ask_for_all(struct faultline_window *window)
{
	bitmap_fill(window->read, window->pages);
	if (!bitmap_empty(window->write, FAULTLINE_HUGE_PAGES))
		bitmap_fill(window->write, window->pages);
}

static int map_faults(struct batch *batch, const struct faultline_region *region,
		      const struct faultline_fault *faults, u32 count)
{
	struct faultline_window *window = batch->window;
	int ret;

	window->start = region->start;
	window->pages = region->pages;
	ask_for_faults(window, faults, count);
	if (region->populate)
		ask_for_all(window);
	ret = faultline_mirror_fault(batch->vm, window);
	widen(&batch->upgraded, &window->upgraded);
	if (!ret && region->populate && window->changed > count)
		faultline_vm_count(batch->vm, FAULTLINE_COUNT_PREFETCHED,
				   window->changed - count);
	return ret;
}

static void record(struct faultline_vm *vm, const struct faultline_fault *fault,
		   u64 service_ns, int error)
{
	struct faultline_service *service = &vm->service;
	struct faultline_fault_record *slot;

	spin_lock(&service->lock);
	slot = &service->records[service->record_count++ %
				 FAULTLINE_SERVICE_RECORDS];
	*slot = (struct faultline_fault_record){
		.address = fault->va,
		.device_ns = fault->device_ns,
		.irq_ns = fault->irq_ns,
		.fetch_ns = fault->fetch_ns,
		.service_ns = service_ns,
		.mapped_ns = ktime_get_ns(),
		.access_type = fault->access,
		.fault_type = fault->type,
		.gpc = fault->gpc,
		.client = fault->client,
		.error = error,
	};
	spin_unlock(&service->lock);
	trace_faultline_serviced(vm->fdev, vm->pid, fault, error);
}

/* All of the batch went with one replay. */
static void mark_replayed(struct faultline_service *service, u64 first)
{
	u64 now = ktime_get_ns();
	u64 i;

	spin_lock(&service->lock);
	for (i = first; i < service->record_count; i++)
		service->records[i % FAULTLINE_SERVICE_RECORDS].replay_ns = now;
	spin_unlock(&service->lock);
}

/* -EPERM: the page may be read. Everything else: nobody may touch it. */
static u32 cancel_class(int error)
{
	return error == -EPERM ? FAULTLINE_CANCEL_ACCESS_WRITE_AND_ATOMIC :
				 FAULTLINE_CANCEL_ACCESS_ALL;
}

/* Does the cancel of @done end what @fault reports? */
static bool cancel_covers(const struct faultline_fault *done,
			  const struct faultline_fault *fault)
{
	return done->cancelled && fault->replayable && done->va == fault->va &&
	       (done->cancel_class == FAULTLINE_CANCEL_ACCESS_ALL ||
		faultline_fault_is_write(fault));
}

static bool is_cancelled(const struct faultline_service *service,
			 const struct faultline_fault *fault)
{
	u32 i;

	for (i = 0; i < service->active_count; i++)
		if (cancel_covers(&service->active[i], fault))
			return true;
	return false;
}

/* What was decided and may not wait: see above. */
static void cancel(struct batch *batch, struct faultline_fault *fault,
		   int error)
{
	struct faultline_vm *vm = batch->vm;
	struct faultline_service *service = &vm->service;
	struct faultline_cancel *slot;

	/* The error is there before the completion can arrive that needs it. */
	spin_lock_irq(&service->cancel_lock);
	slot = &service->cancels[service->cancel_count++ %
				 FAULTLINE_SERVICE_CANCELS];
	slot->va = fault->va;
	slot->error = error;
	spin_unlock_irq(&service->cancel_lock);
	faultline_counter_add(&vm->counters, FAULTLINE_COUNT_CANCELS, 1);
	fault->cancelled = true;
	fault->cancel_class = cancel_class(error);
	faultline_tlb_cancel(vm->fdev, faultline_table_pdb(&vm->table),
			     fault, fault->cancel_class);
	faultline_tlb_wait(vm->fdev);
}

/* The process refuses the access: cancel it, if it still does. */
static void refuse(struct batch *batch, struct faultline_fault *fault)
{
	struct faultline_vm *vm = batch->vm;
	unsigned long seq;
	int error;

	if (!mmget_not_zero(vm->mm)) {
		cancel(batch, fault, -EFAULT);
		return;
	}
	seq = mmu_interval_read_begin(&vm->notifier);
	mmap_read_lock(vm->mm);
	error = faultline_mirror_check(vm, fault->va, faultline_fault_is_write(fault), seq);
	if (error && error != -EBUSY)
		cancel(batch, fault, error);
	else
		batch->replay = true;
	mmap_read_unlock(vm->mm);
	mmput(vm->mm);
}

static void fail(struct batch *batch, struct faultline_fault *fault, int error)
{
	if (!fault->replayable)
		faultline_restart_failed(batch->vm, fault, error);
	else if (is_serviceable(fault) && (error == -EFAULT || error == -EPERM))
		refuse(batch, fault);
	else
		cancel(batch, fault, error);
}

static void settle(struct batch *batch, struct faultline_fault *fault,
		   u64 service_ns, int error)
{
	record(batch->vm, fault, service_ns, error);
	/* Nobody waits for a prefetch. */
	if (fault->access == FAULTLINE_ACCESS_TYPE_PREFETCH) {
		faultline_prf_note(batch->vm->fdev, error);
		return;
	}
	/*
	 * Memory management kept interfering, or the thread is about to stop:
	 * a replay raises the fault again, if anybody still waits for it.
	 */
	if (error && is_cancelled(&batch->vm->service, fault))
		batch->replay = true;
	else if (error && error != -EBUSY && error != -EINTR)
		fail(batch, fault, error);
	else if (fault->replayable)
		batch->replay = true;
	else
		faultline_restart_served(batch->vm, fault);
}

static int map_alone(struct batch *batch, const struct faultline_fault *fault)
{
	struct faultline_region region = { .start = fault->va, .pages = 1 };

	return map_faults(batch, &region, fault, 1);
}

/* Faults of one region. If they fail together, each is tried on its own. */
static void serve_region(struct batch *batch, const struct faultline_region *region,
			 struct faultline_fault *faults, u32 count)
{
	u64 service_ns = ktime_get_ns();
	int error;
	u32 i;

	faultline_placement_move(batch->vm, faults[0].va);
	error = map_faults(batch, region, faults, count);
	for (i = 0; i < count; i++) {
		if (error && (count > 1 || region->pages > 1) &&
		    error != -EINTR)
			settle(batch, &faults[i], service_ns,
			       map_alone(batch, &faults[i]));
		else
			settle(batch, &faults[i], service_ns, error);
	}
}

/* From here on, a packet is of a request that the batch does not answer. */
static void finish_batch(struct batch *batch)
{
	struct faultline_service *service = &batch->vm->service;

	spin_lock(&service->lock);
	batch->replay |= service->replay_owed;
	service->replay_owed = false;
	service->active_count = 0;
	spin_unlock(&service->lock);
}

/* Strong atomics may need the page for themselves. */
static bool wants_exclusive(const struct faultline_vm *vm,
			    const struct faultline_fault *fault)
{
	return vm->exclusive_atomics &&
	       fault->access == FAULTLINE_ACCESS_TYPE_ATOMIC;
}

static void serve_exclusive(struct batch *batch, struct faultline_fault *fault)
{
	u64 service_ns = ktime_get_ns();
	int error = faultline_exclusive_map(batch->vm, batch->window, fault->va);

	widen(&batch->upgraded, &batch->window->upgraded);
	settle(batch, fault, service_ns, error);
}

/* How many faults from the first on can be served together in @region. */
static u32 faults_in(const struct batch *batch,
		     const struct faultline_region *region,
		     const struct faultline_fault *faults, u32 count)
{
	u64 bytes = (u64)region->pages << PAGE_SHIFT;
	u32 n = 1;

	while (n < count && faults[n].va - region->start < bytes &&
	       is_serviceable(&faults[n]) &&
	       !wants_exclusive(batch->vm, &faults[n]))
		n++;
	return n;
}

static void serve_faults(struct batch *batch, struct faultline_fault *faults,
			 u32 count)
{
	struct faultline_region region;
	u32 i, n;

	for (i = 0; i < count; i += n) {
		n = 1;
		if (!is_serviceable(&faults[i])) {
			settle(batch, &faults[i], ktime_get_ns(), -EFAULT);
		} else if (wants_exclusive(batch->vm, &faults[i])) {
			serve_exclusive(batch, &faults[i]);
		} else {
			faultline_placement_choose(batch->vm, &faults[i],
						   count - i, &region);
			n = faults_in(batch, &region, &faults[i], count - i);
			serve_region(batch, &region, &faults[i], n);
		}
	}
}

/* All of it: packets need not come in the order of their addresses. Return: up to where. */
static u64 map_command(struct batch *batch,
		       const struct faultline_command *command, u32 *changed)
{
	struct faultline_window *window = batch->window;
	u64 start = command->start;
	int ret;

	for (; start < command->end; start = window->start +
					     ((u64)window->pages << PAGE_SHIFT)) {
		window->start = start;
		window->pages = (min(round_down(start, FAULTLINE_HUGE_SIZE) +
					     FAULTLINE_HUGE_SIZE,
				     command->end) - start) >> PAGE_SHIFT;
		bitmap_fill(window->read, FAULTLINE_HUGE_PAGES);
		bitmap_zero(window->write, FAULTLINE_HUGE_PAGES);
		if (command->write)
			bitmap_fill(window->write, FAULTLINE_HUGE_PAGES);
		ret = faultline_mirror_fault(batch->vm, window);
		widen(&batch->upgraded, &window->upgraded);
		*changed += window->changed;
		if (ret)
			break;
	}
	return start;
}

/* Return: how many of the faults it has served. */
static u32 serve_command(struct batch *batch, struct faultline_fault *faults,
			 u32 count, const struct faultline_command *command)
{
	struct faultline_service *service = &batch->vm->service;
	u64 service_ns = ktime_get_ns(), mapped;
	u32 changed = 0, i;

	if (faults[0].va < command->start || faults[0].va >= command->end)
		return 0;
	mapped = map_command(batch, command, &changed);
	for (i = 0; i < count && faults[i].va < mapped; i++)
		settle(batch, &faults[i], service_ns, 0);
	spin_lock(&service->lock);
	service->command.rounds += !!changed;
	spin_unlock(&service->lock);
	return i;
}

/* Cancel them all. */
static void serve_none(struct batch *batch, struct faultline_fault *faults,
		       u32 count)
{
	u64 service_ns = ktime_get_ns();
	u32 i;

	for (i = 0; i < count; i++)
		settle(batch, &faults[i], service_ns, -ENOENT);
}

static void serve_batch(struct faultline_vm *vm)
{
	struct batch batch = {
		.vm = vm,
		.window = vm->service.window,
		.upgraded = { .start = U64_MAX },
	};
	struct faultline_service *service = &vm->service;
	u32 count = service->active_count, served = 0;
	struct faultline_fault *faults = service->active;
	u64 first_record = service->record_count;
	struct faultline_command command;

	spin_lock(&service->lock);
	command = service->command;
	spin_unlock(&service->lock);
	if (command.unserved) {
		serve_none(&batch, faults, count);
	} else {
		if (command.end)
			served = serve_command(&batch, faults, count, &command);
		serve_faults(&batch, faults + served, count - served);
	}

	finish_batch(&batch);
	/* Before the replay: whoever waits for the job may look at once. */
	mark_replayed(service, first_record);
	faultline_vm_count(vm, FAULTLINE_COUNT_BATCHES, 1);
	if (!batch.replay)
		return;
	faultline_counter_add(&vm->counters, FAULTLINE_COUNT_REPLAYS, 1);
	faultline_tlb_replay(vm->fdev, faultline_table_pdb(&vm->table),
			     batch.upgraded.start == U64_MAX ? NULL :
							       &batch.upgraded);
	faultline_tlb_refill(vm->fdev);
}

static int serve(void *arg)
{
	struct faultline_vm *vm = arg;
	struct faultline_service *service = &vm->service;
	struct faultline_hot hot;

	/* faultline_service_stop() ends a wait for user space with it. */
	allow_signal(SIGKILL);
	while (!kthread_should_stop()) {
		wait_event_idle(service->wait,
				READ_ONCE(service->pending_count) ||
				READ_ONCE(service->hot_count) ||
				kthread_should_stop());
		if (kthread_should_stop())
			break;
		/* Somebody waits for a fault, and nobody for what is hot. */
		if (faultline_service_take(service))
			serve_batch(vm);
		else if (faultline_service_take_hot(service, &hot))
			faultline_placement_move_hot(vm, &hot);
	}
	return 0;
}

int faultline_service_start(struct faultline_vm *vm)
{
	struct faultline_service *service = &vm->service;
	struct task_struct *thread;

	spin_lock_init(&service->lock);
	spin_lock_init(&service->cancel_lock);
	init_waitqueue_head(&service->wait);
	service->window = faultline_window_create();
	if (!service->window)
		return -ENOMEM;
	thread = kthread_run(serve, vm, "faultline%d-%d", vm->fdev->id, vm->pid);
	if (IS_ERR(thread)) {
		faultline_window_destroy(vm, service->window);
		return PTR_ERR(thread);
	}
	service->thread = thread;
	return 0;
}

/* Also ends a wait for user space that may never end by itself. */
void faultline_service_stop(struct faultline_vm *vm)
{
	send_sig(SIGKILL, vm->service.thread, 1);
	kthread_stop(vm->service.thread);
	vm->service.thread = NULL;
	faultline_window_destroy(vm, vm->service.window);
}
