// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The kernel reaches for device memory on behalf of others: ptrace, direct I/O, io_uring, advice. */
#include <fcntl.h>
#include <linux/io_uring.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "migration.h"

#define PAGES 64u
#define BYTES (PAGES * PAGE_BYTES)
#define WORDS (BYTES / sizeof(uint64_t))

/* A child with its memory on the device; it stops, and is let go on to check what was written. */
static int traced_child(uint64_t *memory)
{
	int status, pid = fork();

	CHECK(pid >= 0);
	if (!pid) {
		struct faultline device = open_with_memory();

		memory_fill(memory, BYTES, 1);
		to_device(&device, memory, BYTES);
		CHECK_EQUAL(ptrace(PTRACE_TRACEME, 0, 0, 0), 0);
		raise(SIGSTOP);
		CHECK_EQUAL(device_sum(&device, memory, 2), 7 + memory_word(1, 1));
		_exit(0);
	}
	CHECK_EQUAL(waitpid(pid, &status, 0), pid);
	if (!WIFSTOPPED(status))
		test_skip("no device memory");
	return pid;
}

TEST(kernel_access_by_a_debugger)
{
	uint64_t *memory = memory_map(BYTES), *copy = memory_map(BYTES);
	int pid = traced_child(memory), status;
	struct iovec local = { copy, BYTES }, remote = { memory, BYTES };

	errno = 0;
	CHECK_EQUAL(ptrace(PTRACE_PEEKDATA, pid, memory + 5, 0), memory_word(1, 5));
	CHECK_EQUAL(errno, 0);
	CHECK_EQUAL(process_vm_readv(pid, &local, 1, &remote, 1, 0), BYTES);
	memory_check(copy, BYTES, 1);
	CHECK_EQUAL(ptrace(PTRACE_POKEDATA, pid, memory, 7), 0);
	CHECK_EQUAL(ptrace(PTRACE_CONT, pid, 0, 0), 0);
	CHECK_EQUAL(waitpid(pid, &status, 0), pid);
	CHECK_EQUAL(status, 0);
}

static int direct_file(void)
{
	int fd = open("/tmp/direct", O_RDWR | O_CREAT | O_TRUNC | O_DIRECT, 0600);

	if (fd < 0)
		test_skip("no direct I/O in /tmp");
	unlink("/tmp/direct");
	CHECK_EQUAL(ftruncate(fd, BYTES), 0);
	return fd;
}

TEST(kernel_access_by_direct_io)
{
	struct faultline device = open_with_memory();
	uint64_t *memory = memory_map(BYTES);
	int fd = direct_file();

	memory_fill(memory, BYTES, 2);
	to_device(&device, memory, BYTES);
	add_one(&device, memory, WORDS);
	CHECK_EQUAL(pwrite(fd, memory, BYTES, 0), BYTES);
	memset(memory, 0, BYTES);
	to_device(&device, memory, BYTES);
	CHECK_EQUAL(device_sum(&device, memory, WORDS), 0);
	CHECK_EQUAL(pread(fd, memory, BYTES, 0), BYTES);
	/* The device sees what came from the file before a CPU looks. */
	add_one(&device, memory, WORDS);
	check_added(memory, WORDS, 2, 2);
}

/* A ring of io_uring with one entry and one registered buffer. */
struct ring {
	int fd;
	struct io_uring_params params;
	char *sq, *cq;
	struct io_uring_sqe *sqes;
};

static struct ring ring_make(void *buffer, size_t bytes)
{
	struct iovec vector = { buffer, bytes };
	struct ring ring = {};
	size_t sq, cq;

