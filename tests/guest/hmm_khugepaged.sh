#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The kernel's tests of exclusive access while khugepaged never sleeps: it takes claimed pages back before the device has read them.
set -euo pipefail
project=$(cd "$(dirname "$0")/../.." && pwd)
"$project/faultline" run --memory 3G --timeout 600 --devices 2 --param dmirror=1 -- sh -c '
  cd /sys/kernel/mm/transparent_hugepage
  echo always >enabled && echo 0 >khugepaged/scan_sleep_millisecs && echo 0 >khugepaged/alloc_sleep_millisecs
  for i in 1 2 3 4 5 6; do
    hmm-tests -t exclusive -t exclusive_mprotect -t exclusive_cow >/tmp/said || { cat /tmp/said; exit 1; }
  done
  [ "$(cat khugepaged/full_scans)" -gt 100 ] || { echo "khugepaged did not work"; exit 1; }'
