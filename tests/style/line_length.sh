#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# No line of code is too long to read beside another one, no file too long for one idea, no tab or blank where none belongs.
source "$(dirname "$0")/common.sh"

# Columns: what clang-format and checkpatch hold sources to; scripts may be wider, as their messages are long.
limit_columns() { xargs -r awk -v limit="$1" 'length($0) > limit {printf "%s:%d: %d columns, the limit is %d\n", FILENAME, FNR, length($0), limit}'; }

verdict "$(
  tree '*.cpp' '*.hpp' '*.sv' | limit_columns 100
  tree '*.sh' 'faultline' '*.cmake' '*CMakeLists.txt' | limit_columns 220
  tree '*.cpp' '*.hpp' '*.c' '*.h' '*.sv' '*.sh' | xargs -r wc -l | awk '$2 != "total" && $1 > 600 {printf "%s: %d lines, the limit is 600\n", $2, $1}'
  tree '*.cpp' '*.hpp' '*.sv' '*.sh' '*.md' '*.toml' | xargs -r grep -nHE '[[:blank:]]+$' || true
  tree '*.cpp' '*.hpp' '*.sv' | xargs -r grep -nHP '\t' || true
)"
