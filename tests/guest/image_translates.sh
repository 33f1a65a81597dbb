#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Images of a process whose jobs run at that moment: model and RTL answer as the driver expects.
source "$(dirname "$0")/common.sh"
translate=$project/build/release/tools/translate/faultline-translate

# Takes all images of the demo's process again and again, until each has pages.
# shellcheck disable=SC2016 # it is the guest that expands this
take_images='
  echo 100 >/sys/module/faultline/parameters/prefetch_density # the demo would be over too soon
  faultline demo --mib 32 >/tmp/demo.log & demo=$!
  enough() { ls -l *.gmmu | awk "\$5 > 200000 {n++} END {exit n != 3}"; }
  mkdir /tmp/images && cd /tmp/images
  for i in $(seq 200); do
    for image in /sys/kernel/debug/faultline/faultline0/vm/$demo-*.gmmu; do
      # It may have gone, or go meanwhile.
      cat "$image" >one 2>/dev/null && [ -s one ] && mv one "${image##*/}"
    done
    enough 2>/dev/null && kill -0 $demo && taken=yes && break
    usleep 50000
  done
  wait $demo || { cat /tmp/demo.log; exit 1; }
  [ "$taken" ] && tar -c *.gmmu'

prepare_guest
boot_in_background "$take_images"
finish_guest
mkdir "$run/images"
tar -x -C "$run/images" -f "$run/output"
for image in "$run"/images/*.gmmu; do
  for mmu in tlm rtl; do
    "$translate" --mmu "$mmu" --differences "$image" >"$run/answers" || { cat "$run/answers" && fail "the driver's image and $mmu disagree"; }
    tail -n 1 "$run/answers"
  done
done
