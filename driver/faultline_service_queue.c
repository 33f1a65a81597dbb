// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Faults of an address space that wait for service, and those being served. */
#include <linux/sort.h>

#include "faultline_fault.h"
#include "faultline_service.h"
#include "faultline_vm.h"

/**
 * DOC: Nothing is lost, nothing is waited for twice
 *
 * A replayable request whose packet was fetched is held by the device until a
 * replay. A packet for a page and access that is pending or being served is
 * therefore dropped as a duplicate: the replay at the end of that service
 * covers its request too. @active is emptied before that replay is sent, so a
 * packet fetched after the replay is never taken for a duplicate of it.
 */

/* Serving @old serves @new too; a prefetch is not replayed for. */
static bool covers(const struct faultline_fault *old,
		   const struct faultline_fault *new)
{
	return old->va == new->va && old->replayable && new->replayable &&
	       old->access != FAULTLINE_ACCESS_TYPE_PREFETCH &&
	       (faultline_fault_is_write(old) || !faultline_fault_is_write(new));
}

static bool covered(const struct faultline_fault *faults, u32 count,
		    const struct faultline_fault *new)
{
	u32 i;

	for (i = 0; i < count; i++)
		if (covers(&faults[i], new))
			return true;
	return false;
}

/*
 * A prefetch may be dropped for good. Another replayable request is raised again
 * by a replay. A channel that is switched out waits for its restart, so there is
 * always room for its fault.
 */
static u32 room_for(const struct faultline_fault *fault)
{
	if (!fault->replayable)
		return FAULTLINE_SERVICE_FAULTS;
	if (fault->access == FAULTLINE_ACCESS_TYPE_PREFETCH)
		return FAULTLINE_SERVICE_REPLAYABLE / 2;
	return FAULTLINE_SERVICE_REPLAYABLE;
}

/**
 * faultline_service_queue - hand over a fault
 * @vm: its address space
 * @fault: the fault; copied
 */
void faultline_service_queue(struct faultline_vm *vm,
			     const struct faultline_fault *fault)
{
	struct faultline_service *service = &vm->service;
	bool being_served, duplicate, full;

	spin_lock(&service->lock);
	being_served = covered(service->active, service->active_count, fault);
	duplicate = being_served ||
		    covered(service->pending, service->pending_count, fault);
	service->replay_owed |= being_served;
	full = service->pending_count >= room_for(fault);
	/* The batch in front of it may have no reason of its own for a replay. */
	service->replay_owed |= full && fault->replayable;
	if (!duplicate && !full)
		service->pending[service->pending_count++] = *fault;
	spin_unlock(&service->lock);

	faultline_vm_count(vm, FAULTLINE_COUNT_FAULTS, 1);
	if (duplicate)
		faultline_vm_count(vm, FAULTLINE_COUNT_DUPLICATES, 1);
	else if (full)
		faultline_vm_count(vm, FAULTLINE_COUNT_DROPPED, 1);
	else
		wake_up(&service->wait);
}

static int compare_va(const void *a, const void *b)
{
	const struct faultline_fault *left = a, *right = b;

	if (left->va != right->va)
		return left->va < right->va ? -1 : 1;
	return 0;
}

/* Take all that is pending, in the order of its addresses. Return: how many. */
u32 faultline_service_take(struct faultline_service *service)
{
	spin_lock(&service->lock);
	memcpy(service->active, service->pending,
	       service->pending_count * sizeof(*service->pending));
	service->active_count = service->pending_count;
	service->pending_count = 0;
	sort(service->active, service->active_count, sizeof(*service->active),
	     compare_va, NULL);
	spin_unlock(&service->lock);
	return service->active_count;
}

/* False: there is no room for it. */
bool faultline_service_queue_hot(struct faultline_vm *vm,
				 const struct faultline_hot *hot)
{
	struct faultline_service *service = &vm->service;
	bool fits;

	spin_lock(&service->lock);
	fits = service->hot_count < FAULTLINE_SERVICE_HOT;
	if (fits)
		service->hot[service->hot_count++] = *hot;
	spin_unlock(&service->lock);
	faultline_vm_count(vm, FAULTLINE_COUNT_NOTIFICATIONS, 1);
	if (fits)
		wake_up(&service->wait);
	return fits;
}

/* Take the latest. False: there is none. */
bool faultline_service_take_hot(struct faultline_service *service,
				struct faultline_hot *hot)
{
	bool any;

	spin_lock(&service->lock);
	any = service->hot_count;
	if (any)
		*hot = service->hot[--service->hot_count];
	spin_unlock(&service->lock);
	return any;
}
