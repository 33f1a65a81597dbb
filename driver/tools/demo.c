// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The guest tool: device and CPU work on the same plain memory at the same time. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tool.h"

/*
 * Three kinds of memory, each worked on by a stream of its own and watched by
 * a CPU thread of its own. A region has two parts. In the first the device
 * transforms every word in place; the CPU looks on and must see each word
 * either as it was or as it becomes. In the second both add to the same words,
 * atomically; no addition may be lost.
 */

#define DEMO_KEY		0x5aa5c33c0ff0f00full
#define DEMO_CELL_STRIDE	64 /* bytes between shared words */
#define DEMO_CELL_SHARE		8 /* one part in so many is shared words */
#define DEMO_DEVICE_ADDEND	1000000 /* above all that the CPU adds */
#define DEMO_DEVICE_ROUNDS	4

enum region_kind { REGION_MALLOC, REGION_FILE, REGION_SHARED, REGIONS };

static const char *const region_names[REGIONS] = {
	[REGION_MALLOC] = "malloc'd memory",
	[REGION_FILE] = "memory-mapped file",
	[REGION_SHARED] = "shared anonymous mapping",
};

/* One region, its stream and its watcher. */
struct region {
	enum region_kind kind;
	size_t bytes;
	uint64_t *words;
	uint64_t word_count;
	unsigned char *cells;
	uint64_t cell_count;

	struct faultline device;
	int error;
	struct faultline_completion failed;
	atomic_bool device_done;
	pthread_t device_thread, cpu_thread;
	uint64_t cpu_looks, cpu_adds, wrong;
	struct faultline_stats stats;
};

static uint64_t pattern(uint64_t i)
{
	return 0x9e3779b97f4a7c15ull * (i + 1);
}

static _Atomic uint64_t *cell(struct region *region, uint64_t i)
{
	return (_Atomic uint64_t *)(void *)(region->cells + i * DEMO_CELL_STRIDE);
}

static void *map_file(size_t bytes)
{
	char name[] = "/tmp/faultline-demo-XXXXXX";
	int fd = mkstemp(name);
	void *memory = MAP_FAILED;

	if (fd < 0)
		return MAP_FAILED;
	unlink(name);
	if (!ftruncate(fd, (off_t)bytes))
		memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED,
			      fd, 0);
	close(fd);
	return memory;
}

