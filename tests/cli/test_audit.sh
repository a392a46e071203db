#!/bin/sh
# The audit from end to end: a sale against the back end leaves clean books; a broken stock check is
# found and its units are named; what was recorded can be judged again; and what can't be read is said.
set -eu
. "$(dirname "$0")/common.sh"
. "$(dirname "$0")/service.sh"
. "$(dirname "$0")/audit.sh"

make_plan "$work/sale.plan"

# ---- clean books -------------------------------------------------------------------------------
serve
shoot 0 "a clean run" "$work/sale.plan" --record "$work/run.db" --junit "$work/run.xml"
clean "a clean run"
json 'd["audit"]["verdict"] == "holds"' "a clean run"
json 'd["audit"]["counts"]["requests"] == d["requests"]["count"] > 10000' "a clean run"
json 'd["audit"]["counts"]["open"] == 0 and d["audit"]["counts"]["orders_done"] > 100' "a clean run"
for name in units_sold_once stock_not_negative orders_kept orders_once orders_asked_for coupons_once \
    points_balance reservations_released cancelled_gives_back stock_adds_up money_adds_up \
    price_as_shown read_your_writes stock_reads_current no_internal_errors; do
    judged $name holds "a clean run"
done
python3 -c 'import sys, xml.etree.ElementTree as e; print(e.parse(sys.argv[1]).getroot().tag)' \
    "$work/run.xml" | grep -q testsuites || fail "JUnit"
verdicts >"$work/first"

# Judged again: with the books of now, with those that were kept, and as text.
expect 0 "audit" "$binary" audit "$work/run.db" --api "$api" --target "$url" --json
verdicts | cmp -s - "$work/first" || fail "the audit says something else later"
cp "$work/out" "$work/later"
expect 0 "kept books" "$binary" audit "$work/run.db" --api "$api" --json
cmp -s "$work/out" "$work/later" || fail "the audit of the kept books says something else"
expect 0 "text" "$binary" audit "$work/run.db" --api "$api" --junit "$work/audit.xml"
shows "no unit sold twice" "text"
python3 -c 'import sys, xml.etree.ElementTree as e
print(len(list(e.parse(sys.argv[1]).getroot().iter("testcase"))))' "$work/audit.xml" |
    grep -qx "$(grep -c . "$work/first")" || fail "JUnit of the audit"

# Somebody else buys something: an order that nobody of the run asked for.
session=$(curl -s -H 'Content-Type: application/json' -d '{"member": "900001"}' "$url/sessions")
token=$(echo "$session" | sed 's/.*"token": *"\([^"]*\)".*/\1/')
curl -s -o /dev/null -H 'Content-Type: application/json' -H "Authorization: Bearer $token" \
    -d '{"sku": "rice_cooker", "quantity": 1}' "$url/carts/x1/lines"
curl -s -o "$work/body" -H 'Content-Type: application/json' -H "Authorization: Bearer $token" \
    -H 'Idempotency-Key: x1' -d '{"reference": "x1", "cart": "x1", "place": "north_gate", "channel": "app"}' \
    "$url/orders"
if grep -q '"placed"' "$work/body"; then
    expect 1 "a stranger's order" "$binary" audit "$work/run.db" --api "$api" --target "$url" --json
    judged orders_asked_for violated "a stranger's order"
else
    fail "no stranger's order: $(cat "$work/body")"
fi
stop
cp "$work/run.db" "$work/kept.db"

# ---- what can't be read ------------------------------------------------------------------------
expect 3 "a dead target" "$binary" audit "$work/run.db" --api "$api" --target "$url"
says "no connection" "a dead target"
cmp -s "$work/run.db" "$work/kept.db" || fail "an audit that could not be done changed the record"
expect 3 "a dead target before the run" "$binary" replay "$work/sale.plan" --api "$api" \
    --target "$url" --audit
expect 2 "no map" "$binary" audit "$work/run.db"
says "--api MAP is missing" "no map"
expect 2 "no record" "$binary" audit "$work/none.db" --api "$api"
says "none.db" "no record"
echo "a text" >"$work/text.db"
expect 2 "a foreign file" "$binary" audit "$work/text.db" --api "$api"
says "text.db" "a foreign file"
head -c 100000 "$work/kept.db" >"$work/cut.db"
expect 2 "a record that was cut" "$binary" audit "$work/cut.db" --api "$api"
says "cut.db" "a record that was cut"
cat >"$work/other.yaml" <<'END'
api: 1
name: other
steps:
  check_out: {method: POST, path: /orders}
audit:
  books:
    stock: {path: /stock, rows: '', row: {sku: /sku}}
END
expect 2 "another map" "$binary" audit "$work/run.db" --api "$work/other.yaml"
says "was recorded with" "another map"
cat >"$work/bookless.yaml" <<'END'
api: 1
steps:
  check_out: {method: POST, path: /orders}
END
expect 2 "a map without books" "$binary" audit "$work/run.db" --api "$work/bookless.yaml"
says "has no section 'audit'" "a map without books"
expect 2 "a map without books" "$binary" replay "$work/sale.plan" --api "$work/bookless.yaml" \
    --target "$url" --audit
says "has no section 'audit'" "a map without books"

# ---- another service answers -------------------------------------------------------------------
mkdir "$work/empty"
listen python3 -c '
import functools, http.server, sys
handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=sys.argv[1])
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()' "$work/empty"
expect 3 "a wrong target" "$binary" audit "$work/run.db" --api "$api" --target "$url"
says "answered 404" "a wrong target"
expect 0 "a warning only" "$binary" replay "$work/sale.plan" --api "$api" --target "$url" \
    --own-lateness 1min --to 20:00:01 --speed 20 --record "$work/other.db" --json
says "warning: the books before the run" "a warning only"
stop TERM 143

# ---- a race ------------------------------------------------------------------------------------
serve --fault oversell-race
mkdir "$work/tmp"
expect 1 "oversell-race" env TMPDIR="$work/tmp" "$binary" replay "$work/sale.plan" --api "$api" \
    --target "$url" --speed 10 --own-lateness 1min --audit
shows "VIOLATED" "oversell-race"
shows "SKU earbuds at " "oversell-race"
grep -q "sold twice" "$work/out" || fail "oversell-race: $(tail -n 30 "$work/out")"
stop
[ -z "$(ls "$work/tmp")" ] || fail "a temporary record was left behind: $(ls "$work/tmp")"

finish
