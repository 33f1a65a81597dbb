/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Processes whose memory is taken by somebody who may not sleep, for tests. */
#ifndef FAULTLINE_REAPING_H
#define FAULTLINE_REAPING_H

/* Stopped, with memory that the device has mapped. Returns its id. */
int victim_start(void);
/*
 * Kills it and takes its memory as the OOM killer does. It does not get to run until the caller sleeps, so that it is not
 * its own end that takes the memory.
 */
void victim_reap(int victim);

#endif /* FAULTLINE_REAPING_H */
