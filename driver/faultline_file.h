/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The device node. */
#ifndef _FAULTLINE_FILE_H_
#define _FAULTLINE_FILE_H_

struct faultline_device;

int faultline_file_register(struct faultline_device *fdev);
void faultline_file_close_all(struct faultline_device *fdev);
void faultline_file_unregister(struct faultline_device *fdev);

#endif /* _FAULTLINE_FILE_H_ */
