/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Jobs: from user space to a ring, and their completions back. */
#ifndef _FAULTLINE_JOB_H_
#define _FAULTLINE_JOB_H_

#include "faultline.h"
#include "faultline_channel.h"

int faultline_job_submit(struct faultline_channel *channel,
			 struct faultline_submit *submit);
int faultline_job_run(struct faultline_channel *channel,
		      const struct faultline_job *job);
int faultline_job_drain(struct faultline_channel *channel);
int faultline_job_wait(struct faultline_channel *channel,
		       struct faultline_wait *wait);

#endif /* _FAULTLINE_JOB_H_ */
