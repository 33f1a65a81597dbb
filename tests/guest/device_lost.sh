#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# device_lost.sh unbind|remove: the device process dies with memory of a process on it: who touches that gets SIGBUS, and nobody else notices.
source "$(dirname "$0")/common.sh"
prepare_guest
boot_in_background "FAULTLINE_LOSS=$1 faultline-tests lost && echo guest lives"
await 60 "ready guest" guest_said ready
kill -9 "$device_pid"
finish_guest
guest_said 'guest lives' || fail "the guest did not go on"
