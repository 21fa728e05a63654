#!/usr/bin/env bash
# Each checker is given a planted mistake and must find it.
set -uo pipefail
cd "$(dirname "$0")/.."
passed=0
failed=0
for tool in tools/*.py; do
  grep -q -e '--self-test' "$tool" || continue
  echo "== $tool --self-test"
  said=$(python3 "$tool" --self-test)
  printf '%s\n' "$said"
  if [[ ${said##*$'\n'} =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
    passed=$((passed + BASH_REMATCH[1]))
    failed=$((failed + BASH_REMATCH[2]))
  else
    echo "$tool: its self-test gave no count" >&2
    failed=$((failed + 1))
  fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
