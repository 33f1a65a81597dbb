// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* What the driver is; lifetime of a device and of the access to its registers. */
#include <linux/ktime.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/stdarg.h>
#include <linux/timekeeping.h>

#include "faultline_channel.h"
#include "faultline_device.h"

/**
 * DOC: Overview
 *
 * The engines of a Faultline device work on the addresses of ordinary processes.
 * Its MMU walks page tables that this driver keeps in system memory. Where an
 * entry is missing, an access does not fail: the device holds it and reports a
 * fault. The driver looks the page up in the process's own page table (HMM),
 * writes the entry and asks for a replay. Nothing is registered or pinned.
 *
 * The way of a fault, by file::
 *
 *   device              a packet to a ring in memory, then MSI
 *   interrupt           faultline_fault.c: a packet at GET? wake the reader
 *   reader, one for     faultline_fault.c: read packets, write GET
 *   the device          faultline_vm.c: whose address space is it?
 *                       faultline_service_queue.c: new, or known already?
 *   service thread,     faultline_service.c: sort, serve together, settle
 *   one for each file   faultline_placement.c: how much, and where should it be?
 *                       faultline_migrate.c: if elsewhere, it moves first
 *                       faultline_mirror.c: look it up, under the rule of the mirror
 *                       faultline_exclusive.c: or claim it, for an atomic
 *                       faultline_table.c: write the entry
 *                       faultline_tlb.c: replay, or cancel
 *                       faultline_restart.c: for a copy channel, start it again
 *   device              the access goes on
 *
 * The other way, when the process's page table changes: the notifier of
 * faultline_mirror.c, faultline_table_zap.c, faultline_tlb.c. A page of device
 * memory that a CPU wants: faultline_vram.c, faultline_migrate.c. Jobs go from
 * faultline_file.c through faultline_job.c into faultline_ring.c.
 *
 * Objects, and who keeps whom:
 *
 * &struct faultline_device is one bound function. The binding has a reference,
 * and each open file, since files outlive the hardware; what is in it of the
 * hardware ends with the binding (faultline_pci.c). It has the fault buffers with
 * their reader, the invalidate registers, a copy channel of its own, and device
 * memory.
 *
 * &struct faultline_file is one open file. It has one address space, and a channel
 * for each engine once it is used. Whichever is first, close, unbind or reset,
 * takes the hardware from it, once (close_hardware() in faultline_file.c): channels
 * stop, the service thread ends, entries are zapped, then memory is freed. The
 * structures stay until the close.
 *
 * &struct faultline_vm is one address space: page tables, the mirrored process, the
 * service thread. It keeps the process's mm_struct, but not its memory; who
 * works on that has it by mmget_not_zero(). The file has a reference, and the
 * reader while it hands over a packet.
 *
 * &struct faultline_channel is one queue of an engine, with its rings. It belongs
 * to a file, or is the device's own, and has no references: who may use it is
 * stopped before it is freed.
 *
 * Device memory (&struct faultline_vram) belongs to the processes that have its
 * pages, not to the file through which they moved. So all pages move back before
 * the binding ends.
 */

