#!/usr/bin/env bash
# Fetches the npm packages of web/ when its lock file has changed since; nothing of them is run.
set -euo pipefail
cd "$(dirname "$0")/.."
installed=web/node_modules/.package-lock.json
if [ ! -e "$installed" ] || [ web/package-lock.json -nt "$installed" ]; then
  npm ci --prefix web --ignore-scripts --no-audit --no-fund --silent
  touch "$installed"
fi
