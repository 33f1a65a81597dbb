# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# The environment: a private Debian 13 root with backports in the user's cache, and how to enter it.

cache=${FAULTLINE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/faultline}
packages_file=$launcher/packages.txt
# The two kernels that the driver is built for are looked up by the root's own apt: see root-setup.sh.
recipe_files=("$packages_file" "$launcher/root-setup.sh" "$launcher/environment.sh")

packages() { sed -e 's/#.*//' -e '/^[[:space:]]*$/d' -e 's/[[:space:]]*|.*//' "$packages_file"; }
plain_packages() { packages | sed 's/@.*//'; }

recipe_key() { cat "${recipe_files[@]}" | sha256sum | cut -c1-16; }

# A Debian 13 host that has every package, and an image to each kernel's headers, needs no root of its own.
host_is_the_environment() {
  # shellcheck source=/dev/null
  [[ $(. /etc/os-release 2>/dev/null && echo "${ID:-}-${VERSION_ID:-}") == debian-13 ]] || return 1
  # shellcheck disable=SC2046 # a list of package names
  [[ $(dpkg-query -W -f '${db:Status-Status}\n' $(plain_packages) 2>/dev/null | grep -cx installed) == $(plain_packages | wc -l) ]] &&
    [[ -n $(kernel_releases) ]]
}

can_unshare() { bwrap --ro-bind / / true 2>/dev/null; }

# The host's mirror of Debian: FAULTLINE_MIRROR, or the first archive in apt's own configuration that has Debian's main.
debian_mirror() {
  if [[ -n ${FAULTLINE_MIRROR:-} ]]; then
    printf '%s\n' "$FAULTLINE_MIRROR"
    return
  fi
  # shellcheck disable=SC2016 # apt's own format string
  apt-get indextargets --format '$(ORIGIN) $(COMPONENT) $(REPO_URI)' 2>/dev/null |
    awk '$1 == "Debian" && $2 == "main" && $3 !~ /security/ {print $3; exit}'
}

host_tools_missing() {
  local tool
  for tool in mmdebstrap:mmdebstrap bwrap:bubblewrap; do
    command -v "${tool%%:*}" >/dev/null || printf '%s ' "${tool##*:}"
  done
}

install_host_tools() {
  local missing
  missing=$(host_tools_missing)
  [[ -n $missing ]] || return 0
  command -v apt-get >/dev/null || die "This host has no apt; the environment is made with ${missing% }." "Install them by hand and try again."
  ((EUID == 0)) || die "This host lacks: ${missing% }." "Install them: sudo apt-get install ${missing% }"
  # shellcheck disable=SC2086 # a list of package names
  step host-packages "Installing ${missing% } on this host" bash -c "apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -yq --no-install-recommends ${missing}" ||
    die "The host packages could not be installed." "Install ${missing% } by hand and try again."
}

# sources.list holds the one mirror that was asked for; backports and updates are the same mirror's.
make_root() {
  local root=$1 mode sources
  mode=$([[ $EUID == 0 ]] && echo root || echo unshare)
  sources='sed -n "/ trixie main/{s/ trixie / trixie-updates /p;s/ trixie-updates / trixie-backports /p}" "$1/etc/apt/sources.list" >"$1/etc/apt/sources.list.d/backports.list"'
  # shellcheck disable=SC2046 # no mirror found: mmdebstrap's default
  mmdebstrap --mode="$mode" --variant=apt --include="$(packages | grep -v @ | paste -sd,)" \
    --aptopt='Acquire::Languages "none"' --aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Retries "3"' \
    --setup-hook="$sources" \
    --customize-hook="copy-in '$launcher/root-setup.sh' '$packages_file' /root" \
    --customize-hook='chroot "$1" bash /root/root-setup.sh' \
    trixie "$root" $(debian_mirror)
}

# Makes the root under a name of its own and renames it: an interrupted run leaves nothing that looks whole, and what it may still be
# writing is not the next one's.
create_environment() {
  local root=$1 partial=$1.partial.$$ old
  for old in "$cache"/root-*.partial.*; do remove_root "$old"; done
  step environment "Making the environment (Debian 13 root, about 2 GB, once)" make_root "$partial" || {
    remove_root "$partial"
    die "The environment could not be made." "Is there network and room in $cache? See $logs/environment.log; FAULTLINE_MIRROR names another mirror, FAULTLINE_CACHE another place."
  }
  mv -T "$partial" "$root"
}

