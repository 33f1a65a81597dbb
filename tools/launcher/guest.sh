# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Boots a guest with a device behind vfio-user, runs one job in it, and tells how it ended.

# Defaults of the guest; the options of `run` and `shell` change them.
guest_kernel=${FAULTLINE_KERNEL:-newest}
guest_memory=1G
guest_cpus=2
guest_seconds=300
guest_start_seconds=90
guest_device=yes
guest_devices=1
guest_load=yes
guest_mmu=${FAULTLINE_MMU:-tlm}
guest_sanitize=${FAULTLINE_GUEST_SANITIZE:-no}
guest_parameters=
guest_device_program=faultline-device
guest_device_options=()
guest_extra=()
guest_send_queued=false
# Factor on time limits, those of the tests in the guest too: for kernels and hosts that are slow.
guest_patience=${FAULTLINE_PATIENCE:-1}

guest_help() {
  cat <<END
./faultline $1 [OPTION...] $2
  $3
  --kernel newest|stable|debug|RELEASE|IMAGE
                                        which kernel (default: newest); debug is built first, in about 10 minutes
  --memory SIZE                         guest memory (default: 1G)
  --cpus N                              guest processors (default: 2; with 1 the guest's atomics are not atomic for the device)
  --timeout SECONDS                     a guest that runs longer has failed (default: 300)
  --param NAME=VALUE                    parameter of the driver; may be repeated
  --mmu tlm|rtl|check                   which MMU the device has (default: tlm)
  --sanitize                            have the device report the driver's mistakes; each fails the run
  --wave FILE                           write waveforms of the RTL to FILE (with --mmu rtl or check)
  --wave-cycles FROM:TO                 only of these cycles
  --wave-fault N                        only around the Nth fault
  --devices N                           how many devices, each a process of its own (default: 1)
  --device-option OPTION                option of faultline-device; may be repeated
  --no-device                           no device
  --no-driver                           do not load the driver
END
}

# RTL that can write waveforms takes a minute to compile, so it is in a program of its own.
wave_option() {
  guest_device_program=faultline-device-wave
  guest_device_options+=("$1" "$2")
}

# Reads the options into the variables above; what follows them is left in guest_rest.
parse_guest_options() {
  local command=$1
  shift
  while (($#)); do
    case $1 in
      --kernel | --memory | --cpus | --timeout | --param | --mmu | --devices | --wave | --wave-cycles | --wave-fault | --device-option)
        (($# > 1)) || usage_error "$1 needs a value." "$command"
        ;;&
      --kernel) guest_kernel=$2 && shift 2 ;;
      --memory) guest_memory=$2 && shift 2 ;;
      --cpus) guest_cpus=$2 && shift 2 ;;
      --timeout) guest_seconds=$2 && shift 2 ;;
      --param) guest_parameters+=" $2" && shift 2 ;;
      --mmu) guest_mmu=$2 && shift 2 ;;
      --wave | --wave-cycles | --wave-fault) wave_option "$1" "$2" && shift 2 ;;
      --sanitize) guest_sanitize=yes && shift ;;
      --devices)
        [[ $2 =~ ^[1-8]$ ]] || usage_error "--devices takes a number from 1 to 8." "$command"
        guest_devices=$2 && shift 2
        ;;
      --device-option) guest_device_options+=("$2") && shift 2 ;;
      --no-device) guest_device=no && shift ;;
      --no-driver) guest_load=no && shift ;;
      --) shift && break ;;
      *) usage_error "Unknown option '$1'." "$command" ;;
    esac
  done
  guest_rest=("$@")
}

# run_directory: a private place for sockets and logs of one guest; removed at exit.
start_run() {
  run=$(mktemp -d "/tmp/faultline.XXXXXX")
  trap stop_run EXIT
}

