#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The harness itself: a panic, a hang, a dead QEMU and a job's exit code are told apart.
source "$(dirname "$0")/common.sh"
run_guest() { FAULTLINE_PATIENCE=1 "$project/faultline" run --no-device --no-driver --timeout "${seconds:-60}" -- sh -c "$1" >"$out" 2>&1 || status=$?; }
out=$(mktemp)
trap 'rm -f "$out"' EXIT
expect() { { [[ $status == "$1" ]] && grep -q "$2" "$out"; } || { echo "exit $status, wanted $1 and '$2':" && cat "$out" && exit 1; }; }
status=0 && run_guest 'echo farewell; exit 7' && expect 7 farewell
status=0 && run_guest 'echo c >/proc/sysrq-trigger' && expect 125 'Kernel panic'
status=0 && run_guest 'echo "UBSAN: shift-out-of-bounds in faultline_nothing.c:1:1" >/dev/kmsg' && expect 125 'the kernel complained: .*UBSAN'
status=0 && seconds=12 && run_guest 'sleep 1000' && expect 125 'did not finish in 12 s'
status=0 && seconds=60 && run_guest 'poweroff -f' && expect 125 'without a status'

guest_device=no guest_load=no
prepare_guest
boot_in_background 'echo ready; sleep 60' 2>"$out"
await 60 "ready guest" guest_said ready
pkill -ABRT -f "^qemu-system-x86_64 .*$run/"
status=0 && wait "$guest_pid" || status=$?
expect 125 'QEMU failed with status 134'
