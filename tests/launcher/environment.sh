#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The environment is made once and whole, whatever happens meanwhile. The tools that make and enter it are stand-ins here.
set -uo pipefail
faultline=$(cd "$(dirname "$0")/../.." && pwd)/faultline
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin"
export FAULTLINE_CACHE=$work/cache FAULTLINE_LOGS=$work/logs PATH=$work/bin:$PATH
unset FAULTLINE_INSIDE

stand_in() { printf '#!/bin/sh\n%s\n' "$2" >"$work/bin/$1" && chmod +x "$work/bin/$1"; }
stand_in dpkg-query 'exit 1' # no package of the environment is on this host
stand_in bwrap 'case "$*" in *FAULTLINE_INSIDE*) echo entered ;; esac'
# The root is the last argument that is a path in the cache.
stand_in mmdebstrap 'for a; do case $a in *cache/root-*) root=$a ;; esac; done; mkdir -p "$root"; echo "$$" >>'"$work"'/made; touch "$root/half"; sleep "${MAKING:-0}"; [ ! -e '"$work"'/broken ] && touch "$root/whole"'

fail() { echo "$1" && cat "$work"/*.out 2>/dev/null; exit 1; }
faultline() { "$faultline" "$@" >"$work/$BASHPID.out" 2>&1; }
said() { grep -q "$1" "$work"/*.out; }
whole_roots() { find "$work/cache" -path '*/root-????????????????/whole' 2>/dev/null | wc -l; }
fresh() { rm -rf "$work/cache" "$work/made" "$work"/*.out; }

fresh && touch "$work/broken"
! faultline run || fail "a broken environment was entered"
said 'The environment could not be made' || fail "no reason was given"
[[ -z $(find "$work/cache" -name 'root-*') ]] || fail "half an environment was left"
rm "$work/broken"

fresh
MAKING=3 faultline run &
until [[ -e $work/made ]]; do sleep 0.1; done
kill -9 $! && wait $! 2>/dev/null
faultline run || fail "after an interrupted creation none is made"
[[ $(whole_roots) == 1 ]] || fail "after an interrupted creation there is no whole one"
said entered || fail "it was not entered"

fresh
MAKING=2 faultline run & first=$!
until [[ -e $work/made ]]; do sleep 0.1; done
faultline run || fail "the second of two failed"
wait $first || fail "the first of two failed"
[[ $(wc -l <"$work/made") == 1 ]] || fail "two at once made it twice"
said 'waiting for it' || fail "the second did not say that it waits"

fresh && touch "$work/cache"
! faultline run || fail "a file was taken for a cache"
said 'cannot be made' || fail "no reason was given for a bad cache"
exit 0