stop_run() {
  local pid
  for pid in ${qemu_pid:-} ${device_pid:-} "${more_device_pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in ${device_pid:-} "${more_device_pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  # What --wave has to say, it says at the end.
  sed -n "s/^.*error: \\(.*waveforms.*\\)/faultline: \\1/p" "$run/device.log" >&2 2>/dev/null || true
  mkdir -p "$logs"
  cp -f "$run"/*.log "$logs/" 2>/dev/null || true
  rm -rf "$run"
}

more_device_pids=()

# device_name I: of its socket and log; the first has no number.
device_name() { printf 'device%s' "${1#0}"; }

# launch_device I OPTION...: sets launched_pid.
launch_device() {
  local name
  name=$(device_name "$1")
  shift
  "$project/build/${FAULTLINE_PRESET:-release}/qemu_device/$guest_device_program" --socket "$run/$name.socket" --mmu "$guest_mmu" "$@" >"$run/$name.log" 2>&1 &
  launched_pid=$!
  while [[ ! -S $run/$name.socket ]]; do
    kill -0 "$launched_pid" 2>/dev/null || die "faultline-device ended: $(tail -n 1 "$run/$name.log")" "Its log: $logs/$name.log"
    sleep 0.02
  done
}

start_device() {
  local i
  [[ $guest_sanitize == no ]] || set -- --sanitize "$@"
  launch_device 0 "$@"
  device_pid=$launched_pid
  for ((i = 1; i < guest_devices; ++i)); do
    launch_device "$i" "$@"
    more_device_pids+=("$launched_pid")
  done
}

# A cpio archive behind the initramfs carries the job, so that images are shared by all runs.
pack_job() {
  local tree=$run/job
  mkdir -p "$tree"
  printf 'FAULTLINE_JOB=%s\nFAULTLINE_LOAD=%s\nFAULTLINE_PARAMETERS="%s"\nFAULTLINE_PATIENCE=%s\n' \
    "$1" "$guest_load" "${guest_parameters# }" "$guest_patience" >"$tree/job.env"
  printf '%s\n' "$2" >"$tree/job"
  (cd "$tree" && printf 'job\njob.env\n' | cpio --create --format=newc --owner=0:0 --quiet) >"$run/job.cpio"
  cat "$initramfs" "$run/job.cpio" >"$run/initramfs.cpio"
}

find_kernel() {
  local release
  release=$(resolve_kernel "$guest_kernel")
  if [[ $release == */* ]]; then
    [[ -r $release ]] || die "There is no kernel image '$release'." "Name a file, a release of $(kernel_releases | paste -sd' '), newest, stable or debug."
    vmlinuz=$release
    release=$(newest_kernel)
  else
    [[ $guest_kernel != debug ]] || ensure_debug_kernel "$release"
    vmlinuz=$(kernel_image "$release") || die "The environment has no kernel '$release'." "It has: $(kernel_releases | paste -sd' '); and debug is one that is built."
  fi
  initramfs=$project/build/guest/$release/initramfs.cpio
  build_guest_for "$release"
}

qemu_arguments() {
  qemu_args=(-nodefaults -no-user-config -display none -action "reboot=${guest_on_reboot:-shutdown}"
    -M "q35,memory-backend=mem" -object "memory-backend-memfd,id=mem,size=$guest_memory,share=${guest_share:-on}" -m "$guest_memory"
    -smp "$guest_cpus" -cpu max -accel "${FAULTLINE_ACCEL:-tcg,thread=multi}"
    -kernel "$vmlinuz" -initrd "$run/initramfs.cpio"
    -device "isa-debug-exit,iobase=0xf4,iosize=0x1"
    -qmp "unix:$run/qmp.socket,server=on,wait=off"
    -device "pcie-root-port,id=rp0,chassis=1" "${guest_extra[@]}")
  [[ $guest_device == no ]] || add_devices
}

# The first port is there without a device too.
add_devices() {
  local i socket
  for ((i = 0; i < guest_devices; ++i)); do
    ((i == 0)) || qemu_args+=(-device "pcie-root-port,id=rp$i,chassis=$((i + 1))")
    socket="{\"type\":\"unix\",\"path\":\"$run/$(device_name "$i").socket\"}"
    qemu_args+=(-device "{\"driver\":\"vfio-user-pci\",\"id\":\"d$i\",\"bus\":\"rp$i\",\"socket\":$socket,\"x-msg-timeout\":2147483647,\"x-send-queued\":$guest_send_queued}")
  done
}

# no_timer_check: on a busy host ticks of the timer come late, and the kernel would take it for broken.
# tsc=reliable: the processors of a machine of QEMU's have one TSC, and need no watchdog for it. That of 7.3 has one processor wait for
# another with interrupts off, by a clock that early on counts interrupts: on a busy host about one boot in a hundred ended there.
kernel_arguments="console=ttyS0 no_timer_check tsc=reliable panic=-1 oops=panic panic_on_warn=1 hung_task_panic=1 quiet loglevel=5"

# What the kernel says when something went wrong, in its console log: tests/launcher/complaints.txt has one of each kind.
complaints=('Kernel panic' 'BUG: ' 'kernel BUG at ' 'BUG [a-z]' 'Oops: ' 'WARNING: ' 'INFO: possible ' 'INFO: task .* blocked for more' 'general protection' 'Call Trace:'
  'K[AC]SAN: ' 'UBSAN: ' 'DMA-API: .*: ' 'ODEBUG: ' 'pagealloc: (memory corruption|single bit error)' 'list_(add|del) corruption'
  'Bad page' 'refcount_t: ' 'self-detected stall' 'detected stalls' 'unreferenced object' 'turning off the locking correctness validator')

# A kernel that panics before its init is started anew (boot_job); with guest_on_reboot=reset the machine does that by itself, in the same log.
last_start() { awk '/Kernel panic/ { ended = 1 } /^init: the guest is up/ && !up++ && ended { text = "" } { text = text $0 "\n" } END { printf "%s", text }' "$1"; }

