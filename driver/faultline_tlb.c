// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The register sequences that invalidate, replay and cancel (pri_mmu_hub, MMU_INVALIDATE). */
#include <linux/delay.h>
#include <linux/iopoll.h>
#include <linux/log2.h>

#include "faultline_device.h"
#include "faultline_mistake.h"
#include "faultline_patience.h"
#include "faultline_tlb.h"
#include "faultline_trace.h"

#define TLB_PAGE_SHIFT	12

/* Fewer, and it is time to ask for more: a batch posts a replay and some cancels. */
#define TLB_CREDITS_LOW	8

void faultline_tlb_init(struct faultline_device *fdev)
{
	spin_lock_init(&fdev->tlb.lock);
}

/*
 * The MMU queues a limited number of operations and says how many more it
 * takes in PRI_FIFO_SPACE. Reading that is a round trip, so the driver counts
 * down what it was told last, and asks again behind a replay, where nobody
 * waits for it, or with an invalidate, which reads the register anyway. Only a
 * burst of more operations than the MMU queues has to wait here. Return: false:
 * it takes none.
 */
static bool take_credit(struct faultline_device *fdev)
{
	struct faultline_patience patience =
		faultline_patience_of(FAULTLINE_PATIENCE_MMU_US);
	struct faultline_tlb *tlb = &fdev->tlb;
	u32 ctrl;

	lockdep_assert_held(&tlb->lock);
	if (!tlb->credits) {
		read_poll_timeout_atomic(faultline_read, ctrl,
					 ctrl & FAULTLINE_MMU_CTRL_PRI_FIFO_SPACE ||
					 faultline_patience_over(&patience),
					 1, 0, false, fdev, FAULTLINE_MMU_CTRL);
		tlb->credits = FIELD_GET(FAULTLINE_MMU_CTRL_PRI_FIFO_SPACE, ctrl);
		if (!tlb->credits)
			return false;
	}
	tlb->credits--;
	tlb->posted++;
	return true;
}

static void write_operand(struct faultline_device *fdev,
			  enum faultline_tlb_operand operand, u32 value)
{
	static const u32 registers[FAULTLINE_TLB_OPERANDS] = {
		[FAULTLINE_TLB_PDB]		= FAULTLINE_MMU_INVALIDATE_PDB,
		[FAULTLINE_TLB_UPPER_PDB]	= FAULTLINE_MMU_INVALIDATE_UPPER_PDB,
		[FAULTLINE_TLB_VADDR]		= FAULTLINE_MMU_INVALIDATE_VADDR,
		[FAULTLINE_TLB_UPPER_VADDR]	= FAULTLINE_MMU_INVALIDATE_UPPER_VADDR,
		[FAULTLINE_TLB_SIZE]		= FAULTLINE_MMU_INVALIDATE_SIZE,
	};
	struct faultline_tlb *tlb = &fdev->tlb;

	lockdep_assert_held(&tlb->lock);
	if (test_bit(operand, &tlb->known) && tlb->operands[operand] == value)
		return;
	faultline_write(fdev, registers[operand], value);
	tlb->operands[operand] = value;
	__set_bit(operand, &tlb->known);
}

static void write_operation(struct faultline_device *fdev, u64 pdb, u64 va, u32 size,
			    u32 operation)
{
	u64 pdb_page = pdb >> TLB_PAGE_SHIFT;
	u64 va_page = va >> TLB_PAGE_SHIFT;

	lockdep_assert_held(&fdev->tlb.lock);
	write_operand(fdev, FAULTLINE_TLB_PDB,
		      FIELD_PREP(FAULTLINE_MMU_INVALIDATE_PDB_APERTURE,
				 FAULTLINE_INVALIDATE_PDB_APERTURE_SYS_MEM) |
		      FIELD_PREP(FAULTLINE_MMU_INVALIDATE_PDB_ADDR,
				 pdb_page & FIELD_MAX(FAULTLINE_MMU_INVALIDATE_PDB_ADDR)));
	write_operand(fdev, FAULTLINE_TLB_UPPER_PDB,
		      pdb_page >> hweight32(FAULTLINE_MMU_INVALIDATE_PDB_ADDR));
	write_operand(fdev, FAULTLINE_TLB_VADDR,
		      FIELD_PREP(FAULTLINE_MMU_INVALIDATE_VADDR_BITS,
				 va_page & FIELD_MAX(FAULTLINE_MMU_INVALIDATE_VADDR_BITS)));
	write_operand(fdev, FAULTLINE_TLB_UPPER_VADDR,
		      va_page >> hweight32(FAULTLINE_MMU_INVALIDATE_VADDR_BITS) &
		      FAULTLINE_MMU_INVALIDATE_UPPER_VADDR_BITS);
	if (operation & FAULTLINE_MMU_INVALIDATE_USE_SIZE)
		write_operand(fdev, FAULTLINE_TLB_SIZE, size);
	faultline_write(fdev, FAULTLINE_MMU_INVALIDATE,
			operation | FAULTLINE_MMU_INVALIDATE_TRIGGER);
}

