#!/usr/bin/env bash
# The browser tests, their npm packages first: tests/browser/run_browser.sh [BINARY]
set -euo pipefail
cd "$(dirname "$0")/../.."
[ -e tests/browser/node_modules/.package-lock.json ] ||
  npm ci --prefix tests/browser --ignore-scripts --silent
exec node tests/browser/run_browser_tests.mjs "$@"
