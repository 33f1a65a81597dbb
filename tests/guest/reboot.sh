#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A guest that reboots finds the device as new.
source "$(dirname "$0")/common.sh"
guest_on_reboot=reset
prepare_guest
# A CMOS cell that nobody uses tells the second boot from the first.
boot_in_background '
cell() { printf "\156" | dd of=/dev/port bs=1 seek=112 2>/dev/null; }
cell
if [ "$(dd if=/dev/port bs=1 skip=113 count=1 2>/dev/null)" = R ]; then
  faultline-tests opcode_copy opcode_fill && echo second boot done
else
  faultline-tests opcode_copy || exit 1
  cell; printf R | dd of=/dev/port bs=1 seek=113 2>/dev/null
  echo rebooting
  reboot -f
fi'
finish_guest
guest_said rebooting || fail "the guest never rebooted"
guest_said 'second boot done' || fail "the second boot did not finish"