static void give_up(struct faultline_device *fdev, const char *why)
{
	faultline_device_give_up(fdev, "the MMU %s, asked %u times in at least %llu ms",
				 why, FAULTLINE_PATIENCE_READS,
				 FAULTLINE_PATIENCE_MMU_US / USEC_PER_MSEC);
}

static void post(struct faultline_device *fdev, u64 pdb, u64 va, u32 size,
		 u32 operation)
{
	bool fits;

	if (faultline_mistake(LOST_INVALIDATE))
		return;
	spin_lock(&fdev->tlb.lock);
	fits = take_credit(fdev);
	if (fits)
		write_operation(fdev, pdb, va, size, operation);
	spin_unlock(&fdev->tlb.lock);
	/* Not under the lock, under which nothing is taken. */
	if (!fits)
		give_up(fdev, "has not taken an operation");
}

/* MMU_CTRL as it was when so many operations had been posted, or a little later. */
static void note_space(struct faultline_device *fdev, u32 posted, u32 ctrl)
{
	struct faultline_tlb *tlb = &fdev->tlb;
	u32 later, space = FIELD_GET(FAULTLINE_MMU_CTRL_PRI_FIFO_SPACE, ctrl);

	if (ctrl == FAULTLINE_GONE)
		return;
	spin_lock(&tlb->lock);
	later = tlb->posted - posted;
	tlb->credits = space > later ? space - later : 0;
	spin_unlock(&tlb->lock);
}

static bool is_acknowledged(u32 ctrl)
{
	return ctrl & FAULTLINE_MMU_CTRL_PRI_FIFO_EMPTY &&
	       !faultline_mistake(LOST_INVALIDATE);
}

/* Wait until every operation posted so far is done, or has nothing left to do. */
static void wait_acknowledged(struct faultline_device *fdev,
			      enum faultline_tlb_wait wait)
{
	struct faultline_patience patience =
		faultline_patience_of(FAULTLINE_PATIENCE_MMU_US);
	struct faultline_tlb *tlb = &fdev->tlb;
	u32 posted, ctrl;

	spin_lock(&tlb->lock);
	posted = tlb->posted;
	spin_unlock(&tlb->lock);

	if (wait == FAULTLINE_TLB_MAY_SLEEP)
		read_poll_timeout(faultline_read, ctrl,
				  is_acknowledged(ctrl) ||
				  faultline_patience_over(&patience),
				  20, 0, false, fdev, FAULTLINE_MMU_CTRL);
	else
		read_poll_timeout_atomic(faultline_read, ctrl,
					 is_acknowledged(ctrl) ||
					 faultline_patience_over(&patience),
					 1, 0, false, fdev, FAULTLINE_MMU_CTRL);
	if (is_acknowledged(ctrl))
		note_space(fdev, posted, ctrl);
	else
		give_up(fdev, "has not acknowledged an invalidate");
}

/**
 * faultline_tlb_refill - ask the MMU for room, if little is known of
 * @fdev: the device
 *
 * Reads a register; for a moment when no fault waits.
 */
void faultline_tlb_refill(struct faultline_device *fdev)
{
	struct faultline_tlb *tlb = &fdev->tlb;
	u32 posted;
	bool low;
	int idx;

	spin_lock(&tlb->lock);
	posted = tlb->posted;
	low = tlb->credits < TLB_CREDITS_LOW;
	spin_unlock(&tlb->lock);
	if (!low || !faultline_device_enter_working(fdev, &idx))
		return;
	note_space(fdev, posted, faultline_read(fdev, FAULTLINE_MMU_CTRL));
	faultline_device_exit(idx);
}

