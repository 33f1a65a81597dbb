#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# mistake.sh MISTAKE KIND TEST: a driver built to make this mistake; the sanitizer reports it as of this kind, and of no other.
source "$(dirname "$0")/common.sh"
mistake=$1 kind=$2 test=$3

build_broken_driver() { make -C "$project/driver" module -j "$jobs" KDIR="$(kernel_headers "$1")" OUT="$broken" FAULTLINE_MISTAKES=1; }

guest_sanitize=yes guest_seconds=120 guest_memory=2G
prepare_guest
release=$(resolve_kernel "$guest_kernel")
broken=$project/build/guest-mistakes/$release
newer_than "$broken/faultline.ko" "$project/driver" "$project/regs/generated/faultline_regs.h" ||
  step "driver-mistakes-$release" "Building the driver that makes mistakes" build_broken_driver "$release" || die "The driver did not build." "The log says why."

add_to_image lib "$broken/faultline.ko"

# What becomes of the test does not count: its driver is broken.
boot_in_background "echo $mistake >/sys/module/faultline/parameters/mistake && echo chosen && faultline-tests $test; true"
wait "$guest_pid" || true
guest_said '^chosen' || fail "the driver knows no mistake '$mistake'"
found=$(sed -n 's/^.*error: sanitizer: \([a-z-]*\): .*/\1/p' "$run/device.log" | sort -u)
[[ $found == "$kind" ]] || fail "$mistake was reported as '${found:-nothing}', not as '$kind'"
awk '/sanitizer: / && !n++ || n == 1 && /^ / { print; next } n { exit }' "$run/device.log"
