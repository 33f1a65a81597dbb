// SPDX-License-Identifier: MIT
/* How fast memory moves to the device and back, as it is asked for. */
#include "measure.h"

#define BYTES (32ul << 20)

struct moved {
	struct faultline device;
	char *memory;
	char *copy;
};

static void move_to_device(void *context)
{
	struct moved *moved = context;

	to_device(&moved->device, moved->memory, BYTES);
}

static void move_back(void *context)
{
	struct moved *moved = context;

	to_system(&moved->device, moved->memory, BYTES);
}

static void copy(void *context)
{
	struct moved *moved = context;

	memcpy(moved->copy, moved->memory, BYTES);
	/* The copy must not be optimised away. */
	__asm__ volatile("" : : "r"(moved->copy) : "memory");
}

static void measure(const char *name, void *(*map)(size_t))
{
	struct moved moved = { open_with_memory(), map(BYTES), map(BYTES) };
	struct rate_of there = { BYTES / 1e6, NULL, move_to_device, &moved };
	struct rate_of back = { BYTES / 1e6, move_to_device, move_back, &moved };
	struct rate_of memcpy_rate = { BYTES / 1e6, NULL, copy, &moved };
	double memcpy_mb, there_mb, back_mb;

	memory_fill(moved.memory, BYTES, 1);
	memory_fill(moved.copy, BYTES, 2);
	memcpy_mb = median_rate(&memcpy_rate);
	back_mb = median_rate(&back);
	there.before = move_back;
	move_to_device(&moved);
	there_mb = median_rate(&there);
	memory_check(moved.memory, BYTES, 1);
	printf(JSON_PREFIX "{\"%s\":{\"memcpy_mb_per_s\":%.1f,\"to_device_mb_per_s\":%.1f,"
	       "\"to_system_mb_per_s\":%.1f}}\n", name, memcpy_mb, there_mb, back_mb);
}

TEST(moves_in_small_pages)
{
	measure("moves_small", small_map);
}

TEST(moves_in_huge_pages)
{
	measure("moves_huge", huge_map);
}
