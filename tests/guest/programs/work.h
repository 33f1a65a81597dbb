/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Work that shows what the driver's policies are for, for tests and benchmarks. */
#ifndef FAULTLINE_WORK_H
#define FAULTLINE_WORK_H

#include "migration.h"

#define BIG_BYTES (64ul << 10)
#define BIG_PAGES (BIG_BYTES / PAGE_BYTES)

/* Small pages, never touched, aligned to 2 MiB. */
void *small_map(size_t bytes);
/* At most 2 MiB of filled memory in folios of 64 KiB; the test is skipped without. */
char *big_map(size_t bytes, uint64_t seed);

/* The device fills 512 small pages that nobody has touched. */
uint64_t *fill_fresh_region(struct faultline *device);
/* CPU and device take turns on the same 2 MiB. */
void take_turns(struct faultline *device, unsigned int turns);
/* Several times one is added to each word, piece by piece, each moved to the device before. Returns the fewest pages that a piece moved. */
uint64_t work_by_pieces(struct faultline *device, char *memory, uint64_t bytes,
			unsigned int rounds);

#define STORM_PAGES 512

/*
 * The packets of before have been served when a fault of afterwards has. A job does
 * not wait for them: the replay for one page answers what another's packet asks for.
 */
void wait_for_service(struct faultline *device);
/* Faults of a prefetch of memory that is not there. */
uint64_t storm(struct faultline *device);

/* Pages mapped by a prefetch of USEFUL_PAGES that the process has. */
#define USEFUL_PAGES 64
uint64_t mapped_by_prefetch(struct faultline *device);

/* Waits until so many pages have moved for being hot: that is served when nobody waits for a fault. */
bool hot_moves(struct faultline *device, uint64_t pages);

#endif /* FAULTLINE_WORK_H */
