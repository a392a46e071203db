#!/bin/sh
# The ladder climbs: each step of scenarios/ladder.yaml earns more than the one before, and the three levers
# together more than the sum of each alone.
. "$OMO_SOURCE_DIR/tests/cli/common.sh"
ladder=$scenarios/ladder.yaml

expect 0 "the ladder" "$binary" compare "$ladder" -n 3 --kpis all --json
json '[p["name"] for p in d["points"]] == ["walk_in", "o2o_one_way", "o2o_two_way", "omo"]' "its steps"
json '(lambda profit: profit == sorted(profit) and len(set(profit)) == 4)(
    [p["kpi"]["profit"]["mean"] for p in d["points"]])' "each step earns more"
json '(lambda n: n[1] > 0 and n[2] == n[3] == 0)(
    [p["kpi"]["entry_errors"]["mean"] for p in d["points"]])' "orders keyed in by hand"
json 'd["points"][3]["kpi"]["screen_units"]["mean"] > 100' "the screen in the shop"
json 'd["points"][2]["kpi"]["from_shop"]["mean"] > 10' "looked in the shop, ordered online"
json 'd["points"][2]["kpi"]["from_online"]["mean"] > 10' "looked online, came to the shop"

expect 0 "the levers" "$binary" sweep "$ladder" --point walk_in --factorial -n 3 --kpis profit --json
json '(lambda t: t["api", "alone"] == 0 and t["o2o", "alone"] > 0 and t["all", "all"] > t["o2o", "alone"])(
    {(e["term"], e["kind"]): e["kpi"]["profit"]["mean"] for e in d["factorial"]})' "each lever alone"
json '(lambda s: s["mean"] - s["half_width"] > 0)(
    [e["kpi"]["profit"] for e in d["factorial"] if e["kind"] == "synergy"][0])' "1 + 1 > 2"
finish
