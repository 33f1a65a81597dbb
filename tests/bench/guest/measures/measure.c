// SPDX-License-Identifier: MIT
/* Measurements in the guest: what they share. */
#include "measure.h"

#include <time.h>

#define ROUNDS 7

double now_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int by_value(const void *a, const void *b)
{
	double d = *(const double *)a - *(const double *)b;

	return (d > 0) - (d < 0);
}

double percentile(double *samples, size_t count, double share)
{
	CHECK(count > 0);
	qsort(samples, count, sizeof(*samples), by_value);
	return samples[(size_t)((double)(count - 1) * share)];
}

double median_rate(const struct rate_of *what)
{
	double rates[ROUNDS], begin;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		if (what->before)
			what->before(what->context);
		begin = now_seconds();
		what->work(what->context);
		rates[i] = what->amount / (now_seconds() - begin);
	}
	return percentile(rates, ROUNDS, 0.5);
}
