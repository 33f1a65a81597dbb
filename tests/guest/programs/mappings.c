// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Every kind of memory a process has works for the device. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "work.h"

#define BYTES (64 * PAGE_BYTES)
#define WORDS (BYTES / sizeof(uint64_t))

/* The device adds to every word of memory that holds the pattern. */
static void transform(struct faultline *device, void *memory)
{
	struct faultline_job job = faultline_job_transform(
		memory, memory, FAULTLINE_ALU_ADD, 1000, WORDS, 8);

	CHECK_EQUAL(run_ok(device, &job).done, WORDS);
}

static void check_transformed(const uint64_t *words, uint64_t seed)
{
	size_t i;

	for (i = 0; i < WORDS; i++)
		CHECK_EQUAL(words[i], memory_word(seed, i) + 1000);
}

static int make_file(void)
{
	char name[] = "/tmp/faultline-test-XXXXXX";
	int fd = mkstemp(name);

	CHECK(fd >= 0);
	unlink(name);
	CHECK_EQUAL(ftruncate(fd, BYTES), 0);
	return fd;
}

TEST(mapping_malloc)
{
	struct faultline device = device_open();
	uint64_t *memory = malloc(BYTES);

	CHECK(memory);
	memory_fill(memory, BYTES, 1);
	transform(&device, memory);
	check_transformed(memory, 1);
}

TEST(mapping_untouched_memory_reads_as_zero)
{
	struct faultline device = device_open();
	uint64_t *memory = memory_map(BYTES);
	struct faultline_job job =
		faultline_job_reduce(memory, FAULTLINE_ALU_OR, 0, WORDS, 8);

	CHECK_EQUAL(run_ok(&device, &job).result, 0);
}

TEST(mapping_stack_and_data)
{
	static uint64_t data[512];
	struct faultline device = device_open();
	uint64_t stack[512] = { 0 };
	struct faultline_job job = faultline_job_fill(stack, 3, 512, 8);

	run_ok(&device, &job);
	CHECK_EQUAL(((volatile uint64_t *)stack)[511], 3);
	job = faultline_job_copy(data, stack, 512, 8);
	run_ok(&device, &job);
	CHECK_EQUAL(((volatile uint64_t *)data)[511], 3);
}

TEST(mapping_shared_file_is_written_through)
{
	struct faultline device = device_open();
	int fd = make_file();
	uint64_t *memory = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_SHARED,
				fd, 0);
	uint64_t *copy = malloc(BYTES);

	CHECK(memory != MAP_FAILED && copy);
	memory_fill(copy, BYTES, 2);
	CHECK_EQUAL(pwrite(fd, copy, BYTES, 0), BYTES);
	transform(&device, memory);
	check_transformed(memory, 2);
	CHECK_EQUAL(pread(fd, copy, BYTES, 0), BYTES);
	check_transformed(copy, 2);
}

TEST(mapping_private_file_is_not_written_through)
{
	struct faultline device = device_open();
	int fd = make_file();
	uint64_t *memory = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE,
				fd, 0);
	uint64_t *copy = malloc(BYTES);

	CHECK(memory != MAP_FAILED && copy);
	memory_fill(copy, BYTES, 2);
	CHECK_EQUAL(pwrite(fd, copy, BYTES, 0), BYTES);
	transform(&device, memory);
	check_transformed(memory, 2);
	CHECK_EQUAL(pread(fd, copy, BYTES, 0), BYTES);
	memory_check(copy, BYTES, 2);
}

TEST(mapping_beyond_the_end_of_a_file_fails)
{
	struct faultline device = device_open();
	int fd = make_file();
	char *memory = mmap(NULL, 2 * BYTES, PROT_READ | PROT_WRITE, MAP_SHARED,
			    fd, 0);
	struct faultline_job job = faultline_job_fill(memory + BYTES, 1, 1, 8);

	CHECK(memory != MAP_FAILED);
	run_fault(&device, FAULTLINE_ENGINE_STREAM, &job, -EFAULT, 1);
}

