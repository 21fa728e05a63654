#!/usr/bin/env bash
# Everything about a database spread over many machines; the last line is "N passed, N failed".
# Debian's own Python: python3-pglast is for that one.
set -uo pipefail
cd "$(dirname "$(readlink -f "$0")")"

passed=0
failed=0
for suite in spread_tests.py pruning_tests.py distribute_tests.py; do
  echo "== $suite"
  report=$(/usr/bin/python3 "$suite" 2>&1)
  echo "$report"
  if [[ "$(tail -n 1 <<<"$report")" =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
    passed=$((passed + BASH_REMATCH[1]))
    failed=$((failed + BASH_REMATCH[2]))
  else
    failed=$((failed + 1))
  fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
