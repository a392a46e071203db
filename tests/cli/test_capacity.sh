#!/bin/sh
# omosim capacity: over one connection, a service that takes 10 ms an answer can do 100
# requests a second.
set -eu
. "$(dirname "$0")/common.sh"
. "$(dirname "$0")/service.sh"

listen "$binary" backend --scenario "$scenarios/two_stores.yaml" --port 0 --fault slow=1:10 --for 600s
target=$url/products/sku_1
expect 0 found "$binary" capacity --target "$target" --slo 'p99<300ms,errors<1%' --start 20 --connections 1 \
    --own-lateness 1h --hold 2s --warm-up 200ms --repeats 1 --precision 30% --json --out "$work/capacity.db" \
    --report "$work/capacity.html"
json "d['end'] == 'found' and 50 <= d['rate'] <= 110 and d['high'] > d['rate']" "the edge"
json "all(p['held'] == (p['rate'] <= d['rate']) for p in d['probes'])" "probes held up to the edge"
json "len(d['probes']) >= 4" "probes"
grep -q 'id="load_capacity"' "$work/capacity.html" || fail "the page has no picture"

expect 0 above "$binary" capacity --target "$target" --slo 'errors<1%' --start 10 --max 20 --hold 500ms
grep -q 'still holds at 20 journeys a second' "$work/out" || fail "above: $(cat "$work/out")"
expect 1 below "$binary" capacity --target "$target" --slo 'p99<1ms' --start 10 --min 5 --hold 500ms
grep -q 'does not hold at the lowest rate' "$work/out" || fail "below: $(cat "$work/out")"
expect 2 slo "$binary" capacity --target "$url/" --slo 'p98.x<1s'
grep -q -- "--slo 'p98.x<1s', column" "$work/err" || fail "slo: $(cat "$work/err")"
expect 2 none "$binary" capacity --target "$url/"
expect 2 bounds "$binary" capacity --target "$url/" --slo 'p99<1s' --min 10 --max 5
expect 2 precision "$binary" capacity --target "$url/" --slo 'p99<1s' --precision 300%
finish
