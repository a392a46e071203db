#!/bin/sh
# Fulfilment modes from the outside: what the scenarios answer, and that traffic and traces follow
# goods that nobody fetches.
set -eu
. "$(dirname "$0")/common.sh"
point="$scenarios/pickup_point.yaml"
couriers="$scenarios/couriers.yaml"

# ---- a store as a parcel point -------------------------------------------------------------------

expect 0 "the parcel point" "$binary" compare "$point" --replications 3 --json
json '{p["name"] for p in d["points"]} >= {"parcels", "no_parcels", "bigger_shelf", "reserve"}' "its points"
cat >"$work/kpi.py" <<'END'
import json, sys
d = json.load(open(sys.argv[1]))
k = {p["name"]: {n: v["mean"] for n, v in p["kpi"].items()} for p in d["points"]}
parcels, alone, bigger, reserve = (k[n] for n in ("parcels", "no_parcels", "bigger_shelf", "reserve"))
assert parcels["parcels_handed"] > 400 and "parcels_handed" in alone and alone["parcels_handed"] == 0
assert abs(parcels["service_income"] - 0.5 * parcels["parcels_handed"]) < 1e-6
assert parcels["shelf_full_share"] > 0.1 > alone["shelf_full_share"]
assert parcels["profit"] < alone["profit"] < bigger["profit"]
assert parcels["footfall"] > alone["footfall"]
assert bigger["pickup_shelf_level"] > alone["pickup_shelf_level"]
assert parcels["pickup_verify_wait"] > 0
assert reserve["no_show_rate"] > 0.1 > parcels["no_show_rate"] > 0.01
assert reserve["expired_orders"] > parcels["expired_orders"] > 0
END
python3 "$work/kpi.py" "$work/out" || fail "the parcel point: other answers"

# ---- couriers ------------------------------------------------------------------------------------

expect 0 "couriers" "$binary" compare "$couriers" --replications 3 --json
cat >"$work/kpi.py" <<'END'
import json, sys
d = json.load(open(sys.argv[1]))
k = {p["name"]: {n: v["mean"] for n, v in p["kpi"].items()} for p in d["points"]}
threes, singles, sixes, waves, equal = (k[n] for n in ("threes", "singles", "sixes", "waves", "no_priority"))
size = "courier_batch_size.rider"
assert singles[size] == 1 < threes[size] < sixes[size] < 6
assert singles["tour_distance.rider"] < threes["tour_distance.rider"] < sixes["tour_distance.rider"]
assert singles["fulfilment_cost"] > threes["fulfilment_cost"] > sixes["fulfilment_cost"]
assert sixes["otif.rider"] < threes["otif.rider"]
assert waves["picker_wait"] > threes["picker_wait"] + 0.1 and waves["E_wave"] > 0
assert equal["picker_wait.pickup"] > threes["picker_wait.pickup"]
assert 0 < threes["locker_occupancy"] < 1
assert threes["orders.carried_home"] > 0 and threes["courier_utilisation"] < 1
END
python3 "$work/kpi.py" "$work/out" || fail "couriers: other answers"
expect 0 "small lockers" "$binary" run "$couriers" --replications 1 --json --set places.metro.shelf_slots=2 --set places.campus.shelf_slots=2
json 'd["kpi"]["locker_full_share"]["mean"] > 0.3' "small lockers"

# ---- traffic and traces --------------------------------------------------------------------------

expect 0 "some come" "$binary" trace "$point" -o "$work/day.plan" --days 3 --json
json 'd["by_step"]["ready"] > 10 and d["by_step"]["collect"] > 10' "some come"
expect 0 "nobody comes" "$binary" trace "$point" -o "$work/day.plan" --days 3 --json --set channels.pickup.no_show=100%
json 'd["by_step"]["ready"] > 10 and d["by_step"].get("collect", 0) == 0' "nobody comes: no call"
expect 0 "bought in the store" "$binary" trace "$couriers" -o "$work/day.plan" --channel walk_in --json
json 'd["by_step"]["till"] > 0' "bought in the store: the till posts it"
expect 0 "a trace" "$binary" run "$couriers" --trace-events "$work/trace.json" --trace-limit 0 --trace-from 2d --trace-until 3d
python3 -c 'import json, sys; json.load(open(sys.argv[1]))' "$work/trace.json" || fail "a trace: no JSON"
expect 0 "a watch" "$binary" run "$point" --set channels.pickup.no_show=100% --watch place=corner --trace-from 8d --trace-until 12d
shows "PICKUP_EXPIRED" "a watch"
shows "corner.counter" "a watch"
finish
