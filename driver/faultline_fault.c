// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Reads fault packets from memory and hands them to their address spaces. */
#include <linux/dma-mapping.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "faultline_access.h"
#include "faultline_channel.h"
#include "faultline_device.h"
#include "faultline_fault.h"
#include "faultline_mistake.h"
#include "faultline_prf.h"
#include "faultline_restart.h"
#include "faultline_service.h"
#include "faultline_tlb.h"
#include "faultline_trace.h"
#include "faultline_vm.h"

/**
 * DOC: A fault path without register reads
 *
 * A register read is a round trip to the device, a write is not. So the
 * interrupt handler does not ask what happened: it looks at the packet at its
 * own GET. If that is valid it masks the sources and wakes the thread, which
 * reads packets until one is not valid, writes GET and unmasks. A source that
 * is still pending then interrupts again, so nothing is missed. A packet may
 * also become valid after its interrupt; unmasking in the handler has the same
 * effect there.
 *
 * The one exception is the overflow flag, which is known to the register only.
 * A buffer that has overflowed was full, and all it held is read before anything
 * is lost for good. So one look suffices each time as many packets have been
 * read as the buffer holds.
 */

/*
 * Overflow withholds the notification of the non-replayable buffer: enable both.
 * Notifications of the access counters are read by the same thread.
 */
#define FAULT_SOURCES (FAULTLINE_NISO_INTR_HUB_ACCESS_COUNTER_NOTIFY | \
		       FAULTLINE_NISO_INTR_MMU_REPLAYABLE_FAULT_NOTIFY | \
		       FAULTLINE_NISO_INTR_MMU_REPLAYABLE_FAULT_OVERFLOW | \
		       FAULTLINE_NISO_INTR_MMU_NONREPLAYABLE_FAULT_NOTIFY | \
		       FAULTLINE_NISO_INTR_MMU_NONREPLAYABLE_FAULT_OVERFLOW)

#define FAULT_BUFFER_ENTRIES_MAX	65536
#define FAULT_BATCH_MAX			1024

static unsigned int fault_buffer_entries = 1024;
module_param(fault_buffer_entries, uint, 0444);
MODULE_PARM_DESC(fault_buffer_entries, "entries of each fault buffer, 2 to 65536 (default: 1024)");

static unsigned int fault_batch = 64;
module_param(fault_batch, uint, 0444);
MODULE_PARM_DESC(fault_batch, "fault packets read before GET is written, 1 to 1024 (default: 64)");

unsigned int faultline_fault_entries(void)
{
	return fault_buffer_entries;
}

