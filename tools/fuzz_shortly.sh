#!/usr/bin/env bash
# Every fuzzer of src/ for some seconds, as one check each: tools/fuzz_shortly.sh SECONDS
# What a fuzzer finds stays in build/fuzz/found and fails here until it is mended.
set -uo pipefail
cd "$(dirname "$0")/.."
seconds=${1:?"usage: tools/fuzz_shortly.sh SECONDS"}
passed=0
failed=0
while read -r source; do
  name=$(basename "$source" .cc)
  if log=$(tests/fuzz/run.sh "$seconds" "$name" 2>&1) && grep -q "== $name," <<<"$log"; then
    passed=$((passed + 1))
  else
    printf '%s\n' "$log" | tail -n 40
    failed=$((failed + 1))
  fi
done < <(find src -name '*_fuzz.cc' | LC_ALL=C sort)
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
