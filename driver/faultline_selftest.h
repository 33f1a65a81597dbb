/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Self-test at probe. */
#ifndef _FAULTLINE_SELFTEST_H_
#define _FAULTLINE_SELFTEST_H_

struct faultline_channel;

int faultline_selftest_coherence(struct faultline_channel *channel);

#endif /* _FAULTLINE_SELFTEST_H_ */
