# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# The benchmarks: each figure beside its reference, both from the same run, and the goal. A missed goal is shown, never an error.

benchmarks=(transport mmu tlm rtl guest faults migration policies hmm)

# row NAME FIGURE UNIT REFERENCE GOAL: a line of the table. REFERENCE: '-', or "FIGURE WHAT", and the goal is then for the ratio of the two.
# GOAL: '-', or "<= N" or ">= N".
row() {
  jq -nc --arg name "$1" --argjson figure "$2" --arg unit "$3" --arg reference "$4" --arg goal "$5" '
    ($reference | capture("^(?<value>[0-9.e+-]+) (?<what>.+)$") // null) as $against
    | {name: $name, figure: $figure, unit: $unit, reference: $against.what, goal: (if $goal == "-" then null else $goal end),
       reference_figure: (if $against then $against.value | tonumber else null end)}
    | .ratio = (if .reference_figure then .figure / .reference_figure else null end)
    | (.ratio // .figure) as $measured
    | .reached = (if .goal then (.goal | split(" ") | if .[0] == "<=" then $measured <= (.[1] | tonumber) else $measured >= (.[1] | tonumber) end) else null end)
  ' >>"$bench/rows.jsonl"
}

# of FILE FILTER: one number out of a program's JSON.
of() { jq -er "$2" "$bench/$1"; }

# google_benchmark NAME: runs build/release/tests/bench/NAME/faultline-bench-NAME; the median of each benchmark is in NAME.json.
# Repetitions come in a random order, so that a machine that is slower for a while is so for a figure and for its reference.
google_benchmark() {
  step "bench-$1" "Measuring: $2" "$project/build/release/tests/bench/$1/faultline-bench-$1" --benchmark_repetitions=5 --benchmark_report_aggregates_only=true \
    --benchmark_enable_random_interleaving=true --benchmark_min_time=0.3s --benchmark_out="$bench/$1.json" --benchmark_out_format=json || die "The benchmark '$1' failed." "The log says why."
}

# million_per_second FILE BENCHMARK
million_per_second() { of "$1" '.benchmarks[] | select(.name == "'"$2"'_median") | .items_per_second / 1e6'; }

measure_socket() { "$project/build/release/tests/bench/transport/faultline-bench-transport" --json >"$bench/transport.json"; }

raw_socket() { of transport.json ".$1.raw_socket_us"; }

bench_transport() {
  local placement
  step bench-transport "Measuring: socket" measure_socket || die "The benchmark 'transport' failed." "The log says why."
  for placement in one_processor two_processors; do
    row "register read over the socket, ${placement/_/ }" "$(of transport.json ".$placement.register_read_us")" us "$(raw_socket $placement) raw ping-pong" "<= 2.5"
  done
  row "posted writes over the socket" "$(of transport.json '.two_processors.posted_writes_per_second / 1e6')" M/s - -
}

bench_mmu() {
  google_benchmark mmu "the MMU as a plain class"
  row "translations, uTLB hit" "$(million_per_second mmu.json utlb_hit)" M/s - ">= 100"
  row "translations, 5-level miss" "$(million_per_second mmu.json five_level_miss)" M/s - ">= 30"
}

bench_tlm() {
  google_benchmark tlm "the MMU through its sockets, the copy engine"
  row "translations through sockets, hit" "$(million_per_second tlm.json utlb_hit)" M/s - ">= 20"
  row "translations through sockets, miss" "$(million_per_second tlm.json five_level_miss)" M/s - ">= 8"
  row "copy engine, system memory to VRAM" "$(of tlm.json '.benchmarks[] | select(.name == "copy_engine_median") | .bytes_per_second / 1e9')" GB/s \
    "$(of tlm.json '.benchmarks[] | select(.name == "memcpy_median") | .bytes_per_second / 1e9') memcpy" ">= 0.5"
}

bench_rtl() {
  google_benchmark rtl "the RTL"
  row "RTL, nothing to do" "$(million_per_second rtl.json idle_cycles)" "M cycles/s" "$(million_per_second rtl.json bare_idle_cycles) bare loop" ">= 0.9"
  row "RTL, every uTLB hits" "$(million_per_second rtl.json hit_cycles)" "M cycles/s" - ">= 1"
  row "the same with history for --wave-fault" "$(million_per_second rtl.json recorded_cycles)" "M cycles/s" "$(million_per_second rtl.json hit_cycles) without" ">= 0.91"
  row "RTL in the device, streams hit" "$(million_per_second rtl.json device_cycles_hit)" "M cycles/s" "$(million_per_second rtl.json bare_cycles_hit) bare loop" ">= 0.9"
  row "RTL in the device, streams walk" "$(million_per_second rtl.json device_cycles_walk)" "M cycles/s" "$(million_per_second rtl.json bare_cycles_walk) bare loop" ">= 0.9"
  row "RTL, every request walks" "$(million_per_second rtl.json walk_cycles)" "M cycles/s" - -
  row "RTL, walks" "$(of rtl.json '.benchmarks[] | select(.name == "walk_cycles_median") | .answers / 1e3')" "k/s" - ">= 200"
  latency_rows
  for guest_mmu in tlm rtl; do measure_suite; done
  row "guest tests of faults, RTL" "$(cat "$bench/suite-rtl.seconds")" s "$(cat "$bench/suite-tlm.seconds") functional model" -
}

latency_cycles() { of rtl.json '.benchmarks[] | select(.name == "latency_'"$1"'_median") | .cycles | round'; }

# A walk may take two cycles a level, as a memory that answers at once does, and six more than a hit.
latency_rows() {
  local cached hit
  hit=$(latency_cycles hit)
  row "RTL, a hit" "$hit" cycles - -
  row "RTL, an L2 TLB hit" "$(latency_cycles l2_hit)" cycles - -
  for cached in 4 3 2 1 0; do
    row "RTL, a walk, $cached of 5 levels cached" "$(latency_cycles "walk/$cached")" cycles - "<= $((hit + 6 + 2 * (5 - cached)))"
  done
}

# Seconds that the guest's tests of faults take, by the guest's clock: suite-MMU.seconds
run_suite() {
  local output=$bench/suite-$guest_mmu.log
  # shellcheck disable=SC2016 # it is the guest that expands this
  boot_job 'read begin _ </proc/uptime; faultline-tests mapping protection invalidation || exit 1; read end _ </proc/uptime; echo "seconds $begin $end"' >"$output" || return 1
  awk '$1 == "seconds" { printf "%.2f\n", $3 - $2 }' "$output" >"$bench/suite-$guest_mmu.seconds"
  [[ -s $bench/suite-$guest_mmu.seconds ]]
}

measure_suite() {
  guest_memory=2G
  prepare_guest
  step "bench-suite-$guest_mmu" "Measuring: the guest's tests of faults, --mmu $guest_mmu" run_suite || die "The benchmark 'rtl' failed." "The guest's output: $bench/suite-$guest_mmu.log"
  stop_run
}

# Nanoseconds that the device process has run.
device_cpu_ns() { cut -d' ' -f1 "/proc/$device_pid/schedstat"; }

# The guest measures by itself; while it sleeps, the device process must not run. run_guest_bench NAME: NAME.json
run_guest_bench() {
  local before after idle_seconds=5 output=$bench/$1.log
  boot_job "faultline-registers && insmod /lib/faultline.ko && faultline bench --mib 32 && echo idle && sleep $((idle_seconds + 3))" >"$output" &
  until grep -q '^idle' "$output"; do kill -0 $! 2>/dev/null && sleep 0.2 || return 1; done
  sleep 1
  before=$(device_cpu_ns)
  sleep "$idle_seconds"
  after=$(device_cpu_ns)
  wait $! || return 1
  { sed -n 's/^FAULTLINE-JSON //p;/^{"function"/p' "$output" && printf '{"idle_cpu_percent":%s}\n' "$(jq -n "($after - $before) / $idle_seconds / 1e7")"; } |
    jq -s 'map(if .function then {(.function): .} else . end) | add' >"$bench/$1.json"
}

# measure_guest NAME DESCRIPTION
measure_guest() {
  prepare_guest
  step "bench-$1" "Measuring: $2" run_guest_bench "$1" || die "The benchmark 'guest' failed." "The guest's output: $bench/$1.log"
  stop_run
}

bench_guest() {
  guest_load=no
  guest_extra=(-device edu)
  measure_guest guest "a guest"
  # QEMU can queue posted writes and send them together: a flood costs the guest less, a lone doorbell reaches the device later.
  guest_send_queued=true
  measure_guest queued "a guest, writes queued"
  guest_extra=() guest_send_queued=false
  [[ -s $bench/transport.json ]] || step bench-transport "Measuring: socket" measure_socket
  row "register read in the guest" "$(of guest.json .faultline.read_us)" us "$(raw_socket two_processors) raw ping-pong, two processors" "<= 2.5"
  row "register read in the guest" "$(of guest.json .faultline.read_us)" us "$(of guest.json .edu.read_us) edu" -
  row "posted register write in the guest" "$(of guest.json .faultline.write_us)" us "$(of guest.json .edu.write_us) edu" "<= 2"
  row "the same with x-send-queued" "$(of queued.json .faultline.write_us)" us "$(of queued.json .edu.write_us) edu" "<= 2"
  row "faults served in the guest" "$(of guest.json '.bench.faults_per_s / 1e3')" k/s - -
  row "the same with x-send-queued" "$(of queued.json '.bench.faults_per_s / 1e3')" k/s "$(of guest.json '.bench.faults_per_s / 1e3') without" -
  row "copy engine in the guest" "$(of guest.json '.bench.copy_engine_mb_per_s / 1e3')" GB/s "$(of guest.json '.bench.memcpy_mb_per_s / 1e3') memcpy in the guest" -
  row "device process, guest idle" "$(of guest.json .idle_cpu_percent)" "% CPU" - "<= 0.1"
}

# run_measures NAME PREFIX...: what faultline-measures prints in the guest; NAME.json
run_measures() {
  local output=$bench/$1.log name=$1
  shift
  boot_job "faultline-measures $*" >"$output" || return 1
  sed -n 's/^FAULTLINE-JSON //p' "$output" | jq -s add >"$bench/$name.json"
}

# measure_programs NAME DESCRIPTION PREFIX...
measure_programs() {
  local name=$1 description=$2
  shift 2
  guest_load=yes guest_memory=2G guest_seconds=600
  prepare_guest
  step "bench-$name" "Measuring: $description" run_measures "$name" "$@" || die "The benchmark '$name' failed." "The guest's output: $bench/$name.log"
  stop_run
}

# fault_rows NAME TEST PHASE...: percentiles of each phase, beside the same percentile of the whole fault
fault_rows() {
  local name=$1 test=$2 phase at
  shift 2
  row "$name: faults served" "$(of faults.json ".$test.faults_per_s / 1e3")" k/s "$(of faults.json '.faults_alone.faults_per_s / 1e3') alone" -
  for phase in "$@" whole; do
    for at in p50 p90 p99; do
      row "$name: ${phase_texts[$phase]}, $at" "$(of faults.json ".$test.$phase.${at}_us")" us "$(of faults.json ".$test.whole.${at}_us") whole" -
    done
  done
}

bench_faults() {
  local -A phase_texts=([interrupt]="packet to interrupt handler" [read]="packet read" [service]="service begins" [mapped]="looked up, entry written" [replayed]="replay sent"
    [answered]="the process knows" [whole]="from packet to end")
  measure_programs faults "faults, phase by phase" faults
  fault_rows "alone" faults_alone interrupt read service mapped replayed answered
  fault_rows "4 streams" faults_of_several_streams interrupt read service mapped replayed
}

bench_migration() {
  local pages
  measure_programs migration "moves to the device and back" moves
  for pages in small huge; do
    row "to the device, $pages pages" "$(of migration.json ".moves_$pages.to_device_mb_per_s")" MB/s "$(of migration.json ".moves_$pages.memcpy_mb_per_s") memcpy in the guest" -
    row "back, $pages pages" "$(of migration.json ".moves_$pages.to_system_mb_per_s")" MB/s "$(of migration.json ".moves_$pages.memcpy_mb_per_s") memcpy in the guest" -
  done
  guest_device_options=(--vram 32M)
  measure_programs oversubscription "twice the device's memory" oversubscription
  guest_device_options=()
  for pages in small huge; do
    row "work on twice the device's memory, $pages pages" "$(of oversubscription.json ".oversubscription_$pages.twice_s")" s \
      "$(of oversubscription.json ".oversubscription_$pages.fits_s") on what fits" -
  done
}

# Each: with the policy, beside the same work without it.
# policy_count NAME TEST WHAT [REFERENCE]
policy_count() { row "$1: $3" "$(of policies.json ".$2.with")" "" "$(of policies.json ".$2.without") ${4:-without}" -; }
# policy_time NAME TEST
policy_time() { row "$1: time" "$(of policies.json ".$2.with_s")" s "$(of policies.json ".$2.without_s") without" -; }
# policy_rows NAME TEST WHAT
policy_rows() { policy_count "$@" && policy_time "$1" "$2"; }

bench_policies() {
  measure_programs policies "policies of the fault service" policies
  policy_rows "prefetch by density" prefetch batches
  policy_rows "migration on fault" migrate_on_fault faults
  policy_rows "thrash pinning" thrashing "pages moved"
  # Its time says nothing: the test waits for the driver, which has no hurry.
  policy_count "hot memory" hot_memory "pages moved" "migration on fault"
  policy_rows "filter of prefetch faults" prefetch_filter faults
  policy_time "64 KiB entries" big_pages
}

# Processor seconds that QEMU and the devices of this run have used.
run_cpu_seconds() {
  local pid
  for pid in $(pgrep -f "^[^ ]*qemu-system.*$run/qmp.socket") ${device_pid:-} "${more_device_pids[@]}"; do cut -d' ' -f14,15 "/proc/$pid/stat"; done |
    awk -v hz="$(getconf CLK_TCK)" '{ sum += $1 + $2 } END { printf "%.2f\n", sum / hz }'
}

# await_line FILE PATTERN: while our last background job runs
await_line() {
  until grep -q "$2" "$1"; do kill -0 $! 2>/dev/null && sleep 0.1 || return 1; done
}

# run_hmm NAME MODULE-COMMAND: the kernel's HMM tests but the benchmark, whose throughput is measured after them; NAME.json
run_hmm() {
  local output=$bench/$1.log begin end benchmark=benchmark_thp_migration
  boot_job "$2; echo always >/sys/kernel/mm/transparent_hugepage/enabled; sleep 2; echo begin; sleep 1; hmm-tests -T $benchmark | grep Totals; echo end; sleep 1; hmm-tests -t $benchmark; true" >"$output" &
  await_line "$output" '^begin' || return 1
  begin=$(run_cpu_seconds)
  await_line "$output" '^end' || return 1
  end=$(run_cpu_seconds)
  wait $! || return 1
  grep -q '^# Totals: pass:3[78] fail:0' "$output" || return 1
  # With huge pages, 16 MiB: with 256 MiB the device in software runs out of memory for its pages.
  awk -v cpu="$begin $end" '/^===/ { wanted = /16.0 MB/ } wanted && /^S->D Throughput/ { to = $4 } wanted && /^D->S Throughput/ { from = $4 }
    END { split(cpu, at, " "); printf "{\"cpu_seconds\":%.2f,\"to_device_gb_per_s\":%s,\"to_system_gb_per_s\":%s}\n", at[2] - at[1], to, from }' "$output" >"$bench/$1.json"
}

# measure_hmm NAME DESCRIPTION MODULE-COMMAND
measure_hmm() {
  guest_memory=3G guest_load=no
  prepare_guest
  step "bench-$1" "Measuring: the kernel's HMM tests, $2" run_hmm "$1" "$3" || die "The benchmark 'hmm' failed." "The guest's output: $bench/$1.log"
  stop_run
}

bench_hmm() {
  build_hmm
  guest_device=no
  measure_hmm hmm-dummy "on the kernel's own device in software" "insmod /lib/test_hmm.ko"
  guest_device=yes guest_devices=2
  measure_hmm hmm-device "on two devices" "insmod /lib/faultline.ko dmirror=1"
  guest_devices=1
  row "the kernel's HMM tests, host CPU" "$(of hmm-device.json .cpu_seconds)" s "$(of hmm-dummy.json .cpu_seconds) its device in software" "<= 1.5"
  row "migration to the device, 16 MiB" "$(of hmm-device.json .to_device_gb_per_s)" GB/s "$(of hmm-dummy.json .to_device_gb_per_s) its device in software" -
  row "migration back" "$(of hmm-device.json .to_system_gb_per_s)" GB/s "$(of hmm-dummy.json .to_system_gb_per_s) its device in software" -
}

print_rows() {
  jq -r 'def short: if . == null then "-" elif . >= 100 then (. | round | tostring) else (. * 100 | round / 100 | tostring) end;
    [.name, (.figure | short) + " " + .unit, if .reference then .reference + " " + (.reference_figure | short) else "-" end, (.ratio | short), .goal // "-",
     if .reached == null then "-" elif .reached then "reached" else "missed" end] | @tsv' "$bench/rows.jsonl" |
    column -t -s $'\t' -N FIGURE,MEASURED,REFERENCE,RATIO,GOAL,VERDICT |
    sed -e "s/reached$/${green}reached${plain}/" -e "s/missed$/${red}missed${plain}/"
}

command_bench() {
  local name
  for name in "$@"; do contains "$name" "${benchmarks[@]}" || usage_error "There is no benchmark '$name'; there are: ${benchmarks[*]}." bench; done
  (($#)) || set -- "${benchmarks[@]}"
  bench=$project/build/bench
  mkdir -p "$bench"
  rm -f "$bench"/*.json "$bench/rows.jsonl"
  build_host release faultline-bench-transport faultline-bench-mmu faultline-bench-tlm faultline-bench-rtl
  for name in "$@"; do "bench_$name"; done
  jq -s --arg date "$(date -u +%FT%TZ)" --arg cpu "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" '{date: $date, cpu: $cpu, cores: '"$(nproc)"', rows: .}' \
    "$bench/rows.jsonl" >"$project/build/bench.json"
  print_rows
  say "  Everything measured: build/bench.json"
}
