#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# picture.sh SCENE WAVE ROOT: the picture in the docs is what the RTL does now.
set -euo pipefail
scene=$1 wave=$2 root=$3
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$scene" "$folder/scene.fst"
"$wave" "$folder/scene.fst" --view "$root/waveforms/replayed_fault.gtkw" --output "$folder/picture.svg"
cmp "$folder/picture.svg" "$root/docs/pictures/replayed_fault.svg" ||
  { echo "The RTL does something else now: cmake --build build/release --target pictures draws the picture again." && exit 1; }
