#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Each package of the environment is named, with its reason, in docs/developer/environment.md.
source "$(dirname "$0")/common.sh"
verdict "$(diff <(tools/launcher/package_table.sh) <(sed -n '/^| package/,/^$/p' docs/developer/environment.md | sed '/^$/d') || true)"
