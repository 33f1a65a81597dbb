// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* libfaultline: codes in words. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "libfaultline.h"

#define LOOK_UP(table, i) \
	((i) < sizeof(table) / sizeof(*(table)) ? (table)[i] : "unknown")

static const char *const opcodes[] = {
	"nop", "copy", "fill", "gather", "scatter", "pointer walk", "reduce",
	"transform", "atomic", "atomic exchange", "atomic compare-and-swap",
	"prefetch",
};

static const char *const alu_ops[] = { "add", "xor", "and", "or", "min", "max" };

static const char *const statuses[] = {
	"ok", "fault", "aborted", "bad job", "DMA error",
};

static const char *const fault_types[] = {
	"directory entry invalid", "directory entry size", "page not mapped",
	"address beyond the device's limit", "instance block not bound",
	"privileged page", "page is read-only", "page is write-only",
	"pitch mask", "work creation", "unsupported aperture",
	"compression failure", "unsupported kind", "region violation",
	"poisoned page", "atomics disabled for the page",
};

static const char *const accesses[] = {
	"read", "write", "atomic", "prefetch", "weak atomic",
};

const char *faultline_opcode_name(unsigned int opcode)
{
	return LOOK_UP(opcodes, opcode);
}

const char *faultline_alu_name(unsigned int alu_op)
{
	return LOOK_UP(alu_ops, alu_op);
}

const char *faultline_status_name(unsigned int status)
{
	return LOOK_UP(statuses, status);
}

const char *faultline_fault_type_name(unsigned int fault_type)
{
	return LOOK_UP(fault_types, fault_type);
}

const char *faultline_access_name(unsigned int access_type)
{
	return LOOK_UP(accesses, access_type);
}

const char *faultline_strcompletion(const struct faultline_completion *done,
				    char *buffer, size_t size)
{
	if (done->status == FAULTLINE_STATUS_FAULT)
		snprintf(buffer, size,
			 "%s at %#" PRIx64 ": %s (%s), %" PRIu64 " elements done",
			 faultline_access_name(done->access_type),
			 (uint64_t)done->fault_address,
			 faultline_fault_type_name(done->fault_type),
			 strerror(-done->error), (uint64_t)done->done);
	else
		snprintf(buffer, size, "%s, %" PRIu64 " elements done",
			 faultline_status_name(done->status),
			 (uint64_t)done->done);
	return buffer;
}
