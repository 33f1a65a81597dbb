// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Every opcode, element size and operation against the CPU's own result. */
#include "harness.h"

/* Not a multiple of a page: the job begins and ends inside pages. */
#define COUNT 3001u
#define BYTES (COUNT * sizeof(uint64_t) + PAGE_BYTES)

#define FOR_EACH_SIZE(bytes) \
	for (unsigned int bytes = 1; bytes <= 8; bytes *= 2)

static uint64_t element(const void *memory, uint64_t i, unsigned int bytes)
{
	uint64_t value = 0;

	memcpy(&value, (const char *)memory + i * bytes, bytes);
	return value;
}

static uint64_t truncated(uint64_t value, unsigned int bytes)
{
	return element(&value, 0, bytes);
}

struct buffers {
	struct faultline device;
	unsigned char *src;
	unsigned char *dst;
	uint64_t *index;
};

/* Neither buffer begins at a page. */
static struct buffers buffers_make(void)
{
	struct buffers b = { .device = device_open() };
	uint64_t i;

	b.src = (unsigned char *)memory_map(BYTES) + 40;
	b.dst = (unsigned char *)memory_map(BYTES) + 1000;
	b.index = (uint64_t *)memory_map(BYTES) + 3;
	memory_fill(b.src, COUNT * sizeof(uint64_t), 1);
	for (i = 0; i < COUNT; i++)
		b.index[i] = (i * 7) % COUNT;
	return b;
}

TEST(opcode_nop_completes)
{
	struct faultline device = device_open();
	struct faultline_job job = { .opcode = FAULTLINE_JOB_NOP, .tag = 42 };

	CHECK_EQUAL(run_ok(&device, &job).tag, 42);
}

TEST(opcode_copy_copies_elements_of_any_size)
{
	struct buffers b = buffers_make();

	FOR_EACH_SIZE(bytes) {
		struct faultline_job job =
			faultline_job_copy(b.dst, b.src, COUNT, bytes);

		memset(b.dst, 0, COUNT * 8);
		CHECK_EQUAL(run_ok(&b.device, &job).done, COUNT);
		CHECK(!memcmp(b.dst, b.src, COUNT * bytes));
		CHECK_EQUAL(b.dst[COUNT * bytes], 0);
	}
}

TEST(opcode_fill_stores_the_operand)
{
	struct buffers b = buffers_make();
	uint64_t i;

	FOR_EACH_SIZE(bytes) {
		struct faultline_job job =
			faultline_job_fill(b.dst, 0x1122334455667788, COUNT, bytes);

		CHECK_EQUAL(run_ok(&b.device, &job).done, COUNT);
		for (i = 0; i < COUNT; i++)
			CHECK_EQUAL(element(b.dst, i, bytes),
				    truncated(0x1122334455667788, bytes));
	}
}

TEST(opcode_gather_reads_through_the_index)
{
	struct buffers b = buffers_make();
	uint64_t i;

	FOR_EACH_SIZE(bytes) {
		struct faultline_job job =
			faultline_job_gather(b.dst, b.src, b.index, COUNT, bytes);

		CHECK_EQUAL(run_ok(&b.device, &job).done, COUNT);
		for (i = 0; i < COUNT; i++)
			CHECK_EQUAL(element(b.dst, i, bytes),
				    element(b.src, b.index[i], bytes));
	}
}

TEST(opcode_scatter_writes_through_the_index)
{
	struct buffers b = buffers_make();
	uint64_t i;

	FOR_EACH_SIZE(bytes) {
		struct faultline_job job =
			faultline_job_scatter(b.dst, b.src, b.index, COUNT, bytes);

		CHECK_EQUAL(run_ok(&b.device, &job).done, COUNT);
		for (i = 0; i < COUNT; i++)
			CHECK_EQUAL(element(b.dst, b.index[i], bytes),
				    element(b.src, i, bytes));
	}
}

TEST(opcode_transform_applies_each_operation)
{
	struct buffers b = buffers_make();
	uint64_t operand = 0x8040201008040201, i;
	unsigned int op;

	for (op = FAULTLINE_ALU_ADD; op <= FAULTLINE_ALU_MAX; op++) {
		FOR_EACH_SIZE(bytes) {
			struct faultline_job job = faultline_job_transform(
				b.dst, b.src, op, operand, COUNT, bytes);

			CHECK_EQUAL(run_ok(&b.device, &job).done, COUNT);
			for (i = 0; i < COUNT; i++)
				CHECK_EQUAL(element(b.dst, i, bytes),
					    faultline_alu(op, element(b.src, i, bytes),
							  operand, bytes));
		}
	}
}

TEST(opcode_reduce_folds_with_each_operation)
{
	struct buffers b = buffers_make();
	uint64_t initial = 0x7fffffff7fff7f7f, want, i;
	unsigned int op;

	for (op = FAULTLINE_ALU_ADD; op <= FAULTLINE_ALU_MAX; op++) {
		FOR_EACH_SIZE(bytes) {
			struct faultline_job job = faultline_job_reduce(
				b.src, op, initial, COUNT, bytes);

			want = truncated(initial, bytes);
			for (i = 0; i < COUNT; i++)
				want = faultline_alu(op, want,
						     element(b.src, i, bytes), bytes);
			CHECK_EQUAL(truncated(run_ok(&b.device, &job).result, bytes),
				    want);
		}
	}
}

