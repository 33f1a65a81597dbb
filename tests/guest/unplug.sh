#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The function is unplugged and plugged again, then once more with a new device process.
source "$(dirname "$0")/common.sh"
prepare_guest
boot_in_background '
gone() { while [ -e /dev/faultline0 ]; do sleep 0.1; done; }
back() { until [ -e /dev/faultline0 ]; do sleep 0.1; done; }
faultline-tests opcode_copy || exit 1
echo ready 1; gone; echo gone 1; back
faultline-tests opcode_copy opcode_fill || exit 1
echo ready 2; gone; echo gone 2; back
faultline-tests opcode_copy opcode_fill'
for round in 1 2; do
  await 60 "ready guest" guest_said "ready $round"
  qmp device_del '{"id":"d0"}' >/dev/null
  await 30 "unplug in the guest" guest_said "gone $round"
  await 30 "unplug in QEMU" pci_device_gone
  if ((round == 2)); then
    kill "$device_pid" && wait "$device_pid" || true
    start_device
  fi
  plug_device
done
finish_guest
