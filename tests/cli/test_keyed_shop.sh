#!/bin/sh
# A service of another style than the reference's, through an API map alone: seeded, shot at and
# audited. It closes connections that were idle for a second, answers 200 to what is no sale, and has a
# key for each channel; none of that is an error. With its race it sells units twice while its ledger
# looks right, and the audit says so.
set -eu
. "$(dirname "$0")/common.sh"
. "$(dirname "$0")/service.sh"
map=$(dirname "$0")/keyed_shop.yaml
export SHOP_PASSWORD=open-sesame

small="--set demand.segments.members.visits=40000/d --set demand.segments.guests.visits=10000/d"
for place in north_gate east_wing food_hall metro_exit; do
    small="$small --set places.$place.opening=2"
done

open_shop() { # [--race]: a shop that has been seeded; its URL is in $url
    [ -z "$service" ] || stop TERM 143
    listen python3 "$(dirname "$0")/keyed_shop.py" "$@"
    # shellcheck disable=SC2086 # words of $small
    expect 0 "seeding" "$binary" seed "$scenarios/flash_sale.yaml" $small --plan "$work/sale.plan" \
        --api "$map" --target "$url" --tables "$work/tables.json" --json
}
replay() { # [OPTION...]: JSON of the audit in $work/out
    status=0
    "$binary" replay "$work/sale.plan" --api "$map" --tables "$work/tables.json" --target "$url" \
        --record "$work/run.db" --audit --json "$@" >"$work/run" 2>"$work/err" || status=$?
    [ "$status" -le 1 ] || fail "replay $*: status $status: $(head -c 600 "$work/err")"
    status=0
    "$binary" audit "$work/run.db" --api "$map" --tables "$work/tables.json" --json \
        >"$work/out" 2>"$work/err" || status=$?
    [ "$status" -le 1 ] || fail "audit $*: status $status: $(head -c 600 "$work/err")"
}
# verdict NAME: Python for the verdict of an invariant.
verdicts='{i["name"]: i["verdict"] for i in d["invariants"]}'

# shellcheck disable=SC2086
expect 0 "a plan" "$binary" trace "$scenarios/flash_sale.yaml" $small --from 20:00:10 --to 20:00:22 \
    --channel app_pickup --no-clerks -o "$work/sale.plan"

open_shop
replay --speed 1
json 'd["verdict"] == "holds"' "a shop that keeps its books"
json "$verdicts"'["units_sold_once"] == "holds"' "a shop that keeps its books"
json "$verdicts"'["orders_kept"] == "holds"' "a shop that keeps its books"
json "$verdicts"'["coupons_once"] == "holds"' "a shop that keeps its books"
cp "$work/run" "$work/out"
json 'd["requests"]["outcomes"].get("reset", 0) == 0' "connections that the service closes"
json 'd["requests"]["outcomes"]["refused"] > 5' "no sale"

open_shop --race
replay --speed 10
[ "$status" = 1 ] || fail "a race: status $status"
json "$verdicts"'["units_sold_once"] == "violated"' "a race"
finish
