/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Access counters: the device tells what system memory it uses often. */
#ifndef _FAULTLINE_ACCESS_H_
#define _FAULTLINE_ACCESS_H_

#include "faultline_access_types.h"

struct faultline_device;

int faultline_access_init(struct faultline_device *fdev);
void faultline_access_fini(struct faultline_device *fdev);
void faultline_access_start(struct faultline_device *fdev);
void faultline_access_stop(struct faultline_device *fdev);
bool faultline_access_is_pending(struct faultline_device *fdev);
u32 faultline_access_fetch(struct faultline_device *fdev);
void faultline_access_clear(struct faultline_device *fdev, u32 tag);
void faultline_access_clear_all(struct faultline_device *fdev);

#endif /* _FAULTLINE_ACCESS_H_ */
