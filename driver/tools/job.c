// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The guest tool: one job on fresh memory, checked on the CPU. */
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"

/* What the command line says. */
struct request {
	const char *name;
	uint64_t bytes;
	uint64_t operand;
	uint32_t engine;
};

static int usage(FILE *out, int code)
{
	fprintf(out,
		"Usage: faultline job copy|fill|transform|reduce|atomic [OPTIONS]\n\n"
		"  --bytes N     size of the memory worked on (default 1 MiB)\n"
		"  --operand N   value to fill, or second operand (default 7)\n"
		"  --copy-engine copy or fill by the copy engine\n");
	return code;
}

static uint64_t pattern(uint64_t i)
{
	return 0x9e3779b97f4a7c15ull * (i + 1);
}

/* Words of dst after the job; for reduce and atomic only the first counts. */
static uint64_t expected(const struct faultline_job *job, const uint64_t *src,
			 uint64_t i)
{
	uint64_t sum = job->operand, k;

	switch (job->opcode) {
	case FAULTLINE_JOB_COPY:
		return src[i];
	case FAULTLINE_JOB_FILL:
		return job->operand;
	case FAULTLINE_JOB_TRANSFORM:
		return faultline_alu(job->alu_op, src[i], job->operand,
				     sizeof(uint64_t));
	case FAULTLINE_JOB_REDUCE:
		for (k = 0; k < job->count; k++)
			sum += src[k];
		return sum;
	default:
		return job->operand;
	}
}

static int make_job(const struct request *request, uint64_t *dst,
		    const uint64_t *src, struct faultline_job *job)
{
	uint64_t count = request->bytes / sizeof(*dst);

	if (!strcmp(request->name, "copy"))
		*job = faultline_job_copy(dst, src, count, sizeof(*dst));
	else if (!strcmp(request->name, "fill"))
		*job = faultline_job_fill(dst, request->operand, count,
					  sizeof(*dst));
	else if (!strcmp(request->name, "transform"))
		*job = faultline_job_transform(dst, src, FAULTLINE_ALU_ADD,
					       request->operand, count,
					       sizeof(*dst));
	else if (!strcmp(request->name, "reduce"))
		*job = faultline_job_reduce(src, FAULTLINE_ALU_ADD,
					    request->operand, count,
					    sizeof(*src));
	else if (!strcmp(request->name, "atomic"))
		*job = faultline_job_atomic(dst, FAULTLINE_ALU_ADD,
					    request->operand, count,
					    sizeof(*dst), sizeof(*dst));
	else
		return -1;
	return 0;
}

static int check(const struct faultline_job *job,
		 const struct faultline_completion *done, const uint64_t *dst,
		 const uint64_t *src)
{
	uint64_t i, want;

	if (job->opcode == FAULTLINE_JOB_REDUCE) {
		want = expected(job, src, 0);
		if (done->result == want)
			return TOOL_OK;
		fprintf(stderr, "faultline: result is %#" PRIx64 ", not %#" PRIx64 "\n",
			(uint64_t)done->result, want);
		return TOOL_FAILED;
	}
	for (i = 0; i < job->count; i++) {
		want = expected(job, src, i);
		if (dst[i] == want)
			continue;
		fprintf(stderr, "faultline: word %" PRIu64 " is %#" PRIx64 ", not %#" PRIx64 "\n",
			i, dst[i], want);
		return TOOL_FAILED;
	}
	return TOOL_OK;
}

static int run(const struct request *request)
{
	uint64_t count = request->bytes / sizeof(uint64_t), i, begin;
	uint64_t *src = malloc(request->bytes), *dst = calloc(count, sizeof(*dst));
	struct faultline_completion done;
	struct faultline_stats stats;
	struct faultline_job job;
	struct faultline device;
	int ret = TOOL_FAILED;
	char text[160];

	if (!src || !dst) {
		fprintf(stderr, "faultline: not enough memory\n");
		goto out;
	}
	for (i = 0; i < count; i++)
		src[i] = pattern(i);
	if (make_job(request, dst, src, &job)) {
		fprintf(stderr, "faultline: unknown job '%s'\n", request->name);
		ret = usage(stderr, TOOL_USAGE);
		goto out;
	}
	if (tool_open(&device))
		goto out;
	begin = tool_now_ns();
	ret = faultline_run(&device, request->engine, &job, &done);
	begin = tool_now_ns() - begin;
	if (ret) {
		fprintf(stderr, "faultline: %s: %s\n", request->name, strerror(-ret));
		ret = TOOL_FAILED;
		goto close;
	}
	printf("%s: %s, %.1f ms\n", request->name,
	       faultline_strcompletion(&done, text, sizeof(text)),
	       (double)begin / 1e6);
	ret = check(&job, &done, dst, src);
	if (ret == TOOL_OK && !faultline_stats(&device, &stats, NULL, 0))
		printf("checked: %" PRIu64 " words right; %" PRIu64 " faults, %" PRIu64 " replays\n",
		       count, (uint64_t)stats.file.faults,
		       (uint64_t)stats.file.replays);
close:
	faultline_close(&device);
out:
	free(dst);
	free(src);
	return ret;
}

int command_job(int argc, char **argv)
{
	static const struct option options[] = {
		{ "bytes", required_argument, NULL, 'b' },
		{ "operand", required_argument, NULL, 'o' },
		{ "copy-engine", no_argument, NULL, 'c' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	struct request request = {
		.bytes = 1 << 20,
		.operand = 7,
		.engine = FAULTLINE_ENGINE_STREAM,
	};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'h')
			return usage(stdout, TOOL_OK);
		if (c == 'c')
			request.engine = FAULTLINE_ENGINE_COPY;
		else if (c == '?' ||
			 tool_number(optarg, c == 'b' ? &request.bytes :
							&request.operand))
			return usage(stderr, TOOL_USAGE);
	}
	if (optind + 1 != argc || request.bytes < sizeof(uint64_t))
		return usage(stderr, TOOL_USAGE);
	request.name = argv[optind];
	return run(&request);
}
