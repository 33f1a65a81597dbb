/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Channels: open, start, stop. */
#ifndef _FAULTLINE_CHANNEL_H_
#define _FAULTLINE_CHANNEL_H_

#include "faultline_channel_types.h"
#include "faultline_device_types.h"

/* What faultline_channel_open() is asked for. */
enum faultline_channel_kind {
	FAULTLINE_CHANNEL_STREAM,
	FAULTLINE_CHANNEL_COPY,
};

static inline u32 faultline_channels_count(const struct faultline_device *fdev)
{
	return fdev->channels.stream_count + fdev->channels.copy_count;
}

void faultline_channels_init(struct faultline_device *fdev, u32 stream, u32 copy);
void faultline_channels_quiesce(struct faultline_device *fdev);
bool faultline_channels_give_up(struct faultline_device *fdev);
void faultline_channels_take_up(struct faultline_device *fdev);
void faultline_channels_interrupt(struct faultline_device *fdev);

void faultline_channel_enable(struct faultline_channel *channel);
int faultline_channel_disable(struct faultline_channel *channel);
struct faultline_channel *faultline_channel_open(struct faultline_device *fdev,
						 enum faultline_channel_kind kind,
						 struct faultline_vm *vm);
int faultline_channel_stop(struct faultline_channel *channel);
void faultline_channel_free_rings(struct faultline_channel *channel, bool stopped);
void faultline_channel_free(struct faultline_channel *channel);

unsigned int faultline_channel_entries(void);

#endif /* _FAULTLINE_CHANNEL_H_ */
