// SPDX-License-Identifier: MIT
// Cycles that one translation takes, by what of it is cached.
#pragma once

namespace faultline::bench {

/// latency_hit, latency_l2_hit, and latency_walk/N with N of the five levels cached, 0 to 4. Each
/// has a counter `cycles`: from that in which a request is taken to that of its answer.
void register_latencies();

}  // namespace faultline::bench