/**
 * DOC: Locking
 *
 * From the outermost to the innermost; none is taken by who holds one below it.
 * Two of a kind are never held together, but folios, which are only tried. What
 * each protects is said where it is declared, and who relies on a caller's lock
 * asserts it.
 *
 *  1. The kernel's, around our entries: the device lock (probe, remove, reset),
 *     that of misc devices (open, unregister).
 *  2. &faultline_file.command_lock.
 *  3. &faultline_device.reset_lock, for writing: start, stop, reset; for reading:
 *     opening a channel.
 *  4. &faultline_device.files_lock.
 *  5. &faultline_file.lock.
 *  6. &faultline_vram.map_lock.
 *  7. faultline_device_enter(), a read section of SRCU. It may be entered within
 *     all that follows, too, and within itself: it waits for nothing. What counts
 *     is where its end is waited for, faultline_device_unplug(): nothing but the
 *     device lock is held there.
 *  8. &faultline_vm.use_lock, for reading: mapping without being the service
 *     thread; for writing: closing the address space.
 *  9. The mmap lock.
 * 10. Locks of folios.
 * 11. &faultline_device.copy_lock.
 * 12. &faultline_channel.submit_lock.
 * 13. The kernel's locks around notifiers: those of reverse maps, and reclaim.
 * 14. &faultline_vm.lock.
 * 15. &faultline_faults.fetch_lock, of the reader alone.
 * 16. Spinlocks that the interrupt takes, so elsewhere interrupts are off under
 *     them: &faultline_channels.lock, &faultline_channel.lock,
 *     &faultline_service.cancel_lock, in this order; &faultline_faults.lock.
 *     Folios are freed in any context: &faultline_vram.lock is like these. A device
 *     is given up with 14 held, or not, and takes the first two.
 * 17. Other spinlocks, under which nothing is taken: &faultline_service.lock,
 *     &faultline_tlb.lock, &faultline_prf.lock, &faultline_device.note_lock,
 *     that of &faultline_device.vms.
 *
 * The sequence number of &faultline_vm.notifier is raised by the notifier, under 14,
 * and compared under 14. mmu_interval_read_begin() and the removal of the notifier
 * wait for notifiers that run, so 14 is not held then. Nor when mm or page
 * tables are given up: mmput() may be the last and call the notifier, and a DMA pool
 * has a lock of the kind that an allocation holds.
 *
 * Why there is no inversion:
 *
 * The notifier is called by reclaim. It takes 14 and what is below, and waits for
 * the device to acknowledge, which needs no thread. Who holds 14 or less does
 * not allocate, so reclaim never comes back to it: tables are brought along
 * (&struct faultline_spares), an image is measured first, mapping for DMA does not
 * sleep. A notifier that may not wait tries the lock, and polls.
 *
 * A CPU's access to device memory comes with 9 and 10, from wherever memory of a
 * process is touched. It takes 11, and 12 of the driver's own channel, and waits
 * for a copy. That names physical addresses, so it never faults and needs no
 * service. And so that it is not met from below, no memory of a process is
 * touched with 10 to 17 held.
 *
 * User space is waited for with nothing held, since a wait without end is then
 * nobody else's: the service thread drops the mmap lock (userfaultfd), a submitter
 * reads its jobs before it takes 12. The self-test node alone differs: its
 * commands hold 2, and a claim of pages 8.
 *
 * Threads are ended with 1 to 5 held: neither the reader nor a service thread takes
 * these. The removal of an image from debugfs waits for its readers, with 5 held:
 * they take 14.
 */

