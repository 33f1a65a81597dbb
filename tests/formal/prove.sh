#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# prove.sh prove|cover|catch PROPERTIES TOP DEPTH[i] [PARAMETER=VALUE|cut:MODULE]... [-- MODULE SED_SCRIPT]: properties of rtl/props hold, are reached, or catch a broken module.
#
# PROPERTIES are names of files in rtl/props, joined by commas. DEPTH is cycles of bounded model checking; with i, k-induction of that depth.
# A module that is cut says anything; what is assumed of it, the properties say.
# FAULTLINE_FORMAL_DEPTH multiplies the depth of bounded proofs.
# Yosys reads `bind` and forgets it, so the instance of each bind is put into a copy of its module.
set -euo pipefail
goal=$1 properties=$2 top=$3 depth=$4
shift 4
parameters=() cuts=()
while (($#)) && [[ $1 != -- ]]; do
  if [[ $1 == cut:* ]]; then cuts+=("select -assert-min 1 */t:*${1#cut:}*; cutpoint */t:*${1#cut:}*;"); else parameters+=("$1"); fi
  shift
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp rtl/*.sv "$work"
if (($#)); then
  sed -i -E "$3" "$work/$2.sv"
  ! cmp -s "$work/$2.sv" "rtl/$2.sv" || { echo "The change '$3' changes nothing in rtl/$2.sv: adapt it." && exit 2; }
fi

# attach FILE: its modules, and the instances that its binds make.
attach() {
  local file=$1 target
  sed '/^bind /,/;$/d' "$file" >"$work/props_$(basename "$file")"
  for target in $(sed -n "s/^bind \([a-z0-9_]*\) .*/\1/p" "$file" | sort -u); do
    sed -n "/^bind $target /,/;\$/{s/^bind $target //;p}" "$file" >"$work/instance"
    sed -i -e "/^endmodule/{
      r $work/instance
      N
    }" "$work/$target.sv"
    # The instance was put behind the end of the module: the end goes last.
    sed -i '/^endmodule/d' "$work/$target.sv" && echo endmodule >>"$work/$target.sv"
  done
}
for parameter in "${parameters[@]}"; do
  grep -q "parameter .* ${parameter%%=*} = " "$work/$top.sv" || { echo "$top has no parameter ${parameter%%=*}." && exit 2; }
  sed -i "s/\(parameter .* ${parameter%%=*} = \)[^,]*/\1${parameter#*=}/" "$work/$top.sv"
done
IFS=, read -ra names <<<"$properties"
for name in "${names[@]}"; do attach "rtl/props/$name.sv"; done
sed -i '/^endmodule/d' "$work/$top.sv"
printf '  gmmu_reset_once u_reset_once (\n    .clk_i,\n    .rst_ni\n  );\nendmodule\n' >>"$work/$top.sv"
cp rtl/props/gmmu_reset_once.sv "$work/props_gmmu_reset_once.sv"

packages=(regs/generated/faultline_regs_pkg.sv)
for name in pkg match_pkg entry_pkg client_pkg; do packages+=("$work/gmmu_$name.sv") && mv "$work/gmmu_$name.sv" "$work/gmmu_$name.package" && packages[-1]="$work/gmmu_$name.package"; done
yosys -q -l "$work/log" -p "read_verilog -formal -sv ${packages[*]}; read_verilog -formal -sv -defer $work/*.sv; hierarchy -check -top $top
  ${cuts[*]} proc; flatten; memory; opt -full; async2sync; dffunmap; chformal -lower; opt_clean; setundef -undriven -anyseq; check; write_smt2 -wires $work/design.smt2" >"$work/said" 2>&1 ||
  { cat "$work/said" && exit 2; }

solve() { timeout 3600 yosys-smtbmc -s "${FAULTLINE_FORMAL_SOLVER:-z3}" "$@" "$work/design.smt2" >"$work/out" 2>&1; }
steps=${depth%i}
[[ $depth == *i ]] || steps=$((steps * ${FAULTLINE_FORMAL_DEPTH:-1}))
case $goal in
  prove)
    solve -t "$steps" || { cat "$work/out" && exit 1; }
    [[ $depth != *i ]] || solve -i -t "$steps" || { cat "$work/out" && exit 1; }
    ;;
  cover) solve -c -t "$steps" || { cat "$work/out" && exit 1; } ;;
  catch)
    ! solve -t "$steps" || { echo "Nothing noticed that $2 is broken." && exit 1; }
    grep -q 'Assert failed' "$work/out" || { cat "$work/out" && exit 1; }
    ;;
esac
