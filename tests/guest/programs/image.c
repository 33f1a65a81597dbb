// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The GMMU image that debugfs gives agrees with the process's own page map. */
#include <dirent.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness.h"

#define DEBUGFS "/sys/kernel/debug"
#define IMAGES DEBUGFS "/faultline/faultline0/vm"

#define PAGES 40u
#define BYTES (PAGES * PAGE_BYTES)

/* docs/reference/gmmu-image.md */
struct header {
	char magic[8];
	uint32_t header_size, flags, generation, va_bits;
	uint64_t pdb_address;
	uint32_t pdb_aperture, n_chunks, n_queries, inst_aperture;
	uint64_t inst_address, reserved;
};

struct chunk {
	uint32_t aperture, length;
	uint64_t address;
};

struct query {
	uint64_t va, pa;
	uint8_t access, privileged, result, fault_type, alternative, basis;
	uint8_t aperture, peer, page_shift, vol, kind, read_only;
	uint8_t atomic_disable, level;
	uint16_t tag;
	uint64_t leaf_pte, reserved;
};

struct image {
	char *data;
	size_t size;
	const struct header *header;
	const struct query *queries;
};

static void find_image(char *path, size_t size)
{
	char prefix[16];
	struct dirent *entry;
	DIR *folder;

	if (mount("debugfs", DEBUGFS, "debugfs", 0, NULL) && errno != EBUSY)
		test_skip("no debugfs: %s", strerror(errno));
	folder = opendir(IMAGES);
	CHECK(folder);
	snprintf(prefix, sizeof(prefix), "%d-", getpid());
	path[0] = 0;
	while ((entry = readdir(folder)))
		if (!strncmp(entry->d_name, prefix, strlen(prefix)))
			snprintf(path, size, IMAGES "/%.64s", entry->d_name);
	closedir(folder);
	CHECK(path[0]);
}

static struct image read_image(void)
{
	struct image image = { .data = malloc(16 << 20) };
	char path[160];
	ssize_t n;
	int fd;

	find_image(path, sizeof(path));
	fd = open(path, O_RDONLY);
	CHECK(fd >= 0);
	while ((n = read(fd, image.data + image.size, 65536)) > 0)
		image.size += (size_t)n;
	CHECK_EQUAL(n, 0);
	close(fd);
	image.header = (const struct header *)(const void *)image.data;
	return image;
}

static void check_structure(struct image *image)
{
	size_t at = sizeof(struct header);
	uint32_t i;

	CHECK(image->size >= at);
	CHECK(!memcmp(image->header->magic, "GMMUDMP1", 8));
	CHECK_EQUAL(image->header->header_size, sizeof(struct header));
	CHECK_EQUAL(image->header->generation, 0x140);
	CHECK_EQUAL(image->header->va_bits, 49);
	for (i = 0; i < image->header->n_chunks; i++) {
		struct chunk chunk;

		CHECK(at + sizeof(chunk) <= image->size);
		memcpy(&chunk, image->data + at, sizeof(chunk));
		CHECK_EQUAL(chunk.length % PAGE_BYTES, 0);
		CHECK_EQUAL(chunk.address % PAGE_BYTES, 0);
		at += sizeof(chunk) + chunk.length;
	}
	image->queries = (const struct query *)(const void *)(image->data + at);
	CHECK_EQUAL(at + image->header->n_queries * sizeof(struct query),
		    image->size);
}

/* Physical address of a page by /proc/self/pagemap; guest addresses are the device's too. */
static uint64_t physical(const void *address)
{
	uint64_t entry;
	int fd = open("/proc/self/pagemap", O_RDONLY);

	CHECK(fd >= 0);
	CHECK_EQUAL(pread(fd, &entry, sizeof(entry),
			  (off_t)((uintptr_t)address / PAGE_BYTES * sizeof(entry))),
		    sizeof(entry));
	close(fd);
	return (entry & ((1ull << 55) - 1)) * PAGE_BYTES;
}

static const struct query *find_query(const struct image *image,
				      const void *address, uint8_t access)
{
	uint32_t i;

	for (i = 0; i < image->header->n_queries; i++)
		if (image->queries[i].va == (uintptr_t)address &&
		    image->queries[i].access == access)
			return &image->queries[i];
	return NULL;
}

TEST(image_agrees_with_the_page_map)
{
	struct faultline device = device_open();
	char *memory = memory_map(BYTES);
	struct faultline_job job = faultline_job_fill(memory, 1, BYTES / 8, 8);
	const struct query *read_query, *write_query;
	struct image image;
	unsigned int i;

	run_ok(&device, &job);
	CHECK_EQUAL(mprotect(memory + BYTES / 2, BYTES / 2, PROT_READ), 0);
	job = faultline_job_reduce(memory, FAULTLINE_ALU_ADD, 0, BYTES / 8, 8);
	run_ok(&device, &job);

	image = read_image();
	check_structure(&image);
	for (i = 0; i < PAGES; i++) {
		read_query = find_query(&image, memory + i * PAGE_BYTES, 0);
		write_query = find_query(&image, memory + i * PAGE_BYTES, 1);
		CHECK(read_query && write_query);
		CHECK_EQUAL(read_query->result, 0);
		CHECK_EQUAL(read_query->pa, physical(memory + i * PAGE_BYTES));
		CHECK_EQUAL(write_query->result, i < PAGES / 2 ? 0 : 1);
	}
}

TEST(image_is_small_again_after_munmap)
{
	struct faultline device = device_open();
	char *memory = memory_map(BYTES);
	struct faultline_job job = faultline_job_fill(memory, 1, BYTES / 8, 8);
	struct image image;

	run_ok(&device, &job);
	image = read_image();
	check_structure(&image);
	CHECK(find_query(&image, memory, 0));
	CHECK_EQUAL(munmap(memory, BYTES), 0);
	image = read_image();
	check_structure(&image);
	CHECK(!find_query(&image, memory, 0));
}
