#!/bin/bash
# SPDX-License-Identifier: MIT
# Runs inside the new root: the packages from backports, and headers and images of the two kernels that the driver is held to.
# apt is asked for the candidates, because backports replaces its versions.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
kernels=/usr/share/faultline/kernels

# The version of a meta package in one suite, and the kernel release that it stands for.
candidate() { apt-cache madison linux-headers-amd64 | awk -F' *[|] *' -v suite="$1/" '$3 ~ " " suite {print $2; exit}'; }
release() { apt-cache show "linux-headers-amd64=$1" | grep -o 'linux-headers-[0-9][^ ,]*' | head -n 1 | sed 's/linux-headers-//'; }

# Newer kernels have the image in linux-binary-*, older ones in linux-image-*; only vmlinuz is wanted of it.
extract_image() {
  local kernel=$1 package=linux-binary-$1 work
  apt-cache show "$package" >/dev/null 2>&1 || package=linux-image-$kernel
  work=$(mktemp -d)
  (cd "$work" && apt-get download -q -o APT::Sandbox::User=root "$package")
  mkdir -p "$kernels/$kernel"
  dpkg-deb --fsys-tarfile "$work"/*.deb | tar -x -C "$work" --wildcards --no-anchored 'vmlinuz*'
  find "$work" -name 'vmlinuz*' -type f -exec mv {} "$kernels/$kernel/vmlinuz" \;
  rm -rf "$work"
}

sed -n 's/^\([^# ]*\)@backports .*/\1/p' /root/packages.txt | xargs apt-get install -yq --no-install-recommends -t trixie-backports

for suite in trixie trixie-backports; do
  kernel=$(release "$(candidate "$suite")")
  apt-get install -yq --no-install-recommends "linux-headers-$kernel"
  extract_image "$kernel"
  ln -sfn "$kernel" "$kernels/$([[ $suite == trixie ]] && echo stable || echo newest)"
done
rm -f /root/root-setup.sh /root/packages.txt
