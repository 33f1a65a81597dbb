// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The guest tool: counters and time lines, for people and for programs. */
#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"

struct counter {
	const char *name;
	size_t offset;
	const char *text;
};

#define COUNTER(field, text) \
	{ #field, offsetof(struct faultline_counters, field), text }

static const struct counter counters_known[] = {
	COUNTER(jobs, "jobs completed"),
	COUNTER(faults, "faults taken"),
	COUNTER(duplicates, "of them duplicates"),
	COUNTER(batches, "batches served"),
	COUNTER(replays, "replays"),
	COUNTER(cancels, "cancels"),
	COUNTER(restarts, "channel restarts"),
	COUNTER(overflows, "fault buffer overflows"),
	COUNTER(interrupts, "interrupts"),
	COUNTER(invalidations, "invalidations by the kernel"),
	COUNTER(invalidations_unmapped, "of them for nothing mapped"),
	COUNTER(tlb_invalidates, "TLB invalidates"),
	COUNTER(pages_mapped, "pages mapped (4 KiB)"),
	COUNTER(huge_mapped, "of them by 2 MiB entries"),
	COUNTER(pages_zapped, "pages zapped"),
	COUNTER(retries, "mirror retries"),
	COUNTER(dropped, "packets dropped"),
	COUNTER(to_device, "pages moved to device memory"),
	COUNTER(to_system, "pages moved back"),
	COUNTER(cpu_faults, "CPU faults on device memory"),
	COUNTER(evicted, "pages evicted"),
	COUNTER(splits, "large device pages split"),
	COUNTER(exclusive, "pages claimed for atomics"),
	COUNTER(prefetched, "pages prefetched"),
	COUNTER(pinned, "regions pinned, since they thrashed"),
	COUNTER(big_mapped, "pages mapped by 64 KiB entries"),
	COUNTER(prefetch_filtered, "times prefetch faults were turned off"),
	COUNTER(notifications, "regions the access counters said are hot"),
	COUNTER(hot_moved, "pages moved to device memory for that"),
};

#define COUNTERS (sizeof(counters_known) / sizeof(*counters_known))

static __u64 *counter_at(const struct faultline_counters *counters, size_t i)
{
	return (__u64 *)((uintptr_t)counters + counters_known[i].offset);
}

void counters_add(struct faultline_counters *sum,
		  const struct faultline_counters *by)
{
	size_t i;

	for (i = 0; i < COUNTERS; i++)
		*counter_at(sum, i) += *counter_at(by, i);
}

void counters_subtract(struct faultline_counters *from,
		       const struct faultline_counters *by)
{
	size_t i;

	for (i = 0; i < COUNTERS; i++)
		*counter_at(from, i) -= *counter_at(by, i);
}

void report_counters(FILE *out, const char *title,
		     const struct faultline_counters *counters)
{
	size_t i;

	fprintf(out, "%s\n", title);
	for (i = 0; i < COUNTERS; i++)
		fprintf(out, "  %-28s %10" PRIu64 "\n", counters_known[i].text,
			(uint64_t)*counter_at(counters, i));
}

void json_counters(FILE *out, const char *name,
		   const struct faultline_counters *counters)
{
	size_t i;

	fprintf(out, "\"%s\":{", name);
	for (i = 0; i < COUNTERS; i++)
		fprintf(out, "%s\"%s\":%" PRIu64, i ? "," : "",
			counters_known[i].name, (uint64_t)*counter_at(counters, i));
	fprintf(out, "}");
}

/* Guest time of the packet: the fault as the device saw it. */
static int64_t raised_ns(const struct faultline_fault_record *record,
			 int64_t device_offset_ns)
{
	return (int64_t)record->device_ns - device_offset_ns;
}

static void step(FILE *out, const char *what, int64_t ns, int64_t begin,
		 int64_t *previous)
{
	fprintf(out, "  %9.1f us  (%+8.1f)  %s\n", (double)(ns - begin) / 1000,
		(double)(ns - *previous) / 1000, what);
	*previous = ns;
}

void report_timeline(FILE *out, const struct faultline_fault_record *record,
		     int64_t device_offset_ns)
{
	int64_t begin = raised_ns(record, device_offset_ns), previous = begin;

	fprintf(out, "One fault: %s at %#" PRIx64 ", %s, GPC %u client %u\n",
		faultline_access_name(record->access_type),
		(uint64_t)record->address,
		faultline_fault_type_name(record->fault_type), record->gpc,
		record->client);
	step(out, "device: packet written", begin, begin, &previous);
	step(out, "guest: interrupt", (int64_t)record->irq_ns, begin, &previous);
	step(out, "guest: packet read", (int64_t)record->fetch_ns, begin,
	     &previous);
	step(out, "guest: service begins", (int64_t)record->service_ns, begin,
	     &previous);
	step(out, "guest: page-table entry written", (int64_t)record->mapped_ns,
	     begin, &previous);
	step(out, "guest: replay sent", (int64_t)record->replay_ns, begin,
	     &previous);
}

void json_record(FILE *out, const struct faultline_fault_record *record)
{
	fprintf(out,
		"{\"address\":%" PRIu64 ",\"access\":%u,\"type\":%u,\"gpc\":%u,"
		"\"client\":%u,\"error\":%d,\"device_ns\":%" PRIu64
		",\"irq_ns\":%" PRIu64 ",\"fetch_ns\":%" PRIu64
		",\"service_ns\":%" PRIu64 ",\"mapped_ns\":%" PRIu64
		",\"replay_ns\":%" PRIu64 "}",
		(uint64_t)record->address, record->access_type,
		record->fault_type, record->gpc, record->client, record->error,
		(uint64_t)record->device_ns, (uint64_t)record->irq_ns,
		(uint64_t)record->fetch_ns, (uint64_t)record->service_ns,
		(uint64_t)record->mapped_ns, (uint64_t)record->replay_ns);
}

static int64_t duration_offset;

static int compare_duration(const void *a, const void *b)
{
	const struct faultline_fault_record *left = a, *right = b;
	int64_t d = ((int64_t)left->replay_ns - raised_ns(left, duration_offset)) -
		    ((int64_t)right->replay_ns - raised_ns(right, duration_offset));

	return (d > 0) - (d < 0);
}

const struct faultline_fault_record *
median_record(struct faultline_fault_record *records, uint32_t count,
	      int64_t device_offset_ns)
{
	uint32_t i, served = 0;

	for (i = 0; i < count; i++)
		if (!records[i].error && records[i].replay_ns &&
		    (int64_t)records[i].irq_ns >=
			    raised_ns(&records[i], device_offset_ns))
			records[served++] = records[i];
	if (!served)
		return NULL;
	duration_offset = device_offset_ns;
	qsort(records, served, sizeof(*records), compare_duration);
	return &records[served / 2];
}

int command_stats(int argc, char **argv)
{
	struct faultline_stats stats;
	struct faultline device;
	bool json = argc == 2 && !strcmp(argv[1], "--json");
	int ret;

	if (argc > 2 || (argc == 2 && !json)) {
		fprintf(stderr, "Usage: faultline stats [--json]\n");
		return TOOL_USAGE;
	}
	if (tool_open(&device))
		return TOOL_FAILED;
	ret = faultline_stats(&device, &stats, NULL, 0);
	faultline_close(&device);
	if (ret) {
		fprintf(stderr, "faultline: stats: %s\n", strerror(-ret));
		return TOOL_FAILED;
	}
	if (json) {
		printf(TOOL_JSON_PREFIX "{");
		json_counters(stdout, "device", &stats.device);
		printf("}\n");
	} else {
		report_counters(stdout, "Since the driver was bound:",
				&stats.device);
	}
	return TOOL_OK;
}
