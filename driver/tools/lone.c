// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The guest tool: faults one at a time. */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "tool.h"

#define LONE_KEY	0x5aa5c33c0ff0f00full
#define LONE_WORDS	8
/* So far apart that serving one fault does not map the next one's page. */
#define LONE_STRIDE	(4ul << 20)
#define LONE_BYTES	(LONE_FAULTS * LONE_STRIDE)

/* The CPU makes a page, the device transforms the beginning of it. */
static int fault_once(struct faultline *device, uint64_t *words)
{
	struct faultline_completion done;
	struct faultline_job job = faultline_job_transform(words, words,
							   FAULTLINE_ALU_XOR,
							   LONE_KEY, LONE_WORDS,
							   sizeof(*words));
	int i, ret;

	for (i = 0; i < LONE_WORDS; i++)
		words[i] = (uint64_t)i;
	ret = faultline_run(device, FAULTLINE_ENGINE_STREAM, &job, &done);
	for (i = 0; !ret && i < LONE_WORDS; i++)
		if (words[i] != ((uint64_t)i ^ LONE_KEY))
			ret = -EIO;
	return ret;
}

int take_lone_faults(struct lone_faults *faults)
{
	struct faultline_stats stats;
	struct faultline device;
	char *memory;
	int i, ret;

	if (tool_open(&device))
		return -ENODEV;
	memory = mmap(NULL, LONE_BYTES, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ret = memory == MAP_FAILED ? -errno : 0;
	if (!ret)
		madvise(memory, LONE_BYTES, MADV_NOHUGEPAGE);
	for (i = 0; !ret && i < LONE_FAULTS; i++)
		ret = fault_once(&device, (uint64_t *)(void *)(memory + i * LONE_STRIDE));
	if (!ret)
		ret = faultline_stats(&device, &stats, faults->records, LONE_FAULTS);
	if (!ret) {
		faults->count = stats.record_count;
		faults->device_offset_ns = stats.device_time_offset_ns;
	} else {
		fprintf(stderr, "faultline: one fault at a time: %s\n", strerror(-ret));
	}
	if (memory != MAP_FAILED)
		munmap(memory, LONE_BYTES);
	faultline_close(&device);
	return ret;
}
