# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What the style checks share: the tree's own files, and a verdict.
set -euo pipefail

# tree PATTERN...: tracked and new files, without the generated ones.
tree() { git ls-files --cached --others --exclude-standard -- "$@" | grep -v '^regs/generated/' | while read -r file; do [[ ! -f $file ]] || echo "$file"; done; }

# verdict LINES: fails and shows them if there are any.
verdict() {
  [[ -z $1 ]] || { printf '%s\n' "$1" && exit 1; }
}
