# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What of the RTL its tests use: lines and branches, toggles of signals, and the cover points of tests/rtl/cover.

coverage_programs=(tests/rtl/faultline-rtl-core tests/rtl/faultline-rtl-gmmu tests/check/faultline-traffic)

# run_counted PROGRAM: its tests but those of a model's inside and the long ones, in one process, which writes its counts
run_counted() {
  FAULTLINE_SEED=${FAULTLINE_SEED:-1} FAULTLINE_COVERAGE_FILE=$coverage/${1##*/}.dat "$project/build/coverage/$1" '~[model]~[long]' --rng-seed 1
}

# sum_points: the points of all instances and programs, each once: kind, module, line, what, count. A module is its file.
sum_points() {
  awk -F '\001' '
    /^C / {
      delete field
      for (i = 2; i <= NF; i++) { split($i, part, "\002"); field[part[1]] = part[2] }
      count = $0; sub(/.* /, "", count)
      kind = field["page"]; sub(/^v_/, "", kind); sub(/\/.*/, "", kind)
      module = field["f"]; sub(/.*\//, "", module); sub(/(_cover)?\.sv$/, "", module)
      sum[kind "\t" module "\t" field["l"] "\t" field["n"] "\t" field["o"]] += count
    }
    END { for (point in sum) print point "\t" sum[point] }' "$@"
}

# print_coverage: reads what sum_points wrote; a row a module, hits of all.
print_coverage() {
  awk -F '\t' '
    function share(kind, module) { return total[kind, module] ? sprintf("%d/%d", hit[kind, module], total[kind, module]) : "-" }
    function percent(kind) { return total[kind, "all"] ? sprintf("%.1f %%", 100 * hit[kind, "all"] / total[kind, "all"]) : "-" }
    { modules[$2] = 1; total[$1, $2]++; total[$1, "all"]++; if ($6) { hit[$1, $2]++; hit[$1, "all"]++ } }
    END {
      for (module in modules) print module "\t" share("line", module) "\t" share("branch", module) "\t" share("toggle", module) "\t" share("user", module) | "sort"
      close("sort")
      print "all\t" percent("line") "\t" percent("branch") "\t" percent("toggle") "\t" percent("user")
    }' "$1" | column -t -s $'\t' -N MODULE,LINES,BRANCHES,TOGGLES,COVER-POINTS
}

# print_holes: lines, branches and cover points that nothing reached
print_holes() { awk -F '\t' '$1 != "toggle" && !$6 { print $2 ":" $3 "\t" $1 "\t" $5 }' "$1" | sort -t : -k 1,1 -k 2n | column -t -s $'\t' -N NOT-REACHED,KIND,WHAT; }

command_coverage() {
  local program
  (($# == 0)) || usage_error "Unexpected argument '$1'." coverage
  coverage=$project/build/coverage/report
  rm -rf "$coverage" && mkdir -p "$coverage"
  build_host coverage "${coverage_programs[@]##*/}"
  for program in "${coverage_programs[@]}"; do
    step "coverage-${program##*/}" "Running the tests of ${program##*/}" run_counted "$program" || die "A test failed." "The log says which."
  done
  step coverage-annotate "Annotating the sources" verilator_coverage --annotate "$coverage/sources" --annotate-min 1 "$coverage"/*.dat || die "The sources could not be annotated." "The log says why."
  sum_points "$coverage"/*.dat >"$coverage/points.tsv"
  print_coverage "$coverage/points.tsv" | tee "$coverage/modules.txt"
  print_holes "$coverage/points.tsv"
  say "  Annotated sources: build/coverage/report/sources; every point: build/coverage/report/points.tsv"
}