	ring.fd = (int)syscall(SYS_io_uring_setup, 1, &ring.params);
	if (ring.fd < 0)
		test_skip("no io_uring");
	sq = ring.params.sq_off.array + ring.params.sq_entries * sizeof(uint32_t);
	cq = ring.params.cq_off.cqes +
	     ring.params.cq_entries * sizeof(struct io_uring_cqe);
	ring.sq = mmap(NULL, sq, PROT_READ | PROT_WRITE, MAP_SHARED, ring.fd,
		       IORING_OFF_SQ_RING);
	ring.cq = mmap(NULL, cq, PROT_READ | PROT_WRITE, MAP_SHARED, ring.fd,
		       IORING_OFF_CQ_RING);
	ring.sqes = mmap(NULL, sizeof(*ring.sqes), PROT_READ | PROT_WRITE,
			 MAP_SHARED, ring.fd, IORING_OFF_SQES);
	CHECK(ring.sq != MAP_FAILED && ring.cq != MAP_FAILED);
	CHECK((void *)ring.sqes != MAP_FAILED);
	CHECK_EQUAL(syscall(SYS_io_uring_register, ring.fd,
			    IORING_REGISTER_BUFFERS, &vector, 1), 0);
	return ring;
}

/* Bytes that were read or written; opcode: IORING_OP_*_FIXED. */
static int ring_run(struct ring *ring, uint8_t opcode, int fd, void *buffer,
		    size_t bytes)
{
	uint32_t *tail = (uint32_t *)(ring->sq + ring->params.sq_off.tail);
	uint32_t *head = (uint32_t *)(ring->cq + ring->params.cq_off.head);
	uint32_t *array = (uint32_t *)(ring->sq + ring->params.sq_off.array);
	struct io_uring_cqe *cqes =
		(struct io_uring_cqe *)(ring->cq + ring->params.cq_off.cqes);
	uint32_t index = *head & (ring->params.cq_entries - 1);

	*ring->sqes = (struct io_uring_sqe){
		.opcode = opcode, .fd = fd, .addr = (uintptr_t)buffer,
		.len = (uint32_t)bytes,
	};
	array[*tail & (ring->params.sq_entries - 1)] = 0;
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
	CHECK_EQUAL(syscall(SYS_io_uring_enter, ring->fd, 1, 1,
			    IORING_ENTER_GETEVENTS, NULL, 0), 1);
	__atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
	return cqes[index].res;
}

/* A registered buffer is pinned for long: it comes back, and stays. */
TEST(kernel_access_by_a_registered_buffer)
{
	struct faultline device = open_with_memory();
	uint64_t *memory = memory_map(BYTES);
	int fd = memfd_create("file", 0);
	struct ring ring;

	CHECK_EQUAL(ftruncate(fd, BYTES), 0);
	memory_fill(memory, BYTES, 3);
	to_device(&device, memory, BYTES);
	ring = ring_make(memory, BYTES);
	CHECK_EQUAL(move(&device, memory, BYTES, FAULTLINE_MIGRATE_TO_DEVICE), 0);
	add_one(&device, memory, WORDS);
	CHECK_EQUAL(ring_run(&ring, IORING_OP_WRITE_FIXED, fd, memory, BYTES),
		    BYTES);
	memset(memory, 0, BYTES);
	CHECK_EQUAL(device_sum(&device, memory, WORDS), 0);
	CHECK_EQUAL(ring_run(&ring, IORING_OP_READ_FIXED, fd, memory, BYTES),
		    BYTES);
	add_one(&device, memory, WORDS);
	check_added(memory, WORDS, 3, 2);
	/* And may move again when it is let go. */
	close(ring.fd);
	sleep_ms(100);
	munmap(ring.sq, PAGE_BYTES);
	munmap(ring.cq, PAGE_BYTES);
	munmap(ring.sqes, PAGE_BYTES);
}

TEST(kernel_access_to_locked_memory)
{
	struct faultline device = open_with_memory();
	uint64_t *memory = memory_map(BYTES);

	CHECK_EQUAL(mlock(memory, BYTES), 0);
	memory_fill(memory, BYTES, 4);
	to_device(&device, memory, BYTES);
	add_one(&device, memory, WORDS);
	check_added(memory, WORDS, 4, 1);
	to_device(&device, memory, BYTES);
	CHECK_EQUAL(munlock(memory, BYTES), 0);
	add_one(&device, memory, WORDS);
	check_added(memory, WORDS, 4, 2);
}

