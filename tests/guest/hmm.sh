#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# hmm.sh [OPTION...]: the kernel's own HMM tests on two devices; the options are theirs. `./faultline test hmm` has built them.
set -euo pipefail
project=$(cd "$(dirname "$0")/../.." && pwd)
logs=${FAULTLINE_LOGS:-$project/build/logs}
# The throughput of a kernel that checks itself is of no interest, and takes more than 10 minutes to tell.
[[ ${FAULTLINE_KERNEL:-} != debug || " $*" == *" benchmark"* ]] || set -- "$@" -T benchmark_thp_migration
mkdir -p "$logs"
"$project/faultline" run --memory 3G --timeout 1500 --devices 2 --param dmirror=1 -- sh -c "
  ! [ -e /lib/gup_test.ko ] || insmod /lib/gup_test.ko
  echo always >/sys/kernel/mm/transparent_hugepage/enabled && hmm-tests $*" | tee "$logs/hmm.log"
grep -q '^# Totals: pass:[1-9][0-9]* fail:0 .*error:0' "$logs/hmm.log"
