#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# splat.sh KIND TEXT: a module that does this wrong thing (tests/guest/splats) fails the guest, with TEXT.
source "$(dirname "$0")/common.sh"
kind=$1 text=$2
modules=$project/build/guest-splats/$(resolve_kernel "$guest_kernel")

build_splats() {
  mkdir -p "$modules" && cp "$project"/tests/guest/splats/* "$modules/" && make -s -C "$(kernel_headers "$(resolve_kernel "$guest_kernel")")" M="$modules" modules
}

guest_device=no guest_load=no
prepare_guest
newer_than "$modules/splat.ko" "$project/tests/guest/splats" "$vmlinuz" ||
  step splats "Building the module that does wrong" build_splats || die "The module did not build." "The log says why."
add_to_image lib "$modules/splat.ko"
boot_in_background "insmod /lib/splat.ko kind=$kind || echo unknown"
status=0 && wait "$guest_pid" || status=$?
! guest_said unknown || fail "the module does not know $kind"
((status == 125)) || fail "nobody noticed: the guest ended with $status"
grep -aEm 1 "$text" "$run/console.log" || fail "another complaint"
