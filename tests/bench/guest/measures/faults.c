// SPDX-License-Identifier: MIT
/* How long a fault takes, phase by phase: alone, and among those of several streams. */
#include "measure.h"

#define FAULTS 4096
/* The driver keeps the latest 256 records of a file: they are read after so many faults. */
#define CHUNK 128
/* No window around a fault holds a second page that the process has. */
#define STRIDE BIG_BYTES
#define STREAMS 4

enum phase { INTERRUPT, READ, SERVICE, MAPPED, REPLAYED, ANSWERED, WHOLE, PHASES };

static const char *const phase_names[PHASES] = {
	"interrupt", "read", "service", "mapped", "replayed", "answered", "whole",
};

struct samples {
	size_t count[PHASES];
	double us[PHASES][FAULTS];
};

static void add(struct samples *samples, enum phase phase, double from_ns, double to_ns)
{
	if (samples->count[phase] < FAULTS)
		samples->us[phase][samples->count[phase]++] = (to_ns - from_ns) / 1e3;
}

/* answered_ns: when the process knew; 0: not known for each fault. */
static void add_record(struct samples *samples, const struct faultline_fault_record *record,
		       int64_t device_offset_ns, double answered_ns)
{
	double raised = (double)((int64_t)record->device_ns - device_offset_ns);
	double end = answered_ns ? answered_ns : (double)record->replay_ns;

	/* A packet that arrived while the driver read others had no interrupt of its own. */
	if ((double)record->irq_ns >= raised) {
		add(samples, INTERRUPT, raised, (double)record->irq_ns);
		add(samples, READ, (double)record->irq_ns, (double)record->fetch_ns);
	}
	add(samples, SERVICE, (double)record->fetch_ns, (double)record->service_ns);
	add(samples, MAPPED, (double)record->service_ns, (double)record->mapped_ns);
	add(samples, REPLAYED, (double)record->mapped_ns, (double)record->replay_ns);
	if (answered_ns)
		add(samples, ANSWERED, (double)record->replay_ns, answered_ns);
	add(samples, WHOLE, raised, end);
}

static void report(const char *name, struct samples *samples, double faults_per_s)
{
	enum phase phase;

	printf(JSON_PREFIX "{\"%s\":{\"faults_per_s\":%.1f", name, faults_per_s);
	for (phase = INTERRUPT; phase < PHASES; phase++) {
		double *us = samples->us[phase];
		size_t count = samples->count[phase];

		if (count)
			printf(",\"%s\":{\"count\":%zu,\"p50_us\":%.2f,\"p90_us\":%.2f,\"p99_us\":%.2f}",
			       phase_names[phase], count, percentile(us, count, 0.5),
			       percentile(us, count, 0.9), percentile(us, count, 0.99));
	}
	printf("}}\n");
}

/* One page here and there. */
static char *sparse_map(size_t pages)
{
	char *memory = memory_map(pages * STRIDE);
	size_t i;

	for (i = 0; i < pages; i++)
		*(uint64_t *)(memory + i * STRIDE) = i;
	return memory;
}

/* The latest records: those of CHUNK faults, or a few more that were raised again. */
static struct faultline_stats read_records(struct faultline *device,
					   struct faultline_fault_record *records)
{
	struct faultline_stats stats;

	CHECK_EQUAL(faultline_stats(device, &stats, records, CHUNK), 0);
	CHECK_EQUAL(stats.record_count, CHUNK);
	return stats;
}

/* Fault after fault of one stream. Seconds that they took. */
static double lone_chunk(struct faultline *device, char *memory, struct samples *samples)
{
	struct faultline_fault_record records[CHUNK];
	double answered_ns[CHUNK], begin = now_seconds(), seconds;
	struct faultline_stats stats;
	size_t i, which;

	for (i = 0; i < CHUNK; i++) {
		struct faultline_job job = faultline_job_reduce(
			memory + i * STRIDE, FAULTLINE_ALU_ADD, 0, 1, 8);

		run_ok(device, &job);
		answered_ns[i] = now_seconds() * 1e9;
	}
	seconds = now_seconds() - begin;
	stats = read_records(device, records);
	for (i = 0; i < CHUNK; i++) {
		which = (records[i].address - (uintptr_t)memory) / STRIDE;
		if (which < CHUNK)
			add_record(samples, &records[i], stats.device_time_offset_ns,
				   answered_ns[which]);
	}
	return seconds;
}

TEST(faults_alone)
{
	static struct samples samples;
	struct faultline device = device_open();
	char *memory = sparse_map(FAULTS);
	double seconds = 0;
	size_t i;

	for (i = 0; i < FAULTS; i += CHUNK)
		seconds += lone_chunk(&device, memory + i * STRIDE, &samples);
	CHECK(device_stats(&device).file.faults >= FAULTS);
	report("faults_alone", &samples, FAULTS / seconds);
}

struct stream {
	struct faultline device;
	char *memory;
	uint64_t seqno;
};

/* All streams at once, each with as many accesses in flight as it can have. */
static double loaded_chunk(struct stream *streams, size_t page, struct samples *samples)
{
	struct faultline_fault_record records[CHUNK];
	double begin = now_seconds(), seconds;
	struct faultline_stats stats;
	size_t s, i;

	for (s = 0; s < STREAMS; s++) {
		struct faultline_job job = faultline_job_atomic(
			streams[s].memory + page * STRIDE, FAULTLINE_ALU_ADD, 1, CHUNK, STRIDE, 8);

		CHECK_EQUAL(faultline_submit(&streams[s].device, FAULTLINE_ENGINE_STREAM, &job, 1,
					     &streams[s].seqno), 0);
	}
	for (s = 0; s < STREAMS; s++)
		CHECK_EQUAL(faultline_wait(&streams[s].device, FAULTLINE_ENGINE_STREAM,
					   streams[s].seqno, -1, NULL), 0);
	seconds = now_seconds() - begin;
	for (s = 0; s < STREAMS; s++) {
		stats = read_records(&streams[s].device, records);
		for (i = 0; i < CHUNK; i++)
			add_record(samples, &records[i], stats.device_time_offset_ns, 0);
	}
	return seconds;
}

TEST(faults_of_several_streams)
{
	static struct samples samples;
	struct stream streams[STREAMS];
	double seconds = 0;
	size_t s, i;

	for (s = 0; s < STREAMS; s++) {
		streams[s].device = device_open();
		streams[s].memory = sparse_map(FAULTS / STREAMS);
	}
	for (i = 0; i < FAULTS / STREAMS; i += CHUNK)
		seconds += loaded_chunk(streams, i, &samples);
	for (s = 0; s < STREAMS; s++)
		for (i = 0; i < FAULTS / STREAMS; i++)
			CHECK_EQUAL(*(uint64_t *)(streams[s].memory + i * STRIDE), i + 1);
	report("faults_of_several_streams", &samples, FAULTS / seconds);
}