/**
 * DOC: Limits
 *
 * What the driver does not do, why, and where it would be done.
 *
 * Device memory needs a kernel whose device-private pages may be large folios
 * (Kbuild looks for &dev_pagemap_ops.folio_split); on others it is not built.
 * Kernels before hmm_range_fault_unlocked_timeout() hold the mmap lock for the
 * whole of a fault, so memory under userfaultfd cannot be waited for: -EFAULT
 * (faultline_compat.h).
 *
 * One process for each file, the one that opened it: addresses of jobs mean its
 * memory, so others may not submit (faultline_file.c). A process that dies while a
 * fault of it waits for user space keeps its memory as long as a child keeps the
 * file open: only the close ends that wait.
 *
 * Addresses end where the process's do (faultline_mirror_fault()), and from 2^48 on
 * there is memory of the self-test node (faultline_bounce.h). A DMA address has 47
 * bits, and none may be of a bounce buffer, since CPU and device work on the same
 * page at the same time: probe fails if memory is out of reach (faultline_pci.c).
 * Behind an IOMMU each entry is a mapping of its own, as there is one for each
 * entry anyway (make_entry() in faultline_table.c).
 *
 * Page tables grow and are freed with the address space: to free one earlier, all
 * levels would have to be invalidated for it (&struct faultline_table). There are
 * entries of 4 KiB, 64 KiB and 2 MiB, as the format has no more; a larger folio is
 * mapped by several (choose_level() in faultline_mirror.c).
 *
 * An address space serves its faults one batch after the other, and its notifier
 * covers all of the process: a lock for each range would be the next step for a
 * process with many streams (faultline_service.c, faultline_mirror.c). It keeps
 * %FAULTLINE_SERVICE_REPLAYABLE faults, which are searched one by one; of more, the
 * device has the requests and raises them again. The reasons of
 * %FAULTLINE_SERVICE_CANCELS cancels are kept: a job whose fault is older than that
 * fails with -EFAULT, whatever the reason was (faultline_service_types.h).
 *
 * Device memory: only private anonymous memory moves by the policies
 * (faultline_placement.c). Folios are of 2 MiB or 4 KiB: with others, free memory
 * would have to be kept by size (faultline_vram.c). A large folio is evicted to a
 * large one, as there is no mapping through which it could be split
 * (faultline_migration.c); unbind waits until the kernel has one. A page of another
 * device moves back to be mapped: devices do not reach each other. Copies are done one
 * list after the other (faultline_copy.c). What is on a device that is lost is lost:
 * SIGBUS (faultline_vram_abandon()).
 *
 * Exclusive access is for private anonymous memory, as the kernel's is; an atomic
 * elsewhere fails with -EOPNOTSUPP (faultline_exclusive.c).
 *
 * %FAULTLINE_CHANNELS_MAX channels, what two words of interrupt bits hold
 * (faultline_channel_types.h).
 *
 * A device that answers, but not as it should, is waited for a second and 4096
 * answers, each time (faultline_patience.h). If it does not acknowledge an invalidate,
 * it loses the bus, and with it what is in its memory: there is no way to the content
 * but its copy engine (faultline_device_give_up()). If it does not stop a channel, what
 * it may still use is leaked: rings, tables, the channel's number
 * (faultline_channel.c, faultline_vm.c). Copies that do not end within copy_patience_s
 * seconds cost it the bus, too (faultline_copy.c).
 *
 * The MMU's snapshot registers, for faults that have no buffer or no instance block,
 * are not read: both are there while a channel runs (faultline_fault.c).
 *
 * There is no suspend: all of device memory would have to move back first, and the
 * state of running jobs cannot be read from the device (faultline_pci.c).
 *
 * The self-test node: unbind waits for a claim of memory under userfaultfd
 * (faultline_dmirror.c).
 */

/* Readers touch registers, or migrate; remove() waits for them. */
DEFINE_SRCU(faultline_unplug_srcu);

/**
 * faultline_device_unplug - end all access to the registers
 * @fdev: the device
 *
 * On return no register section is running and none will begin. A section may
 * wait for the mmap lock, for pages, and for a close: so none of these is
 * held here, nor a lock that is held while they are waited for.
 */
void faultline_device_unplug(struct faultline_device *fdev)
{
	might_sleep();
	lockdep_assert_not_held(&fdev->reset_lock);
	lockdep_assert_not_held(&fdev->files_lock);
	lockdep_assert_not_held(&fdev->copy_lock);
	WRITE_ONCE(fdev->unplugged, true);
	synchronize_srcu(&faultline_unplug_srcu);
}

/**
 * DOC: A device that is given up
 *
 * When an invalidation ends, the kernel gives the page to somebody else, and when
 * a copy has failed, both its pages are used without it. If the MMU has not
 * acknowledged that it forgot the page, or the engine has not ended the copy, nothing
 * is known of what the device still does to it. It cannot be waited for any longer, as
 * reclaim, munmap(), the exit of a process or a CPU's access waits behind the notifier
 * or the page's lock. So it is taken what it needs for harm, and what the bus can take
 * without the device's help: bus mastering. After that, the page may go.
 *
 * Nothing can come of such a device any more. Its channels are dead, and jobs,
 * migrations and opens fail with -EIO, as do the faults that are still to be served.
 * Invalidates are not sent: there is nothing left that they would prevent. What was in
 * its memory is lost as with a device that has gone (faultline_vram_abandon()). Its
 * registers still answer, so everything can be closed, unbound and removed in the
 * ordinary way.
 *
 * A reset of the function, or another binding, begins anew. Before the device gets the
 * bus back, its MMU must acknowledge that it has forgotten everything (start() in
 * faultline_pci.c); as long as it does not, there is no way back.
 */

