# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What the launcher says: steps with their time, errors with cause and remedy.

if [[ -t 2 && -z ${NO_COLOR:-} ]]; then
  bold=$'\e[1m' dim=$'\e[2m' red=$'\e[31m' green=$'\e[32m' plain=$'\e[0m' clear_line=$'\r\e[K'
else
  bold='' dim='' red='' green='' plain='' clear_line=''
fi

say() { printf '%s\n' "$*" >&2; }

# die MESSAGE [REMEDY]: one line with the cause, one with what to do.
die() {
  printf '%sfaultline: %s%s\n' "$red" "$1" "$plain" >&2
  [[ -z ${2:-} ]] || printf '           %s\n' "$2" >&2
  exit "${3:-1}"
}

# usage_error MESSAGE COMMAND
usage_error() { die "$1" "See ./faultline ${2:+$2 }--help." 2; }

seconds_since() { printf '%d' $((SECONDS - $1)); }

# step NAME DESCRIPTION COMMAND...: runs COMMAND with its output in build/logs/NAME.log and shows that it runs, and for how long.
step() {
  local name=$1 description=$2 log=$logs/$1.log started=$SECONDS status=0 pid
  shift 2
  mkdir -p "$logs"
  "$@" >"$log" 2>&1 </dev/null &
  pid=$!
  while kill -0 "$pid" 2>/dev/null; do
    [[ -z $clear_line ]] || printf '%s  %s… %s%ss%s' "$clear_line" "$description" "$dim" "$(seconds_since "$started")" "$plain" >&2
    sleep 0.2
  done
  wait "$pid" || status=$?
  if ((status == 0)); then
    printf '%s  %s✓%s %s %s(%ss)%s\n' "$clear_line" "$green" "$plain" "$description" "$dim" "$(seconds_since "$started")" "$plain" >&2
    return 0
  fi
  printf '%s  %s✗ %s%s failed after %ss (exit %s). The end of its log:\n' "$clear_line" "$red" "$description" "$plain" "$(seconds_since "$started")" "$status" >&2
  tail -n 15 "$log" | sed 's/^/    /' >&2
  say "  The whole log: $log"
  return "$status"
}
