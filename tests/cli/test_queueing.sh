#!/bin/sh
# A queueing network from the command line: the same bytes for any threads, keys of JSON, tables,
# comparison with its default objective, database and report, and what is refused.
set -eu
. "$(dirname "$0")/common.sh"

scenario=$scenarios/pick_pack_ship.yaml
short="--set run.days=20 --replications 4"

expect 0 "check" "$binary" check "$scenario" --json
json '[p["stations"] for p in d["points"]] == [4, 4, 4] and d["points"][0]["sources"] == 2' "check"

expect 0 "one thread" "$binary" run "$scenario" $short --threads 1 --json
cp "$work/out" "$work/one"
expect 0 "two threads" "$binary" run "$scenario" $short --threads 2 --json
cmp -s "$work/out" "$work/one" || fail "two threads: other bytes"
json '{"W.pick", "W.pick.same_day", "W.same_day", "E_wave.courier"} <= set(d["kpi"])' "keys"
json '"profit" not in d["kpi"] and "P_block.pick" in d["kpi"]' "keys"
json 'd["kpi"]["P_block.pick"]["mean"] is None and d["kpi"]["duty.pick"]["mean"] == 2' "no cases"
json '0.7 < d["kpi"]["utilisation.pick"]["mean"] < 1' "utilisation"
expect 0 "another seed" "$binary" run "$scenario" $short --seed 9 --json
cmp -s "$work/out" "$work/one" && fail "another seed: the same bytes"

expect 0 "tables" "$binary" run "$scenario" $short --kpis W,utilisation.pick
shows "by source" "tables"
shows "by station and source" "tables"
shows "utilisation" "tables"
expect 2 "unknown KPI" "$binary" run "$scenario" --kpis W.pik
says "did you mean 'W.pick'" "unknown KPI"

expect 0 "compare" "$binary" compare "$scenario" $short --json
json 'd["winner"]["objective"] == "W.same_day" and len(d["points"]) == 3' "compare"
json 'd["points"][1]["paired"]["W.same_day"]["mean"] < 0' "compare"
expect 0 "vary" "$binary" compare "$scenario" $short --json \
    --vary queueing.stations.pack.servers=1,2 --objective W.next_day
json 'd["points"][0]["kpi"]["W.pack"]["mean"] > d["points"][1]["kpi"]["W.pack"]["mean"]' "vary"

expect 0 "database" "$binary" compare "$scenario" $short --out "$work/floor.db"
if command -v gnuplot >/dev/null; then
    expect 0 "report" "$binary" report "$work/floor.db" --out "$work/floor.html"
    grep -q "W, same_day" "$work/floor.html" || fail "report: no headline"
fi


finish
