#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Words are spelt right.
source "$(dirname "$0")/common.sh"
tree | grep -vE '\.(svg|json)$|^waveforms/' | xargs codespell --config "$(dirname "$0")/spelling.cfg"
