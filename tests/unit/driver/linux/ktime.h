/* SPDX-License-Identifier: MIT */
/* The kernel's clock, as much of it as the driver's headers under test want; a test sets it. */
#ifndef TESTS_UNIT_DRIVER_LINUX_KTIME_H_
#define TESTS_UNIT_DRIVER_LINUX_KTIME_H_

#include <cstdint>

using u32 = std::uint32_t;
using u64 = std::uint64_t;
using ktime_t = std::int64_t;

inline ktime_t test_now_ns = 0;

inline ktime_t ktime_get() { return test_now_ns; }
inline ktime_t ktime_add_us(ktime_t time, u64 us) { return time + static_cast<ktime_t>(us) * 1000; }
inline bool ktime_after(ktime_t a, ktime_t b) { return a > b; }

#endif  // TESTS_UNIT_DRIVER_LINUX_KTIME_H_
