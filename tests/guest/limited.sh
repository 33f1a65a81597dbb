#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# limited.sh SECONDS COMMAND...: COMMAND, ended when it takes longer; slow kernels get FAULTLINE_PATIENCE times as long.
set -uo pipefail
seconds=$(($1 * ${FAULTLINE_PATIENCE:-1}))
shift
status=0
timeout -k 10 "$seconds" "$@" || status=$?
((status != 124 && status != 137)) || echo "The test did not end in $seconds s." >&2
exit "$status"
