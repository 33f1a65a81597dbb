// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The guest tool: submits jobs, shows statistics, runs the demo. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tool.h"

struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *text;
};

static const struct command commands[] = {
	{ "info", command_info, "what device and driver offer" },
	{ "stats", command_stats, "counters of the device [--json]" },
	{ "job", command_job, "run one job on fresh memory and check it: job NAME [--help]" },
	{ "demo", command_demo, "device and CPU work on the same memory [--help]" },
	{ "bench", command_bench, "rates: faults, bandwidth [--help]" },
};

static int usage(FILE *out, int code)
{
	size_t i;

	fprintf(out, "Usage: faultline COMMAND ...\n\n");
	for (i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		fprintf(out, "  %-6s %s\n", commands[i].name, commands[i].text);
	fprintf(out, "\nThe device is %s, or what FAULTLINE_DEVICE names.\n",
		FAULTLINE_DEFAULT_NODE);
	return code;
}

int tool_open(struct faultline *device)
{
	int ret = faultline_open(device, NULL);

	if (!ret)
		return 0;
	fprintf(stderr, "faultline: cannot open the device: %s\n", strerror(-ret));
	if (ret == -ENOENT)
		fprintf(stderr, "Is the driver loaded (insmod faultline.ko), and did it find a device (dmesg)?\n");
	else if (ret == -EACCES)
		fprintf(stderr, "The node belongs to root.\n");
	return ret;
}

int tool_number(const char *text, uint64_t *value)
{
	char *end;

	errno = 0;
	*value = strtoull(text, &end, 0);
	if (errno || end == text || *end || *text == '-') {
		fprintf(stderr, "faultline: '%s' is not a number\n", text);
		return -EINVAL;
	}
	return 0;
}

uint64_t tool_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

int command_info(int argc, char **argv)
{
	struct faultline device;
	struct faultline_info info;
	int ret;

	(void)argv;
	if (argc > 1)
		return usage(stderr, TOOL_USAGE);
	if (tool_open(&device))
		return TOOL_FAILED;
	ret = faultline_info(&device, &info);
	faultline_close(&device);
	if (ret) {
		fprintf(stderr, "faultline: info: %s\n", strerror(-ret));
		return TOOL_FAILED;
	}
	printf("api version           %u\n", info.api_version);
	printf("device version        %u.%u\n", info.device_version >> 16,
	       info.device_version & 0xffff);
	printf("stream channels       %u\n", info.stream_channels);
	printf("copy channels         %u\n", info.copy_channels);
	printf("device memory         %llu MiB\n",
	       (unsigned long long)info.vram_bytes >> 20);
	printf("virtual address       %u bits\n", info.va_bits);
	printf("queue entries         %u\n", info.queue_entries);
	printf("fault buffer entries  %u\n", info.fault_buffer_entries);
	printf("fault around          %u pages\n", info.fault_around_pages);
	printf("device time           %+lld ns from CLOCK_MONOTONIC\n",
	       (long long)info.device_time_offset_ns);
	return TOOL_OK;
}

int main(int argc, char **argv)
{
	size_t i;

	if (argc < 2)
		return usage(stderr, TOOL_USAGE);
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "help"))
		return usage(stdout, TOOL_OK);
	for (i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		if (!strcmp(argv[1], commands[i].name))
			return commands[i].run(argc - 1, argv + 1);
	fprintf(stderr, "faultline: unknown command '%s'\n", argv[1]);
	return usage(stderr, TOOL_USAGE);
}
