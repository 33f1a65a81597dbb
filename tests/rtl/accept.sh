#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# accept.sh TOOL TOP SOURCE...: the tool reads the design and has nothing to say.
set -euo pipefail
tool=$1 top=$2
shift 2

# What a replaced core does not use of the package is no fault.
waivers=(rtl/lint/gmmu.vlt)
[[ $* != *rtl/example/* ]] || waivers+=(rtl/example/unused.vlt)

case $tool in
  verilator) said=$(verilator --lint-only -Wall --quiet --top "$top" "${waivers[@]}" "$@" 2>&1) || true ;;
  yosys) said=$(yosys -q -p "read_verilog -sv $*; hierarchy -check -top $top; proc; check -assert" 2>&1 | grep -v '^Warning: Replacing memory .* with list of registers') || true ;;
  # Icarus takes more signals into a sensitivity list than it must, and says so.
  iverilog) said=$(iverilog -g2012 -t null -s "$top" "$@" 2>&1 | grep -v 'sorry: constant selects in always_\* processes are not currently supported') || true ;;
esac
[[ -z $said ]] || { printf '%s\n' "$said" && exit 1; }
