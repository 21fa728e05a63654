#!/usr/bin/env bash
# Builds a preset and runs its GoogleTest programs beside a PostgreSQL of their own:
# tools/run_unit_tests.sh PRESET RESULTS_FOLDER [PROGRAM… | --with-threads]
# (default: every *_test of the preset; --with-threads: those whose tests start threads, or are called
# by some)
set -euo pipefail
cd "$(dirname "$0")/.."
preset=${1:?preset}
results=${2:?results folder}
shift 2

tools/build.sh "$preset" build.ninja # So that the list below is today's.
programs=("$@")
if [ "${1:-}" = --with-threads ]; then
  # src/channels/http/x_test.cc is of channels_http_test, src/db/y_test.cc of db_test.
  mapfile -t programs < <(grep -rlE 'std::(thread|jthread|async|mutex)\b' src --include='*_test.cc' |
    sed -E 's|^src/channels/([^/]+)/.*|channels_\1_test|; s|^src/([^/]+)/.*|\1_test|' | sort -u)
fi
if [ ${#programs[@]} -eq 0 ]; then
  mapfile -t programs < <(grep -oE '^build [^ ]*[a-z_]+_test: CXX_EXECUTABLE' \
    "build/$preset/build.ninja" | sed -E 's/^build ([^ ]*): .*/\1/; s/.*\///' | sort)
fi
[ ${#programs[@]} -gt 0 ] || {
  echo "run_unit_tests: '$preset' has no test program" >&2
  exit 1
}
tools/build.sh "$preset" "${programs[@]}"

# The slowest begin first, so that at the end no core waits for one that began late.
slowest=(demo_test insight_test db_test channels_http_test)
mapfile -t programs < <(
  printf '%s\n' "${slowest[@]}" | grep -Fx -f <(printf '%s\n' "${programs[@]}") || true
  printf '%s\n' "${programs[@]}" | grep -Fxv -f <(printf '%s\n' "${slowest[@]}") || true
)

mkdir -p "$results"
rm -f "$results"/*.xml
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_stack_use_after_return=1:strict_string_checks=1}
export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}
export TSAN_OPTIONS=${TSAN_OPTIONS:-halt_on_error=1:second_deadlock_stack=1}
# The thread sanitizer of g++ 12 cannot bear much address randomisation.
steady=()
[ "$preset" != tsan ] || steady=(setarch "$(uname -m)" --addr-no-randomize)

# One line each: the program's own words only when it fails. A program that dies leaves no XML; the
# text it leaves instead makes the report count a failure.
cat >"$results/run_one.sh" <<'ONE'
program=$1; results=$2; preset=$3; shift 3
path=$(find "build/$preset" -name "$program" -type f -perm -u+x | head -n 1)
if ! "$@" "$path" --gtest_brief=1 --gtest_output="xml:$results/$program.xml" \
  >"$results/$program.txt" 2>&1; then
  echo "--- $program"; tail -n 200 "$results/$program.txt"; exit 1
fi
ONE
printf '%s\0' "${programs[@]}" | tests/with_postgres.sh \
  xargs -0 -P "$(nproc)" -I{} bash "$results/run_one.sh" {} "$results" "$preset" "${steady[@]}"
