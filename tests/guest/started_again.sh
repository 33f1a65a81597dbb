#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A machine that ends, or hangs, before the guest's init is started once more, with the same device; after that it has failed.
source "$(dirname "$0")/common.sh"
prepare_guest

# At the beginning the console has nothing to say.
has_qmp() { [[ -S $run/qmp.socket ]]; }
boot_in_background 'faultline-tests opcode_copy && echo done' 2>"$run/said"
await 30 "machine" has_qmp
# It may go before it has answered.
qmp quit >/dev/null 2>&1 || true
finish_guest
guest_said '^done' || fail "the second machine did not do the job"
grep -q 'Starting the machine once more' "$run/said" || fail "nobody was told"

guest_start_seconds=1
status=0
boot_in_background 'echo done' 2>"$run/said"
wait "$guest_pid" || status=$?
((status == 125)) || fail "a kernel that never starts ended with $status"
grep -q "did not get to its init" "$run/said" || fail "another reason was given"
! guest_said '^done' || fail "the kernel started in a second"