/* What is given up while the device writes is zero or what it wrote, for both sides alike. */
TEST(kernel_access_discards_under_the_device)
{
	const uint64_t value = 0x5a5a5a5a5a5a5a5a;
	struct faultline device = open_with_memory();
	uint64_t *memory = memory_map(BYTES), seqno;
	struct faultline_job job = faultline_job_fill(memory, value, WORDS, 8);
	size_t i;
	int n;

	for (n = 0; n < 30; n++) {
		if (n % 2)
			move(&device, memory, BYTES, FAULTLINE_MIGRATE_TO_DEVICE);
		CHECK_EQUAL(faultline_submit(&device, FAULTLINE_ENGINE_STREAM,
					     &job, 1, &seqno), 0);
		CHECK_EQUAL(madvise(memory, BYTES, MADV_DONTNEED), 0);
		CHECK_EQUAL(faultline_wait(&device, FAULTLINE_ENGINE_STREAM,
					   seqno, -1, NULL), 0);
		CHECK_EQUAL(device_sum(&device, memory, WORDS), sum(memory, WORDS));
		for (i = 0; i < WORDS; i++)
			CHECK(memory[i] == 0 || memory[i] == value);
	}
	CHECK_EQUAL(madvise(memory, BYTES, MADV_DONTNEED), 0);
	CHECK_EQUAL(device_sum(&device, memory, WORDS), 0);
}

/* Lazily freed memory that is written again must stay; unwritten, it may go. */
TEST(kernel_access_frees_lazily)
{
	struct faultline device = open_with_memory();
	uint64_t *memory = memory_map(BYTES);
	size_t i;

	memory_fill(memory, BYTES, 5);
	to_device(&device, memory, BYTES);
	CHECK_EQUAL(madvise(memory, BYTES, MADV_FREE), 0);
	add_one(&device, memory, WORDS / 2);
	madvise(memory, BYTES, MADV_PAGEOUT);
	for (i = 0; i < WORDS / 2; i++)
		CHECK(memory[i] == memory_word(5, i) + 1 || memory[i] == 1);
	for (; i < WORDS; i++)
		CHECK(memory[i] == memory_word(5, i) || memory[i] == 0);
	CHECK_EQUAL(device_sum(&device, memory, WORDS), sum(memory, WORDS));
}

static void set_huge_pages(const char *mode)
{
	file_write("/sys/kernel/mm/transparent_hugepage", "enabled", mode);
}

/* The same work, whatever pages the kernel chooses. */
TEST(kernel_access_in_each_mode_of_huge_pages)
{
	static const char *const modes[] = { "always", "madvise", "never" };
	struct faultline device = open_with_memory();
	size_t i;

	for (i = 0; i < 3; i++) {
		char *memory;
		uint64_t *words;

		set_huge_pages(modes[i]);
		memory = mmap(NULL, 4 * HUGE_BYTES, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		CHECK(memory != MAP_FAILED);
		/* From the middle of a huge page to the middle of another. */
		words = (uint64_t *)(memory + HUGE_BYTES / 2);
		memory_fill(words, 2 * HUGE_BYTES, i);
		add_one(&device, words, 2 * HUGE_WORDS);
		to_device(&device, words, 2 * HUGE_BYTES);
		add_one(&device, words, 2 * HUGE_WORDS);
		check_added(words, 2 * HUGE_WORDS, i, 2);
		add_one(&device, words, 2 * HUGE_WORDS);
		check_added(words, 2 * HUGE_WORDS, i, 3);
		CHECK_EQUAL(munmap(memory, 4 * HUGE_BYTES), 0);
	}
	set_huge_pages("madvise");
}
