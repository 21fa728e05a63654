#!/usr/bin/env bash
# Papers of claims in a store of another maker that speaks S3: tests/papers/run_papers.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=build/test/papers-store
mkdir -p "$folder"
cp tests/papers/package.json tests/papers/package-lock.json "$folder"
if ! cmp -s "$folder/package-lock.json" "$folder/installed-lock.json"; then
  npm ci --prefix "$folder" --no-audit --no-fund --ignore-scripts --loglevel=error
  cp "$folder/package-lock.json" "$folder/installed-lock.json"
fi
exec python3 tests/papers/papers_tests.py "$folder/node_modules/.bin/s3rver"
