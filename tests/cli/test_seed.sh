#!/bin/sh
# omosim seed: a scenario's shop at a live service whose API is another than the reference's, and what
# is said when the map, the plan or the service do not fit.
set -eu
. "$(dirname "$0")/common.sh"
. "$(dirname "$0")/service.sh"
map=$(dirname "$0")/keyed_shop.yaml
export SHOP_PASSWORD=open-sesame

open_shop() { # starts a shop; its URL is in $url
    [ -z "$service" ] || stop TERM 143
    listen python3 "$(dirname "$0")/keyed_shop.py" "$@"
}
seed() { "$binary" seed "$scenarios/flash_sale.yaml" --api "$map" --target "$url" "$@"; }
# books EXPRESSION WHAT: Python about what the shop has: levels, promotions.
books() {
    python3 - "$url" "$work/tables.json" "$1" <<'PYTHON' || fail "$2: $1"
import json, sys, urllib.request
def ask(path, body=None, token=""):
    r = urllib.request.Request(sys.argv[1] + path, json.dumps(body).encode() if body else None,
                               {"Authorization": "Bearer " + token})
    return json.load(urllib.request.urlopen(r, timeout=30))
token = ask("/auth/staff", {"password": "open-sesame"})["token"]
read = lambda path, rows: ask(f"/admin/{path}?offset=0&limit=100000", None, token)[rows]
levels = read("inventory-levels", "inventory_levels")
promotions = read("promotions", "promotions")
tables = json.load(open(sys.argv[2]))
sys.exit(0 if eval(sys.argv[3]) else 1)
PYTHON
}

# Everything: four shops of thirty products, 24 units of each, one coupon.
open_shop
expect 0 "all of it" seed --members 7 --tables "$work/tables.json" --json
json 'd["places"] == 4 and d["skus"] == 30 and d["positions"] == 120 and d["members"] == 7' "counts"
json 'd["coupons"] == 1 and d["requests"] == 1 + 4 + 30 + 120 + 1 + 4 + 7' "counts"
json 'set(d["tables"]) == {"keys", "locations", "channels", "variants"}' "tables"
books 'len(levels) == 120 and {l["stocked_quantity"] for l in levels} == {24}' "stock"
books '{l["location_id"] for l in levels} == set(tables["locations"].values())' "places"
books '{l["sku"] for l in levels} == set(tables["variants"])' "SKUs"
books 'promotions == [{"code": "first_20", "limit": 20, "per_customer": 1, "used": 0}]' "coupon"
books 'all(v.startswith("pk_") for v in tables["keys"].values())' "keys"

# Once more: members that are there already are passed over, places are not.
cp "$work/tables.json" "$work/before.json"
expect 3 "twice" seed --members 7 --tables "$work/tables.json"
says 'keyed_shop.yaml:' "twice"
says 'POST /admin/sales-channels for place north_gate answered 409: {"message": "channel' "twice"
cmp -s "$work/tables.json" "$work/before.json" || fail "twice: tables were written"

# Only what a plan names, and it can be replayed with the tables.
"$binary" trace "$scenarios/flash_sale.yaml" --from 20:00:20 --to 20:00:22 --channel app_pickup \
    --no-clerks -o "$work/sale.plan" >/dev/null
open_shop
expect 0 "of a plan" seed --plan "$work/sale.plan" --tables "$work/tables.json" --json
json '0 < d["members"] < 200 and d["skus"] < 30 and d["places"] == 4' "of a plan"
expect 0 "too few of a plan" seed --plan "$work/sale.plan" --members 0 --skus 0 --places 0 --json
json 'd["members"] == d["positions"] == d["skus"] == 0' "too few of a plan"
status=0
"$binary" replay "$work/sale.plan" --api "$map" --tables "$work/tables.json" --target "$url" --speed 2 \
    --json >"$work/out" 2>"$work/err" || status=$?
[ "$status" -le 1 ] || fail "replay: status $status: $(head -c 300 "$work/err")"
json 'd["steps"]["check_out"]["outcomes"].get("ok", 0) > 10' "replay"
json 'set(d["requests"]["outcomes"]) <= {"ok", "refused", "timeout"}' "replay"

# What does not fit.
expect 2 "another scenario's plan" "$binary" seed "$scenarios/two_stores.yaml" --api "$map" \
    --target "$url" --plan "$work/sale.plan"
says "is it another scenario's plan?" "another plan"
says "the scenario has no place '" "another plan"
expect 2 "no section" "$binary" seed "$scenarios/two_stores.yaml" --target "$url" \
    --api "$scenarios/api/reference.yaml"
says "has no section \`seed\`" "no section"
expect 2 "no map" "$binary" seed "$scenarios/two_stores.yaml" --target "$url"
says "--api MAP is missing" "no map"
expect 2 "no target" "$binary" seed "$scenarios/two_stores.yaml" --api "$map"
says "--target URL is missing" "no target"
expect 3 "a password that is not set" env -u SHOP_PASSWORD "$binary" seed \
    "$scenarios/two_stores.yaml" --api "$map" --target "$url"
says "environment variable 'SHOP_PASSWORD' is not set" "a password that is not set"
expect 3 "a wrong password" env SHOP_PASSWORD=wrong "$binary" seed "$scenarios/two_stores.yaml" \
    --api "$map" --target "$url"
says 'POST /auth/staff (begin) answered 401' "a wrong password"
stop TERM 143
expect 3 "nobody there" seed --members 1
says "POST $url/auth/staff" "nobody there"

cat >"$work/wrong.yaml" <<'MAP'
api: 1
steps: {}
tables: {known: {}}
seed:
  sku:
    - {path: "/{{skku}}"}
    - {path: /a, capture: {price: {json: /x}}}
    - {path: /b, keep: {unknown: {key: "{{sku}}", value: "{{price}}"}}}
    - {path: /c, each: sku}
    - {path: /d, on_failure: retry}
  shop: {path: /e}
MAP
expect 2 "a bad map" "$binary" check "$work/wrong.yaml"
says "wrong.yaml:10:18: seed.sku[4]: unknown key 'on_failure'" "a bad map"
says "unknown key 'shop'" "a bad map"
sed -i -e '/on_failure/d' -e '/shop:/d' "$work/wrong.yaml"
expect 2 "a bad map" "$binary" check "$work/wrong.yaml"
says "unknown name 'skku' in a template" "a bad map"
says "wrong.yaml:7:28: 'price' is a value of what is seeded: another name" "a bad map"
says "unknown table 'unknown'" "a bad map"
says "wrong.yaml:9:24: the requests of 'sku' know sku as it is" "a bad map"
finish
