/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* An address space as a GMMU image. */
#ifndef _FAULTLINE_IMAGE_H_
#define _FAULTLINE_IMAGE_H_

#include <linux/types.h>

struct faultline_vm;

void *faultline_image_build(struct faultline_vm *vm, size_t *size);

#endif /* _FAULTLINE_IMAGE_H_ */