/* A list through memory, one node a page, its link at an offset. */
struct node {
	uint64_t value;
	struct node *next;
};

#define NODES 100u

TEST(opcode_pointer_walk_follows_the_list_to_its_end)
{
	struct faultline device = device_open();
	char *memory = memory_map(NODES * PAGE_BYTES);
	struct faultline_completion done;
	struct faultline_job job;
	struct node *node[NODES];
	unsigned int i;

	for (i = 0; i < NODES; i++)
		node[i] = (struct node *)(void *)(memory + (i * 37 % NODES) * PAGE_BYTES + i * 16);
	for (i = 0; i + 1 < NODES; i++)
		node[i]->next = node[i + 1];

	job = faultline_job_walk(node[0], offsetof(struct node, next), 1000);
	done = run_ok(&device, &job);
	CHECK_EQUAL(done.done, NODES - 1);
	CHECK_EQUAL(done.result, (uintptr_t)node[NODES - 1]);

	job = faultline_job_walk(node[0], offsetof(struct node, next), 10);
	done = run_ok(&device, &job);
	CHECK_EQUAL(done.done, 10);
	CHECK_EQUAL(done.result, (uintptr_t)node[10]);
}

TEST(opcode_atomic_applies_each_operation_and_returns_the_old_value)
{
	struct buffers b = buffers_make();
	uint64_t operand = 0x0123456789abcdef, old;
	struct faultline_job job;
	unsigned int op;

	for (op = FAULTLINE_ALU_ADD; op <= FAULTLINE_ALU_MAX; op++) {
		FOR_EACH_SIZE(bytes) {
			old = element(b.src, op, bytes);
			job = faultline_job_atomic(b.src + op * bytes, op,
						   operand, 1, 0, bytes);
			CHECK_EQUAL(run_ok(&b.device, &job).result, old);
			CHECK_EQUAL(element(b.src, op, bytes),
				    faultline_alu(op, old, operand, bytes));
		}
	}
}

TEST(opcode_atomic_steps_by_the_stride)
{
	struct buffers b = buffers_make();
	struct faultline_job job =
		faultline_job_atomic(b.dst, FAULTLINE_ALU_ADD, 5, 50, 200, 8);
	unsigned int i;

	CHECK_EQUAL(run_ok(&b.device, &job).done, 50);
	for (i = 0; i < 50 * 200; i += 8)
		CHECK_EQUAL(element(b.dst + i, 0, 8), i % 200 ? 0 : 5);
}

TEST(opcode_exchange_and_compare_swap)
{
	struct faultline device = device_open();
	uint64_t *word = memory_map(PAGE_BYTES);
	struct faultline_job job = faultline_job_exchange(word, 11, 8);

	*word = 7;
	CHECK_EQUAL(run_ok(&device, &job).result, 7);
	CHECK_EQUAL(*word, 11);
	job = faultline_job_compare_swap(word, 12, 13, 8);
	CHECK_EQUAL(run_ok(&device, &job).result, 11);
	CHECK_EQUAL(*word, 11);
	job = faultline_job_compare_swap(word, 11, 13, 8);
	CHECK_EQUAL(run_ok(&device, &job).result, 11);
	CHECK_EQUAL(*word, 13);
}

TEST(opcode_weak_atomics_work_on_writable_pages)
{
	struct faultline device = device_open();
	uint64_t *word = memory_map(PAGE_BYTES);
	struct faultline_job job =
		faultline_job_atomic(word, FAULTLINE_ALU_ADD, 3, 1, 0, 8);

	job.flags = FAULTLINE_JOB_WEAK_ATOMIC;
	CHECK_EQUAL(run_ok(&device, &job).result, 0);
	CHECK_EQUAL(*word, 3);
}

TEST(opcode_prefetch_never_fails_and_never_waits)
{
	struct faultline device = device_open();
	char *memory = memory_map(64 * PAGE_BYTES);
	struct faultline_job job;

	memory_fill(memory, 64 * PAGE_BYTES, 3);
	job = faultline_job_prefetch(memory, 64 * PAGE_BYTES);
	run_ok(&device, &job);
	/* Nothing is mapped at the first page of the address space. */
	job = faultline_job_prefetch(NULL, PAGE_BYTES);
	run_ok(&device, &job);
	memory_check(memory, 64 * PAGE_BYTES, 3);
}

TEST(opcode_misaligned_address_is_a_bad_job)
{
	struct faultline device = device_open();
	char *memory = memory_map(PAGE_BYTES);
	struct faultline_job job = faultline_job_fill(memory + 4, 1, 1, 8);
	struct faultline_completion done;

	CHECK_EQUAL(faultline_run(&device, FAULTLINE_ENGINE_STREAM, &job, &done),
		    -EINVAL);
	CHECK_EQUAL(done.status, FAULTLINE_STATUS_BAD_JOB);
	CHECK_EQUAL(memory[4], 0);
}
