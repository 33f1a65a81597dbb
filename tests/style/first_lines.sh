#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Each file begins with its licence; sources say in their second comment line what they are.
source "$(dirname "$0")/common.sh"

verdict "$(
  tree | grep -vE '\.(svg|json|vcd|fst|gmmu|bin)$|^LICENSE$|(^|/)\.gitignore$|^waveforms/filters/' | while read -r file; do
    [[ -s $file ]] || continue
    head -n 2 "$file" | grep -q 'SPDX-License-Identifier: ' || echo "$file:1: no SPDX line"
    case $file in
      driver/* | firmware/*) licence='GPL-2.0-only.* OR MIT' ;;
      regs/generated/faultline_regs.h | tests/guest/programs/* | tests/guest/splats/*) licence='GPL-2.0-only OR MIT' ;;
      *) licence='MIT' ;;
    esac
    head -n 2 "$file" | grep -qE "SPDX-License-Identifier: \(?($licence)" || echo "$file:1: the licence is not $licence"
  done
  tree '*.cpp' '*.hpp' '*.h' '*.c' '*.sv' | while read -r file; do
    sed -n 2p "$file" | grep -qE '^(//|/\*) ' || echo "$file:2: no line that says what the file is"
  done
)"
