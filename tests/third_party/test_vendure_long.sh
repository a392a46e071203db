#!/bin/sh
# The recipe of scenarios/api/vendure/ from nothing: install, seed, replay a small flash sale, audit.
# It installs from npm and needs Debian's PostgreSQL, so it runs only where OMO_TEST_THIRD_PARTY=1 asks
# for it (OMO_THIRD_PARTY_FOLDER keeps what was installed for the next time).
#
# What Vendure does wrong depends on timing; that the books are read and everything else is judged
# does not. One customer at a time must be a clean audit; what many at once make of it is printed.
set -eu
[ "${OMO_TEST_THIRD_PARTY:-0}" = 1 ] || exit 77
. "$OMO_SOURCE_DIR/tests/cli/common.sh"
. "$OMO_SOURCE_DIR/tests/cli/service.sh"
recipe=$scenarios/api/vendure
chmod a+x "$work" # for the user postgres, when this is root
W=${OMO_THIRD_PARTY_FOLDER:-$work/vendure}
PORT=$(free_port)
PG_PORT=$(free_port)
VENDURE_PASSWORD=omosim
export W PORT PG_PORT VENDURE_PASSWORD
url=http://127.0.0.1:$PORT
trap '"$recipe/vendure.sh" stop || true; rm -rf "$work"' EXIT

small="--set demand.segments.members.visits=6500/d --set demand.segments.guests.visits=2800/d
    --set traffic.accounts=100000 --set promotion.budget=5"
for place in north_gate east_wing food_hall metro_exit; do
    small="$small --set places.$place.opening=2"
done
shop() { # [OPTION...]: replays and audits; JSON in $work/out
    status=0
    "$binary" replay "$work/sale.plan" --api "$recipe/vendure.yaml" --tables "$work/shop.json" \
        --target "$url" --timeout 60s --record "$work/run.db" --audit --json "$@" \
        >"$work/out" 2>"$work/err" || status=$?
    [ "$status" -le 1 ] || fail "replay $*: status $status: $(head -c 600 "$work/err")"
}

audit_it() { # from the record alone; JSON in $work/out
    status=0
    "$binary" audit "$work/run.db" --api "$recipe/vendure.yaml" --tables "$work/shop.json" --json \
        >"$work/out" 2>"$work/err" || status=$?
    [ "$status" -le 1 ] || fail "audit: status $status: $(head -c 600 "$work/err")"
}

# shellcheck disable=SC2086 # words of $small
expect 0 "a plan" "$binary" trace "$scenarios/flash_sale.yaml" $small --from 20:00 --to 20:00:40 \
    --channel app_pickup --no-clerks -o "$work/sale.plan"
expect 0 "Vendure" "$recipe/vendure.sh" up
# shellcheck disable=SC2086
expect 0 "seeding" "$binary" seed "$scenarios/flash_sale.yaml" $small --plan "$work/sale.plan" \
    --api "$recipe/vendure.yaml" --target "$url" --tables "$work/shop.json" --json
json 'd["places"] == 4 and d["coupons"] == 1 and d["members"] > 50' "seeding"
expect 0 "keeping" "$recipe/vendure.sh" save

# One after the other: everything is answered and nothing is sold twice.
shop --users 1 --duration 60s
json 'd["requests"]["errors"] == 0' "one at a time"
json 'd["steps"]["pay"]["outcomes"]["ok"] > 10' "one at a time"
audit_it
json 'all(i["verdict"] != "violated" for i in d["invariants"] if i["name"] != "answers_in_time")' \
    "one at a time"

# All at once.
expect 0 "reset" "$recipe/vendure.sh" reset
shop --speed 0.5
audit_it
python3 - "$work/out" <<'END'
import json, sys
for i in json.load(open(sys.argv[1]))["invariants"]:
    print(f"{i['name']:24}{i['verdict']:14}{i['checked']:6} checked{i['violations']:4} violations")
END
finish
