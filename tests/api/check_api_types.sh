#!/usr/bin/env bash
# The types made of api/openapi.yaml compile, take a right request and refuse a wrong one.
set -uo pipefail
cd "$(dirname "$0")/../.."
folder=build/test/api-types
passed=0
failed=0
say() {
  if [ "$1" = "$2" ]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "$3"
  fi
}
mkdir -p "$folder"
tools/make_api_types.sh "$folder/schema.ts"
say $? 0 "tools/make_api_types.sh failed"
compile() {
  build/test/openapi-linter/node_modules/.bin/tsc --noEmit --strict --skipLibCheck \
    --module nodenext --target es2022 "$1"
}
cat >"$folder/right.ts" <<'TS'
import type { components, paths } from './schema.js'
type Payment = components['schemas']['PaymentRequest']
export const payment: Payment = {
  partner: 'pos', reference: 'A-1', amount: 50400, paid_at: '2026-03-10T05:00:00Z', bill_code: '100000000010',
}
export type Person =
  paths['/v1/people/{person_id}']['get']['responses']['200']['content']['application/json']
export const name = (person: Person): string => person.name
TS
sed 's/amount: 50400/amount: "50400"/' "$folder/right.ts" >"$folder/wrong.ts"
compile "$folder/right.ts"
say $? 0 "a right request does not compile"
compile "$folder/wrong.ts" >/dev/null
[ $? -ne 0 ]
say $? 0 "a wrong request compiles"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
