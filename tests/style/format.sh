#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# C++ sources are as clang-format writes them.
source "$(dirname "$0")/common.sh"
tree '*.cpp' '*.hpp' | xargs clang-format --dry-run -Werror
