#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Shell scripts pass shellcheck: its errors and warnings. Excluded: what it cannot see of files that are sourced.
source "$(dirname "$0")/common.sh"
{ tree '*.sh'; tree | while read -r file; do head -c 60 "$file" | head -n 1 | grep -qaE '^#!.*(bash|/sh)$' && echo "$file"; done || true; } | sort -u |
  xargs shellcheck --severity=warning --external-sources --exclude=SC1091,SC2154,SC2034
