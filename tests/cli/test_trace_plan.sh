#!/bin/sh
# omosim trace: plans of simulated days, their bytes, their bounds, and what is refused.
set -eu
. "$(dirname "$0")/common.sh"
small="$scenarios/two_stores.yaml"
plan="$work/day.plan"

# counts FILE EXPRESSION WHAT: the plan is whole, and the expression about its counts (`d`) holds.
counts() {
    "$binary" plan "$1" --json >"$work/out" 2>"$work/err" ||
        fail "$3: not a whole plan: $(head -c 300 "$work/err")"
    json "$2" "$3"
}

# gone FILE WHAT: neither the file nor anything half-written is there.
gone() {
    [ ! -e "$1" ] || fail "$2: left a file"
    [ -z "$(find "$work" -name "*$(basename "$1")*")" ] || fail "$2: left something beside the file"
}

# ---- what is written -----------------------------------------------------------------------------

expect 0 "a day" "$binary" trace "$small" -o "$plan"
shows "check_out" "a day"
shows "digest" "a day"
cp "$plan" "$work/first.plan"
expect 0 "the counts" "$binary" trace "$small" -o "$plan" --json
json 'd["journeys"] == sum(d["by_kind"].values()) and d["steps"] == sum(d["by_step"].values())' \
    "the counts"
json 'd["by_step"]["check_out"] == d["by_kind"]["order"] > 20' "the counts"
json 'list(d["by_channel"]) == ["app_pickup", "app_courier", "web_parcel"]' "the counts"
json '7 * 86400e6 <= d["first_us"] and d["last_us"] < 8.1 * 86400e6' "the day after the warm-up"
digest=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["digest"])' "$work/out")
journeys=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["journeys"])' "$work/out")
cmp -s "$plan" "$work/first.plan" || fail "not the same bytes each time"
counts "$plan" "d['journeys'] == $journeys" "the file has them all"
[ "$(od -An -tx8 -j32 -N8 "$plan" | tr -d ' ')" = "$digest" ] ||
    fail "the file's digest is not the one that was told"

expect 0 "without vector instructions" env OMO_SCALAR=1 "$binary" trace "$small" -o "$plan"
cmp -s "$plan" "$work/first.plan" || fail "scalar draws give another plan"
if [ -n "${OMO_BINARY_OTHER:-}" ]; then
    expect 0 "the other build" "$OMO_BINARY_OTHER" trace "$small" -o "$plan"
    cmp -s "$plan" "$work/first.plan" || fail "the other build gives another plan"
fi
expect 0 "another replication" "$binary" trace "$small" -o "$plan" --replication 3
! cmp -s "$plan" "$work/first.plan" || fail "replication 3 is replication 0"
expect 0 "another seed" "$binary" trace "$small" -o "$plan" --seed 5
! cmp -s "$plan" "$work/first.plan" || fail "the seed changes nothing"

expect 0 "standard output" "$binary" trace "$small" -o -
cp "$work/out" "$work/piped.plan"
says "check_out" "the summary stands aside"
counts "$work/piped.plan" "d['journeys'] == $journeys" "standard output"
tail -c +65 "$work/first.plan" >"$work/a"
tail -c +65 "$work/piped.plan" | cmp -s - "$work/a" ||
    fail "standard output: other bytes behind the header"

# ---- a flash sale: names of coupons, check-outs that wait for the sale to begin -------------------

sale=$scenarios/flash_sale.yaml
expect 0 "a flash sale" "$binary" trace "$sale" --from 20:00 --to 20:00:40 --channel app,walk_in \
    -o "$work/sale.plan" --json
json '5000 < d["steps"] < 20000' "a flash sale"
json 'd["by_step"]["apply_coupon"] > 5 * 20' "more come with a coupon than its budget pays for"
json 'd["by_step"]["check_out"] > 1.05 * d["by_kind"]["order"]' "some tap twice"
json 'all(d["by_step"][s] > 20 for s in ("till", "cancel", "take_back", "points", "check_stock"))' \
    "a bit of everything"
expect 0 "a flash sale as a table" "$binary" export csv "$work/sale.plan" -o "$work/sale.csv"
grep -q ',apply_coupon,.*,first_20,' "$work/sale.csv" || fail "its coupon has no name"
python3 - "$work/sale.csv" <<'END' || fail "the rush"
import csv, sys
steps = [(int(r["at_us"]) / 1e6 - 72000, r["step"]) for r in csv.DictReader(open(sys.argv[1]))]
sale = [at for at, step in steps if step in ("apply_coupon", "check_out")]
assert min(sale) >= 20, min(sale)
assert sum(at < 22 for at in sale) > 600, sum(at < 22 for at in sale)
assert max(at for at, step in steps) < 120
END
expect 0 "coupons without names" "$binary" trace "$small" -o "$plan" --set promotion=coupon
! head -c 4096 "$plan" | grep -q '"coupons":\[' || fail "a list of coupons that have no names"

# ---- the whole run: its facts are those of any other run -----------------------------------------

expect 0 "all days" "$binary" trace "$small" --day 0 --days 28 --channel walk_in,app,web_parcel \
    -o "$plan" --json
