#!/usr/bin/env bash
# api/openapi.yaml lints without a warning, and a planted mistake is found.
set -uo pipefail
cd "$(dirname "$0")/../.."
folder=build/test/openapi-linter
mkdir -p "$folder"
cp tests/api/package.json tests/api/package-lock.json "$folder"
if ! cmp -s "$folder/package-lock.json" "$folder/installed-lock.json"; then
  npm ci --prefix "$folder" --no-audit --no-fund --loglevel=error || {
    echo "0 passed, 1 failed"
    exit 1
  }
  cp "$folder/package-lock.json" "$folder/installed-lock.json"
fi
passed=0
failed=0
lint() { REDOCLY_TELEMETRY=off "$folder/node_modules/.bin/redocly" lint "$1" 2>&1; }

if said=$(lint api/openapi.yaml) && ! grep -qiE '[0-9]+ warning' <<<"$said"; then
  passed=$((passed + 1))
else
  printf '%s\n' "$said"
  failed=$((failed + 1))
fi
sed 's/^openapi: .*/openapi: 3.1.0\ncolour: red/' api/openapi.yaml >"$folder/planted.yaml"
if said=$(lint "$folder/planted.yaml"); then
  echo "a planted mistake was not found"
  failed=$((failed + 1))
else
  passed=$((passed + 1))
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
