#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# two_devices.sh PREFIX...: test programs in a guest with two devices.
set -euo pipefail
exec "$(dirname "$0")/../../faultline" run --memory 2G --timeout 600 --devices 2 -- faultline-tests "$@"
