#!/usr/bin/env bash
# The faces in a browser, against the real program: tests/browser/run_faces.sh [BINARY]
set -euo pipefail
cd "$(dirname "$0")/../.."
tools/build_web.sh
[ -e tests/browser/node_modules/.package-lock.json ] ||
  npm ci --prefix tests/browser --ignore-scripts --silent
exec node tests/browser/run_faces_tests.mjs "$@"
