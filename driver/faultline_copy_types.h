/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Copies between system and device memory by physical addresses. */
#ifndef _FAULTLINE_COPY_TYPES_H_
#define _FAULTLINE_COPY_TYPES_H_

#include <linux/mutex.h>
#include <linux/types.h>

/**
 * enum faultline_copy_kind - what the copy engine is to do
 */
enum faultline_copy_kind {
	/** @FAULTLINE_COPY_TO_DEVICE: system memory to device memory */
	FAULTLINE_COPY_TO_DEVICE,
	/** @FAULTLINE_COPY_TO_SYSTEM: device memory to system memory */
	FAULTLINE_COPY_TO_SYSTEM,
	/** @FAULTLINE_COPY_ZERO: zeroes to device memory */
	FAULTLINE_COPY_ZERO,
};

/**
 * struct faultline_copy - one job of the copy engine
 */
struct faultline_copy {
	/** @kind: what to do */
	enum faultline_copy_kind kind;
	/** @system: DMA address in system memory, if there is one */
	dma_addr_t system;
	/** @vram: address in device memory */
	u64 vram;
	/** @bytes: length, a multiple of 8 */
	u64 bytes;
};

#endif /* _FAULTLINE_COPY_TYPES_H_ */
