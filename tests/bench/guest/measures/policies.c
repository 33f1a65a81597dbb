// SPDX-License-Identifier: MIT
/* The same work with a policy of the fault service and without it. */
#include "measure.h"

/* What a work cost. */
struct cost {
	double seconds;
	struct faultline_counters counters;
};

struct work {
	const char *parameters;
	void (*run)(struct faultline *device);
};

static struct cost cost_of(const struct work *work)
{
	struct faultline device;
	struct cost cost;
	double begin;

	driver_reload(work->parameters);
	device = open_with_memory();
	begin = now_seconds();
	work->run(&device);
	cost.seconds = now_seconds() - begin;
	cost.counters = device_stats(&device).file;
	faultline_close(&device);
	return cost;
}

#define FIELD(field) offsetof(struct faultline_counters, field)

static uint64_t counter(const struct cost *cost, size_t field)
{
	return *(const __u64 *)((const char *)&cost->counters + field);
}

/* field: of the counters, what the policy is for. */
static void compare(const char *name, size_t field, const struct work *without,
		    const struct work *with)
{
	struct cost off = cost_of(without), on = cost_of(with);

	driver_reload(NULL);
	printf(JSON_PREFIX "{\"%s\":{\"without\":%" PRIu64 ",\"with\":%" PRIu64
	       ",\"without_s\":%.4f,\"with_s\":%.4f}}\n",
	       name, counter(&off, field), counter(&on, field), off.seconds, on.seconds);
}

static void fill_region(struct faultline *device)
{
	fill_fresh_region(device);
}

TEST(policies_prefetch)
{
	compare("prefetch", FIELD(batches),
		&(struct work){ "prefetch_density=100", fill_region },
		&(struct work){ NULL, fill_region });
}

/* Memory that a CPU has made, and then only the device uses. */
static void use_what_the_cpu_made(struct faultline *device)
{
	const size_t bytes = 8 * HUGE_BYTES;
	uint64_t *memory = small_map(bytes);
	int i;

	memory_fill(memory, bytes, 1);
	for (i = 0; i < 8; i++)
		add_one(device, memory, bytes / 8);
}

TEST(policies_migration_on_fault)
{
	compare("migrate_on_fault", FIELD(faults),
		&(struct work){ NULL, use_what_the_cpu_made },
		&(struct work){ "migrate_on_fault=1", use_what_the_cpu_made });
}

static void take_24_turns(struct faultline *device)
{
	take_turns(device, 24);
}

TEST(policies_thrashing)
{
	/* A guest under emulation is slow: what is soon there takes longer. */
	compare("thrashing", FIELD(to_device),
		&(struct work){ "migrate_on_fault=1 thrash_threshold=0", take_24_turns },
		&(struct work){ "migrate_on_fault=1 thrash_lapse_ms=5000 thrash_pin_ms=60000",
				take_24_turns });
}

/* Of 2 MiB, the device uses 64 KiB all the time and the rest once. */
static void use_a_part_often(struct faultline *device)
{
	uint64_t *memory = small_map(HUGE_BYTES);
	int i;

	memory_fill(memory, HUGE_BYTES, 1);
	add_one(device, memory, HUGE_WORDS);
	for (i = 0; i < 64; i++)
		add_one(device, memory, BIG_BYTES / 8);
}

static void use_a_part_often_and_see(struct faultline *device)
{
	use_a_part_often(device);
	CHECK(hot_moves(device, BIG_PAGES));
}

/* Both bring what is used often; the counters do not bring the rest. */
TEST(policies_hot_memory)
{
	compare("hot_memory", FIELD(to_device),
		&(struct work){ "migrate_on_fault=1", use_a_part_often },
		&(struct work){ "access_counter_threshold=128", use_a_part_often_and_see });
}

static void raise_storms(struct faultline *device)
{
	int i;

	for (i = 0; i < 8; i++)
		storm(device);
}

TEST(policies_prefetch_filter)
{
	compare("prefetch_filter", FIELD(faults),
		&(struct work){ "prefetch_filter_percent=100", raise_storms },
		&(struct work){ "prefetch_filter_ms=60000", raise_storms });
}

/* A word of every page, in folios of 64 KiB, over and over: a TLB has fewer entries than there are pages. */
static void visit_pages(struct faultline *device)
{
	char *memory = big_map(HUGE_BYTES, 1);
	struct faultline_job job = faultline_job_atomic(
		memory, FAULTLINE_ALU_ADD, 1, HUGE_PAGES, PAGE_BYTES, 8);
	int i;

	for (i = 0; i < 200; i++)
		run_ok(device, &job);
}

TEST(policies_big_pages)
{
	compare("big_pages", FIELD(faults),
		&(struct work){ "big_pages=0", visit_pages },
		&(struct work){ NULL, visit_pages });
}
