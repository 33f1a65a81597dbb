# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# A kernel that watches its drivers: built from the source package of the newest kernel with the switches of debug_kernel.config,
# once for each version and recipe, and kept in the cache.

debug_kernel_config=$launcher/debug_kernel.config

# While it is built, in MiB: the package, the part of the source that is wanted, the objects. What stays are 80.
debug_kernel_room=1500

# Of the source, what nothing here is built of; every Kconfig and Makefile is wanted.
debug_kernel_unwanted=('*.rst' '*.yaml' '*.svg' '*.dts' '*.dtsi' '*.dtso' '*/arch/arm*.[chS]' '*/arch/powerpc/*.[chS]' '*/sound/*.[ch]'
  '*/drivers/'{accel,gpu,infiniband,media,net,scsi}'/*.[ch]' '*/tools/testing/*' '*/tools/perf/*')

# What decides what comes out; of this file, the functions that make it.
debug_kernel_key() {
  { headers_version "$(newest_kernel)" && gcc -dumpfullversion && cat "$debug_kernel_config" &&
    declare -f extract_whole_source make_kernel configure_debug_kernel install_debug_kernel; } | sha256sum | cut -c1-16
}

debug_kernel_folder() { echo "$cache/debug-kernel/${1#debug-}"; }

# extract_whole_source SERIES VERSION FOLDER: FOLDER/tree
extract_whole_source() {
  mkdir -p "$3/tree" &&
    fetch_package "$1=$2" "$3/package" &&
    dpkg-deb --fsys-tarfile "$3"/package/*.deb | tar -xO "./usr/src/$1.tar.xz" |
    busybox xzcat | tar -x -C "$3/tree" --strip-components=1 "${debug_kernel_unwanted[@]/#/--exclude=}" && rm -rf "$3/package"
}

# make_kernel TREE TARGET...: the same objects in every folder and at every time, so that the compiler cache knows them again.
make_kernel() {
  CCACHE_BASEDIR=$1 KBUILD_BUILD_TIMESTAMP=@0 KBUILD_BUILD_USER=faultline KBUILD_BUILD_HOST=faultline \
    make -s -C "$1" -j "$jobs" CC="ccache gcc" HOSTCC="ccache gcc" "${@:2}"
}

# A switch that another version of the kernel has renamed, or whose conditions do not hold, is silently dropped by Kconfig.
switches_not_taken() { grep '^CONFIG_' "$1" | grep -vxF -f "$2"; }

configure_debug_kernel() {
  local missing
  make_kernel "$1" KCONFIG_ALLCONFIG="$debug_kernel_config" allnoconfig || return 1
  ! missing=$(switches_not_taken "$debug_kernel_config" "$1/.config") || { printf 'This kernel does not take:\n%s\n' "$missing" && return 1; }
}

# install_debug_kernel TREE FOLDER: the image, its modules, and what modules of others are built with.
install_debug_kernel() {
  mkdir -p "$2/modules" &&
    cp "$1/arch/x86/boot/bzImage" "$2/vmlinuz" && cp "$1/System.map" "$2/" && cp "$1/.config" "$2/config" &&
    find "$1" -name '*.ko' -exec strip --strip-debug {} + -exec cp -t "$2/modules" {} + &&
    make_kernel "$1" run-command KBUILD_RUN_COMMAND="scripts/package/install-extmod-build '$2/headers'"
}

# build_debug_kernel RELEASE VERSION FOLDER: under another name, renamed when whole.
build_debug_kernel() {
  local series work=$3.partial.$$
  series=linux-source-$(cut -d. -f1,2 <<<"$1")
  rm -rf "$(dirname "$3")"/*.partial.*
  extract_whole_source "$series" "$2" "$work" &&
    configure_debug_kernel "$work/tree" &&
    make_kernel "$work/tree" bzImage modules &&
    install_debug_kernel "$work/tree" "$work/whole" || return 1
  rm -rf "$3" && mv -T "$work/whole" "$3" && rm -rf "$work"
}

# Other checkouts may use other ones, even now: only what nobody used for a week goes.
remove_old_debug_kernels() { find "$cache/debug-kernel" -mindepth 1 -maxdepth 1 -type d -mtime +7 ! -name '*.partial.*' -exec rm -rf {} +; }

debug_kernel_is_whole() { [[ -r $(debug_kernel_folder "$1")/vmlinuz ]]; }

# ensure_debug_kernel NAME: builds the kernel of that name, unless it is there. One launcher builds; the others wait.
ensure_debug_kernel() {
  local folder release available lock
  folder=$(debug_kernel_folder "$1")
  ! debug_kernel_is_whole "$1" || { touch "$folder" && return 0; }
  mkdir -p "$cache/debug-kernel"
  exec {lock}>"$cache/debug-kernel/lock"
  flock -n "$lock" || { say "Another faultline is building the debug kernel; waiting for it." && flock "$lock"; }
  if ! debug_kernel_is_whole "$1"; then
    available=$(df -Pk "$cache" | awk 'NR == 2 {print int($4 / 1024)}')
    ((available > debug_kernel_room)) || die "The cache $cache has $available MiB left; building the debug kernel takes $debug_kernel_room." "Free some, or set FAULTLINE_CACHE."
    release=$(newest_kernel)
    step debug-kernel "Building the debug kernel (of $release; once, 10 minutes on two cores)" build_debug_kernel "$release" "$(headers_version "$release")" "$folder" || {
      rm -rf "$folder".partial.*
      die "The debug kernel could not be built." "The log says why: no network (FAULTLINE_MIRROR names another mirror), no room in $cache, or switches that this kernel does not have (tools/launcher/debug_kernel.config)."
    }
    remove_old_debug_kernels
  fi
  exec {lock}>&-
}

# The modules that came with it, where the guest's image looks for them, and the kernel's own tests, which are the newest kernel's with
# more time for each.
provide_debug_modules() {
  local guest=$project/build/guest/$1 file name
  mkdir -p "$guest/hmm"
  for file in "$(debug_kernel_folder "$1")"/modules/*.ko "$project/build/guest/$(newest_kernel)/hmm/hmm-tests-patient"; do
    name=${file##*/} && name=${name%-patient}
    [[ ! -e $file ]] || cmp -s "$file" "$guest/hmm/$name" || { cp "$file" "$guest/hmm/$name" && rm -f "$guest/initramfs.cpio"; }
  done
}
