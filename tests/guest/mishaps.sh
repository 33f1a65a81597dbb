#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# mishaps.sh PREFIX...: test programs on a driver that meets mishaps when it is told to. None may be skipped.
source "$(dirname "$0")/common.sh"
# A sanitizer would report what is done here on purpose: pages used without an invalidate.
guest_memory=2G guest_seconds=600 guest_sanitize=no
prepare_guest
use_broken_driver
# The driver asks 4096 times before it gives up, and on a busy host a device that works answers within 20 ms.
boot_in_background "FAULTLINE_TEST_SECONDS=400 faultline-tests $*"
finish_guest
cat "$run/output"
! guest_said '# SKIP' || fail "a test was skipped"
