#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The suite's last words: each test that failed, by name and with the end of what it said; nothing of those that passed.
set -euo pipefail
launcher=$(cd "$(dirname "$0")/../.." && pwd)/tools/launcher
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
# shellcheck source=/dev/null
source "$launcher/tests.sh"

cat >"$logs/CTestTestfile.cmake" <<'END'
add_test("good: passes" "echo" "all is well")
add_test("bad: fails, and says much" "sh" "-c" "seq 100; echo the reason; false")
add_test("worse: dies" "sh" "-c" "echo last words; kill -SEGV $$")
add_test("slow: never ends" "sh" "-c" "echo waiting; exec sleep 60")
set_tests_properties("slow: never ends" PROPERTIES TIMEOUT 1)
END
(cd "$logs" && ctest --output-on-failure) >"$logs/ctest-small.log" 2>&1 || true

said=$(print_failures small 2>&1)
status=0
wants() { grep -qxE -- "$1" <<<"$said" || { echo "missing: $1" && status=1; }; }
wants 'bad: fails, and says much \.+\*\*\*Failed .*'
wants '    the reason'
wants 'worse: dies \.+\*\*\*Exception: SegFault .*'
wants '    last words'
wants 'slow: never ends \.+\*\*\*Timeout .*'
wants '    waiting'
! grep -E 'good|all is well|^ *50$' <<<"$said" || { echo "more than the failures' ends is said" && status=1; }
((status == 0)) || printf '%s\n' "$said"
exit "$status"
