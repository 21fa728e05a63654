#!/usr/bin/env bash
# Load, in short: many connections that do nothing, then many requests of all kinds beside a flood.
# The full mixed load is tests/load/mixed_load.py --full; docs/PERFORMANCE.md has its figures.
set -uo pipefail
cd "$(dirname "$0")/../.."
tools/build.sh release jaring bench_http_load bench_fsync_probe || exit 1

passed=0
failed=0
for script in idle_connections.py mixed_load.py; do
  said=$(python3 "tests/load/$script")
  printf '%s\n' "$said"
  last=${said##*$'\n'}
  if [[ $last =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
    passed=$((passed + BASH_REMATCH[1]))
    failed=$((failed + BASH_REMATCH[2]))
  else
    failed=$((failed + 1)) # It did not come to its end.
  fi
done
echo "$passed passed, $failed failed"
