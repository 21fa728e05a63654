#!/usr/bin/env bash
# Builds the faces into web/dist, with the rules as WebAssembly; does nothing when that is up to date.
# Without node or npm it says so and stops well: the program then serves the plain pages alone.
# Usage: tools/build_web.sh
set -euo pipefail
cd "$(dirname "$0")/.."

for command in node npm; do
  if ! command -v "$command" >/dev/null 2>&1; then
    echo "build_web: no $command, so the app's pages are left out; the plain pages work as ever." >&2
    exit 0
  fi
done

. tools/web_node.sh
tools/build.sh wasm jaring_rules
tools/install_web.sh

# The types of the server's answers, from its own description.
types=build/web/api_types.ts
if [ ! -e "$types" ] || [ api/openapi.yaml -nt "$types" ] || [ web/package-lock.json -nt "$types" ]; then
  mkdir -p build/web
  web/node_modules/.bin/openapi-typescript api/openapi.yaml --output "$types" >/dev/null
fi

# The maps, as the pages load them.
maps=build/web/maps/nation.json
if [ ! -e "$maps" ] || [ -n "$(find data/maps data/regions web/tools/make_maps.mjs -type f -newer "$maps" -print -quit)" ]; then
  node web/tools/make_maps.mjs
fi

is_current() {
  local changed
  [ -e web/dist/sw.js.gz ] || return 1
  changed=$(find web/src web/tools web/*.html web/*.ts web/*.js web/package-lock.json \
    build/wasm/jaring_rules.wasm build/web/maps -type f -newer web/dist/sw.js.gz -print -quit)
  [ -z "$changed" ]
}
if ! is_current; then
  npm run --prefix web --silent build -- --logLevel warn
fi
