#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Sparse has nothing to say about the driver, with the headers of the oldest kernel that it is built for.
set -euo pipefail
cd "$(dirname "$0")/../.."
headers=$(find /usr/src -maxdepth 1 -name 'linux-headers-*-amd64' | sort -V | head -n 1)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
make -s -j "$(nproc)" -C driver module C=2 CHECK=sparse KDIR="$headers" OUT="$work" >"$work/log" 2>&1 || { cat "$work/log" && exit 1; }
! grep -E ': (warning|error):' "$work/log"
