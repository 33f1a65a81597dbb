# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Says what this machine has and what is missing; changes nothing.

# finding ok|note|bad SUBJECT TEXT
finding() {
  local mark
  case $1 in
    ok) mark="$green✓$plain" ;;
    note) mark="${bold}·$plain" ;;
    bad) mark="$red✗$plain" problems=$((problems + 1)) ;;
  esac
  printf ' %s %-14s %s\n' "$mark" "$2" "$3"
}

doctor_environment() {
  local missing
  missing=$(host_tools_missing)
  if host_is_the_environment; then
    finding ok environment "this Debian 13 host has every package; no private root is needed"
  elif [[ -d $cache/root-$(recipe_key) ]]; then
    finding ok environment "$cache/root-$(recipe_key)"
  else
    finding note environment "will be made in $cache (about 2 GB, a few minutes)"
  fi
  if [[ -z $missing ]]; then
    finding ok "host packages" "mmdebstrap, bubblewrap"
  elif ((EUID == 0)); then
    finding note "host packages" "${missing% } will be installed"
  else
    finding bad "host packages" "missing; as root: apt-get install ${missing% }"
  fi
}

doctor_namespaces() {
  if ! command -v bwrap >/dev/null; then
    finding note namespaces "cannot tell before bubblewrap is installed"
  elif can_unshare; then
    finding ok namespaces "bubblewrap works"
  elif ((EUID == 0)); then
    finding note namespaces "refused; chroot will be used"
  else
    finding bad namespaces "refused; allow unprivileged user namespaces, or run as root"
  fi
}

doctor_resources() {
  local memory disk where=$cache
  memory=$(awk '/MemAvailable/ {print int($2 / 1024)}' /proc/meminfo)
  while [[ ! -d $where ]]; do where=$(dirname "$where"); done
  disk=$(df -Pk "$where" | awk 'NR == 2 {print int($4 / 1024)}')
  finding "$( ((memory > 3000)) && echo ok || echo bad)" memory "$memory MiB available (3000 needed)"
  finding "$( ((disk > 3500)) && echo ok || echo bad)" disk "$disk MiB free for the cache (3500 needed)"
  finding ok cores "$(nproc)"
}

doctor() {
  local problems=0
  (($# == 0)) || usage_error "doctor takes no arguments." doctor
  doctor_environment
  doctor_namespaces
  doctor_resources
  finding note kvm "$([[ -w /dev/kvm ]] && echo "/dev/kvm can be opened; FAULTLINE_ACCEL=kvm uses it" || echo "not available"); guests run under TCG by default"
  ((problems == 0)) || die "$problems problem(s) found." "Each line marked ✗ says what to do."
}
