# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# The demo: one boot, the main job, and what happened told from both sides.

command_demo() {
  local trace=$project/build/demo.trace
  while (($#)); do
    case $1 in
      --kernel) (($# > 1)) || usage_error "--kernel needs a value." demo; guest_kernel=$2 && shift 2 ;;
      --mmu) (($# > 1)) || usage_error "--mmu needs a value." demo; guest_mmu=$2 && shift 2 ;;
      --sanitize) guest_sanitize=yes && shift ;;
      --wave | --wave-cycles | --wave-fault) (($# > 1)) || usage_error "$1 needs a value." demo; wave_option "$1" "$2" && shift 2 ;;
      *) usage_error "Unknown option '$1'." demo ;;
    esac
  done
  guest_device_options+=(--trace "$trace")
  build_host release "$guest_device_program" faultline-report
  prepare_guest
  step demo "Booting the guest and running the demo" boot_job "faultline demo --no-timeline" || return $?
  # The guest says when its time stamps were; the device's are in the trace.
  grep -v '^FAULTLINE-JSON' "$logs/demo.log"
  printf '\n'
  "$project/build/release/tools/report/faultline-report" "$trace" "$logs/demo.log"
}
