#!/bin/sh
# The reference API from end to end: simulated customers and clerks in the shop of `omosim backend`,
# which both were made from the same scenario. Whatever the service refuses is an answer that the map
# lists; nothing is an error, and the service counts, and its books say, the same as the load run.
set -eu
. "$(dirname "$0")/common.sh"
. "$(dirname "$0")/service.sh"
scenario=$scenarios/o2o_vs_omo.yaml

serve() { # serve OPTIONS: opens the shop; its URL is in $url.
    listen "$binary" backend --scenario "$scenario" --port 0 --for 300s --json "$@"
}
# replay OPTIONS: its JSON is in $work/out. How late a busy machine is, is no matter here.
replay() {
    "$binary" replay "$work/day.plan" --api "$scenarios/api/reference.yaml" --target "$url" --json \
        "$@" >"$work/out" 2>"$work/err" || [ $? = 1 ] || fail "replay: $(head -c 300 "$work/err")"
}
# close_shop: what it served is in $work/served, its books, read before, in $work/books.
close_shop() {
    python3 - "$url" >"$work/books" <<'PYTHON'
import json, sys, urllib.request
def book(name):
    rows, after = [], 0
    while after is not None:
        page = urllib.request.urlopen(urllib.request.Request(
            f"{sys.argv[1]}/books/{name}?limit=5000&after={after}",
            headers={"Authorization": "Auditor"}))
        if page.headers["Content-Type"] != "application/json":
            sys.exit(f"{name}: {page.headers['Content-Type']}")
        page = json.load(page)
        rows, after = rows + page["rows"], page.get("next")
    return rows
names = "orders", "stock", "payments", "redemptions", "coupons"
json.dump({name: book(name) for name in names}, sys.stdout)
PYTHON
    stop
    tail -n 1 "$work/service" >"$work/served"
}
# books EXPRESSION WHAT: Python about the run (d), what was served (s) and the books (b).
books() {
    python3 - "$work/out" "$work/served" "$work/books" "$1" <<'PYTHON' || fail "$2: $1: $(cat "$work/served")"
import json, sys
d, s, b = (json.load(open(path)) for path in sys.argv[1:4])
ok = lambda step: d["steps"].get(step, {}).get("outcomes", {}).get("ok", 0)
refused = lambda step: d["steps"].get(step, {}).get("outcomes", {}).get("refused", 0)
total = lambda book, what: sum(row[what] for row in b[book])
sys.exit(0 if eval(sys.argv[4]) else 1)
PYTHON
}
# Pages of the books that were read count as requests too: five or more of them.
counted='d["requests"]["count"] + 5 <= s["requests"] <= d["requests"]["count"] + 50'

expect 0 "a plan" "$binary" trace "$scenario" --days 1 --from 18:00 --to 18:20 -o "$work/day.plan"

# Goods for everybody.
serve --set stocking.opening=100
replay --speed 600
close_shop
json 'd["requests"]["errors"] == 0 and d["journeys"]["failed"] == 0' "plenty"
json 'set(d["requests"]["outcomes"]) <= {"ok", "refused"}' "plenty"
json 'd["requests"]["count"] > 3000' "plenty"
books "$counted" "plenty"
books 's["failed"] == 0 and s["not_saved"] == 0' "plenty"
books 's["refused"] == d["requests"]["outcomes"].get("refused", 0)' "plenty"
books 'refused("check_out") == 0 and len(b["orders"]) == ok("check_out") > 50' "plenty"
books 'len({o["reference"] for o in b["orders"]}) == len(b["orders"])' "plenty"
books 'sum(o["status"] == "cancelled" for o in b["orders"]) == ok("cancel")' "plenty"
books 'total("payments", "amount_cents") == total("orders", "paid_cents") > 0' "plenty"
books 'len([p for p in b["payments"] if p["amount_cents"] > 0]) == ok("pay")' "plenty"
books 'total("stock", "opening") == total("stock", "on_hand") > 0' "plenty: nothing handed over yet"
books 'sum(l["quantity"] for o in b["orders"] if o["status"] != "cancelled"
    for l in o["lines"]) == total("stock", "reserved") > 0' "plenty"
log_ins=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["counts"]["log_ins"])' \
    "$work/out")

# One unit of each SKU at each place, one redemption of the coupon, sessions that end while they are in use.
serve --set stocking.opening=1 --set promotion.budget=1 --session-for 1s
replay --speed 600
close_shop
json 'd["requests"]["errors"] == 0 and d["requests"]["outcomes"]["refused"] > 10' "scarce"
books "$counted" "scarce"
books 'refused("check_out") > 0 and min(r["available"] for r in b["stock"]) == 0' "scarce"
books 'refused("apply_coupon") > 0 and len(b["redemptions"]) <= 1 == b["coupons"][0]["limit"]' "scarce"
books 'len(b["orders"]) == ok("check_out")' "scarce"
# A token was refused (401) while the map's sessions went on: somebody logged in once more.
json "d['counts']['log_ins'] > $log_ins" "scarce"

# A service that fails now and then is found out.
serve --fault error=0.02
replay --speed 600
close_shop
json 'd["requests"]["outcomes"]["bad_status"] > 10 and d["journeys"]["failed"] > 10' "failing"
books 's["failed"] > d["requests"]["outcomes"]["bad_status"] / 2' "failing"

finish
