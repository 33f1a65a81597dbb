/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The device node. */
#ifndef _FAULTLINE_FILE_H_
#define _FAULTLINE_FILE_H_

#include <linux/types.h>

#include "faultline_file_types.h"

struct file;
struct inode;

int faultline_file_open(struct faultline_device *fdev, struct inode *inode,
			struct file *filep, bool exclusive_atomics);
int faultline_file_close(struct inode *inode, struct file *filep);
struct faultline_channel *faultline_file_queue(struct faultline_file *file,
					       u32 engine);
int faultline_file_register(struct faultline_device *fdev);
void faultline_file_close_all(struct faultline_device *fdev);
void faultline_file_unregister(struct faultline_device *fdev);

#endif /* _FAULTLINE_FILE_H_ */
