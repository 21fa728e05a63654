#!/usr/bin/env bash
# The golden cases under three builds of the same rules: g++, clang with sanitizers, and wasm32 under node. All must
# pass, all must answer alike (with thousands of random questions), and a planted case must fail.
set -uo pipefail
cd "$(dirname "$0")/../.."
out=build/golden
random="@random 20260315 30000"
passed=0
failed=0

result() { # ok|FAIL what
  echo "$1 $2"
  if [ "$1" = ok ]; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
}

finish() {
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ]
  exit
}

runner() { # build
  if [ "$1" = wasm ]; then
    node --no-warnings tests/rules/run_wasi.mjs build/wasm/golden_runner.wasm
  else
    "build/$1/tests/rules/golden_runner"
  fi
}

mkdir -p "$out"
if ! { tools/build.sh release golden_runner scheme_text_tool &&
  tools/build.sh debug golden_runner && tools/build.sh wasm golden_runner jaring_rules &&
  build/release/tests/rules/scheme_text_tool schemes/id-bpu >"$out/scheme.txt"; }; then
  result FAIL "the runners or the scheme text could not be built"
  finish
fi

{
  echo "@scheme"
  cat "$out/scheme.txt"
} >"$out/scheme_part"
find tests/rules -mindepth 2 -name '*.case' | LC_ALL=C sort | while read -r file; do
  echo "@file ${file#tests/rules/}"
  cat "$file"
done >"$out/cases_part"
cat "$out/scheme_part" "$out/cases_part" <(echo "$random") >"$out/bundle"
cat "$out/scheme_part" "$out/cases_part" <(echo "@file canary.case") tests/rules/canary.case \
  >"$out/canary_bundle"

for build in release debug wasm; do
  runner "$build" <"$out/bundle" >"$out/$build.txt" 2>"$out/$build.err"
  status=$?
  if [[ $(tail -n 1 "$out/$build.txt") =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
    grep '^FAIL' "$out/$build.txt" | sed "s/^/$build: /"
    passed=$((passed + BASH_REMATCH[1]))
    failed=$((failed + BASH_REMATCH[2]))
    [ "$status" -eq 0 ] || [ "${BASH_REMATCH[2]}" -gt 0 ] || result FAIL "$build: exit status $status"
  else
    cat "$out/$build.err"
    result FAIL "$build: stopped without a count (status $status)"
  fi
  runner "$build" <"$out/canary_bundle" >"$out/canary_$build.txt" 2>&1
  status=$?
  if [ "$status" -eq 1 ] && [ "$(grep -c '^FAIL' "$out/canary_$build.txt")" -eq 1 ] &&
    grep -q '^FAIL canary.case' "$out/canary_$build.txt"; then
    result ok "$build: the planted case fails"
  else
    result FAIL "$build: the planted case did not fail, or not alone"
  fi
done

for build in debug wasm; do
  if cmp -s "$out/release.txt" "$out/$build.txt"; then
    result ok "$build answers as release does"
  else
    diff "$out/release.txt" "$out/$build.txt" | head -n 20
    result FAIL "$build does not answer as release does"
  fi
done

node --no-warnings tests/rules/check_exports.mjs build/wasm/jaring_rules.wasm "$out/scheme.txt" \
  >"$out/exports.txt" 2>&1
status=$?
cat "$out/exports.txt"
if [[ $(tail -n 1 "$out/exports.txt") =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
  passed=$((passed + BASH_REMATCH[1]))
  failed=$((failed + BASH_REMATCH[2]))
else
  result FAIL "the exports could not be asked (status $status)"
fi
echo "note: jaring_rules.wasm has $(stat -c %s build/wasm/jaring_rules.wasm) bytes"
finish
