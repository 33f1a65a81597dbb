#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Of a guest's console, each line of complaints.txt is taken for a failure, and none of harmless.txt.
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
