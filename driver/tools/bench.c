// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The guest tool: how fast faults are served and data is moved. */
#include <getopt.h>
#include <inttypes.h>
#include <string.h>
#include <sys/mman.h>

#include "tool.h"

/* What was measured. */
struct figures {
	double faults_per_s;
	double pages_per_s;
	double memcpy_mb_per_s;
	double stream_mb_per_s;
	double copy_engine_mb_per_s;
};

/* Buffers, both as large, without huge pages: every page is a mapping of its own. */
struct buffers {
	size_t bytes;
	unsigned char *src;
	unsigned char *dst;
};

static void *map(size_t bytes)
{
	void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return NULL;
	madvise(memory, bytes, MADV_NOHUGEPAGE);
	return memory;
}

static double rate(double amount, uint64_t ns)
{
	return ns ? amount * 1e9 / (double)ns : 0;
}

/* The device reads memory that it never had: every window of pages faults. */
static int measure_faults(struct faultline *device, const struct buffers *buffers,
			  struct figures *figures)
{
	struct faultline_job job =
		faultline_job_reduce(buffers->src, FAULTLINE_ALU_XOR, 0,
				     buffers->bytes / 8, 8);
	struct faultline_stats before, after;
	uint64_t begin;
	int ret;

	memset(buffers->src, 1, buffers->bytes);
	ret = faultline_stats(device, &before, NULL, 0);
	if (ret)
		return ret;
	begin = tool_now_ns();
	ret = faultline_run(device, FAULTLINE_ENGINE_STREAM, &job, NULL);
	begin = tool_now_ns() - begin;
	if (ret)
		return ret;
	ret = faultline_stats(device, &after, NULL, 0);
	figures->faults_per_s =
		rate((double)(after.file.faults - before.file.faults -
			      (after.file.duplicates - before.file.duplicates)),
		     begin);
	figures->pages_per_s =
		rate((double)(after.file.pages_mapped - before.file.pages_mapped),
		     begin);
	return ret;
}

/* The second copy, when every page is mapped. */
static int measure_copy(struct faultline *device, uint32_t engine,
			const struct buffers *buffers, double *mb_per_s)
{
	struct faultline_job job = faultline_job_copy(buffers->dst, buffers->src,
						      buffers->bytes / 8, 8);
	uint64_t begin = 0;
	int i, ret = 0;

	for (i = 0; i < 2 && !ret; i++) {
		begin = tool_now_ns();
		ret = faultline_run(device, engine, &job, NULL);
		begin = tool_now_ns() - begin;
	}
	*mb_per_s = rate((double)buffers->bytes / 1e6, begin);
	if (!ret && memcmp(buffers->dst, buffers->src, buffers->bytes)) {
		fprintf(stderr, "faultline: the copy is wrong\n");
		return -1;
	}
	return ret;
}

static void measure_memcpy(const struct buffers *buffers, double *mb_per_s)
{
	uint64_t begin;

	memcpy(buffers->dst, buffers->src, buffers->bytes);
	begin = tool_now_ns();
	memcpy(buffers->dst, buffers->src, buffers->bytes);
	/* The copy must not be optimised away. */
	__asm__ volatile("" : : "r"(buffers->dst) : "memory");
	*mb_per_s = rate((double)buffers->bytes / 1e6, tool_now_ns() - begin);
}

static int measure(struct faultline *device, const struct buffers *buffers,
		   struct figures *figures)
{
	int ret = measure_faults(device, buffers, figures);

	if (ret)
		return ret;
	measure_memcpy(buffers, &figures->memcpy_mb_per_s);
	ret = measure_copy(device, FAULTLINE_ENGINE_STREAM, buffers,
			   &figures->stream_mb_per_s);
	if (ret)
		return ret;
	return measure_copy(device, FAULTLINE_ENGINE_COPY, buffers,
			    &figures->copy_engine_mb_per_s);
}

static void report(const struct figures *figures)
{
	printf("faults served          %10.0f /s\n", figures->faults_per_s);
	printf("pages mapped           %10.0f /s\n", figures->pages_per_s);
	printf("memcpy on the CPU      %10.0f MB/s\n", figures->memcpy_mb_per_s);
	printf("copy, stream engine    %10.0f MB/s\n", figures->stream_mb_per_s);
	printf("copy, copy engine      %10.0f MB/s (%.2f of memcpy)\n",
	       figures->copy_engine_mb_per_s,
	       figures->copy_engine_mb_per_s / figures->memcpy_mb_per_s);
	printf(TOOL_JSON_PREFIX "{\"bench\":{\"faults_per_s\":%.0f,\"pages_per_s\":%.0f,"
	       "\"memcpy_mb_per_s\":%.1f,\"stream_mb_per_s\":%.1f,"
	       "\"copy_engine_mb_per_s\":%.1f}}\n",
	       figures->faults_per_s, figures->pages_per_s,
	       figures->memcpy_mb_per_s, figures->stream_mb_per_s,
	       figures->copy_engine_mb_per_s);
}

static int usage(FILE *out, int code)
{
	fprintf(out, "Usage: faultline bench [--mib N]\n\n"
		     "  --mib N   size of each buffer (default 16)\n");
	return code;
}

static int bench(size_t bytes)
{
	struct buffers buffers = { bytes, map(bytes), map(bytes) };
	struct figures figures;
	struct faultline device;
	int ret;

	if (!buffers.src || !buffers.dst) {
		fprintf(stderr, "faultline: not enough memory\n");
		return TOOL_FAILED;
	}
	if (tool_open(&device))
		return TOOL_FAILED;
	ret = measure(&device, &buffers, &figures);
	faultline_close(&device);
	if (ret) {
		fprintf(stderr, "faultline: bench: %s\n", strerror(-ret));
		return TOOL_FAILED;
	}
	report(&figures);
	return TOOL_OK;
}

int command_bench(int argc, char **argv)
{
	static const struct option options[] = {
		{ "mib", required_argument, NULL, 'm' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	uint64_t mib = 16;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'h')
			return usage(stdout, TOOL_OK);
		if (c != 'm' || tool_number(optarg, &mib))
			return usage(stderr, TOOL_USAGE);
	}
	if (optind != argc || !mib || mib > 1024)
		return usage(stderr, TOOL_USAGE);
	return bench((size_t)mib << 20);
}
