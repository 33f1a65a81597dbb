# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# The demo, the test suite and the benchmarks.

command_demo() {
  local status=0
  while (($#)); do
    case $1 in
      --kernel) guest_kernel=${2:-} && shift 2 ;;
      *) usage_error "Unknown option '$1'." demo ;;
    esac
  done
  guest_device_options=(--trace "$project/build/demo.trace")
  prepare_guest
  step demo "Booting the guest and running the demo" boot_job "faultline demo" || return $?
  cat "$logs/demo.log"
}
