# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# The benchmarks: each figure a ratio within one run.

command_bench() {
  usage_error "not there yet" bench
}
