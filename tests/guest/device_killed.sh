#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The device process dies: the guest lives, and who uses the device is told.
# It dies while nothing is said to it: in the middle of a message QEMU 11.1 aborts, see docs/guide/driver.md.
source "$(dirname "$0")/common.sh"
prepare_guest
boot_in_background '
faultline-tests opcode_copy || exit 1
echo ready
sleep 2
until [ "$(dd if="$(dirname /sys/bus/pci/drivers/faultline/0*/resource0)/config" bs=2 count=1 2>/dev/null | hexdump -v -e "1/2 \"%x\"")" != 1234 ]; do sleep 0.1; done
timeout 60 faultline job copy && echo "the job succeeded without a device" && exit 1
echo guest lives'
await 60 "ready guest" guest_said ready
kill -9 "$device_pid"
finish_guest
guest_said 'guest lives' || fail "the guest did not go on"
