# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Files of the kernel's source package, fetched once; from them the kernel's own HMM tests, unmodified.

# What of the source is wanted.
kernel_source_paths=(tools/testing/selftests/kselftest.h tools/testing/selftests/kselftest_harness.h tools/testing/selftests/mm
  tools/include/uapi tools/arch/x86/include/uapi lib/test_hmm.c lib/test_hmm_uapi.h mm/gup_test.c mm/gup_test.h
  drivers/block/brd.c scripts/checkpatch.pl scripts/spelling.txt scripts/const_structs.checkpatch)

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
  # What an interrupted one left.
  find "$(dirname "$3")" -maxdepth 1 -name '*.partial.*' -mmin +60 -exec rm -rf {} + 2>/dev/null || true
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

# build_module RELEASE FOLDER NAME FILE...: FOLDER/NAME.ko of these files of the kernel's source
build_module() {
  local release=$1 folder=$2/$3 name=$3
  mkdir -p "$folder"
  cp "${@:4}" "$folder/"
  [[ $name != gup_test ]] || adapt_gup_test "$folder/gup_test.c"
  printf 'obj-m := %s.o\n' "$name" >"$folder/Kbuild"
  make -s -C "$(kernel_headers "$release")" M="$folder" modules && strip --strip-debug -o "$2/$name.ko" "$folder/$name.ko"
}

# The kernel is built without this module. Outside of the kernel it needs a licence and an init function, and cannot ask whether a page may be
# pinned for long: that function's parts are not exported.
adapt_gup_test() {
  sed -i -e 's/folio_is_longterm_pinnable(folio)/true/' -e 's/^late_initcall(\(.*\));/module_init(\1);\nMODULE_DESCRIPTION("GUP tests");\nMODULE_LICENSE("GPL");/' \
    -e 's|^#include <linux/kernel.h>|&\n#include <linux/module.h>|' "$1"
}

# GUP tests, RAM disks for something to swap to, and the kernel's own HMM device in software, which bench compares with.
build_modules() {
  build_module "$@" gup_test "$source_folder"/mm/gup_test.[ch] &&
    build_module "$@" brd "$source_folder/drivers/block/brd.c" &&
    build_module "$@" test_hmm "$source_folder"/lib/test_hmm{.c,_uapi.h}
}

# build_hmm_tests PROGRAM FACTOR: with so many times the time for each test. Their limit is the harness's business, which has no option for it.
build_hmm_tests() {
  local selftests=$source_folder/tools/testing/selftests harness=$1.harness
  mkdir -p "$harness"
  sed "s/\(poll(.*, t->timeout \* 1000\))/\1 * $2)/" "$selftests/kselftest_harness.h" >"$harness/kselftest_harness.h" &&
    grep -qF "t->timeout * 1000 * $2)" "$harness/kselftest_harness.h" &&
    gcc -O2 -w -static -D_GNU_SOURCE -I"$harness" -I"$source_folder" -I"$selftests" -I"$source_folder/tools/include/uapi" -pthread -o "$1" \
      "$selftests"/mm/{hmm-tests,vm_util,hugepage_settings}.c
}

# build_hmm_programs RELEASE FOLDER: the second one is for kernels that are slow.
build_hmm_programs() {
  mkdir -p "$2"
  cp "$source_folder"/scripts/{checkpatch.pl,spelling.txt,const_structs.checkpatch} "$2/" &&
    build_modules "$@" &&
    build_hmm_tests "$2/hmm-tests-patient" 5 &&
    build_hmm_tests "$2/hmm-tests" 1
}

# build_hmm: build/guest/RELEASE/hmm, which the guest's image takes up. Older kernels get the newest one's tests, and no modules.
build_hmm() { build_alone build_hmm_files; }

build_hmm_files() {
  local release newest folder
  newest=$(newest_kernel)
  folder=$project/build/guest/$newest/hmm
  kernel_source "$newest"
  newer_than "$folder/hmm-tests" "$source_folder/paths" "$launcher/kernel_source.sh" && return 0
  step "hmm-$newest" "Building the kernel's HMM tests" build_hmm_programs "$newest" "$folder" || die "The kernel's HMM tests did not build." "The log says why."
  for release in $(kernel_releases); do
    mkdir -p "$project/build/guest/$release/hmm"
    [[ $release == "$newest" ]] || cp "$folder/hmm-tests" "$project/build/guest/$release/hmm/"
    rm -f "$project/build/guest/$release/initramfs.cpio"
  done
}
