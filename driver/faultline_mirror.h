/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The mirror of a process's page tables. */
#ifndef _FAULTLINE_MIRROR_H_
#define _FAULTLINE_MIRROR_H_

#include <linux/bitmap.h>

#include "faultline_table.h"

struct faultline_vm;

/**
 * struct faultline_window - pages of one 2 MiB region to be mapped together
 */
struct faultline_window {
	/** @start: first page, 4 KiB aligned */
	u64 start;
	/** @pages: number of pages; all in one 2 MiB region */
	u32 pages;
	/** @read: pages that must be readable */
	DECLARE_BITMAP(read, FAULTLINE_HUGE_PAGES);
	/** @write: of these, pages that must be writable */
	DECLARE_BITMAP(write, FAULTLINE_HUGE_PAGES);
	/** @pfns: scratch space for hmm_range_fault() */
	unsigned long pfns[FAULTLINE_HUGE_PAGES];
	/** @vram_only: leave pages of system memory out */
	bool vram_only;
	/** @in_vram: out: pages of the window that are in device memory */
	u32 in_vram;
	/** @changed: out: 4 KiB pages that are mapped now, or allow more */
	u32 changed;
	/**
	 * @upgraded: out: entries that were valid and now allow more; a replay
	 * is to carry their invalidate, or faultline_mirror_flush()
	 */
	struct faultline_tlb_range upgraded;
	/** @spares: tables for what is to be mapped */
	struct faultline_spares spares;
};

int faultline_mirror_attach(struct faultline_vm *vm);
void faultline_mirror_detach(struct faultline_vm *vm);
struct faultline_window *faultline_window_create(void);
void faultline_window_destroy(struct faultline_vm *vm,
			      struct faultline_window *window);
int faultline_mirror_map(struct faultline_vm *vm,
			 struct faultline_window *window, u64 va,
			 enum faultline_level level,
			 const struct faultline_target *target);
int faultline_mirror_fault(struct faultline_vm *vm,
			   struct faultline_window *window);
void faultline_mirror_flush(struct faultline_vm *vm,
			    const struct faultline_window *window);
int faultline_mirror_check(struct faultline_vm *vm, u64 va, bool write,
			   unsigned long seq);

#endif /* _FAULTLINE_MIRROR_H_ */
