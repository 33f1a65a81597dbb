/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Fault service: from a fetched packet to the replay. */
#ifndef _FAULTLINE_SERVICE_H_
#define _FAULTLINE_SERVICE_H_

#include "faultline_service_types.h"

struct faultline_vm;

int faultline_service_start(struct faultline_vm *vm);
void faultline_service_stop(struct faultline_vm *vm);
void faultline_service_begin_command(struct faultline_vm *vm,
				     const struct faultline_command *command);
u32 faultline_service_end_command(struct faultline_vm *vm);
void faultline_service_queue(struct faultline_vm *vm,
			     const struct faultline_fault *fault);
u32 faultline_service_take(struct faultline_service *service);
bool faultline_service_queue_hot(struct faultline_vm *vm,
				 const struct faultline_hot *hot);
bool faultline_service_take_hot(struct faultline_service *service,
				struct faultline_hot *hot);
unsigned int faultline_service_fault_around(void);
int faultline_service_cancel_error(struct faultline_vm *vm, u64 va);
u32 faultline_service_read_records(struct faultline_vm *vm,
				   struct faultline_fault_record *out, u32 room);

#endif /* _FAULTLINE_SERVICE_H_ */
