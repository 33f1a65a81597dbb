// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Proves at probe that device and driver see the same memory. */
#include <linux/bitfield.h>
#include <linux/dma-mapping.h>
#include <linux/iopoll.h>

#include "faultline_channel.h"
#include "faultline_device.h"
#include "faultline_patience.h"
#include "faultline_ring.h"
#include "faultline_selftest.h"

/*
 * A guest's memory that is not shared with the device's process looks
 * perfectly well to both sides: each sees its own copy. Nothing else tells but
 * a pattern that goes through both.
 */

#define SELFTEST_TIMEOUT_US	(2 * USEC_PER_SEC)
#define SELFTEST_BYTES		PAGE_SIZE
#define SELFTEST_WORDS		(SELFTEST_BYTES / sizeof(u64))

static u64 pattern(u32 i)
{
	return 0x9e3779b97f4a7c15ull * (i + 1);
}

static void submit_copy(struct faultline_channel *channel, dma_addr_t dst,
			dma_addr_t src)
{
	u64 words[FAULTLINE_JOB_WORDS] = {
		[0] = FIELD_PREP(FAULTLINE_JOB_OPCODE, FAULTLINE_OPCODE_COPY) |
		      FIELD_PREP(FAULTLINE_JOB_DATA_SIZE,
				 FAULTLINE_DATA_SIZE_8_BYTES) |
		      FIELD_PREP(FAULTLINE_JOB_DST_MODE,
				 FAULTLINE_ADDRESS_MODE_SYSTEM) |
		      FIELD_PREP(FAULTLINE_JOB_SRC_MODE,
				 FAULTLINE_ADDRESS_MODE_SYSTEM),
		[FAULTLINE_JOB_DST_WORD] = dst,
		[FAULTLINE_JOB_SRC_WORD] = src,
		[FAULTLINE_JOB_COUNT_WORD] = SELFTEST_WORDS,
	};

	mutex_lock(&channel->submit_lock);
	faultline_ring_push(channel, words);
	faultline_ring_kick(channel);
	mutex_unlock(&channel->submit_lock);
}

/* The register is read for the sake of the answer: the device is alive. */
static bool is_completed(struct faultline_channel *channel)
{
	faultline_read(channel->fdev, FAULTLINE_CHAN_RING_GET(channel->index));
	faultline_ring_reap(channel);
	return READ_ONCE(channel->completed) == channel->submitted;
}

static int run_copy(struct faultline_channel *channel, u64 *dst,
		    dma_addr_t dst_dma, dma_addr_t src_dma)
{
	struct device *dev = channel->fdev->dev;
	const struct faultline_completion *done = &channel->done[0];
	struct faultline_patience patience;
	bool completed;
	u32 i;

	submit_copy(channel, dst_dma, src_dma);
	patience = faultline_patience_of(SELFTEST_TIMEOUT_US);
	read_poll_timeout(is_completed, completed,
			  completed || faultline_patience_over(&patience),
			  50, 0, false, channel);
	if (!completed) {
		dev_err(dev, "self-test: no completion in memory, device says %u of 1 jobs done: device and guest do not see the same memory (QEMU's memory backend needs share=on)\n",
			faultline_read(channel->fdev,
				       FAULTLINE_CHAN_RING_GET(channel->index)));
		return -EIO;
	}
	if (done->status != FAULTLINE_STATUS_OK) {
		dev_err(dev, "self-test: copy ended with status %u after %llu of %zu words: the device cannot reach guest memory\n",
			done->status, done->done, SELFTEST_WORDS);
		return -EIO;
	}
	for (i = 0; i < SELFTEST_WORDS; i++) {
		if (READ_ONCE(dst[i]) == pattern(i))
			continue;
		dev_err(dev, "self-test: word %u is %#llx instead of %#llx: device and guest do not see the same memory (QEMU's memory backend needs share=on)\n",
			i, dst[i], pattern(i));
		return -EIO;
	}
	return 0;
}

/**
 * faultline_selftest_coherence - have the copy engine copy a pattern
 * @channel: a copy channel that nobody used yet
 *
 * Return: 0, -EIO with the reason in the log, or -ENOMEM.
 */
int faultline_selftest_coherence(struct faultline_channel *channel)
{
	struct device *dev = channel->fdev->dev;
	dma_addr_t src_dma, dst_dma;
	int ret = -ENOMEM;
	u64 *src, *dst;
	u32 i;

	src = dma_alloc_coherent(dev, SELFTEST_BYTES, &src_dma, GFP_KERNEL);
	dst = dma_alloc_coherent(dev, SELFTEST_BYTES, &dst_dma, GFP_KERNEL);
	if (src && dst) {
		for (i = 0; i < SELFTEST_WORDS; i++)
			src[i] = pattern(i);
		ret = run_copy(channel, dst, dst_dma, src_dma);
	}
	if (src)
		dma_free_coherent(dev, SELFTEST_BYTES, src, src_dma);
	if (dst)
		dma_free_coherent(dev, SELFTEST_BYTES, dst, dst_dma);
	return ret;
}