# Files of a root that a user namespace made belong to other ids outside of it. What is mounted there is not the root's.
remove_root() {
  [[ -e $1 ]] || return 0
  ! grep -qF " $1/" /proc/self/mountinfo || die "Something is mounted below $1." "A run by chroot was killed: unmount it (umount -R), then try again."
  rm -rf "$1" 2>/dev/null || unshare --map-auto --map-root-user rm -rf "$1"
}

# Other checkouts may use other roots, even now: only what nobody entered for a week goes.
remove_old_roots() {
  local stamp
  for stamp in "$cache"/root-*.used; do
    [[ -n $(find "$stamp" -mtime +7 2>/dev/null) ]] || continue
    remove_root "${stamp%.used}"
    rm -f "$stamp"
  done
}

ensure_environment() {
  local available
  root=$cache/root-$(recipe_key)
  [[ ! -d $root ]] || { install_host_tools && return 0; }
  install_host_tools
  mkdir -p "$cache" || die "The cache $cache cannot be made." "Set FAULTLINE_CACHE to a folder that can."
  available=$(df -Pk "$cache" | awk 'NR == 2 {print int($4 / 1024)}')
  ((available > 3500)) || die "The cache $cache has $available MiB left; the environment needs 3500." "Free some, or set FAULTLINE_CACHE."
  exec {lock}>"$cache/lock"
  if ! flock -n "$lock"; then
    say "  Another faultline is making the environment; waiting for it."
    flock "$lock"
  fi
  if [[ ! -d $root ]]; then
    create_environment "$root"
    remove_old_roots
  fi
  flock -u "$lock"
}

# The user's own folders, to be read: an image or a kernel may lie there. Not where the root has something of its own.
own_folders() {
  local path
  for path in "$HOME" "$PWD"; do
    [[ $path =~ ^/(usr|etc|var|bin|sbin|lib|lib64|dev|proc|sys|run|tmp)?(/|$) ]] || echo "$path"
  done | sort -u
}

# Runs a command inside the root; the project and the cache have the same paths inside. The root's folders are put together anew, because
# a user who made it in a namespace cannot add mount points to it, and read-only, because nothing has to change there.
enter() {
  local folders=() path
  touch "$root.used"
  for path in usr etc var; do folders+=(--ro-bind "$root/$path" "/$path"); done
  for path in bin sbin lib lib64; do folders+=(--symlink "usr/$path" "/$path"); done
  while read -r path; do folders+=(--ro-bind-try "$path" "$path"); done < <(own_folders)
  if can_unshare; then
    exec bwrap "${folders[@]}" --dev-bind /dev /dev --proc /proc --ro-bind /sys /sys --tmpfs /run --bind /tmp /tmp \
      --bind "$project" "$project" --bind "$cache" "$cache" --die-with-parent --chdir "$PWD" \
      --setenv FAULTLINE_INSIDE "$root" --setenv HOME "$cache/home" \
      --setenv PATH /usr/sbin:/usr/bin:/sbin:/bin --setenv LC_ALL C.UTF-8 --setenv FAULTLINE_CACHE "$cache" "$@"
  fi
  ((EUID == 0)) || die "Namespaces are not allowed here, and without them only root can enter the environment." "Allow unprivileged user namespaces, or run as root."
  enter_by_chroot "$@"
}

# Without namespaces, as root: the mounts are undone when the command ends, or is ended.
enter_by_chroot() {
  local status=0 path
  mounted=()
  trap '((${#mounted[@]} == 0)) || umount -lR "${mounted[@]}"' EXIT
  trap 'exit 130' INT TERM HUP
  for path in /dev /proc /sys /tmp $(own_folders) "$project" "$cache"; do
    mkdir -p "$root$path"
    mount --rbind "$path" "$root$path" 2>/dev/null || die "Neither namespaces nor mounts are allowed here." \
      "Run on a machine or in a container that allows one of them, or on Debian 13 with the packages of tools/launcher/packages.txt."
    mount --make-rslave "$root$path"
    mounted=("$root$path" "${mounted[@]}")
  done
  FAULTLINE_INSIDE=$root FAULTLINE_CACHE=$cache HOME=$cache/home LC_ALL=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    chroot "$root" /bin/bash -c 'cd "$1" && shift && exec "$@"' - "$PWD" "$@" || status=$?
  exit "$status"
}
