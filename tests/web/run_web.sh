#!/usr/bin/env bash
# The faces without a browser: words of all languages, types, components, the rules in the page
# against the native program, and what everything weighs. Last line: "P passed, F failed".
set -uo pipefail
cd "$(dirname "$0")/../.."
out=${OUT:-build/test/web}
mkdir -p "$out"
passed=0
failed=0

finish() {
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ]
  exit
}

one() { # name, command…: one check, its words only when it fails
  local name=$1
  shift
  if "$@" >"$out/one.txt" 2>&1; then
    passed=$((passed + 1))
  else
    cat "$out/one.txt"
    echo "FAIL $name"
    failed=$((failed + 1))
  fi
}

counted() { # name, command…: prints "P passed, F failed" last
  local name=$1
  shift
  "$@" >"$out/counted.txt" 2>&1
  cat "$out/counted.txt"
  if [[ $(tail -n 1 "$out/counted.txt") =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
    passed=$((passed + BASH_REMATCH[1]))
    failed=$((failed + BASH_REMATCH[2]))
  else
    echo "FAIL $name: stopped without a count"
    failed=$((failed + 1))
  fi
}

no_hosts_in_lock() {
  ! grep -nE 'https?://[^"]*\.tgz|"resolved"' web/package-lock.json
}

if ! tools/build.sh release question_tool scheme_text_tool ||
  ! build/release/tests/rules/scheme_text_tool schemes/id-bpu >build/web_scheme.txt; then
  echo "FAIL the native tools could not be built"
  failed=1
  finish
fi
if ! . tools/web_node.sh; then
  echo "FAIL no node that builds the faces"
  failed=1
  finish
fi
one "the faces build" tools/build_web.sh
one "the lock file names no host" no_hosts_in_lock
counted "words" node web/tools/check_texts.mjs
one "types" npm run --prefix web --silent check
# Not .xml: that would be read as GoogleTest.
npm test --prefix web --silent -- --reporter=default --reporter=junit --outputFile.junit="$PWD/$out/vitest.junit" \
  >"$out/vitest.txt" 2>&1
counted "components and rules" python3 tests/web/count_junit.py "$out/vitest.junit" "$out/vitest.txt"
counted "what it weighs" node web/tools/check_budgets.mjs
finish
