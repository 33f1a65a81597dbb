/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The self-test node /dev/hmm_dmirrorN. */
#ifndef _FAULTLINE_DMIRROR_H_
#define _FAULTLINE_DMIRROR_H_

struct faultline_device;

int faultline_dmirror_register(struct faultline_device *fdev);
void faultline_dmirror_unregister(struct faultline_device *fdev);

#endif /* _FAULTLINE_DMIRROR_H_ */
