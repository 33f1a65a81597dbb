#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Nothing names a particular machine's folders or a package registry's host.
source "$(dirname "$0")/common.sh"
patterns='/(work|farm|home)/[a-z]|(deb|snapshot|security|registry|archive)\.(debian\.org|npmjs\.org|ubuntu\.com)'
verdict "$(tree | grep -v '^tests/style/machine_paths.sh$' | xargs grep -nHE "$patterns" || true)"
