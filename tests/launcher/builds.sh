#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Two launchers do not build one tree at the same time: the second says that it waits, and does. A build that fails in part has failed.
set -euo pipefail
launcher=$(cd "$(dirname "$0")/../.." && pwd)/tools/launcher
# shellcheck disable=SC2034 # the launcher's pieces read them
project=$(mktemp -d) cache=$project/cache
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
