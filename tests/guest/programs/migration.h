/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Work on memory that moves to the device and back, for tests. */
#ifndef FAULTLINE_MIGRATION_H
#define FAULTLINE_MIGRATION_H

#include "harness.h"

#define HUGE_PAGES (HUGE_BYTES / PAGE_BYTES)
#define HUGE_WORDS (HUGE_BYTES / sizeof(uint64_t))

/* The test is skipped if the kernel has no device-private pages. */
struct faultline open_with_memory(void);

/* Pages that arrived; where: FAULTLINE_MIGRATE_*. */
uint64_t move(struct faultline *device, void *memory, size_t bytes,
	      uint32_t where);
/* All of it must arrive. */
void to_device(struct faultline *device, void *memory, size_t bytes);
void to_system(struct faultline *device, void *memory, size_t bytes);

uint64_t sum(const uint64_t *words, size_t count);
/* The same, by the device. */
uint64_t device_sum(struct faultline *device, const uint64_t *words, size_t count);
/* The device adds one to each word. */
void add_one(struct faultline *device, uint64_t *words, size_t count);
/* Words of memory_fill() that were added to. */
void check_added(const uint64_t *words, size_t count, uint64_t seed,
		 uint64_t added);
/* Who touches what is lost with the device is told, and nobody else. */
void check_lost(const uint64_t *words, size_t count);

/* Memory that the process may have as huge pages of 2 MiB. */
void *huge_map(size_t bytes);

#endif /* FAULTLINE_MIGRATION_H */
