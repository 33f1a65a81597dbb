# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# The test suite and the benchmarks.

# Parts in the order they run: what fails fast comes first. Those in sanitized_parts run in the asan build too.
test_parts=(style unit rtl formal protocol launcher guest hmm)
sanitized_parts=(unit protocol)
# Only when asked for: its kernel takes 10 minutes to build.
debug_parts=(debug)
# What --debug-kernel runs, all on that kernel.
debug_kernel_parts=(guest hmm debug)

use_debug_kernel() {
  export FAULTLINE_KERNEL=debug FAULTLINE_PATIENCE=${FAULTLINE_PATIENCE:-5}
}

# run_ctest PRESET PART... -- OPTION...
run_ctest() {
  local preset=$1 labels=()
  shift
  while [[ $1 != -- ]]; do labels+=("$1") && shift; done
  shift
  (cd "$project/build/$preset" && ctest --output-on-failure --no-tests=error -L "^($(IFS='|' && echo "${labels[*]}"))$" -j "$jobs" "$@") 2>&1 |
    tee "$logs/ctest-$preset.log" >&2
  return "${PIPESTATUS[0]}"
}

count_tests() { sed -n 's/^\([0-9]*\)% tests passed, \([0-9]*\) tests failed out of \([0-9]*\).*/\2 \3/p' "$logs/ctest-$1.log" 2>/dev/null || true; }

# The tests that failed, each with the end of its output: said again where the reader of a long log looks first.
print_failures() {
  awk -v last=25 '
    function flush(  i) {
      for (i = n > last ? n - last : 0; i < n; ++i) print "    " lines[i]
      n = 0
    }
    /^ *[0-9]+\/[0-9]+ Test +#[0-9]+: / || /^ +Start +[0-9]+: / || /^[0-9]+% tests passed/ { flush(); inside = 0 }
    /^ *[0-9]+\/[0-9]+ Test +#[0-9]+: .*(\*\*\*|Subprocess aborted|Not Run)/ {
      sub(/^[^:]*: /, "")
      print
      inside = 1
      next
    }
    inside { lines[n++] = $0 }
    END { flush() }' "$logs/ctest-$1.log" >&2
}

# What the kernel's HMM tests say of themselves, one line a run.
print_hmm_totals() {
  local log
  for log in "$logs"/hmm_*/hmm.log; do
    [[ ! -e $log ]] || printf '%s %s\n' "$(basename "$(dirname "$log")")" "$(grep -a '^# Totals:' "$log" || echo '# no totals: it did not finish')"
  done
}

contains() {
  local wanted=$1 item
  shift
  for item in "$@"; do [[ $item != "$wanted" ]] || return 0; done
  return 1
}

command_test() {
  local parts=() sanitized=() debug=no only=() part preset failed=0 total=0 bad sum
  while (($#)); do
    case $1 in
      --) shift && break ;;
      --debug-kernel) debug=yes && shift ;;
      -*) usage_error "Unknown option '$1'." test ;;
      *) contains "$1" "${test_parts[@]}" "${debug_parts[@]}" || usage_error "There is no part '$1'; there are: ${test_parts[*]} ${debug_parts[*]}." test && parts+=("$1") && shift ;;
    esac
  done
  if [[ $debug == yes ]]; then
    ((${#parts[@]})) || parts=("${debug_kernel_parts[@]}")
    for part in "${parts[@]}"; do contains "$part" "${debug_kernel_parts[@]}" || usage_error "--debug-kernel is for the parts: ${debug_kernel_parts[*]}." test; done
    # What is about the stable kernel has nothing to say of this one.
    use_debug_kernel && only=(-LE '^stable$')
  fi
  ((${#parts[@]})) || parts=("${test_parts[@]}")
  for part in "${sanitized_parts[@]}"; do ! contains "$part" "${parts[@]}" || sanitized+=("$part"); done
  mkdir -p "$logs"
  rm -f "$logs"/ctest-*.log "$logs"/hmm_*/hmm.log

  build_host release all
  ! contains hmm "${parts[@]}" && ! contains debug "${parts[@]}" || build_hmm
  ! contains guest "${parts[@]}" && ! contains hmm "${parts[@]}" || build_guest
  [[ $debug == no ]] && ! contains debug "${parts[@]}" || (guest_kernel=debug && find_kernel)
  run_ctest release "${parts[@]}" -- "${only[@]}" "$@" || failed=1
  if ((${#sanitized[@]})); then
    build_host asan sanitized-tests
    run_ctest asan "${sanitized[@]}" -- "$@" || failed=1
  fi

  for preset in release asan; do
    read -r bad sum < <(count_tests "$preset") || continue
    ((bad == 0)) || print_failures "$preset"
    total=$((total + sum - bad)) failed_tests=$((${failed_tests:-0} + bad))
  done
  ! contains hmm "${parts[@]}" || print_hmm_totals
  printf '%d passed, %d failed\n' "$total" "${failed_tests:-0}"
  ((failed == 0)) || die "Tests failed." "Their output is above, and in $logs."
}
