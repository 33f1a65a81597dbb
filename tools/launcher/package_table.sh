#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Prints the dependency table of docs/developer/environment.md.
set -euo pipefail
printf '| package | from | reason |\n|---|---|---|\n'
sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$(dirname "$0")/packages.txt" |
  awk -F' *[|] *' '{from = sub(/@backports/, "", $1) ? "backports" : "Debian 13"; printf "| %s | %s | %s |\n", $1, from, $2}'
