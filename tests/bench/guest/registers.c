// SPDX-License-Identifier: MIT
/* Guest program: how long a register read and a posted write take, for one PCI function after another. */
#include <fcntl.h>
#include <glob.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define SAMPLES 4000
#define MAP_BYTES 4096
#define PCI_COMMAND 4
#define PCI_COMMAND_MEMORY 0x2

/* Functions that have a register which may be read and written at will. */
struct target {
	const char *name;
	uint32_t id; /* device << 16 | vendor */
	uint32_t page; /* offset of the mapped page in BAR0 */
	uint32_t read; /* offset in the page */
	uint32_t write;
};

static const struct target targets[] = {
	{ "faultline", 0xfa171234, 0x100000, 0xe60, 0xe64 }, /* MMU_FAULT_STATUS, MMU_INVALIDATE_PASID */
	{ "edu", 0x11e81234, 0, 0, 0x4 }, /* identification, liveness check */
};

static double now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1e6 + now.tv_nsec / 1e3;
}

static int by_value(const void *a, const void *b)
{
	double d = *(const double *)a - *(const double *)b;

	return (d > 0) - (d < 0);
}

static double median_read_us(const volatile uint32_t *reg)
{
	static double samples[SAMPLES];
	int i;

	for (i = 0; i < SAMPLES; i++) {
		double begin = now_us();

		(void)*reg;
		samples[i] = now_us() - begin;
	}
	qsort(samples, SAMPLES, sizeof(*samples), by_value);
	return samples[SAMPLES / 2];
}

/* Writes are posted: what counts is how long the processor is held up by each. */
static double median_write_us(volatile uint32_t *reg)
{
	static double samples[SAMPLES];
	int i;

	for (i = 0; i < SAMPLES; i++) {
		double begin = now_us();

		*reg = i;
		samples[i] = now_us() - begin;
	}
	qsort(samples, SAMPLES, sizeof(*samples), by_value);
	return samples[SAMPLES / 2];
}

static uint32_t read_id(const char *folder)
{
	char path[512];
	uint32_t id = 0;
	int fd;

	snprintf(path, sizeof(path), "%s/config", folder);
	fd = open(path, O_RDONLY);
	if (fd < 0 || pread(fd, &id, sizeof(id), 0) != sizeof(id))
		id = 0;
	if (fd >= 0)
		close(fd);
	return id;
}

static int enable_memory(const char *folder)
{
	char path[512];
	uint16_t command;
	int fd, ret = -1;

	snprintf(path, sizeof(path), "%s/config", folder);
	fd = open(path, O_RDWR);
	if (fd < 0)
		return -1;
	if (pread(fd, &command, sizeof(command), PCI_COMMAND) == sizeof(command)) {
		command |= PCI_COMMAND_MEMORY;
		ret = pwrite(fd, &command, sizeof(command), PCI_COMMAND) == sizeof(command) ? 0 : -1;
	}
	close(fd);
	return ret;
}

static void measure(const struct target *target, const char *folder)
{
	char path[512];
	char *page;
	int fd;

	snprintf(path, sizeof(path), "%s/resource0", folder);
	fd = open(path, O_RDWR | O_SYNC);
	if (fd < 0 || enable_memory(folder)) {
		perror(path);
		exit(1);
	}
	page = mmap(NULL, MAP_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, target->page);
	if (page == MAP_FAILED) {
		perror(path);
		exit(1);
	}
	printf("{\"function\":\"%s\",\"read_us\":%.3f,\"write_us\":%.3f}\n", target->name,
	       median_read_us((uint32_t *)(page + target->read)),
	       median_write_us((uint32_t *)(page + target->write)));
	munmap(page, MAP_BYTES);
	close(fd);
}

int main(void)
{
	glob_t found;
	size_t i, t;

	if (glob("/sys/bus/pci/devices/*", 0, NULL, &found))
		return 1;
	for (i = 0; i < found.gl_pathc; i++)
		for (t = 0; t < sizeof(targets) / sizeof(*targets); t++)
			if (read_id(found.gl_pathv[i]) == targets[t].id)
				measure(&targets[t], found.gl_pathv[i]);
	globfree(&found);
	return 0;
}