static u32 cache_level(const struct faultline_tlb_range *range)
{
	return range->directory ? FAULTLINE_CACHE_LEVEL_UP_TO_PDE0 :
				  FAULTLINE_CACHE_LEVEL_PTE_ONLY;
}

/* The smallest aligned power of two of pages that covers the range. */
static u32 range_order(const struct faultline_tlb_range *range)
{
	u64 differ = (range->start ^ range->last) >> TLB_PAGE_SHIFT;

	return differ ? ilog2(differ) + 1 : 0;
}

static u32 range_operation(const struct faultline_tlb_range *range)
{
	return FAULTLINE_MMU_INVALIDATE_USE_SIZE |
	       FIELD_PREP(FAULTLINE_MMU_INVALIDATE_CACHE_LEVEL,
			  cache_level(range));
}

static void invalidate(struct faultline_device *fdev, u64 pdb, u64 va, u32 order,
		       u32 operation, enum faultline_tlb_wait wait)
{
	int idx;

	might_sleep_if(wait == FAULTLINE_TLB_MAY_SLEEP);
	if (!faultline_device_enter_working(fdev, &idx))
		return;
	post(fdev, pdb, va, order,
	     operation | FAULTLINE_MMU_INVALIDATE_SYS_MEMBAR |
	     FIELD_PREP(FAULTLINE_MMU_INVALIDATE_ACK,
			FAULTLINE_ACK_TYPE_GLOBALLY));
	wait_acknowledged(fdev, wait);
	faultline_device_exit(idx);
	faultline_device_count(fdev, FAULTLINE_COUNT_TLB_INVALIDATES, 1);
}

/**
 * faultline_tlb_invalidate - forget translations of a range and wait for it
 * @fdev: the device
 * @pdb: page directory base of the address space
 * @range: what to forget
 * @wait: how to wait
 *
 * On return no access translated by an old entry is under way: the MMU has said
 * so, or the device reaches no memory any more.
 */
void faultline_tlb_invalidate(struct faultline_device *fdev, u64 pdb,
			      const struct faultline_tlb_range *range,
			      enum faultline_tlb_wait wait)
{
	u32 order = range_order(range);

	if (faultline_mistake(NO_INVALIDATE))
		return;
	if (faultline_mistake(SHORT_INVALIDATE))
		order = 0;
	trace_faultline_invalidate(fdev, pdb, range->start, range->last,
				   cache_level(range));
	invalidate(fdev, pdb, range->start, order, range_operation(range), wait);
}

/* Forget all of an address space, directories included, before it is freed. */
void faultline_tlb_invalidate_all(struct faultline_device *fdev, u64 pdb)
{
	trace_faultline_invalidate(fdev, pdb, 0, U64_MAX,
				   FAULTLINE_CACHE_LEVEL_ALL);
	invalidate(fdev, pdb, 0, 0,
		   FAULTLINE_MMU_INVALIDATE_ALL_VA |
		   FIELD_PREP(FAULTLINE_MMU_INVALIDATE_CACHE_LEVEL,
			      FAULTLINE_CACHE_LEVEL_ALL),
		   FAULTLINE_TLB_MAY_SLEEP);
}

/**
 * faultline_tlb_start - before the device gets the bus
 * @fdev: the device
 *
 * Whoever had it before us may have left translations in its MMU.
 *
 * Return: 0; -EIO: the MMU does not say that it has forgotten them.
 */
int faultline_tlb_start(struct faultline_device *fdev)
{
	lockdep_assert_held_write(&fdev->reset_lock);
	spin_lock(&fdev->tlb.lock);
	fdev->tlb.credits = 0;
	fdev->tlb.posted = 0;
	fdev->tlb.known = 0;
	spin_unlock(&fdev->tlb.lock);
	invalidate(fdev, 0, 0, 0,
		   FAULTLINE_MMU_INVALIDATE_ALL_PDB |
		   FAULTLINE_MMU_INVALIDATE_ALL_VA |
		   FIELD_PREP(FAULTLINE_MMU_INVALIDATE_CACHE_LEVEL,
			      FAULTLINE_CACHE_LEVEL_ALL),
		   FAULTLINE_TLB_MAY_SLEEP);
	return faultline_device_is_given_up(fdev) ? -EIO : 0;
}

