/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* debugfs: counters of the device, images of its address spaces. */
#ifndef _FAULTLINE_DEBUGFS_H_
#define _FAULTLINE_DEBUGFS_H_

struct dentry;
struct faultline_device;
struct faultline_vm;

void faultline_debugfs_init(void);
void faultline_debugfs_exit(void);
void faultline_debugfs_register(struct faultline_device *fdev);
void faultline_debugfs_unregister(struct faultline_device *fdev);
struct dentry *faultline_debugfs_add_image(struct faultline_vm *vm);
void faultline_debugfs_remove_image(struct dentry *image);

#endif /* _FAULTLINE_DEBUGFS_H_ */
