#!/bin/bash
# SPDX-License-Identifier: MIT
# make_initramfs.sh OUT RELEASE: OUT/RELEASE/initramfs.cpio with busybox, the driver, our programs and init; the kernel's HMM tests from OUT/RELEASE/hmm.
set -euo pipefail
out=$1 release=$2
here=$(cd "$(dirname "$0")" && pwd)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT

mkdir -p "$tree"/{bin,dev,proc,sys,tmp,root,etc,lib}
cp /usr/bin/busybox "$tree/bin/busybox"
ln -s busybox "$tree/bin/sh"
install -m 755 "$here/init" "$tree/init"
install -m 755 "$out/faultline" "$out/faultline-tests" "$out/faultline-measures" "$out/faultline-registers" "$tree/bin/"
install -m 644 "$out/$release/faultline.ko" "$tree/lib/faultline.ko"
# The kernel's own HMM tests and its modules, where somebody has asked for them.
if [[ -d $out/$release/hmm ]]; then
  find "$out/$release/hmm" -maxdepth 1 -name hmm-tests -exec install -m 755 -t "$tree/bin" {} +
  find "$out/$release/hmm" -maxdepth 1 -name '*.ko' -exec install -m 644 -t "$tree/lib" {} +
fi
printf 'root:x:0:0:root:/root:/bin/sh\n' >"$tree/etc/passwd"

(cd "$tree" && find . -print0 | sort -z | cpio --null --create --format=newc --reproducible --owner=0:0 --quiet) >"$out/$release/initramfs.cpio.partial"
mv "$out/$release/initramfs.cpio.partial" "$out/$release/initramfs.cpio"