console_complaint() { grep -aEm 1 "$(IFS='|' && echo "${complaints[*]}")" < <(last_start "$1"); }

# What init says first. Until then nothing of ours has run in the guest.
guest_started() { grep -aqs '^init: the guest is up' "$run/console.log"; }

# Ends a machine whose kernel does not get to its init in $1 seconds.
watch_start() {
  local tries
  for ((tries = $1 * 5; tries > 0; --tries)); do
    sleep 0.2
    ! guest_started && [[ -e $run ]] || return 0
  done
  printf '{"execute":"qmp_capabilities"}\n{"execute":"quit"}\n' | socat -t 5 - "UNIX-CONNECT:$run/qmp.socket"
}

# The status that QEMU ended with.
run_machine() {
  local status=0 watcher
  watch_start "$((guest_start_seconds * guest_patience))" >/dev/null 2>&1 &
  watcher=$!
  timeout --foreground -k 5 "$((guest_seconds * guest_patience))" qemu-system-x86_64 "${qemu_args[@]}" -append "$kernel_arguments" \
    -serial "file:$run/console.log" -chardev stdio,id=job,signal=off -serial chardev:job </dev/null 2>"$run/qemu.log" || status=$?
  kill "$watcher" 2>/dev/null || true
  return "$status"
}

# boot_job COMMAND: runs COMMAND in a fresh guest, its output on our standard output; the job's exit status, or 125 if the guest failed.
# On a busy host about one kernel in a hundred panics or hangs before its init, in its clocks or in code that it changes at run time;
# that tells nothing of the device or the driver, so the machine is started once more, and the user told.
boot_job() {
  local status=0
  pack_job job "$1"
  qemu_arguments
  run_machine || status=$?
  if ((status == 0)) && ! guest_started; then
    say "The guest's kernel did not get to its init, before anything of ours ran. Its last words: $(tail -n 1 "$run/console.log")"
    say "Starting the machine once more."
    mv "$run/console.log" "$run/console-first.log"
    run_machine || status=$?
  fi
  judge_guest "$status"
}

# The status that QEMU ended with, in our terms: see finish() in qemu_device/guest/init. The job's are odd. A signal's is 128 and
# its number: 134 when QEMU aborts, 139 for a bad access, which makes a job's 53 look the same.
judge_guest() {
  local status=$1 complaint
  if complaint=$(console_complaint "$run/console.log"); then
    guest_failure "the kernel complained: $complaint"
  elif complaint=$(grep -shm 1 'checker: ' "$run"/device*.log); then
    guest_failure "${complaint#*error: }"
  elif complaint=$(grep -shm 1 'sanitizer: ' "$run"/device*.log); then
    # All of the first report: the lines of its histories are indented.
    awk '/sanitizer: / && !n++ || n == 1 && /^ / { print; next } n { exit }' "$run"/device*.log >&2
    guest_failure "${complaint#*error: }"
  elif ((status == 124 || status == 137)); then
    guest_failure "the guest did not finish in $((guest_seconds * guest_patience)) s"
  elif ((status == 0)) && ! guest_started; then
    guest_failure "the guest's kernel did not get to its init"
  elif ((status == 0)); then
    guest_failure "the guest went down without a status"
  elif ((status < 33 || status % 2 == 0 || status == 139)); then
    guest_failure "QEMU failed with status $status: $(tail -n 1 "$run/qemu.log")"
  else
    return $(((status - 1) / 2 - 16))
  fi
}

guest_failure() {
  mkdir -p "$logs"
  cp -f "$run"/*.log "$logs/" 2>/dev/null || true
  say "${red}faultline: $1$plain"
  [[ ! -s $run/console.log ]] || tail -n 12 "$run/console.log" | sed 's/^/    /' >&2
  say "           Logs: $logs/{console,device,qemu}.log"
  return 125
}

prepare_guest() {
  find_kernel
  [[ $guest_device == no ]] || build_host "${FAULTLINE_PRESET:-release}" "$guest_device_program"
  start_run
  [[ $guest_device == no ]] || start_device "${guest_device_options[@]}"
}

command_run() {
  parse_guest_options run "$@"
  ((${#guest_rest[@]})) || guest_rest=(faultline info)
  prepare_guest
  boot_job "$(printf '%q ' "${guest_rest[@]}")"
}

command_shell() {
  local status=0
  parse_guest_options shell "$@"
  ((${#guest_rest[@]} == 0)) || usage_error "shell takes no command; use run." shell
  prepare_guest
  pack_job shell ''
  qemu_arguments
  qemu-system-x86_64 "${qemu_args[@]}" -append "console=ttyS0 no_timer_check panic=-1 quiet" -serial mon:stdio 2>"$run/qemu.log" || status=$?
  ((status == 0)) || die "QEMU failed: $(tail -n 1 "$run/qemu.log")"
}
