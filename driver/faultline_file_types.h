/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* An open file of the device node. */
#ifndef _FAULTLINE_FILE_TYPES_H_
#define _FAULTLINE_FILE_TYPES_H_

#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>

#include "faultline.h"
#include "faultline_bounce.h"

struct dentry;
struct faultline_channel;
struct faultline_device;
struct faultline_vm;

#define FAULTLINE_ENGINES	2

/**
 * struct faultline_file - one open file: an address space and a queue per engine
 */
struct faultline_file {
	/** @ref: one for the file, one while the device is being unplugged */
	struct kref ref;
	/** @fdev: the device, with a reference */
	struct faultline_device *fdev;
	/** @link: in &faultline_device.files; under &faultline_device.files_lock */
	struct list_head link;
	/**
	 * @lock: held while a queue is opened, while the hardware part is given
	 * up, and by who relies on neither: protects what follows, down to
	 * @queues. May be held long: until the device has stopped
	 */
	struct mutex lock;
	/** @closed: the hardware part is gone; looked at without @lock, too */
	bool closed;
	/**
	 * @stuck: the device did not stop: what it may still use, and what its
	 * interrupt may, is leaked
	 */
	bool stuck;
	/**
	 * @queues: channel of each engine, opened at first use, never replaced;
	 * who waits for jobs looks without @lock
	 */
	struct faultline_channel *queues[FAULTLINE_ENGINES];
	/** @vm: the address space */
	struct faultline_vm *vm;
	/**
	 * @command_lock: one command of the self-test node at a time; protects
	 * @bounce and @fail_alloc
	 */
	struct mutex command_lock;
	/** @bounce: kernel memory in the address space, for the self-test node */
	struct faultline_bounce bounce;
	/** @fail_alloc: &faultline_migrate_request.fail_alloc of its commands */
	bool fail_alloc;
	/** @image: debugfs file with the image of the address space */
	struct dentry *image;
};

#endif /* _FAULTLINE_FILE_TYPES_H_ */
