#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Each command explains itself; each wrong use gets one clear line and its exit code.
set -uo pipefail
faultline=$(cd "$(dirname "$0")/../.." && pwd)/faultline
failures=0

# expect STATUS TEXT ARGUMENT...
expect() {
  local wanted=$1 text=$2 output status
  shift 2
  output=$("$faultline" "$@" 2>&1 </dev/null)
  status=$?
  if [[ $status != "$wanted" ]] || ! grep -qF -- "$text" <<<"$output"; then
    printf 'faultline %s: exit %s (wanted %s), wanted the text "%s", got:\n%s\n' "$*" "$status" "$wanted" "$text" "$output"
    failures=$((failures + 1))
  fi
}

for command in demo test build run shell device translate bench synth coverage doctor; do
  expect 0 "./faultline $command" "$command" --help
done
expect 0 "replayable" --help
expect 2 "There is no command 'fly'" fly
expect 2 "Unknown option '--fast'" run --fast
expect 2 "--memory needs a value" run --memory
expect 2 "There is no part 'nonsense'" test nonsense
expect 2 "--debug-kernel is for the parts: guest hmm debug" test --debug-kernel unit
expect 2 "There is no preset 'quick'" build --preset quick
expect 1 "There is no kernel image '/nowhere/vmlinuz'" run --kernel /nowhere/vmlinuz
expect 1 "The environment has no kernel '1.2.3'" run --kernel 1.2.3
expect 125 "faultline: " run --kernel /etc/passwd --timeout 20 --no-device
expect 125 "QEMU failed" run --memory 1000T --no-device
exit $((failures > 0))
