/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The driver's own copies, done by the copy engine. */
#ifndef _FAULTLINE_COPY_H_
#define _FAULTLINE_COPY_H_

#include "faultline_copy_types.h"

struct faultline_device;

void faultline_copy_append(struct faultline_copy *copies, u32 *count,
			   const struct faultline_copy *copy);
int faultline_copy_run(struct faultline_device *fdev,
		       const struct faultline_copy *copies, u32 count);

#endif /* _FAULTLINE_COPY_H_ */
