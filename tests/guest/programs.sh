#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# programs.sh KERNEL PREFIX...: the guest's test programs whose names begin so, in one boot. For newest, FAULTLINE_KERNEL may name another.
set -euo pipefail
kernel=$1
shift
[[ $kernel != newest ]] || kernel=${FAULTLINE_KERNEL:-newest}
exec "$(dirname "$0")/../../faultline" run --kernel "$kernel" --memory 2G --timeout 600 -- faultline-tests "$@"
