#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Guest memory that is not shared is found out by the driver, which says what to do.
source "$(dirname "$0")/common.sh"
guest_share=off
prepare_guest
boot_in_background 'dmesg | grep faultline; [ ! -e /dev/faultline0 ] && dmesg | grep -q "share=on"'
finish_guest
