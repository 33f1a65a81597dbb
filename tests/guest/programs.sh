#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# programs.sh PREFIX...: the guest's test programs whose names begin so, in one boot.
set -euo pipefail
exec "$(dirname "$0")/../../faultline" run --memory 2G --timeout 600 -- faultline-tests "$@"
