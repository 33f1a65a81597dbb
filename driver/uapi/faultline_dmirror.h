/* SPDX-License-Identifier: (GPL-2.0-only WITH Linux-syscall-note) OR MIT */
/* The requests of /dev/hmm_dmirrorN, as the kernel's own HMM tests make them. */
#ifndef _UAPI_FAULTLINE_DMIRROR_H
#define _UAPI_FAULTLINE_DMIRROR_H

#include <linux/ioctl.h>
#include <linux/types.h>

/**
 * struct dmirror_command - one command on a range of the process
 * @address: of the process, page aligned
 * @buffer: where data or results go to or come from
 * @pages: length in pages of 4 KiB
 * @done: out: pages done
 * @faults: out: rounds of fault service that it took
 */
struct dmirror_command {
	__u64 address;
	__u64 buffer;
	__u64 pages;
	__u64 done;
	__u64 faults;
};

#define DMIRROR_READ		_IOWR('H', 0x00, struct dmirror_command)
#define DMIRROR_WRITE		_IOWR('H', 0x01, struct dmirror_command)
#define DMIRROR_TO_DEVICE	_IOWR('H', 0x02, struct dmirror_command)
#define DMIRROR_TO_SYSTEM	_IOWR('H', 0x03, struct dmirror_command)
#define DMIRROR_SNAPSHOT	_IOWR('H', 0x04, struct dmirror_command)
#define DMIRROR_EXCLUSIVE	_IOWR('H', 0x05, struct dmirror_command)
#define DMIRROR_CHECK_EXCLUSIVE	_IOWR('H', 0x06, struct dmirror_command)
#define DMIRROR_RELEASE		_IOWR('H', 0x07, struct dmirror_command)
#define DMIRROR_FLAGS		_IOWR('H', 0x08, struct dmirror_command)
#define DMIRROR_READ_UNLOCKED	_IOWR('H', 0x09, struct dmirror_command)

/* DMIRROR_FLAGS, in @pages: the next allocation of memory for a migration fails. */
#define DMIRROR_FLAG_FAIL_ALLOC	0x1

/* DMIRROR_SNAPSHOT: one byte a page. */
#define DMIRROR_PAGE_NONE	0x00
#define DMIRROR_PAGE_READ	0x01
#define DMIRROR_PAGE_WRITE	0x02
#define DMIRROR_PAGE_PMD	0x04 /* by one entry of 2 MiB */
#define DMIRROR_PAGE_PUD	0x08 /* of 1 GiB */
#define DMIRROR_PAGE_ZERO	0x10 /* the zero page */
#define DMIRROR_PAGE_LOCAL	0x20 /* in the memory of the device asked */
#define DMIRROR_PAGE_REMOTE	0x30 /* in that of another */
#define DMIRROR_PAGE_ERROR	0xff

#endif /* _UAPI_FAULTLINE_DMIRROR_H */