/* A field of a packet. */
#define packet_field(words, field) \
	faultline_record_field(words, FAULT_PACKET_ ## field)

static __le32 *packet_at(const struct faultline_packet_ring *ring, u32 index)
{
	return ring->packets + index * FAULTLINE_FAULT_PACKET_WORDS;
}

static bool packet_valid(const struct faultline_packet_ring *ring, u32 index)
{
	const __le32 *packet = packet_at(ring, index);

	return le32_to_cpu(READ_ONCE(packet[FAULTLINE_FAULT_PACKET_VALID_WORD])) &
	       FAULTLINE_FAULT_PACKET_VALID;
}

static size_t ring_bytes(const struct faultline_packet_ring *ring)
{
	return PAGE_ALIGN(ring->entries * FAULTLINE_FAULT_PACKET_BYTES);
}

static void parse(const __le32 *packet, struct faultline_fault *fault)
{
	u32 words[FAULTLINE_FAULT_PACKET_WORDS];
	int i;

	for (i = 0; i < FAULTLINE_FAULT_PACKET_WORDS; i++)
		words[i] = le32_to_cpu(READ_ONCE(packet[i]));
	fault->instance = (u64)packet_field(words, INST_HI) << 32 |
			  packet_field(words, INST_LO) << PAGE_SHIFT;
	fault->va = (u64)packet_field(words, ADDR_HI) << 32 |
		    packet_field(words, ADDR_LO) << PAGE_SHIFT;
	fault->device_ns = (u64)packet_field(words, TIMESTAMP_HI) << 32 |
			   packet_field(words, TIMESTAMP_LO);
	fault->engine = packet_field(words, ENGINE_ID);
	fault->type = packet_field(words, FAULT_TYPE);
	fault->access = packet_field(words, ACCESS_TYPE);
	fault->client = packet_field(words, CLIENT);
	fault->gpc = packet_field(words, GPC_ID);
	fault->hub = packet_field(words, MMU_CLIENT_TYPE) ==
		     FAULTLINE_CLIENT_TYPE_HUB;
	fault->replayable = packet_field(words, REPLAYABLE_FAULT);
	fault->cancelled = false;
	fault->fetch_ns = ktime_get_ns();
}

static void write_get(struct faultline_device *fdev,
		      const struct faultline_packet_ring *ring, u32 clear)
{
	faultline_write(fdev, FAULTLINE_MMU_FAULT_BUFFER_GET(ring->index),
			FIELD_PREP(FAULTLINE_MMU_FAULT_BUFFER_GET_PTR, ring->get) |
			clear);
}

/*
 * GET has moved, so there is room, and only now the flag is cleared: a packet
 * that arrives in between does not overflow the buffer again.
 */
static void check_overflow(struct faultline_device *fdev,
			   struct faultline_packet_ring *ring)
{
	u32 put;

	lockdep_assert_held(&fdev->faults.fetch_lock);
	ring->unchecked = 0;
	put = faultline_read(fdev, FAULTLINE_MMU_FAULT_BUFFER_PUT(ring->index));
	if (put == FAULTLINE_GONE ||
	    !(put & FAULTLINE_MMU_FAULT_BUFFER_PUT_OVERFLOW))
		return;
	write_get(fdev, ring, FAULTLINE_MMU_FAULT_BUFFER_GET_OVERFLOW);
	ring->overflowed = true;
	faultline_device_count(fdev, FAULTLINE_COUNT_OVERFLOWS, 1);
}

/*
 * The mistake of a GET that runs ahead. The write is posted: read back, so
 * that the device has it while VALID is still set, each time.
 */
static void write_get_early(struct faultline_device *fdev,
			    struct faultline_packet_ring *ring)
{
	u32 get = ring->get;

	ring->get = (get + 1) % ring->entries;
	write_get(fdev, ring, 0);
	ring->get = get;
	faultline_read(fdev, FAULTLINE_MMU_FAULT_BUFFER_GET(ring->index));
}

/* Read a batch of packets, and write GET behind them. */
static u32 fetch(struct faultline_device *fdev, struct faultline_packet_ring *ring)
{
	struct faultline_faults *faults = &fdev->faults;
	__le32 *packet;
	u32 n;

	lockdep_assert_held(&faults->fetch_lock);
	for (n = 0; n < fault_batch && packet_valid(ring, ring->get); n++) {
		packet = packet_at(ring, ring->get);
		if (faultline_mistake(EARLY_GET))
			write_get_early(fdev, ring);
		/* VALID was written last and is read first. */
		dma_rmb();
		parse(packet, &faults->batch[n]);
		faults->batch[n].irq_ns = faults->irq_ns;
		if (!faultline_mistake(KEEP_VALID))
			WRITE_ONCE(packet[FAULTLINE_FAULT_PACKET_VALID_WORD], 0);
		ring->get = (ring->get + 1) % ring->entries;
	}
	if (!n)
		return 0;
	write_get(fdev, ring, 0);
	ring->unchecked += n;
	if (ring->unchecked >= ring->entries - 1)
		check_overflow(fdev, ring);
	return n;
}

/*
 * Requests whose packets were lost are still held if they are replayable: a
 * replay raises their faults again. A channel that was switched out without a
 * packet must be restarted for that, whichever it was.
 */
static void recover(struct faultline_device *fdev)
{
	struct faultline_packet_ring *rings = fdev->faults.rings;

	lockdep_assert_held(&fdev->faults.fetch_lock);
	if (rings[FAULTLINE_FAULT_BUFFER_REPLAYABLE].overflowed)
		faultline_tlb_replay(fdev, 0, NULL);
	if (rings[FAULTLINE_FAULT_BUFFER_NON_REPLAYABLE].overflowed)
		faultline_restart_lost(fdev);
	rings[FAULTLINE_FAULT_BUFFER_REPLAYABLE].overflowed = false;
	rings[FAULTLINE_FAULT_BUFFER_NON_REPLAYABLE].overflowed = false;
}

/*
 * A GPC client in the non-replayable buffer was cancelled; its completion
 * says the same. An instance block that is not known any more belonged to a
 * file that was closed, its channels stopped, its requests withdrawn.
 */
static void dispatch(struct faultline_device *fdev,
		     const struct faultline_fault *fault)
{
	struct faultline_vm *vm;

	trace_faultline_fault(fdev, fault);
	if (!fault->replayable && !fault->hub)
		return;
	vm = faultline_vm_find(fdev, fault->instance);
	if (!vm) {
		faultline_device_count(fdev, FAULTLINE_COUNT_DROPPED, 1);
		return;
	}
	if (!fault->replayable)
		faultline_restart_expect(vm, fault);
	faultline_service_queue(vm, fault);
	faultline_vm_put(vm);
}

static u32 fetch_and_dispatch(struct faultline_device *fdev,
			      struct faultline_packet_ring *ring)
{
	u32 i, count;

	lockdep_assert_held(&fdev->faults.fetch_lock);
	count = fetch(fdev, ring);
	/* What follows came while the driver was reading, without an interrupt. */
	if (count)
		fdev->faults.irq_ns = 0;
	for (i = 0; i < count; i++)
		dispatch(fdev, &fdev->faults.batch[i]);
	return count;
}

static void unmask(struct faultline_device *fdev)
{
	struct faultline_faults *faults = &fdev->faults;

	spin_lock_irq(&faults->lock);
	faults->masked = false;
	faultline_write(fdev, FAULTLINE_NISO_INTR_EN_SET(0), FAULT_SOURCES);
	spin_unlock_irq(&faults->lock);
}

/* Hands over every packet that was written so far; the interrupt stays as it is. */
static void drain(struct faultline_device *fdev)
{
	struct faultline_faults *faults = &fdev->faults;
	u32 count;
	int i;

	mutex_lock(&faults->fetch_lock);
	do {
		count = faultline_access_fetch(fdev);
		for (i = 0; i < FAULTLINE_FAULT_BUFFERS; i++)
			count += fetch_and_dispatch(fdev, &faults->rings[i]);
		cond_resched();
	} while (count && !kthread_should_stop());
	recover(fdev);
	mutex_unlock(&faults->fetch_lock);
}

static int fetch_thread(void *arg)
{
	struct faultline_device *fdev = arg;
	struct faultline_faults *faults = &fdev->faults;

	while (!kthread_should_stop()) {
		wait_event_idle(faults->wait, READ_ONCE(faults->masked) ||
				kthread_should_stop());
		if (kthread_should_stop())
			break;
		drain(fdev);
		unmask(fdev);
	}
	return 0;
}

/* From the interrupt handler: writes only. */
void faultline_fault_interrupt(struct faultline_device *fdev)
{
	struct faultline_faults *faults = &fdev->faults;
	int i;

	spin_lock(&faults->lock);
	if (faults->masked || !faults->enabled)
		goto unlock;
	faultline_write(fdev, FAULTLINE_NISO_INTR_EN_CLR(0), FAULT_SOURCES);
	faults->masked = faultline_access_is_pending(fdev);
	for (i = 0; i < FAULTLINE_FAULT_BUFFERS; i++)
		if (packet_valid(&faults->rings[i], READ_ONCE(faults->rings[i].get)))
			faults->masked = true;
	if (faults->masked) {
		faults->irq_ns = ktime_get_ns();
		wake_up(&faults->wait);
	} else {
		/* Not a fault, or a packet on its way: the device knows. */
		faultline_write(fdev, FAULTLINE_NISO_INTR_EN_SET(0),
				FAULT_SOURCES);
	}
unlock:
	spin_unlock(&faults->lock);
}

static int ring_init(struct faultline_device *fdev,
		     struct faultline_packet_ring *ring, u32 index)
{
	ring->index = index;
	ring->entries = fault_buffer_entries;
	ring->packets = dma_alloc_coherent(fdev->dev, ring_bytes(ring),
					   &ring->dma, GFP_KERNEL);
	return ring->packets ? 0 : -ENOMEM;
}

/**
 * faultline_fault_init - allocate the buffers
 * @fdev: the device
 *
 * Return: 0, -ENOMEM, or -EINVAL for a parameter out of range.
 */
int faultline_fault_init(struct faultline_device *fdev)
{
	struct faultline_faults *faults = &fdev->faults;
	int i, ret;

	if (fault_buffer_entries < 2 ||
	    fault_buffer_entries > FAULT_BUFFER_ENTRIES_MAX) {
		dev_err(fdev->dev, "fault_buffer_entries=%u: must be 2 to %u\n",
			fault_buffer_entries, FAULT_BUFFER_ENTRIES_MAX);
		return -EINVAL;
	}
	if (!fault_batch || fault_batch > FAULT_BATCH_MAX) {
		dev_err(fdev->dev, "fault_batch=%u: must be 1 to %u\n",
			fault_batch, FAULT_BATCH_MAX);
		return -EINVAL;
	}
	spin_lock_init(&faults->lock);
	mutex_init(&faults->fetch_lock);
	init_waitqueue_head(&faults->wait);
	faults->batch = kcalloc(fault_batch, sizeof(*faults->batch), GFP_KERNEL);
	if (!faults->batch)
		return -ENOMEM;
	for (i = 0; i < FAULTLINE_FAULT_BUFFERS; i++) {
		ret = ring_init(fdev, &faults->rings[i], i);
		if (ret) {
			faultline_fault_fini(fdev);
			return ret;
		}
	}
	ret = faultline_access_init(fdev);
	if (ret)
		faultline_fault_fini(fdev);
	return ret;
}

void faultline_fault_fini(struct faultline_device *fdev)
{
	struct faultline_faults *faults = &fdev->faults;
	struct faultline_packet_ring *ring;
	int i;

	faultline_access_fini(fdev);
	for (i = 0; i < FAULTLINE_FAULT_BUFFERS; i++) {
		ring = &faults->rings[i];
		if (ring->packets)
			dma_free_coherent(fdev->dev, ring_bytes(ring),
					  ring->packets, ring->dma);
		ring->packets = NULL;
	}
	kfree(faults->batch);
	faults->batch = NULL;
}

/* PUT is where the device left it: begin there. */
static int ring_enable(struct faultline_device *fdev,
		       struct faultline_packet_ring *ring)
{
	u32 i = ring->index;

	memset(ring->packets, 0, ring_bytes(ring));
	faultline_write(fdev, FAULTLINE_MMU_FAULT_BUFFER_LO(i),
			FIELD_PREP(FAULTLINE_MMU_FAULT_BUFFER_LO_ADDR_MODE,
				   FAULTLINE_FAULT_BUFFER_ADDR_MODE_PHYSICAL) |
			FIELD_PREP(FAULTLINE_MMU_FAULT_BUFFER_LO_PHYS_APERTURE,
				   FAULTLINE_PTE_APERTURE_SYS_COHERENT) |
			(lower_32_bits(ring->dma) &
			 FAULTLINE_MMU_FAULT_BUFFER_LO_ADDR));
	faultline_write(fdev, FAULTLINE_MMU_FAULT_BUFFER_HI(i),
			upper_32_bits(ring->dma));
	faultline_write(fdev, FAULTLINE_MMU_FAULT_BUFFER_SIZE(i),
			FIELD_PREP(FAULTLINE_MMU_FAULT_BUFFER_SIZE_VAL,
				   ring->entries) |
			FAULTLINE_MMU_FAULT_BUFFER_SIZE_OVERFLOW_INTR |
			FAULTLINE_MMU_FAULT_BUFFER_SIZE_ENABLE);
	ring->get = FIELD_GET(FAULTLINE_MMU_FAULT_BUFFER_PUT_PTR,
			      faultline_read(fdev, FAULTLINE_MMU_FAULT_BUFFER_PUT(i)));
	if (ring->get >= ring->entries)
		return -EIO;
	ring->unchecked = 0;
	ring->overflowed = false;
	write_get(fdev, ring, FAULTLINE_MMU_FAULT_BUFFER_GET_OVERFLOW |
			      FAULTLINE_MMU_FAULT_BUFFER_GET_GETPTR_CORRUPTED);
	return 0;
}

/* Mask and switch off, whatever state the device is in; writes only. */
void faultline_fault_disable(struct faultline_device *fdev)
{
	int i;

	faultline_write(fdev, FAULTLINE_NISO_INTR_EN_CLR(0), U32_MAX);
	for (i = 0; i < FAULTLINE_FAULT_BUFFERS; i++)
		faultline_write(fdev, FAULTLINE_MMU_FAULT_BUFFER_SIZE(i), 0);
	faultline_access_stop(fdev);
}

/**
 * faultline_fault_start - begin to take faults
 * @fdev: the device; its interrupt handler is registered, and nobody else starts
 *	or stops it
 *
 * Return: 0, -EIO when the device's PUT makes no sense, or the error of starting
 * the thread.
 */
int faultline_fault_start(struct faultline_device *fdev)
{
	struct faultline_faults *faults = &fdev->faults;
	int i, ret;

	lockdep_assert_held_write(&fdev->reset_lock);
	spin_lock_irq(&faults->lock);
	faults->masked = false;
	spin_unlock_irq(&faults->lock);
	for (i = 0; i < FAULTLINE_FAULT_BUFFERS; i++) {
		ret = ring_enable(fdev, &faults->rings[i]);
		if (ret)
			return ret;
	}
	faults->thread = kthread_run(fetch_thread, fdev, "faultline%d-fetch",
				     fdev->id);
	if (IS_ERR(faults->thread))
		return PTR_ERR(faults->thread);
	faultline_prf_start(fdev);
	faultline_access_start(fdev);
	spin_lock_irq(&faults->lock);
	faults->enabled = true;
	spin_unlock_irq(&faults->lock);
	unmask(fdev);
	return 0;
}

void faultline_fault_stop(struct faultline_device *fdev)
{
	struct faultline_faults *faults = &fdev->faults;

	lockdep_assert_held_write(&fdev->reset_lock);
	spin_lock_irq(&faults->lock);
	faults->enabled = false;
	spin_unlock_irq(&faults->lock);
	kthread_stop(faults->thread);
	faultline_prf_stop(fdev);
	faultline_fault_disable(fdev);
}
