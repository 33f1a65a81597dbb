#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A device with little memory, and twice as much to be worked on.
set -euo pipefail
exec "$(dirname "$0")/../../faultline" run --memory 2G --timeout 600 --device-option --vram --device-option 32M -- faultline-tests oversubscribed
