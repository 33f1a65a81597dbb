/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* What the driver tells a device that runs with the translation sanitizer. */
#ifndef _FAULTLINE_NOTE_H_
#define _FAULTLINE_NOTE_H_

#include <linux/types.h>

struct faultline_device;
struct faultline_vm;
struct faultline_tlb_range;
struct page;

void faultline_note_init(struct faultline_device *fdev);
void faultline_note_withdrawn(struct faultline_vm *vm,
			      const struct faultline_tlb_range *range);
void faultline_note_unmapped(struct faultline_device *fdev, struct page *page,
			     u32 pages);

#endif /* _FAULTLINE_NOTE_H_ */
