// SPDX-License-Identifier: MIT
/* The same amount of work on what fits device memory, and on twice as much as it has. */
#include "measure.h"

#define ROUNDS 2

static double seconds_of(struct faultline *device, char *memory, uint64_t bytes, unsigned int rounds)
{
	double begin, seconds;

	memory_fill(memory, bytes, 1);
	begin = now_seconds();
	work_by_pieces(device, memory, bytes, rounds);
	seconds = now_seconds() - begin;
	check_added((uint64_t *)memory, bytes / 8, 1, rounds);
	return seconds;
}

static void measure(const char *name, void *(*map)(size_t))
{
	struct faultline device = open_with_memory();
	struct faultline_counters before, after;
	struct faultline_info info;
	double fits, twice;
	uint64_t vram;

	CHECK_EQUAL(faultline_info(&device, &info), 0);
	vram = info.vram_bytes;
	fits = seconds_of(&device, map(vram / 2), vram / 2, 4 * ROUNDS);
	before = device_stats(&device).device;
	twice = seconds_of(&device, map(2 * vram), 2 * vram, ROUNDS);
	after = device_stats(&device).device;
	CHECK(after.evicted > before.evicted);
	printf(JSON_PREFIX "{\"%s\":{\"fits_s\":%.3f,\"twice_s\":%.3f,\"evicted\":%" PRIu64 "}}\n",
	       name, fits, twice, (uint64_t)(after.evicted - before.evicted));
}

TEST(oversubscription_in_small_pages)
{
	measure("oversubscription_small", small_map);
}

TEST(oversubscription_in_huge_pages)
{
	measure("oversubscription_huge", huge_map);
}