/**
 * faultline_tlb_replay - have all held requests translated again
 * @fdev: the device
 * @pdb: page directory base of the address space that was served
 * @upgraded: entries that were valid before and now allow more, or NULL
 *
 * Not waited for: new entries need no invalidate, and a stale one that allows
 * less only costs another fault.
 */
void faultline_tlb_replay(struct faultline_device *fdev, u64 pdb,
			  const struct faultline_tlb_range *upgraded)
{
	static const struct faultline_tlb_range nothing = { .start = 0 };
	const struct faultline_tlb_range *range = upgraded ?: &nothing;
	int idx;

	trace_faultline_replay(fdev, pdb);
	if (!faultline_device_enter_working(fdev, &idx))
		return;
	post(fdev, pdb, range->start, range_order(range),
	     range_operation(range) |
	     FIELD_PREP(FAULTLINE_MMU_INVALIDATE_REPLAY,
			FAULTLINE_REPLAY_OP_START));
	faultline_device_exit(idx);
	faultline_device_count(fdev, FAULTLINE_COUNT_REPLAYS, 1);
}

/* The address registers hold 60 bits; a fault may be at any of 64. */
static u32 cancel_operation(const struct faultline_fault *fault, u32 access_class)
{
	u64 page = fault->va >> TLB_PAGE_SHIFT;

	page >>= hweight32(FAULTLINE_MMU_INVALIDATE_VADDR_BITS);
	if (page <= FIELD_MAX(FAULTLINE_MMU_INVALIDATE_UPPER_VADDR_BITS))
		return FIELD_PREP(FAULTLINE_MMU_INVALIDATE_REPLAY,
				  FAULTLINE_REPLAY_OP_CANCEL_VA_GLOBAL) |
		       FIELD_PREP(FAULTLINE_MMU_INVALIDATE_CANCEL_ACCESS,
				  access_class);
	return FIELD_PREP(FAULTLINE_MMU_INVALIDATE_REPLAY,
			  FAULTLINE_REPLAY_OP_CANCEL_TARGETED) |
	       FIELD_PREP(FAULTLINE_MMU_INVALIDATE_CANCEL_CLIENT_TYPE,
			  FAULTLINE_CLIENT_TYPE_GPC) |
	       FIELD_PREP(FAULTLINE_MMU_INVALIDATE_CANCEL_GPC_ID, fault->gpc) |
	       FIELD_PREP(FAULTLINE_MMU_INVALIDATE_CANCEL_CLIENT_ID,
			  fault->client) |
	       FIELD_PREP(FAULTLINE_MMU_INVALIDATE_CACHE_LEVEL,
			  FAULTLINE_CACHE_LEVEL_PTE_ONLY);
}

/**
 * faultline_tlb_cancel - have held requests to one page fail
 * @fdev: the device
 * @pdb: page directory base of the address space
 * @fault: a fault in the page
 * @access_class: which accesses, FAULTLINE_CANCEL_ACCESS_*
 *
 * Everything else that is held is replayed. A page that the registers cannot
 * name is cancelled with all that its stream waits for; its job fails anyway.
 */
void faultline_tlb_cancel(struct faultline_device *fdev, u64 pdb,
			  const struct faultline_fault *fault, u32 access_class)
{
	int idx;

	trace_faultline_cancel(fdev, pdb, fault->va, access_class);
	if (!faultline_device_enter_working(fdev, &idx))
		return;
	post(fdev, pdb, fault->va, 0, cancel_operation(fault, access_class));
	faultline_device_exit(idx);
	faultline_device_count(fdev, FAULTLINE_COUNT_CANCELS, 1);
}

/**
 * faultline_tlb_wait - wait until all that was posted is done
 * @fdev: the device
 *
 * May sleep. Reads a register, so it is not for the way of a fault that is
 * served. On return it is done, or the device is gone or given up.
 */
void faultline_tlb_wait(struct faultline_device *fdev)
{
	int idx;

	might_sleep();
	if (!faultline_device_enter_working(fdev, &idx))
		return;
	wait_acknowledged(fdev, FAULTLINE_TLB_MAY_SLEEP);
	faultline_device_exit(idx);
}
