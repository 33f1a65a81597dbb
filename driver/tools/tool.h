/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The guest tool: what its commands share. */
#ifndef FAULTLINE_TOOL_H
#define FAULTLINE_TOOL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "libfaultline.h"

/* Exit codes of the tool. */
enum { TOOL_OK = 0, TOOL_FAILED = 1, TOOL_USAGE = 2 };

/* Starts the line that programs read. */
#define TOOL_JSON_PREFIX "FAULTLINE-JSON "

#define LONE_FAULTS 8

/* Faults taken one at a time, with nothing else going on: what each went through was for it alone. */
struct lone_faults {
	uint32_t count;
	int64_t device_offset_ns;
	struct faultline_fault_record records[LONE_FAULTS];
};

/* A command gets its own argc and argv, with its name as argv[0]. */
int command_info(int argc, char **argv);
int command_stats(int argc, char **argv);
int command_job(int argc, char **argv);
int command_demo(int argc, char **argv);
int command_bench(int argc, char **argv);

/* Opens the device or says why not, with the remedy. */
int tool_open(struct faultline *device);
int tool_number(const char *text, uint64_t *value);
uint64_t tool_now_ns(void);

/* Takes them; says what went wrong. */
int take_lone_faults(struct lone_faults *faults);

void report_counters(FILE *out, const char *title,
		     const struct faultline_counters *counters);
void report_timeline(FILE *out, const struct faultline_fault_record *record,
		     int64_t device_offset_ns);
void json_counters(FILE *out, const char *name,
		   const struct faultline_counters *counters);
void json_record(FILE *out, const struct faultline_fault_record *record);
void counters_add(struct faultline_counters *sum,
		  const struct faultline_counters *by);
void counters_subtract(struct faultline_counters *from,
		       const struct faultline_counters *by);
/* Of the served faults that had an interrupt of their own, the median one by duration; or NULL. */
const struct faultline_fault_record *
median_record(struct faultline_fault_record *records, uint32_t count,
	      int64_t device_offset_ns);

#endif /* FAULTLINE_TOOL_H */
