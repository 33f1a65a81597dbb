#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# programs.sh KERNEL PREFIX...: the guest's test programs whose names begin so, in one boot.
set -euo pipefail
kernel=$1
shift
exec "$(dirname "$0")/../../faultline" run --kernel "$kernel" --memory 2G --timeout 600 -- faultline-tests "$@"
