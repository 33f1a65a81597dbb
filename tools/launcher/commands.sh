# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# The commands, their help, and the way into the environment.

usage() {
  cat <<'END'
Faultline: a device MMU with replayable page faults, in a stock QEMU.

  ./faultline demo        everything at once: environment, build, boot, driver, main job, report
  ./faultline test        the test suite, or parts of it by name
  ./faultline build       build the device, the driver and the guest images
  ./faultline run         boot a guest, run one command in it, return its exit code
  ./faultline shell       an interactive guest with the driver loaded
  ./faultline device      only the device process, for your own QEMU
  ./faultline translate   walk an address space that was dumped to a file
  ./faultline wave        draw waveforms of the RTL as a picture
  ./faultline bench       measure, each figure as a ratio within one run
  ./faultline synth       synthesize the RTL: cells, block RAM, Fmax
  ./faultline coverage    what of the RTL its tests use
  ./faultline doctor      check this machine and say what is missing

Each command explains itself with --help. The environment is kept in FAULTLINE_CACHE
(default ~/.cache/faultline); FAULTLINE_MIRROR names a Debian mirror of your choice.
END
}

help_for() {
  case $1 in
    demo) echo "./faultline demo [--kernel newest|stable|debug] [--mmu tlm|rtl|check] [--sanitize] [--wave FILE]
  Builds what is missing, boots a guest, and has the device transform a process's memory while CPU threads write to it.
  Prints what happened: faults, batches, replays, and the time line of one fault." ;;
    test) echo "./faultline test [--debug-kernel] [NAME...] [-- CTEST-OPTION...]
  Runs the suite. NAME is a part: ${test_parts[*]}. Those of ${sanitized_parts[*]} run
  in a release build and in one with address and undefined-behaviour sanitizers. The part ${debug_parts[*]} runs only when it is named:
  a selection of tests on a kernel that checks locks, memory and DMA, which is built first (10 minutes).
  --debug-kernel runs the parts ${debug_kernel_parts[*]} on that kernel, all or those named; it takes hours." ;;
    build) echo "./faultline build [--preset release|debug|asan|tsan]
  Builds the host programs into build/PRESET, and the driver, guest tools and images into build/guest." ;;
    run) guest_help run "[-- COMMAND...]" "Boots a guest with the driver loaded, runs COMMAND (default: faultline info), returns its exit code." ;;
    shell) guest_help shell "" "Boots a guest with the driver loaded and gives you its shell. Ctrl-A X ends it, 'exit' too." ;;
    device) echo "./faultline device --socket PATH [OPTION...]
  Runs faultline-device alone; './faultline device --options' lists the options. For your own QEMU (10.1 or newer):
    -M q35,memory-backend=mem -object memory-backend-memfd,id=mem,size=1G,share=on -m 1G -smp 2
    -device pcie-root-port,id=rp0,chassis=1
    -device '{\"driver\":\"vfio-user-pci\",\"bus\":\"rp0\",\"socket\":{\"type\":\"unix\",\"path\":\"PATH\"},\"x-msg-timeout\":2147483647}'" ;;
    wave) echo "./faultline wave FILE PICTURE.svg [--from CYCLE] [--to CYCLE] [--view VIEW]
  Draws waveforms, which a run with --wave has written, as a picture: the signals of a saved view of GTKWave (default: of a replayed fault)." ;;
    translate) echo "./faultline translate IMAGE [OPTION...]
  Walks a GMMU image and compares the answers with the expected ones; './faultline translate --options' lists the options." ;;
    bench) echo "./faultline bench [NAME...]
  Runs the benchmarks (all, or: ${benchmarks[*]}) and prints each figure, its reference in the same run
  and its goal as a table; build/bench.json keeps them. Measure on a quiet machine." ;;
    synth) echo "./faultline synth [CONFIGURATION...]
  Synthesizes the RTL with Yosys (all configurations, or: small default), places and routes what fits an ECP5 with nextpnr,
  and prints cells, block RAMs, Fmax and the critical path; build/synth.json keeps them." ;;
    coverage) echo "./faultline coverage
  Builds the RTL with counters, runs its tests, and prints lines, branches, toggles and cover points of each module and what
  nothing reached. Annotated sources are in build/coverage/report." ;;
    doctor) echo "./faultline doctor
  Checks this machine: environment, namespaces, memory, disk, KVM. Changes nothing." ;;
    *) return 1 ;;
  esac
}

wants_help() {
  local argument
  for argument in "$@"; do
    case $argument in
      --) return 1 ;;
      -h | --help) return 0 ;;
    esac
  done
  return 1
}

main() {
  local command=${1:-}
  case $command in
    '' | -h | --help | help) usage && return ;;
  esac
  shift
  help_for "$command" >/dev/null || usage_error "There is no command '$command'."
  if wants_help "$@"; then
    help_for "$command"
    return
  fi
  [[ $command != doctor ]] || { doctor "$@" && return; }
  go_inside "$command" "$@"
  "command_$command" "$@"
}

# Replaces this process by itself inside the environment, unless it is there already.
go_inside() {
  [[ -z ${FAULTLINE_INSIDE:-} ]] || return 0
  if host_is_the_environment; then
    export FAULTLINE_INSIDE=/
    mkdir -p "$cache/home"
    return
  fi
  ensure_environment
  mkdir -p "$cache/home"
  enter "$project/faultline" "$@"
}

command_build() {
  local preset=release
  while (($#)); do
    case $1 in
      --preset) preset=${2:-} && shift 2 ;;
      *) usage_error "Unknown option '$1'." build ;;
    esac
  done
  build_host "$preset" all
  build_guest
}

command_device() {
  [[ ${1:-} != --options ]] || set -- --help
  local program=faultline-device
  [[ " $*" != *" --wave"* ]] || program=faultline-device-wave
  build_host release "$program"
  exec "$project/build/release/qemu_device/$program" "$@"
}

command_wave() {
  (($# > 1)) && [[ $1 != -* && $2 != -* ]] || usage_error "Two files are wanted: waveforms, and the picture to draw." wave
  local file=$1 picture=$2
  shift 2
  [[ " $*" == *" --view"* ]] || set -- --view "$project/waveforms/replayed_fault.gtkw" "$@"
  build_host release faultline-wave
  exec "$project/build/release/tools/wave/faultline-wave" "$file" --output "$picture" "$@"
}

command_translate() {
  [[ ${1:-} != --options ]] || set -- --help
  local program=faultline-translate
  [[ " $*" != *" --wave"* ]] || program=faultline-translate-wave
  build_host release "$program"
  exec "$project/build/release/tools/translate/$program" "$@"
}
