/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Channels: open, run, restart, stop. */
#ifndef _FAULTLINE_CHANNEL_H_
#define _FAULTLINE_CHANNEL_H_

#include "faultline_channel_types.h"

struct faultline_fault;

/* What faultline_channel_open() is asked for. */
enum faultline_channel_kind {
	FAULTLINE_CHANNEL_STREAM,
	FAULTLINE_CHANNEL_COPY,
};

void faultline_channels_init(struct faultline_device *fdev, u32 stream, u32 copy);
void faultline_channels_quiesce(struct faultline_device *fdev);
void faultline_channels_interrupt(struct faultline_device *fdev);
void faultline_channels_restart_lost(struct faultline_device *fdev);
void faultline_channel_note_fault(struct faultline_vm *vm,
				  const struct faultline_fault *fault);

struct faultline_channel *faultline_channel_open(struct faultline_device *fdev,
						 enum faultline_channel_kind kind,
						 struct faultline_vm *vm);
int faultline_channel_stop(struct faultline_channel *channel);
void faultline_channel_free_rings(struct faultline_channel *channel, bool stopped);
void faultline_channel_free(struct faultline_channel *channel);

u32 faultline_channel_room(struct faultline_channel *channel);
u64 faultline_channel_push(struct faultline_channel *channel,
			   const u64 *job_words);
void faultline_channel_kick(struct faultline_channel *channel);
void faultline_channel_reap(struct faultline_channel *channel);

void faultline_channel_restart(struct faultline_vm *vm,
			       const struct faultline_fault *fault);
void faultline_channel_fail(struct faultline_vm *vm,
			    const struct faultline_fault *fault, int error);
unsigned int faultline_channel_entries(void);

#endif /* _FAULTLINE_CHANNEL_H_ */
