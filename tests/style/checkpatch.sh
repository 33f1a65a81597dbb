#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The driver is as the kernel's checkpatch.pl --strict wants it. `./faultline test hmm` has fetched that with the kernel's tests.
set -euo pipefail
cd "$(dirname "$0")/../.."
checkpatch=$(find build/guest/*/hmm -maxdepth 1 -name checkpatch.pl -print -quit)
[[ -n $checkpatch ]] || { echo "there is no checkpatch.pl: run ./faultline test hmm" && exit 1; }
# A line for each file is no finding.
check() {
  local said
  said=$(perl "$checkpatch" --strict --no-tree --quiet --terse --show-types --color=never "$@" | grep -v '^total: 0 errors, 0 warnings, 0 checks' || true)
  [[ -z $said ]] || { echo "$said" && exit 1; }
}

trace=driver/faultline_trace.h
mapfile -t sources < <(find driver/faultline_*.[ch] driver/uapi/*.h ! -path "$trace")
# TRACE_EVENT() has a form of its own; the kernel's own headers of trace points look the same.
check --ignore OPEN_ENDED_LINE,PARENTHESIS_ALIGNMENT -f "$trace"
check -f "${sources[@]}"
