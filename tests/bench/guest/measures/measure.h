/* SPDX-License-Identifier: MIT */
/* Measurements in the guest: each is a TEST that prints a line of JSON; what they share. */
#ifndef FAULTLINE_MEASURE_H
#define FAULTLINE_MEASURE_H

#include "work.h"

/* Starts the line that programs read. */
#define JSON_PREFIX "FAULTLINE-JSON "

double now_seconds(void);

/* Sorts them. share: 0.5 for the median. */
double percentile(double *samples, size_t count, double share);

/* The median of the rate at which `work` does `amount`, over some rounds; what `before` does is not timed. */
struct rate_of {
	double amount;
	void (*before)(void *context);
	void (*work)(void *context);
	void *context;
};
double median_rate(const struct rate_of *what);

#endif /* FAULTLINE_MEASURE_H */
