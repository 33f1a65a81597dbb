#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Two launchers do not build one tree at the same time: the second says that it waits, and does. A build that fails in part has failed.
# A tree is configured before its files are used, and again when what CMake reads has changed.
set -euo pipefail
launcher=$(cd "$(dirname "$0")/../.." && pwd)/tools/launcher
# shellcheck disable=SC2034 # the launcher's pieces read them
project=$(mktemp -d) cache=$project/cache logs=$project/logs
trap 'rm -rf "$project"' EXIT
for piece in ui build; do
  # shellcheck source=/dev/null
  source "$launcher/$piece.sh"
done

slow_build() { echo begin && touch "$project/building" && sleep 1 && echo end; }
build_alone slow_build >"$project/first" &
until [[ -e $project/building ]]; do sleep 0.1; done
build_alone cp "$project/first" "$project/seen" 2>"$project/said"
grep -q 'end' "$project/seen" || { echo "the second did not wait" && exit 1; }
grep -q 'Waiting for another build' "$project/said" || { echo "the second did not say that it waits" && exit 1; }
wait $!
! build_alone false || { echo "a build that failed passed" && exit 1; }

mkdir "$project/bin"
printf '#!/bin/sh\nexit 1\n' >"$project/bin/make"
printf '#!/bin/sh\n' >"$project/bin/gcc"
chmod +x "$project/bin"/*
! PATH=$project/bin:$PATH build_guest_programs || { echo "programs of which some did not compile were built" && exit 1; }

printf '#!/bin/sh\necho ran >>"$2/configured" && touch "$2/build/release/build.ninja"\n' >"$project/bin/cmake"
chmod +x "$project/bin/cmake"
mkdir -p "$logs" "$project/build/release"
touch -d '1 minute ago' "$project/CMakeLists.txt"
configured() {
  PATH=$project/bin:$PATH configure_preset release 2>/dev/null
  [[ $(wc -l <"$project/configured") == "$1" ]] || { echo "CMake ran $(wc -l <"$project/configured") times, not $1" && exit 1; }
}
configured 1
configured 1
touch -d '1 minute' "$project/CMakeLists.txt"
configured 2
