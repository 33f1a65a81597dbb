#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# mistake.sh MISTAKE KIND TEST: a driver built to make this mistake; the sanitizer reports it as of this kind, and of no other.
source "$(dirname "$0")/common.sh"
mistake=$1 kind=$2 test=$3

guest_sanitize=yes guest_seconds=120 guest_memory=2G
prepare_guest
use_broken_driver

# What becomes of the test does not count: its driver is broken.
boot_in_background "echo $mistake >/sys/module/faultline/parameters/mistake && echo chosen && faultline-tests $test; true"
wait "$guest_pid" || true
guest_said '^chosen' || fail "the driver knows no mistake '$mistake'"
found=$(sed -n 's/^.*error: sanitizer: \([a-z-]*\): .*/\1/p' "$run/device.log" | sort -u)
[[ $found == "$kind" ]] || fail "$mistake was reported as '${found:-nothing}', not as '$kind'"
awk '/sanitizer: / && !n++ || n == 1 && /^ / { print; next } n { exit }' "$run/device.log"
