#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Of a guest's console, each line of complaints.txt is taken for a failure, and none of harmless.txt; nor what a kernel said that ended
# before its init and was started anew.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
launcher=$here/../../tools/launcher
# shellcheck source=/dev/null
source "$launcher/guest.sh"
one=$(mktemp)
trap 'rm -f "$one"' EXIT
while read -r line; do
  printf '%s\n' '[    1.000000] Run /init as init process' "$line" >"$one"
  [[ $(console_complaint "$one") == "$line" ]] || { echo "not taken for a failure: $line" && exit 1; }
done < <(grep -v "^#" "$here/complaints.txt")
! console_complaint "$here/harmless.txt" || { echo "taken for a failure" && exit 1; }

up='init: the guest is up' panic='Kernel panic - not syncing: KASAN: panic_on_warn set ...'
printf '%s\n' 'BUG: KASAN: wild-memory-access in rcu_is_watching' "$panic" "$up" 'reboot: Restarting system' "$up" >"$one"
! console_complaint "$one" || { echo "a start that ended before init is taken for a failure" && exit 1; }
for late in "$up
WARNING: CPU" "WARNING: CPU
$up" "$up
$panic
$up"; do
  printf '%s\n' "$late" >"$one"
  console_complaint "$one" >/dev/null || { echo "not taken for a failure: $late" && exit 1; }
done
