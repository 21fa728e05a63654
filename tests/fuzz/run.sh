#!/bin/sh
# Runs every fuzzer for SECONDS each: tests/fuzz/run.sh [SECONDS] [NAME…]
# What is found stays in build/fuzz/found; run a fuzzer with that file to see it again.
set -eu
seconds=${1:-60}
[ $# -gt 0 ] && shift
cd "$(dirname "$0")/../.."
tools/build.sh debug fuzzers
mkdir -p build/fuzz/found
status=0
for fuzzer in build/debug/src/*_fuzz; do
  name=$(basename "$fuzzer")
  if [ $# -gt 0 ]; then
    case " $* " in *" $name "*) ;; *) continue ;; esac
  fi
  corpus=build/fuzz/corpus/$name
  mkdir -p "$corpus"
  seeds=tests/fuzz/seeds/$name
  [ -d "$seeds" ] || seeds=
  dictionary=tests/fuzz/$name.dict
  [ -f "$dictionary" ] && dictionary=-dict=$dictionary || dictionary=
  echo "== $name, $seconds s"
  "$fuzzer" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=100000 \
    -print_final_stats=0 -verbosity=0 -artifact_prefix="build/fuzz/found/$name-" \
    $dictionary "$corpus" $seeds || status=1
done
exit $status