/**
 * faultline_device_give_up - the device does not do what memory management relies on
 * @fdev: the device, within faultline_device_enter()
 * @why: what it does not do, for the message; a format
 *
 * On return the device reaches no memory: a write to configuration space is
 * answered, and the answer does not pass what the device wrote before.
 *
 * Called from notifiers, also from those that must not sleep, with
 * &faultline_vm.lock held or not: configuration space is reached under a raw
 * spinlock. Who comes second makes sure of the bus himself, since the first
 * may not have come that far.
 */
void faultline_device_give_up(struct faultline_device *fdev, const char *why, ...)
{
	struct va_format reason = { .fmt = why };
	va_list args;

	pci_clear_master(fdev->pdev);
	if (!faultline_channels_give_up(fdev))
		return;
	va_start(args, why);
	reason.va = &args;
	dev_err(fdev->dev,
		"%pV: the device may not use memory any more, and all requests fail with EIO. Reset it: echo 1 >/sys/bus/pci/devices/%s/reset\n",
		&reason, dev_name(fdev->dev));
	va_end(args);
}

void faultline_device_get(struct faultline_device *fdev)
{
	kref_get(&fdev->ref);
}

static void faultline_device_release(struct kref *ref)
{
	struct faultline_device *fdev =
		container_of(ref, struct faultline_device, ref);

	xa_destroy(&fdev->vms);
	mutex_destroy(&fdev->files_lock);
	kfree(fdev);
}

void faultline_device_put(struct faultline_device *fdev)
{
	kref_put(&fdev->ref, faultline_device_release);
}

/* The register space answers with our identity, not with all ones. */
bool faultline_device_present(struct faultline_device *fdev)
{
	return faultline_read(fdev, FAULTLINE_ID) ==
	       FAULTLINE_ID_RESET;
}

/* A device that vanished leaves its waiters without a word: look. One given up is no better. */
bool faultline_device_is_gone(struct faultline_device *fdev)
{
	bool gone = true;
	int idx;

	if (faultline_device_enter(fdev, &idx)) {
		gone = faultline_device_is_given_up(fdev) ||
		       !faultline_device_present(fdev);
		faultline_device_exit(idx);
	}
	return gone;
}

/* Nanoseconds of device time; the high word is read around the low one. */
u64 faultline_device_time(struct faultline_device *fdev)
{
	u32 hi = faultline_read(fdev, FAULTLINE_PTIMER_TIME_1);
	u32 lo, again;
	int i;

	for (i = 0; i < 3; i++) {
		lo = faultline_read(fdev, FAULTLINE_PTIMER_TIME_0);
		again = faultline_read(fdev, FAULTLINE_PTIMER_TIME_1);
		if (again == hi)
			break;
		hi = again;
	}
	return (u64)FIELD_GET(FAULTLINE_PTIMER_TIME_1_NSEC, hi) << 32 |
	       (lo & FAULTLINE_PTIMER_TIME_0_NSEC);
}

/**
 * faultline_device_time_offset - compare the two clocks now
 * @fdev: the device
 * @offset_ns: device time minus CLOCK_MONOTONIC; the error is at most half
 *	the time that three register reads take
 *
 * Return: 0, or -ENODEV when the device is gone.
 */
int faultline_device_time_offset(struct faultline_device *fdev, s64 *offset_ns)
{
	u64 before, device, after;
	int idx, ret = 0;

	if (!faultline_device_enter(fdev, &idx))
		return -ENODEV;
	if (!faultline_device_present(fdev)) {
		ret = -ENODEV;
	} else {
		before = ktime_get_ns();
		device = faultline_device_time(fdev);
		after = ktime_get_ns();
		*offset_ns = (s64)(device - (before + (after - before) / 2));
	}
	faultline_device_exit(idx);
	return ret;
}
