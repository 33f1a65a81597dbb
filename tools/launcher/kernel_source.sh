# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Files of the kernel's source package, fetched once; from them the kernel's own HMM tests, unmodified.

# What of the source is wanted.
kernel_source_paths=(tools/testing/selftests/kselftest.h tools/testing/selftests/kselftest_harness.h tools/testing/selftests/mm
  tools/include/uapi tools/arch/x86/include/uapi lib/test_hmm_uapi.h mm/gup_test.c mm/gup_test.h)

headers_version() { dpkg-query -W -f '${Version}' "linux-headers-$1"; }

# fetch_package NAME=VERSION FOLDER: with lists of packages of its own, since the environment has none and is not to be written to.
fetch_package() {
  local package=$1 folder=$2 options
  mkdir -p "$folder"/{state/lists/partial,cache/archives/partial}
  options=(-o "Dir::State=$folder/state" -o Dir::State::Status=/var/lib/dpkg/status -o "Dir::Cache=$folder/cache"
    -o APT::Sandbox::User=root -o Acquire::Languages=none -o Acquire::Retries=3)
  apt-get "${options[@]}" -q update && (cd "$folder" && apt-get "${options[@]}" -q download "$package")
}

# extract_source RELEASE VERSION FOLDER
extract_source() {
  local series work=$3.partial.$$
  series=linux-source-$(cut -d. -f1,2 <<<"$1")
  mkdir -p "$work/tree" &&
    fetch_package "$series=$2" "$work/package" &&
    dpkg-deb --fsys-tarfile "$work"/package/*.deb | tar -xO "./usr/src/$series.tar.xz" |
    busybox xzcat | tar -x -C "$work/tree" --strip-components=1 "${kernel_source_paths[@]/#/$series/}" || return 1
  printf '%s\n' "${kernel_source_paths[@]}" >"$work/tree/paths"
  rm -rf "$3" && mv "$work/tree" "$3" && rm -rf "$work"
}

# kernel_source RELEASE: sets source_folder.
kernel_source() {
  local version
  version=$(headers_version "$1")
  source_folder=$cache/kernel-source/$version
  ! cmp -s "$source_folder/paths" <(printf '%s\n' "${kernel_source_paths[@]}") || return 0
  step "kernel-source" "Fetching the source of kernel $version (170 MB, once)" extract_source "$1" "$version" "$source_folder" ||
    die "The kernel's source could not be fetched." "Is there network? The log says why."
}

# The kernel is built without this module of GUP tests. Outside of the kernel it needs a licence and an init function, and cannot ask
# whether a page may be pinned for long: that function's parts are not exported.
build_gup_test() {
  local folder=$2/gup_test
  mkdir -p "$folder"
  sed -e 's/folio_is_longterm_pinnable(folio)/true/' -e 's/^late_initcall(\(.*\));/module_init(\1);\nMODULE_DESCRIPTION("GUP tests");\nMODULE_LICENSE("GPL");/' \
    -e 's|^#include <linux/kernel.h>|&\n#include <linux/module.h>|' "$source_folder/mm/gup_test.c" >"$folder/gup_test.c"
  cp "$source_folder/mm/gup_test.h" "$folder/"
  printf 'obj-m := gup_test.o\n' >"$folder/Kbuild"
  make -s -C "$(kernel_headers "$1")" M="$folder" modules && strip --strip-debug -o "$2/gup_test.ko" "$folder/gup_test.ko"
}

# build_hmm_programs RELEASE FOLDER
build_hmm_programs() {
  local selftests=$source_folder/tools/testing/selftests
  mkdir -p "$2"
  build_gup_test "$@" &&
    gcc -O2 -w -static -D_GNU_SOURCE -I"$source_folder" -I"$selftests" -I"$source_folder/tools/include/uapi" -pthread -o "$2/hmm-tests" \
      "$selftests"/mm/{hmm-tests,vm_util,hugepage_settings}.c
}

# build_hmm RELEASE: build/guest/RELEASE/hmm, which the guest's image takes up.
build_hmm() {
  local folder=$project/build/guest/$1/hmm
  kernel_source "$1"
  newer_than "$folder/hmm-tests" "$source_folder/paths" "$launcher/kernel_source.sh" && return 0
  step "hmm-$1" "Building the kernel's HMM tests for $1" build_hmm_programs "$1" "$folder" || die "The kernel's HMM tests did not build." "The log says why."
  rm -f "$project/build/guest/$1/initramfs.cpio"
}
