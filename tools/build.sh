#!/usr/bin/env bash
# Configures a preset when needed and builds targets: tools/build.sh PRESET [TARGET…]
# Quiet when all is well; on failure the compiler's words.
set -euo pipefail
cd "$(dirname "$0")/.."
preset=${1:?"usage: tools/build.sh PRESET [TARGET…]"}
shift

if [ ! -e "build/$preset/build.ninja" ]; then
  mkdir -p "build/$preset"
  if ! cmake --preset "$preset" >"build/$preset/configure.log" 2>&1; then
    cat "build/$preset/configure.log" >&2
    echo "build: configuring '$preset' failed; is a package missing? tools/install_packages.sh run" >&2
    exit 1
  fi
fi
if [ -t 1 ]; then
  exec ninja -C "build/$preset" "$@"
fi
if ! ninja -C "build/$preset" "$@" >"build/$preset/build.log" 2>&1; then
  grep -v '^\[' "build/$preset/build.log" | head -n 200 >&2
  exit 1
fi
