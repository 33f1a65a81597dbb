# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Synthesis of the RTL: how large it becomes in gates and on an ECP5, how fast there, and what limits it.

synth_configurations=(small default)

# Parameters of gmmu; what is not named has its default.
synth_small=(NumGpcs=1 UtlbsPerGpc=1 UtlbEntries=8 MissSlots=2 L2Sets=64 L2Ways=4 Walkers=1 Waiters=2 PdeCacheEntries=4 BindingEntries=2 ReplayDepth=16 InvalidateDepth=16)
synth_default=()
# The default one is several times the largest device.
declare -A synth_how=([small]=place [default]=count)

# The largest ECP5, in its fastest speed grade.
ecp5_device=LFE5U-85F-8
# Ten times the weight on what is late: distance limits the clock here, and nextpnr's own weights (10 and 2) draw nets short whatever they cost.
# Without synth_room.py there are too few wires where the cells are, and no route is found.
ecp5_options=(--85k --package CABGA756 --speed 8 --placer-heap-timingweight 100 --placer-heap-critexp 4 --pre-pack "$launcher/synth_room.py")
ecp5_goal_mhz=100
# How ABC makes LUTs. Yosys's own script (&dch -f, and wires of 300 ps) leaves the deepest path at nine LUTs, and makes all others as deep where that saves one;
# with &synch2, and wires as long as they are here, it is seven.
ecp5_abc="+&scorr;&sweep;&dc2;&synch2;&ps;&if,-W,1000,-v;&mfs"
ecp5_seconds=1200  # to place and route

# synth_script NAME TOP COMMAND...: a Yosys script that reads the RTL in configuration NAME and does the rest. Names of cells have the names of files in them,
# and a placement hangs on the names: so these are relative.
synth_script() {
  local name=$1 top=$2 parameter sources
  local -n parameters=synth_$name
  shift 2
  sources=$(<"$project/build/release/rtl/sources.txt")
  printf 'read_verilog -sv %s rtl/synth/gmmu_pins.sv\n' "${sources//"$project/"/}"
  for parameter in "${parameters[@]}"; do printf 'chparam -set %s %s %s\n' "${parameter%=*}" "${parameter#*=}" "$top"; done
  printf '%s\n' "$@"
}

# run_yosys NAME DESCRIPTION: the script NAME.ys
run_yosys() { step "synth-$1" "$2" env -C "$project" yosys -q "$synth/$1.ys" || die "Yosys failed." "The log says why; its script is build/synth/$1.ys."; }

# synth_row NAME TARGET FILTER FILE [OPTION...]: what FILTER makes of a report is a row of the table, and of build/synth.json.
synth_row() { jq -c --arg configuration "$1" --arg target "$2" "${@:5}" "{configuration: \$configuration, target: \$target} + ($3)" "$4" >>"$synth/rows.jsonl"; }

# Gates and flip-flops; memories stay whole.
synth_gates() {
  synth_script "$1" gmmu "synth -top gmmu -run begin:fine" "opt -fast -full" techmap "opt -fast" "abc -fast" "opt -fast" "tee -q -o $synth/$1-gates.json stat -json" >"$synth/$1-gates.ys"
  run_yosys "$1-gates" "Yosys: $1, gates"
  synth_row "$1" gates '.design.num_cells_by_type | {cells: add, flip_flops: with_entries(select(.key | test("DFF"))) | add, memories: .["$mem_v2"]}' "$synth/$1-gates.json"
}

# What Yosys counts for an ECP5, as a row. LUT-RAM takes four LUTs and two that write.
ecp5_cells='.design.num_cells_by_type | {cells: (add - (.["$scopeinfo"] // 0)), luts: (.LUT4 + 6 * .TRELLIS_DPR16X4 + 2 * .CCU2C), flip_flops: .TRELLIS_FF, block_rams: .DP16KD}'

# Too large for the device: only counted, module by module.
synth_count() {
  synth_script "$1" gmmu "synth_ecp5 -noflatten -top gmmu" "tee -q -o $synth/$1-ecp5.json stat -json" >"$synth/$1-ecp5.ys"
  run_yosys "$1-ecp5" "Yosys: $1, cells of an ECP5"
  synth_row "$1" ECP5 "$ecp5_cells" "$synth/$1-ecp5.json"
}

