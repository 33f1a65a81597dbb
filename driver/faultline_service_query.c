// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* What others tell the fault service of an address space, and ask of it. */
#include "faultline_service.h"
#include "faultline_vm.h"

/**
 * faultline_service_begin_command - the job to come is served as a whole
 * @vm: the address space; no other job of it runs
 * @command: what it touches
 */
void faultline_service_begin_command(struct faultline_vm *vm,
				     const struct faultline_command *command)
{
	spin_lock(&vm->service.lock);
	vm->service.command = *command;
	spin_unlock(&vm->service.lock);
}

/* The job is done. Return: batches that had to map something for it. */
u32 faultline_service_end_command(struct faultline_vm *vm)
{
	u32 rounds;

	spin_lock(&vm->service.lock);
	rounds = vm->service.command.rounds;
	vm->service.command = (struct faultline_command){};
	spin_unlock(&vm->service.lock);
	return rounds;
}

/**
 * faultline_service_cancel_error - why accesses to a page were cancelled
 * @vm: the address space
 * @va: address in the page
 *
 * Return: the error of the latest cancel of the page, -EFAULT if too long ago.
 */
int faultline_service_cancel_error(struct faultline_vm *vm, u64 va)
{
	struct faultline_service *service = &vm->service;
	const struct faultline_cancel *slot;
	unsigned long flags;
	int error = -EFAULT;
	u64 i, oldest;

	spin_lock_irqsave(&service->cancel_lock, flags);
	oldest = service->cancel_count -
		 min_t(u64, service->cancel_count, FAULTLINE_SERVICE_CANCELS);
	for (i = service->cancel_count; i > oldest; i--) {
		slot = &service->cancels[(i - 1) % FAULTLINE_SERVICE_CANCELS];
		if (slot->va >> PAGE_SHIFT == va >> PAGE_SHIFT) {
			error = slot->error;
			break;
		}
	}
	spin_unlock_irqrestore(&service->cancel_lock, flags);
	return error;
}

/**
 * faultline_service_read_records - the latest faults
 * @vm: the address space
 * @out: where to
 * @room: at most so many
 *
 * Return: how many, oldest first.
 */
u32 faultline_service_read_records(struct faultline_vm *vm,
				   struct faultline_fault_record *out, u32 room)
{
	struct faultline_service *service = &vm->service;
	u32 count, i;

	spin_lock(&service->lock);
	count = min3(service->record_count, (u64)FAULTLINE_SERVICE_RECORDS,
		     (u64)room);
	for (i = 0; i < count; i++)
		out[i] = service->records[(service->record_count - count + i) %
					  FAULTLINE_SERVICE_RECORDS];
	spin_unlock(&service->lock);
	return count;
}
