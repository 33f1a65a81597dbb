// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* What the driver tells a device that runs with the translation sanitizer. */
#include <linux/mm.h>

#include "faultline_device.h"
#include "faultline_note.h"
#include "faultline_table.h"
#include "faultline_vm.h"
#include "faultline_vram.h"

/**
 * DOC: Notes
 *
 * A device with the translation sanitizer (its option --sanitize) sees what the
 * driver does, but not what it promises: that an invalidation is complete, or
 * that a page is mapped nowhere any more. The driver says so in a few registers.
 * Any other device does not ask for notes, and none is written.
 */

void faultline_note_init(struct faultline_device *fdev)
{
	fdev->notes_wanted = FIELD_GET(FAULTLINE_SANITIZER_NOTES,
				       faultline_read(fdev, FAULTLINE_SANITIZER));
	spin_lock_init(&fdev->note_lock);
}

/*
 * The read makes the device look before anybody can map the addresses again:
 * writes are posted.
 */
static void note(struct faultline_device *fdev, u32 kind, u64 pdb, u64 address,
		 u64 pages)
{
	unsigned long flags;
	int idx;

	if (!faultline_device_enter(fdev, &idx))
		return;
	spin_lock_irqsave(&fdev->note_lock, flags);
	faultline_write(fdev, FAULTLINE_NOTE_PDB_LO, lower_32_bits(pdb));
	faultline_write(fdev, FAULTLINE_NOTE_PDB_HI, upper_32_bits(pdb));
	faultline_write(fdev, FAULTLINE_NOTE_ADDRESS_LO, lower_32_bits(address));
	faultline_write(fdev, FAULTLINE_NOTE_ADDRESS_HI, upper_32_bits(address));
	faultline_write(fdev, FAULTLINE_NOTE_PAGES, lower_32_bits(pages));
	faultline_write(fdev, FAULTLINE_NOTE,
			FIELD_PREP(FAULTLINE_NOTE_KIND, kind) |
			FIELD_PREP(FAULTLINE_NOTE_PAGES_HI, upper_32_bits(pages)));
	faultline_read(fdev, FAULTLINE_NOTE);
	spin_unlock_irqrestore(&fdev->note_lock, flags);
	faultline_device_exit(idx);
}

/**
 * faultline_note_withdrawn - the device cannot reach these addresses any more
 * @vm: the address space, locked
 * @range: what was zapped; the invalidate of it is acknowledged
 */
void faultline_note_withdrawn(struct faultline_vm *vm,
			      const struct faultline_tlb_range *range)
{
	lockdep_assert_held(&vm->lock);
	if (vm->fdev->notes_wanted)
		note(vm->fdev, FAULTLINE_NOTE_KIND_WITHDRAWN,
		     faultline_table_pdb(&vm->table), range->start,
		     ((range->last - range->start) >> PAGE_SHIFT) + 1);
}

/**
 * faultline_note_unmapped - no device reaches these pages any more
 * @fdev: the device
 * @page: the first; no process maps them, and none can before the caller goes on
 * @pages: how many
 *
 * Pages of system memory are named by their physical addresses: behind an IOMMU
 * the device knows them by others, and the note means nothing to it.
 */
void faultline_note_unmapped(struct faultline_device *fdev, struct page *page,
			     u32 pages)
{
	if (!fdev->notes_wanted)
		return;
	if (is_device_private_page(page))
		note(fdev, FAULTLINE_NOTE_KIND_VIDMEM, 0,
		     faultline_vram_address(page), pages);
	else
		note(fdev, FAULTLINE_NOTE_KIND_SYSTEM, 0, page_to_phys(page),
		     pages);
}
