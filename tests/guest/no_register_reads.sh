#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# From the packet to the replay the driver reads no register: a read costs a guest two exits and waits for the device.
source "$(dirname "$0")/common.sh"
mkdir -p "$logs"
trace=$logs/trace.jsonl
guest_device_options=(--trace "$trace")
prepare_guest
boot_in_background 'faultline-tests mapping_untouched opcode_fill mapping_stack opcode_copy'
finish_guest

awk -F'"' '
  $6 == "packet" { packets++; serving = 1 }
  $6 == "packet" && /"va": "0x0"/ { bogus++ }
  $6 == "read" { serving ? meanwhile++ : elsewhere++ }
  $6 == "replay" { replays++; serving = 0; reads += meanwhile; meanwhile = 0 }
  END {
    printf "%d packets, %d replays, %d register reads between them, %d elsewhere\n", packets, replays, reads, elsewhere
    exit !packets || !replays || reads || !elsewhere || bogus
  }' "$trace" || fail "a fault was served with register reads"
