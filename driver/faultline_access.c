// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Access counters: the device tells what system memory it uses often. */
#include <linux/bitfield.h>
#include <linux/dma-mapping.h>
#include <linux/module.h>

#include "faultline_access.h"
#include "faultline_device.h"
#include "faultline_service.h"
#include "faultline_vm.h"

/**
 * DOC: Hot memory
 *
 * A fault says that the device needs a page, not how often. Memory that is
 * mapped for the device where it is may be used a thousand times over the bus.
 * So the device counts its accesses to system memory, by address space and
 * 2 MiB, and notifies when a counter reaches @access_counter_threshold. What
 * was accessed of the region moves to the device, if the policies let it, and
 * the counter starts again. Notifications arrive like fault packets: in a ring
 * in memory, VALID last, with an interrupt of the same tree, and without a
 * register read.
 */

static unsigned int access_counter_threshold;
module_param(access_counter_threshold, uint, 0444);
MODULE_PARM_DESC(access_counter_threshold, "accesses of the device to 2 MiB of system memory after which they move to it, up to 65535; 0: never (default: 0)");

/* As many as fit in a page. */
#define ACCESS_ENTRIES	(PAGE_SIZE / FAULTLINE_ACCESS_COUNTER_NOTIFICATION_BYTES)

/* A field of a notification. */
#define notification_field(words, field) \
	faultline_record_field(words, ACCESS_COUNTER_NOTIFICATION_ ## field)

int faultline_access_init(struct faultline_device *fdev)
{
	struct faultline_access *access = &fdev->access;

	access->threshold = min(access_counter_threshold,
				FIELD_MAX(FAULTLINE_ACCESS_COUNTER_CONFIG_THRESHOLD));
	if (!access->threshold)
		return 0;
	access->entries = dma_alloc_coherent(fdev->dev, PAGE_SIZE, &access->dma,
					     GFP_KERNEL);
	return access->entries ? 0 : -ENOMEM;
}

void faultline_access_fini(struct faultline_device *fdev)
{
	struct faultline_access *access = &fdev->access;

	if (access->entries)
		dma_free_coherent(fdev->dev, PAGE_SIZE, access->entries, access->dma);
	access->entries = NULL;
}

/* Its source is enabled with those of the faults. */
void faultline_access_start(struct faultline_device *fdev)
{
	struct faultline_access *access = &fdev->access;

	if (!access->entries)
		return;
	memset(access->entries, 0, PAGE_SIZE);
	access->get = 0;
	faultline_write(fdev, FAULTLINE_ACCESS_COUNTER_CONFIG,
			FIELD_PREP(FAULTLINE_ACCESS_COUNTER_CONFIG_THRESHOLD,
				   access->threshold) |
			FIELD_PREP(FAULTLINE_ACCESS_COUNTER_CONFIG_MIMC_GRANULARITY,
				   FAULTLINE_ACCESS_COUNTER_GRANULARITY_SIZE_2M) |
			FIELD_PREP(FAULTLINE_ACCESS_COUNTER_CONFIG_MIMC_USE_LIMIT,
				   FAULTLINE_ACCESS_COUNTER_USE_LIMIT_FULL));
	faultline_write(fdev, FAULTLINE_ACCESS_COUNTER_NOTIFY_BUFFER_HI,
			upper_32_bits(access->dma));
	faultline_write(fdev, FAULTLINE_ACCESS_COUNTER_NOTIFY_BUFFER_SIZE,
			ACCESS_ENTRIES);
	faultline_write(fdev, FAULTLINE_ACCESS_COUNTER_NOTIFY_BUFFER_LO,
			lower_32_bits(access->dma) |
			FAULTLINE_ACCESS_COUNTER_NOTIFY_BUFFER_LO_EN);
}

/* Whatever state the device is in; writes only. */
void faultline_access_stop(struct faultline_device *fdev)
{
	faultline_write(fdev, FAULTLINE_ACCESS_COUNTER_NOTIFY_BUFFER_LO, 0);
}

static __le32 *entry_at(const struct faultline_access *access)
{
	return access->entries +
	       access->get * FAULTLINE_ACCESS_COUNTER_NOTIFICATION_WORDS;
}

/* There is a notification to be read. Called in the interrupt, too. */
bool faultline_access_is_pending(struct faultline_device *fdev)
{
	const struct faultline_access *access = &fdev->access;
	const __le32 *entry;

	if (!access->entries)
		return false;
	entry = entry_at(access) + FAULTLINE_ACCESS_COUNTER_NOTIFICATION_VALID_WORD;
	return le32_to_cpu(READ_ONCE(*entry)) &
	       FAULTLINE_ACCESS_COUNTER_NOTIFICATION_VALID;
}

static void dispatch(struct faultline_device *fdev, const u32 *words)
{
	u64 instance = (u64)notification_field(words, INST_HI) << 32 |
		       notification_field(words, INST_LO) << PAGE_SHIFT;
	struct faultline_hot hot = {
		.va = (u64)notification_field(words, ADDR_HI) << 32 |
		      notification_field(words, ADDR_LO),
		.parts = notification_field(words, SUB_GRANULARITY),
		.tag = notification_field(words, NOTIFY_TAG),
	};
	struct faultline_vm *vm = faultline_vm_find(fdev, instance);

	if (!vm || !faultline_service_queue_hot(vm, &hot))
		faultline_access_clear(fdev, hot.tag);
	if (vm)
		faultline_vm_put(vm);
}

/* Hands over what has arrived. Return: how many notifications. */
u32 faultline_access_fetch(struct faultline_device *fdev)
{
	struct faultline_access *access = &fdev->access;
	u32 words[FAULTLINE_ACCESS_COUNTER_NOTIFICATION_WORDS];
	__le32 *entry;
	u32 n, i;

	lockdep_assert_held(&fdev->faults.fetch_lock);
	for (n = 0; faultline_access_is_pending(fdev); n++) {
		entry = entry_at(access);
		/* VALID was written last and is read first. */
		dma_rmb();
		for (i = 0; i < ARRAY_SIZE(words); i++)
			words[i] = le32_to_cpu(READ_ONCE(entry[i]));
		WRITE_ONCE(entry[FAULTLINE_ACCESS_COUNTER_NOTIFICATION_VALID_WORD], 0);
		access->get = (access->get + 1) % ACCESS_ENTRIES;
		dispatch(fdev, words);
	}
	if (n)
		faultline_write(fdev, FAULTLINE_ACCESS_COUNTER_NOTIFY_BUFFER_GET,
				access->get);
	return n;
}

static void clear(struct faultline_device *fdev, u32 type, u32 tag)
{
	int idx;

	if (!fdev->access.entries || !faultline_device_enter(fdev, &idx))
		return;
	faultline_write(fdev, FAULTLINE_ACCESS_COUNTER_CLEAR,
			FIELD_PREP(FAULTLINE_ACCESS_COUNTER_CLEAR_CLEAR_TYPE,
				   type) |
			FIELD_PREP(FAULTLINE_ACCESS_COUNTER_CLEAR_TAG, tag));
	faultline_device_exit(idx);
}

/* The region of a notification has been dealt with. */
void faultline_access_clear(struct faultline_device *fdev, u32 tag)
{
	clear(fdev, FAULTLINE_ACCESS_COUNTER_CLEAR_TYPE_TARGETED, tag);
}

/* An instance block is given up: another address space may get its memory. */
void faultline_access_clear_all(struct faultline_device *fdev)
{
	clear(fdev, FAULTLINE_ACCESS_COUNTER_CLEAR_TYPE_MIMC, 0);
}
