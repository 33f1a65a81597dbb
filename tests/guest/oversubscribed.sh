#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# oversubscribed.sh PREFIX...: test programs on a device with little memory.
set -euo pipefail
exec "$(dirname "$0")/../../faultline" run --memory 2G --timeout 600 --device-option --vram --device-option 32M -- faultline-tests "$@"
