#!/usr/bin/env bash
# Builds build/release/jaring, which the tests across the program drive; looks that it starts.
set -euo pipefail
cd "$(dirname "$0")/.."
tools/build.sh release jaring
build/release/jaring --help >/dev/null
build/release/jaring --version
echo "2 passed, 0 failed"
