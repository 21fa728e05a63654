#!/usr/bin/env bash
# Is every C++ file formatted as .clang-format says? With --fix it formats them.
set -uo pipefail
cd "$(dirname "$0")/.."
mapfile -t files < <(git ls-files --cached --others --exclude-standard '*.h' '*.cc' | sort -u)
if [ "${1:-}" = --fix ]; then
  clang-format -i "${files[@]}"
  exit
fi
passed=0
failed=0
for file in "${files[@]}"; do
  [ -e "$file" ] || continue
  if clang-format --dry-run -Werror --ferror-limit=3 "$file"; then
    passed=$((passed + 1))
  else
    echo "$file: not formatted; run tools/check_format.sh --fix" >&2
    failed=$((failed + 1))
  fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
