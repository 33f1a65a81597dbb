# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Builds the host programs (CMake presets), and for the guest: driver, tools and initramfs.

# Objects are shared between checkouts: paths below the project do not count.
export CCACHE_DIR=$cache/ccache CCACHE_BASEDIR=$project CCACHE_NOHASHDIR=true
jobs=$(nproc)

# build_alone COMMAND...: while no other launcher builds in this tree; two would write the same objects.
build_alone() {
  local lock status
  mkdir -p "$project/build"
  exec {lock}>"$project/build/lock"
  if ! flock -n "$lock"; then
    say "Waiting for another build of this tree to end."
    flock "$lock"
  fi
  "$@"
  status=$?
  exec {lock}>&-
  return "$status"
}

# Some rules make what CMake itself reads, and in a tree of yesterday they are yesterday's rules: so CMake goes first when its files changed.
is_configured() {
  [[ -e $1/build.ninja && -z $(find "$project" -path "$project/build" -prune -o \( -name CMakeLists.txt -o -name '*.cmake' -o -name CMakePresets.json \) \
    -newer "$1/build.ninja" -print -quit) ]]
}

configure_preset() {
  is_configured "$project/build/$1" ||
    step "configure-$1" "Configuring $1" cmake -S "$project" --preset "$1" || die "CMake failed." "The log says why."
}

# build_host PRESET TARGET...
build_host() { build_alone build_preset "$@"; }

build_preset() {
  local preset=$1 build=$project/build/$1
  shift
  grep -q "\"name\": \"$preset\"" "$project/CMakePresets.json" || usage_error "There is no preset '$preset'." build
  configure_preset "$preset"
  if ninja -C "$build" -n "$@" 2>/dev/null | grep -q 'no work to do'; then return; fi
  step "build-$preset" "Building $preset ($*)" cmake --build "$build" -j "$jobs" --target "$@" || die "The build failed." "The log says where."
  ln -sfn "build/release/compile_commands.json" "$project/compile_commands.json"
}

# build_driver RELEASE: build/guest/RELEASE/faultline.ko
build_driver() {
  local out=$project/build/guest/$1
  make -C "$project/driver" module -j "$jobs" KDIR="$(kernel_headers "$1")" OUT="$out"
}

build_guest_programs() {
  local out=$project/build/guest
  make -C "$project/driver" tools -j "$jobs" OUT="$out" &&
    gcc -O2 -Wall -Wextra -Werror -static -o "$out/faultline-registers" "$project/tests/bench/guest/registers.c"
}

newer_than() { [[ -e $1 && -z $(find "${@:2}" -newer "$1" -print -quit) ]]; }

build_guest_for() { build_alone build_guest_files "$1"; }

build_guest_files() {
  local release=$1 out=$project/build/guest
  [[ $release != debug-* ]] || provide_debug_modules "$release"
  newer_than "$out/$release/faultline.ko" "$project/driver" "$project/regs/generated/faultline_regs.h" ||
    step "driver-$release" "Building the driver for $release" build_driver "$release" || die "The driver did not build for $release." "The log says why."
  newer_than "$out/faultline-registers" "$project/driver" "$project/tests/guest/programs" "$project/tests/bench/guest" ||
    step guest-programs "Building the guest's programs" build_guest_programs || die "The guest's programs did not build." "The log says why."
  newer_than "$out/$release/initramfs.cpio" "$out/$release/faultline.ko" "$out/faultline-registers" "$project/qemu_device/guest" ||
    step "initramfs-$release" "Packing the guest image for $release" "$project/qemu_device/guest/make_initramfs.sh" "$out" "$release" || die "The guest image could not be packed." "The log says why."
}

build_guest() {
  local release
  for release in $(kernel_releases); do build_guest_for "$release"; done
}