json 'd["by_step"]["till"] > 5000' "all days"
digest=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["digest"])' "$work/out")
expect 0 "the same run" "$binary" run "$small" --trace-events - --trace-limit 0
says "digest $digest" "a traced run has the digest of any other"
for set in traffic.cancel_share=50% "traffic.think=constant(1min)"; do
    expect 0 "$set" "$binary" run "$small" --replications 1 --json --set "$set"
    cp "$work/out" "$work/with"
    expect 0 "without" "$binary" run "$small" --replications 1 --json
    cmp -s "$work/out" "$work/with" || fail "$set changes a simulated result"
done

# ---- filters -------------------------------------------------------------------------------------

expect 0 "an evening" "$binary" trace "$small" --from 18:00 --to 22:00 --channel app --days 3 \
    -o "$plan" --json
json 'list(d["by_channel"]) == ["app_pickup", "app_courier"]' "a family of channels"
json '7.75 * 86400e6 <= d["first_us"]' "an evening"
"$binary" plan "$plan" --print >"$work/steps"
awk 'NR > 1 && $3 != last { last = $3; if ($2 < "18:00" || $2 >= "22:00") exit 1 }' "$work/steps" ||
    fail "an evening: a journey starts outside of it"
expect 0 "by kind" "$binary" trace "$small" --channel web_parcel -o "$plan" --json
json 'd["by_kind"]["collect"] == 0 and d["by_kind"]["pick"] > 0' "by kind"
expect 0 "one place" "$binary" trace "$small" --place west -o "$plan" --json --days 7
json '0 < d["journeys"]' "one place"
expect 0 "no clerks" "$binary" trace "$small" --no-clerks -o "$plan" --json
json 'd["by_kind"]["pick"] == 0 and "pick_list" not in d["by_step"]' "no clerks"
expect 0 "a point, a set" "$binary" trace "$scenarios/o2o_vs_omo.yaml" --point o2o --day 1 \
    --set run.days=3 --set run.warm_up=0s --set places.0.generate.count=40 \
    --set traffic.cancel_share=100% -o "$plan" --json
json 'd["point"] == "o2o" and d["by_step"]["cancel"] == d["by_step"]["pay"]' "a point, a set"
json 'd["by_kind"]["pick"] == 0' "cancelled orders are not picked"
expect 0 "an empty plan" "$binary" trace "$small" --from 03:00 --to 03:01 -o "$plan"
says "the plan is empty" "an empty plan"
counts "$plan" 'd["journeys"] == 0' "an empty plan"

# ---- the block -----------------------------------------------------------------------------------

expect 0 "its keys" "$binary" list schema traffic
shows "traffic.cancel_share" "its keys"
shows "the simulated result stays the same" "its keys"
sed 's/^shortage: lost/traffic: {serch_share: 20%}/' "$small" >"$work/bad.yaml"
expect 2 "a slip" "$binary" trace "$work/bad.yaml" -o "$work/none.plan"
says "did you mean 'search_share'" "a slip"
says "bad.yaml:" "a slip"
gone "$work/none.plan" "a slip"
expect 2 "a share above 1" "$binary" trace "$small" --set traffic.scan_share=120% -o "$work/none.plan"
gone "$work/none.plan" "a share above 1"

# ---- what is refused -----------------------------------------------------------------------------

# refused TEXT ARGUMENT...
refused() {
    text=$1
    shift
    expect 2 "$*" "$binary" trace "$@" -o "$work/none.plan"
    says "$text" "$*"
    gone "$work/none.plan" "$*"
}
refused "did you mean 'app_pickup'" "$small" --channel ap_pickup
refused "did you mean 'west'" "$small" --place wset
refused "the run has days 0 to 27" "$small" --day 28
refused "the run has days 0 to 27" "$small" --day 7 --days 22
refused "--days: expected a whole number" "$small" --days 0
refused "--day: expected a whole number" "$small" --day monday
refused "a time of day such as 06:30" "$small" --from 6pm
refused "there is no time between" "$small" --from 08:00 --to 08:00
refused "--replication: expected a whole number" "$small" --replication -1
refused "unknown point 'omo'" "$scenarios/o2o_vs_omo.yaml" --point omo
refused "a queueing network has neither" "$scenarios/pick_pack_ship.yaml"
refused "--channel walk_in traces" "$scenarios/oracles/mmc.yaml"
expect 2 "no file" "$binary" trace "$small"
says "-o FILE.plan" "no file"
expect 2 "two on standard output" "$binary" trace "$small" -o - --json
says "both print to standard output" "two on standard output"
if [ -w /dev/full ]; then
    expect 3 "a full disk" "$binary" trace "$small" -o /dev/full
    says "No space left" "a full disk"
fi
expect 3 "no such folder" "$binary" trace "$small" -o "$work/no/such.plan"

# An interrupted trace leaves nothing.
"$binary" trace "$small" --set run.days=100000 --days 90000 -o "$work/none.plan" >/dev/null \
    2>"$work/err" &
pid=$!
for _ in $(seq 100); do # the file is begun after the signals are taken
    [ -z "$(find "$work" -name '*none.plan*')" ] || break
    sleep 0.3
done
kill -INT "$pid"
status=0
wait "$pid" || status=$?
[ "$status" = 130 ] || fail "interrupted: status $status"
says "no plan was written" "interrupted"
gone "$work/none.plan" "interrupted"

finish
