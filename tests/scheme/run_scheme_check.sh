#!/usr/bin/env bash
# The scheme folder: `jaring scheme check` is content with it, every source is cited and listed, and
# planted mistakes are found, each in its file and line.
set -uo pipefail
cd "$(dirname "$0")/../.."
jaring=build/release/jaring
copy=$(mktemp -d "${TMPDIR:-/tmp}/jaring-scheme.XXXXXX")
trap 'rm -rf "$copy"' EXIT
passed=0
failed=0

result() { # ok|FAIL what
  echo "$1 $2"
  if [ "$1" = ok ]; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
}

# The folder with `from` (a basic regular expression, in one place only) replaced must be refused in
# words that match `words`.
planted() { # what file from to words
  rm -rf "$copy/id-bpu"
  cp -r schemes/id-bpu "$copy"
  sed -i "0,/$3/s//$4/" "$copy/id-bpu/$2"
  if cmp -s "$copy/id-bpu/$2" "schemes/id-bpu/$2"; then
    result FAIL "$1: the mistake could not be planted: no '$3' in $2"
    return
  fi
  said=$("$jaring" scheme check --scheme "$copy/id-bpu" 2>&1)
  status=$?
  if [ "$status" -ne 0 ] && grep -qE "$5" <<<"$said"; then
    result ok "found: $1"
  else
    result FAIL "$1: exit $status, expected words like '$5': $said"
  fi
}

if said=$("$jaring" scheme check 2>&1) && grep -q 'no problems' <<<"$said"; then
  result ok "$said"
else
  result FAIL "scheme check: $said"
fi
if said=$("$jaring" scheme show 2>&1) && grep -q 'pp50-2025' <<<"$said"; then
  result ok "scheme show prints $(wc -l <<<"$said") lines"
else
  result FAIL "scheme show: ${said:0:300}"
fi
if said=$(python3 tools/check_sources.py 2>&1); then
  result ok "check_sources: every source cited"
else
  result FAIL "check_sources: $said"
fi

planted 'an unknown key' reliefs.toml '^\[\[relief\]\]' 'colour = "red"\n[[relief]]' \
  'reliefs.toml:[0-9]+: .*colour'
planted 'an unknown source' reliefs.toml 'pp49-2020:9' 'pp99-2099:9' 'reliefs.toml:[0-9]+: .*pp99'
planted 'a row without its source' reliefs.toml '^source = .*' '' 'reliefs.toml:[0-9]+: .*source'
planted 'a confidence nobody knows' reliefs.toml 'confidence = "M"' 'confidence = "sure"' \
  'reliefs.toml:[0-9]+: .*(confidence|sure)'
planted 'a relief for no sector' reliefs.toml '"transport"\]' '"mining"]' \
  'reliefs.toml:[0-9]+: .*mining'
planted 'a broken file' brackets.toml '^\[\[' '[[[' 'brackets.toml:[0-9]+: '
planted 'a contribution that is not its share of the base' brackets.toml 'jkk = 12_000' \
  'jkk = 12_001' 'brackets.toml:[0-9]+: '
planted 'brackets that overlap' brackets.toml 'from = 1_300_000' 'from = 1_100_000' \
  'brackets.toml:[0-9]+: '
planted 'a share of the wage that begins too late' wage-earners.toml '^from = "2015-07"' \
  'from = "2015-08"' 'wage-earners.toml:[0-9]+: .*gap'
planted 'a relief that ends before it begins' reliefs.toml '^to = "2021-01"' 'to = "2019-01"' \
  'reliefs.toml:[0-9]+: '

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
