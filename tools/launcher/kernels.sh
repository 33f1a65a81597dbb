# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# The kernels that there are headers and an image of: the environment's, and the debug kernel (debug_kernel.sh), which goes by the name debug-KEY.

kernel_image() {
  local candidate
  for candidate in "/usr/share/faultline/kernels/$1/vmlinuz" "/usr/lib/modules/$1/vmlinuz" "/boot/vmlinuz-$1" "$(debug_kernel_folder "$1")/vmlinuz"; do
    [[ ! -r $candidate ]] || { echo "$candidate" && return 0; }
  done
  return 1
}

kernel_headers() {
  case $1 in
    debug-*) echo "$(debug_kernel_folder "$1")/headers" ;;
    *) echo "/usr/src/linux-headers-$1" ;;
  esac
}

# Releases of the environment with both, oldest first.
kernel_releases() {
  local headers release
  for headers in /usr/src/linux-headers-*-amd64; do
    release=${headers#/usr/src/linux-headers-}
    ! kernel_image "$release" >/dev/null || echo "$release"
  done | sort -V
}

newest_kernel() { kernel_releases | tail -n 1; }

# resolve_kernel newest|stable|debug|RELEASE|PATH: a release, or the path of an image of the user's own.
resolve_kernel() {
  case $1 in
    newest) newest_kernel ;;
    stable) kernel_releases | head -n 1 ;;
    debug) echo "debug-$(debug_kernel_key)" ;;
    *) echo "$1" ;;
  esac
}
