#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Who may include whom: the table of docs/developer/architecture.md.
source "$(dirname "$0")/common.sh"

# rule FOLDER ALLOWED...: quoted includes of files in FOLDER begin with one of ALLOWED, or name a neighbour without a folder.
rule() {
  local folder=$1 allowed
  shift
  allowed=$(printf '|%s/' "$folder" "$@")
  tree "$folder/*.hpp" "$folder/*.cpp" "$folder/*.h" "$folder/*.c" |
    xargs -r grep -nHE '^ *# *include "' |
    grep -vE "include \"(${allowed:1})" |
    { [[ $folder == driver || $folder == firmware ]] && grep -vE 'include "[^/]*"' || cat; } |
    sed "s|$| -- $folder may not include this|" || true
}

verdict "$(
  rule regs
  rule systemc_models/mmu regs
  rule systemc_models/tlm regs systemc_models/mmu
  rule systemc_models/rtl_shell regs systemc_models/mmu systemc_models/tlm
  rule systemc_models/check regs systemc_models/mmu systemc_models/rtl_shell
  rule systemc_models/sanitize regs systemc_models/mmu systemc_models/check
  rule qemu_device/vfio_user
  rule qemu_device/pci qemu_device/vfio_user
  rule qemu_device/example qemu_device/vfio_user qemu_device/pci
  rule qemu_device/device qemu_device/vfio_user qemu_device/pci systemc_models regs
  rule driver regs/generated/faultline_regs.h uapi
  rule firmware regs/generated/faultline_regs.h
  rule tools regs systemc_models
  tree '*.hpp' '*.cpp' '*.h' '*.c' | grep -v ^tests/ | xargs -r grep -nHE '# *include "tests/' || true
)"
