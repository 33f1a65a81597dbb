# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What the guest scenarios share: the launcher's guest, with a hand on its devices while it runs.
set -euo pipefail
project=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
launcher=$project/tools/launcher
logs=${FAULTLINE_LOGS:-$project/build/logs}
for piece in ui kernels environment build kernel_source debug_kernel guest; do
  # shellcheck source=/dev/null
  source "$launcher/$piece.sh"
done

fail() {
  say "failed: $1"
  cat "$run/output" >&2 2>/dev/null || true
  tail -n 20 "$run/console.log" >&2 2>/dev/null || true
  exit 1
}

# boot_in_background COMMAND: as boot_job, with the output in $run/output; finish_guest gives its status.
boot_in_background() {
  boot_job "$1" >"$run/output" &
  guest_pid=$!
}

# add_to_image FOLDER FILE: into this guest's image. A later archive of an initramfs replaces the files of an earlier one.
add_to_image() {
  mkdir -p "$run/added/$1"
  cp "$2" "$run/added/$1/"
  (cd "$run/added" && printf '%s\n' "$1" "$1/${2##*/}" | cpio --create --format=newc --owner=0:0 --quiet) | cat "$initramfs" - >"$run/added.cpio"
  initramfs=$run/added.cpio
}

# await SECONDS WHAT COMMAND...: polls until COMMAND succeeds.
await() {
  local deadline=$((SECONDS + $1 * guest_patience)) what=$2
  shift 2
  until "$@" 2>/dev/null; do
    ((SECONDS < deadline)) || fail "no $what in time"
    sleep 0.1
  done
}

# use_broken_driver: one that makes mistakes and meets mishaps when it is told to, in the place of the other in this guest's image.
use_broken_driver() {
  local release
  release=$(resolve_kernel "$guest_kernel")
  broken=$project/build/guest-mistakes/$release
  newer_than "$broken/faultline.ko" "$project/driver" "$project/regs/generated/faultline_regs.h" ||
    step "driver-mistakes-$release" "Building the driver that makes mistakes" build_broken_driver "$release" || die "The driver did not build." "The log says why."
  add_to_image lib "$broken/faultline.ko"
}

build_broken_driver() { make -C "$project/driver" module -j "$jobs" KDIR="$(kernel_headers "$1")" OUT="$broken" FAULTLINE_MISTAKES=1; }

guest_said() { grep -q "$1" "$run/output"; }

finish_guest() {
  local status=0
  wait "$guest_pid" || status=$?
  ((status == 0)) || fail "the guest's job ended with $status"
}

# qmp COMMAND [ARGUMENTS-JSON]: one command to QEMU, its answer on standard output.
qmp() {
  printf '{"execute":"qmp_capabilities"}\n{"execute":"%s","arguments":%s}\n' "$1" "${2:-"{}"}" |
    socat -t 5 - "UNIX-CONNECT:$run/qmp.socket" | tee -a "$run/qmp.log"
}

pci_device_gone() { ! qmp qom-list '{"path":"/machine/peripheral/d0"}' | grep -q '"return": \[{'; }
plug_device() { qmp device_add "{\"driver\":\"vfio-user-pci\",\"id\":\"d0\",\"bus\":\"rp0\",\"socket\":{\"type\":\"unix\",\"path\":\"$run/device.socket\"},\"x-msg-timeout\":2147483647}" >/dev/null; }
