#!/bin/sh
# The reference API from end to end: simulated customers and clerks against the service of the tests.
# Whatever the service refuses is an answer that the map lists; nothing is an error, and the service's
# own books say the same as the load run.
set -eu
. "$(dirname "$0")/common.sh"
build=${OMO_BUILD_DIR:?the build folder}
service=
trap '[ -z "$service" ] || kill "$service" 2>/dev/null || true; rm -rf "$work"' EXIT

serve() { # serve OPTIONS: starts a service; its URL is in $url.
    : >"$work/service"
    "$build/reference_service" --for 300 "$@" >>"$work/service" &
    service=$!
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        url=$(sed -n 's/^listening on //p' "$work/service")
        [ -z "$url" ] || return 0
        sleep 0.25
    done
    echo "FAIL: the service does not listen"
    exit 1
}
stop() { # stops it; its books are in $work/books.
    kill "$service"
    wait "$service"
    service=
    tail -n 1 "$work/service" >"$work/books"
}
# replay OPTIONS: its JSON is in $work/out. How late a busy machine is, is no matter here.
replay() {
    "$binary" replay "$work/day.plan" --api "$scenarios/api/reference.yaml" --target "$url" --json \
        "$@" >"$work/out" 2>"$work/err" || [ $? = 1 ] || fail "replay: $(head -c 300 "$work/err")"
}
# books EXPRESSION WHAT: Python about the run (d) and the books (b).
books() {
    python3 - "$work/out" "$work/books" "$1" <<'PYTHON' || fail "$2: $1: $(cat "$work/books")"
import json, sys
d, b = json.load(open(sys.argv[1])), json.load(open(sys.argv[2]))
ok = lambda step: d["steps"].get(step, {}).get("outcomes", {}).get("ok", 0)
sys.exit(0 if eval(sys.argv[3]) else 1)
PYTHON
}

expect 0 "a plan" "$binary" trace "$scenarios/o2o_vs_omo.yaml" --days 1 --from 18:00 --to 18:20 \
    -o "$work/day.plan"

serve
replay --speed 600
stop
json 'd["requests"]["errors"] == 0 and d["journeys"]["failed"] == 0' "plenty"
json 'set(d["requests"]["outcomes"]) <= {"ok", "refused"}' "plenty"
json 'd["requests"]["count"] > 3000' "plenty"
books 'b["calls"] == d["requests"]["count"] and b["sold_out"] == 0' "plenty"
books 'b["sessions"] == ok("log_in") and b["orders"] == ok("check_out") > 50' "plenty"
books 'b["units_sold"] > b["orders"] and b["paid_cents"] > 0' "plenty"

# One unit of each SKU, one redemption of each coupon, sessions that end while they are in use.
serve --stock 1 --coupons 1 --session-for 1
replay --speed 600
stop
json 'd["requests"]["errors"] == 0 and d["requests"]["outcomes"]["refused"] > 10' "scarce"
books 'b["sold_out"] > 0 and b["lowest_stock"] == 0' "scarce"
books 'b["orders"] == ok("check_out") and b["sessions"] == ok("log_in")' "scarce"

# A service that fails now and then is found out.
serve --fail-rate 0.02
replay --speed 600
stop
json 'd["requests"]["outcomes"]["bad_status"] > 10 and d["journeys"]["failed"] > 10' "failing"

finish