static int make_memory(struct region *region)
{
	void *memory;

	switch (region->kind) {
	case REGION_MALLOC:
		memory = malloc(region->bytes);
		if (!memory)
			memory = MAP_FAILED;
		break;
	case REGION_FILE:
		memory = map_file(region->bytes);
		break;
	default:
		memory = mmap(NULL, region->bytes, PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	}
	if (memory == MAP_FAILED)
		return -errno;
	region->words = memory;
	return 0;
}

static void free_memory(struct region *region)
{
	if (region->kind == REGION_MALLOC)
		free(region->words);
	else
		munmap(region->words, region->bytes);
}

static void fill_memory(struct region *region)
{
	size_t shared = region->bytes / DEMO_CELL_SHARE;
	uint64_t i;

	region->word_count = (region->bytes - shared) / sizeof(uint64_t);
	region->cells = (unsigned char *)(region->words + region->word_count);
	region->cell_count = shared / DEMO_CELL_STRIDE;
	for (i = 0; i < region->word_count; i++)
		region->words[i] = pattern(i);
	for (i = 0; i < region->cell_count; i++)
		*cell(region, i) = 0;
}

static void *device_work(void *arg)
{
	struct region *region = arg;
	struct faultline_job jobs[1 + DEMO_DEVICE_ROUNDS];
	uint64_t seqno, first;
	int i;

	jobs[0] = faultline_job_transform(region->words, region->words,
					  FAULTLINE_ALU_XOR, DEMO_KEY,
					  region->word_count, sizeof(uint64_t));
	for (i = 1; i <= DEMO_DEVICE_ROUNDS; i++)
		jobs[i] = faultline_job_atomic(region->cells, FAULTLINE_ALU_ADD,
					       DEMO_DEVICE_ADDEND,
					       region->cell_count,
					       DEMO_CELL_STRIDE, sizeof(uint64_t));
	region->error = faultline_submit(&region->device, FAULTLINE_ENGINE_STREAM,
					 jobs, 1 + DEMO_DEVICE_ROUNDS, &seqno);
	first = seqno - DEMO_DEVICE_ROUNDS;
	for (i = 0; !region->error && i <= DEMO_DEVICE_ROUNDS; i++)
		region->error = faultline_wait(&region->device,
					       FAULTLINE_ENGINE_STREAM,
					       first + (uint64_t)i, -1,
					       &region->failed);
	atomic_store(&region->device_done, true);
	return NULL;
}

static void *cpu_work(void *arg)
{
	struct region *region = arg;
	uint64_t random = pattern((uint64_t)region->kind), i, word;

	while (!atomic_load(&region->device_done)) {
		random = random * 6364136223846793005ull + 1442695040888963407ull;
		i = (random >> 33) % region->word_count;
		word = __atomic_load_n(&region->words[i], __ATOMIC_RELAXED);
		if (word != pattern(i) && word != (pattern(i) ^ DEMO_KEY))
			region->wrong++;
		region->cpu_looks++;
		atomic_fetch_add(cell(region, (random >> 20) % region->cell_count), 1);
		region->cpu_adds++;
	}
	return NULL;
}

/* After everybody is done: nothing missing, nothing lost. */
static void check(struct region *region)
{
	uint64_t i, sum = 0;

	for (i = 0; i < region->word_count; i++)
		region->wrong += region->words[i] != (pattern(i) ^ DEMO_KEY);
	for (i = 0; i < region->cell_count; i++)
		sum += *cell(region, i);
	region->wrong += sum != region->cpu_adds +
				(uint64_t)DEMO_DEVICE_ADDEND *
					DEMO_DEVICE_ROUNDS * region->cell_count;
}

static int prepare(struct region *region, enum region_kind kind, size_t bytes,
		   bool huge)
{
	int ret;

	memset(region, 0, sizeof(*region));
	region->kind = kind;
	region->bytes = bytes;
	ret = make_memory(region);
	if (ret) {
		fprintf(stderr, "faultline: %zu bytes of %s: %s\n", bytes,
			region_names[kind], strerror(-ret));
		return ret;
	}
	if (!huge)
		madvise((void *)((uintptr_t)region->words & ~4095ull), bytes,
			MADV_NOHUGEPAGE);
	fill_memory(region);
	return tool_open(&region->device);
}

static int start(struct region *region)
{
	int ret = pthread_create(&region->cpu_thread, NULL, cpu_work, region);

	if (ret)
		return ret;
	ret = pthread_create(&region->device_thread, NULL, device_work, region);
	if (ret) {
		atomic_store(&region->device_done, true);
		pthread_join(region->cpu_thread, NULL);
	}
	return ret;
}

static void finish(struct region *region)
{
	pthread_join(region->device_thread, NULL);
	pthread_join(region->cpu_thread, NULL);
	if (!region->error)
		check(region);
	if (!region->error)
		region->error = faultline_stats(&region->device, &region->stats,
						NULL, 0);
}

static bool is_right(const struct region *region)
{
	return !region->error && !region->wrong;
}

static void report_region(const struct region *region)
{
	char text[160];

	printf("  %-26s %5.1f MiB  ", region_names[region->kind],
	       (double)region->bytes / (1 << 20));
	if (region->error && region->failed.status)
		printf("FAILED: %s\n",
		       faultline_strcompletion(&region->failed, text, sizeof(text)));
	else if (region->error)
		printf("FAILED: %s\n", strerror(-region->error));
	else if (region->wrong)
		printf("WRONG: %" PRIu64 " values\n", region->wrong);
	else
		printf("right  (%" PRIu64 " faults; CPU looked %" PRIu64 " times, added %" PRIu64 " times)\n",
		       (uint64_t)region->stats.file.faults, region->cpu_looks,
		       region->cpu_adds);
}

static void report_json(const struct region *regions, uint64_t elapsed_ns,
			const struct faultline_counters *total,
			const struct faultline_counters *device,
			const struct lone_faults *lone, bool right)
{
	uint32_t i;

	printf(TOOL_JSON_PREFIX "{\"demo\":{\"right\":%s,\"bytes\":%zu,\"elapsed_ns\":%" PRIu64
	       ",\"device_time_offset_ns\":%" PRId64 ",",
	       right ? "true" : "false", regions[0].bytes * REGIONS, elapsed_ns,
	       lone->device_offset_ns);
	json_counters(stdout, "files", total);
	printf(",");
	json_counters(stdout, "device", device);
	printf(",\"faults\":[");
	for (i = 0; i < lone->count; i++) {
		if (i)
			printf(",");
		json_record(stdout, &lone->records[i]);
	}
	printf("]}}\n");
}

static int run_regions(struct region *regions)
{
	int i, started, ret = 0;

	for (started = 0; started < REGIONS; started++) {
		ret = start(&regions[started]);
		if (ret)
			break;
	}
	for (i = 0; i < started; i++)
		finish(&regions[i]);
	return ret;
}

static int report(struct region *regions, const struct faultline_counters *before,
		  uint64_t elapsed_ns, struct lone_faults *lone, bool timeline)
{
	struct faultline_counters total = {};
	struct faultline_counters device = regions[REGION_MALLOC].stats.device;
	const struct faultline_fault_record *record;
	bool right = true;
	int i;

	printf("Device and CPU on the same memory, %.2f s:\n",
	       (double)elapsed_ns / 1e9);
	for (i = 0; i < REGIONS; i++) {
		report_region(&regions[i]);
		right = right && is_right(&regions[i]);
		counters_add(&total, &regions[i].stats.file);
	}
	if (right) {
		counters_subtract(&device, before);
		total.overflows = device.overflows;
		total.interrupts = device.interrupts;
		printf("\n");
		report_counters(stdout, "Together:", &total);
	}
	record = median_record(lone->records, lone->count, lone->device_offset_ns);
	if (record && timeline) {
		printf("\n");
		report_timeline(stdout, record, lone->device_offset_ns);
	}
	printf("\n%s\n", right ? "All results verified on the CPU." :
				 "The results are WRONG.");
	report_json(regions, elapsed_ns, &total, &device, lone, right);
	return right ? TOOL_OK : TOOL_FAILED;
}

static int demo(size_t bytes, bool huge, bool timeline)
{
	static struct region regions[REGIONS];
	struct faultline_stats before;
	struct lone_faults lone;
	int i, prepared, ret = TOOL_FAILED;
	uint64_t begin;

	for (prepared = 0; prepared < REGIONS; prepared++)
		if (prepare(&regions[prepared], (enum region_kind)prepared, bytes,
			    huge))
			goto out;
	if (take_lone_faults(&lone) ||
	    faultline_stats(&regions[0].device, &before, NULL, 0))
		goto out;
	begin = tool_now_ns();
	if (run_regions(regions)) {
		fprintf(stderr, "faultline: cannot start threads\n");
		goto out;
	}
	ret = report(regions, &before.device, tool_now_ns() - begin, &lone,
		     timeline);
out:
	for (i = 0; i < prepared; i++) {
		faultline_close(&regions[i].device);
		free_memory(&regions[i]);
	}
	return ret;
}

static int usage(FILE *out, int code)
{
	fprintf(out, "Usage: faultline demo [OPTIONS]\n\n"
		     "  --mib N         size of each of the three regions (default 4)\n"
		     "  --huge          let the kernel use transparent huge pages\n"
		     "  --no-timeline   do not tell how one fault went\n");
	return code;
}

int command_demo(int argc, char **argv)
{
	static const struct option options[] = {
		{ "mib", required_argument, NULL, 'm' },
		{ "huge", no_argument, NULL, 'u' },
		{ "no-timeline", no_argument, NULL, 't' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	uint64_t mib = 4;
	bool huge = false, timeline = true;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'h')
			return usage(stdout, TOOL_OK);
		if (c == 'u')
			huge = true;
		else if (c == 't')
			timeline = false;
		else if (c != 'm' || tool_number(optarg, &mib))
			return usage(stderr, TOOL_USAGE);
	}
	if (optind != argc || !mib || mib > 1024)
		return usage(stderr, TOOL_USAGE);
	return demo((size_t)mib << 20, huge, timeline);
}