TEST(mapping_truncated_file_fails_and_keeps_the_rest)
{
	struct faultline device = device_open();
	int fd = make_file();
	uint64_t *memory = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_SHARED,
				fd, 0);
	struct faultline_job job = faultline_job_fill(memory, 1, WORDS, 8);

	CHECK(memory != MAP_FAILED);
	run_ok(&device, &job);
	CHECK_EQUAL(ftruncate(fd, BYTES / 2), 0);
	job = faultline_job_fill(memory, 2, WORDS, 8);
	run_fault(&device, FAULTLINE_ENGINE_STREAM, &job, -EFAULT, 1);
	job = faultline_job_fill(memory, 3, WORDS / 2, 8);
	run_ok(&device, &job);
	CHECK_EQUAL(memory[WORDS / 2 - 1], 3);
}

TEST(mapping_shared_anonymous_is_seen_by_a_child)
{
	struct faultline device = device_open();
	uint64_t *memory = mmap(NULL, BYTES, PROT_READ | PROT_WRITE,
				MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int pid;

	CHECK(memory != MAP_FAILED);
	memory_fill(memory, BYTES, 4);
	pid = fork();
	CHECK(pid >= 0);
	if (!pid) {
		while (*(volatile uint64_t *)&memory[WORDS - 1] ==
		       memory_word(4, WORDS - 1))
			sleep_ms(1);
		_exit(0);
	}
	transform(&device, memory);
	CHECK_EQUAL(child_wait(pid, 30), 0);
	check_transformed(memory, 4);
}

/* 2 MiB aligned, backed by a huge page if the kernel has one to give. */
static char *map_huge(void)
{
	char *memory = mmap(NULL, 2 * HUGE_BYTES, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHECK(memory != MAP_FAILED);
	memory = (char *)(((uintptr_t)memory + HUGE_BYTES - 1) &
			  ~(uintptr_t)(HUGE_BYTES - 1));
	if (madvise(memory, HUGE_BYTES, MADV_HUGEPAGE))
		test_skip("no transparent huge pages");
	memory_fill(memory, HUGE_BYTES, 5);
	return memory;
}

TEST(mapping_huge_page_is_one_entry)
{
	struct faultline device = device_open();
	char *memory = map_huge();
	struct faultline_job job = faultline_job_transform(
		memory, memory, FAULTLINE_ALU_XOR, 0, HUGE_BYTES / 8, 8);
	struct faultline_stats stats;

	run_ok(&device, &job);
	memory_check(memory, HUGE_BYTES, 5);
	stats = device_stats(&device);
	if (!stats.file.huge_mapped)
		test_skip("the kernel had no huge page");
	CHECK_EQUAL(stats.file.huge_mapped, HUGE_BYTES / PAGE_BYTES);
}

TEST(mapping_huge_page_only_if_the_driver_may)
{
	struct faultline device = device_open();
	char *memory = map_huge();
	struct faultline_job job = faultline_job_transform(
		memory, memory, FAULTLINE_ALU_XOR, 0, HUGE_BYTES / 8, 8);

	file_write(DRIVER_PARAMETERS, "huge_pages", "N");
	run_ok(&device, &job);
	wait_for_service(&device);
	file_write(DRIVER_PARAMETERS, "huge_pages", "Y");
	CHECK_EQUAL(device_stats(&device).file.huge_mapped, 0);
	memory_check(memory, HUGE_BYTES, 5);
}

/* One page of it becomes read-only: the kernel splits it, the device must follow. */
TEST(mapping_huge_page_split_keeps_protections)
{
	struct faultline device = device_open();
	char *memory = map_huge();
	struct faultline_job job = faultline_job_transform(
		memory, memory, FAULTLINE_ALU_XOR, 0, HUGE_BYTES / 8, 8);

	run_ok(&device, &job);
	CHECK_EQUAL(mprotect(memory + 5 * PAGE_BYTES, PAGE_BYTES, PROT_READ), 0);
	job = faultline_job_fill(memory + 5 * PAGE_BYTES, 0, 1, 8);
	run_fault(&device, FAULTLINE_ENGINE_STREAM, &job, -EPERM, 1);
	memory_check(memory, HUGE_BYTES, 5);
	job = faultline_job_fill(memory + 6 * PAGE_BYTES, 77, 1, 8);
	run_ok(&device, &job);
	CHECK_EQUAL(memory[6 * PAGE_BYTES], 77);
}

/* Small entries first, then the kernel makes one page of them. */
TEST(mapping_small_pages_collapse_into_a_huge_one)
{
	struct faultline device = device_open();
	char *memory = mmap(NULL, 2 * HUGE_BYTES, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct faultline_job job;

	CHECK(memory != MAP_FAILED);
	memory = (char *)(((uintptr_t)memory + HUGE_BYTES - 1) &
			  ~(uintptr_t)(HUGE_BYTES - 1));
	madvise(memory, HUGE_BYTES, MADV_NOHUGEPAGE);
	memory_fill(memory, HUGE_BYTES, 6);
	job = faultline_job_transform(memory, memory, FAULTLINE_ALU_XOR, 0,
				      HUGE_BYTES / 8, 8);
	run_ok(&device, &job);
	madvise(memory, HUGE_BYTES, MADV_HUGEPAGE);
#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25
#endif
	if (madvise(memory, HUGE_BYTES, MADV_COLLAPSE))
		test_skip("cannot collapse: %s", strerror(errno));
	run_ok(&device, &job);
	memory_check(memory, HUGE_BYTES, 6);
	CHECK(device_stats(&device).file.huge_mapped > 0);
}

TEST(mapping_hugetlb_page)
{
	struct faultline device = device_open();
	struct faultline_job job;
	char *memory;
	FILE *pool;

	pool = fopen("/proc/sys/vm/nr_hugepages", "w");
	if (!pool)
		test_skip("no hugetlbfs");
	fprintf(pool, "4");
	fclose(pool);
	memory = mmap(NULL, HUGE_BYTES, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);
	if (memory == MAP_FAILED)
		test_skip("no hugetlb page: %s", strerror(errno));
	job = faultline_job_fill(memory, 0x55, HUGE_BYTES, 1);
	run_ok(&device, &job);
	CHECK_EQUAL(memory[0], 0x55);
	CHECK_EQUAL(memory[HUGE_BYTES - 1], 0x55);
	CHECK_EQUAL(device_stats(&device).file.huge_mapped,
		    HUGE_BYTES / PAGE_BYTES);
	CHECK_EQUAL(munmap(memory, HUGE_BYTES), 0);
	run_fault(&device, FAULTLINE_ENGINE_STREAM, &job, -EFAULT, 1);
}

/* Other tables at every level, and the last page that user space can have. */
TEST(mapping_anywhere_in_the_address_space)
{
	static const uintptr_t addresses[] = {
		0x0000000000010000, 0x0000000080000000, 0x0000004000000000,
		0x0000007fffffe000, 0x0000008000000000, 0x0000123456789000,
		0x0000400000000000, 0x00007fffffffe000,
	};
	struct faultline device = device_open();
	size_t i, n = sizeof(addresses) / sizeof(*addresses);
	struct faultline_job job;

	for (i = 0; i < n; i++)
		CHECK(mmap((void *)addresses[i], PAGE_BYTES, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1,
			   0) == (void *)addresses[i]);
	for (i = 0; i < n; i++) {
		job = faultline_job_fill((void *)addresses[i], i + 1,
					 PAGE_BYTES / 8, 8);
		run_ok(&device, &job);
	}
	for (i = 0; i < n; i++)
		CHECK_EQUAL(*(uint64_t *)addresses[i], i + 1);
}

TEST(mapping_moved_by_mremap_is_found_at_its_new_place)
{
	struct faultline device = device_open();
	char *memory = memory_map(BYTES), *place = memory_map(BYTES);
	struct faultline_job job;

	memory_fill(memory, BYTES, 7);
	job = faultline_job_transform(memory, memory, FAULTLINE_ALU_XOR, 0,
				      WORDS, 8);
	run_ok(&device, &job);
	CHECK(mremap(memory, BYTES, BYTES, MREMAP_MAYMOVE | MREMAP_FIXED,
		     place) == place);
	job = faultline_job_fill(memory, 1, 1, 8);
	run_fault(&device, FAULTLINE_ENGINE_STREAM, &job, -EFAULT, 1);
	job = faultline_job_transform(place, place, FAULTLINE_ALU_XOR, 0, WORDS, 8);
	run_ok(&device, &job);
	memory_check(place, BYTES, 7);
}

TEST(mapping_discarded_by_madvise_reads_as_zero)
{
	struct faultline device = device_open();
	char *memory = memory_map(BYTES);
	struct faultline_job job =
		faultline_job_reduce(memory, FAULTLINE_ALU_OR, 0, WORDS, 8);

	memory_fill(memory, BYTES, 8);
	CHECK(run_ok(&device, &job).result != 0);
	CHECK_EQUAL(madvise(memory, BYTES, MADV_DONTNEED), 0);
	CHECK_EQUAL(run_ok(&device, &job).result, 0);
}
