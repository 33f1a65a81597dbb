/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The rings of a channel: jobs in, completions out. */
#ifndef _FAULTLINE_RING_H_
#define _FAULTLINE_RING_H_

#include <linux/mm.h>

#include "faultline_channel_types.h"
#include "faultline_regs.h"

struct faultline_fault;

u32 faultline_ring_room(struct faultline_channel *channel);
u64 faultline_ring_push(struct faultline_channel *channel, const u64 *job_words);
void faultline_ring_kick(struct faultline_channel *channel);
void faultline_ring_reap(struct faultline_channel *channel);
bool faultline_ring_reap_locked(struct faultline_channel *channel);
void faultline_ring_abandon(struct faultline_channel *channel,
			    const struct faultline_fault *fault, int error);

static inline size_t faultline_ring_jobs_bytes(const struct faultline_channel *channel)
{
	return PAGE_ALIGN(channel->entries * FAULTLINE_JOB_BYTES);
}

static inline size_t faultline_ring_completions_bytes(const struct faultline_channel *channel)
{
	return PAGE_ALIGN(channel->entries * FAULTLINE_COMPLETION_BYTES);
}

#endif /* _FAULTLINE_RING_H_ */
