/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Guest tests: one program, named tests, TAP output, each test in a process of its own. */
#ifndef FAULTLINE_HARNESS_H
#define FAULTLINE_HARNESS_H

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libfaultline.h"

struct test {
	const char *name;
	void (*run)(void);
	struct test *next;
};

void test_register(struct test *test);

/* Ends the running test: failed, with the reason, or skipped, with the reason. */
void test_fail(const char *file, int line, const char *format, ...)
	__attribute__((format(printf, 3, 4), noreturn));
void test_skip(const char *format, ...)
	__attribute__((format(printf, 1, 2), noreturn));

/* A test's name says the behaviour; it is run unless others are named on the command line. */
#define TEST(test_name)                                                       \
	static void test_##test_name(void);                                   \
	static struct test test_entry_##test_name = {                         \
		.name = #test_name, .run = test_##test_name                   \
	};                                                                    \
	__attribute__((constructor)) static void test_add_##test_name(void)   \
	{                                                                     \
		test_register(&test_entry_##test_name);                       \
	}                                                                     \
	static void test_##test_name(void)

#define CHECK(condition)                                                      \
	do {                                                                  \
		if (!(condition))                                             \
			test_fail(__FILE__, __LINE__, "%s", #condition);      \
	} while (0)

#define CHECK_EQUAL(actual, wanted)                                           \
	do {                                                                  \
		int64_t actual_ = (int64_t)(actual);                          \
		int64_t wanted_ = (int64_t)(wanted);                          \
		if (actual_ != wanted_)                                       \
			test_fail(__FILE__, __LINE__,                         \
				  "%s is %" PRId64 ", not %" PRId64, #actual, \
				  actual_, wanted_);                          \
	} while (0)

#define PAGE_BYTES 4096u
#define HUGE_BYTES (2u << 20)

/* The open device; the test ends if there is none. */
struct faultline device_open(void);

/* Anonymous private memory without huge pages, zero; the test ends if there is none. */
void *memory_map(size_t bytes);
/* Fills with a pattern that depends on the seed and the place. */
void memory_fill(void *memory, size_t bytes, uint64_t seed);
uint64_t memory_word(uint64_t seed, uint64_t index);
/* The test ends with the first word that differs. */
void memory_check(const void *memory, size_t bytes, uint64_t seed);

/* Runs a job that must end well. */
struct faultline_completion run_ok(struct faultline *device,
				   const struct faultline_job *job);
/* Runs a job that must fail with this error, as a fault of this access. */
struct faultline_completion run_fault(struct faultline *device, uint32_t engine,
				      const struct faultline_job *job, int error,
				      unsigned int access);

struct faultline_stats device_stats(struct faultline *device);

/* Loads the driver again with these parameters ("a=1 b=2"); NULL: with the defaults. */
void driver_reload(const char *parameters);
void driver_unload(void);

#define DRIVER_FOLDER "/sys/bus/pci/drivers/faultline"
#define DRIVER_PARAMETERS "/sys/module/faultline/parameters"

/* For a driver built to make mistakes and meet mishaps: which from now on, or "none". Skipped with any other. */
void driver_mistake(const char *name);
/* Resets the function: whoever has the device open loses it. */
void driver_reset(void);

/* The PCI address of the first device that the driver is bound to. */
void driver_address(char *address, size_t size);
/* Writes to folder/name, as a file of sysfs wants it: by one call. */
void file_write(const char *folder, const char *name, const char *text);

/* Runs in a child of fork() and must exit with 0 within the time. */
void in_child(void (*run)(void *), void *arg, unsigned int seconds);
/* Waits until the child has gone; the test ends if it has not in that time. */
int child_wait(int pid, unsigned int seconds);

void sleep_ms(unsigned int ms);

#endif /* FAULTLINE_HARNESS_H */
