// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Makes the tracepoints. */
#define CREATE_TRACE_POINTS
#include "faultline_trace.h"
