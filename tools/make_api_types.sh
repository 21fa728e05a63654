#!/usr/bin/env bash
# Makes TypeScript types of api/openapi.yaml: tools/make_api_types.sh FILE.ts
# The generator comes from the lock file of tests/api, so that everybody makes the same.
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:?usage: tools/make_api_types.sh FILE.ts}
folder=build/test/openapi-linter
mkdir -p "$folder" "$(dirname "$out")"
cp tests/api/package.json tests/api/package-lock.json "$folder"
if ! cmp -s "$folder/package-lock.json" "$folder/installed-lock.json"; then
  npm ci --prefix "$folder" --no-audit --no-fund --loglevel=error
  cp "$folder/package-lock.json" "$folder/installed-lock.json"
fi
"$folder/node_modules/.bin/openapi-typescript" api/openapi.yaml --output "$out" >/dev/null