# place_and_route NAME: without a route in time, what the placement promises is better than nothing.
place_and_route() {
  rm -f "$synth/$1-nextpnr.json"
  timeout "$ecp5_seconds" nextpnr-ecp5 "${ecp5_options[@]}" --freq "$ecp5_goal_mhz" --timing-allow-fail --lpf-allow-unconstrained --json "$synth/$1-netlist.json" \
    --report "$synth/$1-nextpnr.json" || grep -q 'Max frequency' "$logs/synth-$1-nextpnr.log"
}

# gmmu_pins gives it few pins. LUTs of more than four inputs would be pairs that stay together: slower to place, and slower.
synth_place() {
  local mhz report=$synth/$1-nextpnr.json routed=true
  synth_script "$1" gmmu_pins "scratchpad -set abc9.script \"$ecp5_abc\"" "synth_ecp5 -nowidelut -top gmmu_pins -json $synth/$1-netlist.json" "tee -q -o $synth/$1-ecp5.json stat -json" >"$synth/$1-ecp5.ys"
  run_yosys "$1-ecp5" "Yosys: $1, cells of an ECP5"
  step "synth-$1-nextpnr" "nextpnr: $1, place and route" place_and_route "$1" || die "nextpnr failed." "The log says why."
  mhz=$(sed -n 's/.*Max frequency for clock .*: \([0-9.]*\) MHz.*/\1/p' "$logs/synth-$1-nextpnr.log" | tail -n 1)
  [[ -s $report ]] || { routed=false && echo '{"critical_paths": []}' >"$report"; }
  synth_row "$1" "$ecp5_device" "($ecp5_cells) + {mhz: $mhz, routed: $routed} + (\$nextpnr[0] | $critical_path)" "$synth/$1-ecp5.json" --slurpfile nextpnr "$report"
}

# The critical path as the modules that it passes, each with its share.
critical_path='{critical_path: ([.critical_paths[] | select(.to | startswith("posedge")) | .path] | (max_by(map(.delay) | add) // [])
  | map({module: (.to.cell | sub("\\.[^.]*$"; "") | sub("^u_gmmu\\."; "")), ns: .delay})
  | reduce .[] as $hop ([]; if length > 0 and .[-1].module == $hop.module then .[-1].ns += $hop.ns else . + [$hop] end))}'

print_synthesis() {
  jq -r 'def count: if . == null then "-" else tostring end;
    [.configuration, .target, (.cells | count), (.luts | count), (.flip_flops | count), (.block_rams | count),
     if .mhz then (.mhz * 10 | round / 10 | tostring) + " MHz" + (if .routed then "" else ", placed only" end) else "-" end,
     if .mhz then ">= \($goal)" else "-" end, if .mhz == null then "-" elif .mhz >= $goal then "reached" else "missed" end] | @tsv' --argjson goal "$ecp5_goal_mhz" "$synth/rows.jsonl" |
    column -t -s $'\t' -N CONFIGURATION,TARGET,CELLS,LUTS,FLIP-FLOPS,BLOCK-RAMS,FMAX,GOAL,VERDICT |
    sed -e "s/reached$/${green}reached${plain}/" -e "s/missed$/${red}missed${plain}/"
  jq -r 'select(.routed) | "\nThe critical path of \(.configuration) on \(.target):", (.critical_path[] | "  \(.ns * 100 | round / 100) ns\t\(.module)")' "$synth/rows.jsonl" | expand -t 14
}

command_synth() {
  local name
  for name in "$@"; do contains "$name" "${synth_configurations[@]}" || usage_error "There is no configuration '$name'; there are: ${synth_configurations[*]}." synth; done
  (($#)) || set -- "${synth_configurations[@]}"
  synth=$project/build/synth
  mkdir -p "$synth"
  rm -f "$synth/rows.jsonl"
  configure_preset release
  for name in "$@"; do
    synth_gates "$name"
    "synth_${synth_how[$name]}" "$name"
  done
  jq -s --arg date "$(date -u +%FT%TZ)" --arg yosys "$(yosys -V)" --arg nextpnr "$(nextpnr-ecp5 --version 2>&1)" '{date: $date, tools: [$yosys, $nextpnr], rows: .}' "$synth/rows.jsonl" >"$project/build/synth.json"
  print_synthesis
  say "  Everything: build/synth.json, and the tools' reports in build/synth"
}
