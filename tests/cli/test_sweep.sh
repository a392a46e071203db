#!/bin/sh
# omosim sweep: grids, samples and factorial designs in text, JSON, database and report; what is refused.
. "$OMO_SOURCE_DIR/tests/cli/common.sh"
two=$scenarios/two_stores.yaml
levers=$source/tests/cli/levers.yaml
quick="--set run.days=9 --replications 2 --seed 5"
lag=integration.sync_lag=0,15min,4h

# ---- one axis -------------------------------------------------------------------------------------
expect 0 "one axis" "$binary" sweep "$two" $quick --vary $lag --out "$work/lag.db" \
    --report "$work/lag.html"
shows "integration.sync_lag  " "one axis"
shows "oversold_units" "one axis"
shows "paired differences to integration.sync_lag=0" "one axis"
shows "closed form" "one axis"
for picture in sweep_curves sweep_oversell; do
    grep -q "<figure id=\"$picture\">" "$work/lag.html" || fail "no $picture in the report"
done
grep -q "It assumes that nothing is delivered" "$work/lag.html" ||
    fail "the page does not say what the closed form assumes"
for picture in sweep_heat sweep_main factorial_effects; do
    ! grep -q "<figure id=\"$picture\">" "$work/lag.html" || fail "$picture in the report of one axis"
done
expect 0 "the page again" "$binary" report "$work/lag.db" -o "$work/again.html"
cmp -s "$work/lag.html" "$work/again.html" || fail "the report of the database is another page"

expect 0 "one axis, JSON" "$binary" sweep "$two" $quick --vary $lag --json
json 'len(d["points"]) == 3 and d["axes"] == [
    {"path": "integration.sync_lag", "kind": "duration", "unit": "s"}]' "axes"
json '[p["values"]["integration.sync_lag"]["number"] for p in d["points"]] == [0, 900, 14400]' "values"
json 'list(d["points"][0]["kpi"]) == [
    "profit", "oversold_units", "cancelled_units", "lost_sales", "fill_rate"]' "KPIs"
json 'd["points"][0]["paired"] == {} and "half_width" in d["points"][1]["paired"]["profit"]' "paired"
json '[0] == [p["expected"]["oversold_units"]["closed_form"] for p in d["points"]][:1]' "at lag 0"
json '(lambda form: 0 < form[1] < form[2])(
    [p["expected"]["oversold_units"]["closed_form"] for p in d["points"]])' "closed form rises"
json 'all(p["expected"]["oversold_units"]["until_delivery"] <=
    p["expected"]["oversold_units"]["closed_form"] for p in d["points"])' "delivery ends it"
json '(lambda units: units[0] == 0 < units[2])(
    [p["kpi"]["oversold_units"]["mean"] for p in d["points"]])' "oversell rises"

expect 0 "chosen KPIs" "$binary" sweep "$two" $quick --vary $lag --kpis otif --objective fill_rate --json
json 'list(d["points"][0]["kpi"])[:2] == ["fill_rate", "otif"]' "chosen KPIs"
json 'd["winner"]["objective"] == "fill_rate"' "chosen objective"

# ---- several axes ---------------------------------------------------------------------------------
expect 0 "two axes" "$binary" sweep "$two" $quick --vary routing=nearest,cheapest \
    --vary stocking.safety_factor=0:2:1 --report "$work/two.html" --json
json 'len(d["points"]) == 6' "two axes"
json 'd["points"][4]["name"] == "routing=cheapest stocking.safety_factor=1"' "order of two axes"
grep -q '<figure id="sweep_curves">' "$work/two.html" || fail "no curves of two axes"
expect 0 "sample" "$binary" sweep "$two" $quick --sample 4 --vary routing=nearest,cheapest \
    --vary stocking.safety_factor=0.0:2.0 --vary integration.buffer=0:3 --report "$work/sample.html" --json
json '[0.3, 0.8, 1.3, 1.8] == sorted(
    p["values"]["stocking.safety_factor"]["number"] for p in d["points"])' "sample"
grep -q '<figure id="sweep_main">' "$work/sample.html" || fail "no main effects of a sample"
! grep -q '<figure id="sweep_curves">' "$work/sample.html" || fail "curves of a sample"

# ---- factorial ------------------------------------------------------------------------------------
expect 0 "factorial" "$binary" sweep "$levers" $quick --factorial --out "$work/f.db" \
    --report "$work/f.html"
shows "inventory alone" "factorial"
shows "synergy (all less sum)" "factorial"
shows "inventory x members x safety" "factorial"
for picture in factorial_effects factorial_interaction; do
    grep -q "<figure id=\"$picture\">" "$work/f.html" || fail "no $picture in the report"
done
expect 0 "factorial, the page again" "$binary" report "$work/f.db" -o "$work/f2.html"
cmp -s "$work/f.html" "$work/f2.html" || fail "the report of the factorial database is another page"
expect 0 "factorial, JSON" "$binary" sweep "$levers" $quick --factorial members,inventory --json
json '[p["name"] for p in d["points"]] == [
    "base", "inventory", "members", "inventory+members"]' "factorial points"
json '[(r["kind"], r["term"]) for r in d["factorial"]] == [
    ("base", "base"), ("alone", "inventory"), ("alone", "members"), ("sum", "sum"), ("all", "all"),
    ("synergy", "synergy"), ("effect", "inventory"), ("effect", "members"),
    ("effect", "inventory x members")]' "factorial rows"
json 'abs(sum(sign * point["kpi"]["profit"]["mean"] for sign, point in
    zip([1, -1, -1, 1], d["points"])) - d["factorial"][5]["kpi"]["profit"]["mean"]) < 1e-6' "synergy"
json 'abs(d["factorial"][5]["kpi"]["profit"]["mean"] -
    2 * d["factorial"][8]["kpi"]["profit"]["mean"]) < 1e-6' "an interaction of two is half of it"
expect 0 "factors are checked" "$binary" check "$levers"

# ---- what is refused ------------------------------------------------------------------------------
expect 2 "nothing" "$binary" sweep "$two"
says "nothing to sweep" "nothing"
expect 2 "empty range" "$binary" sweep "$two" --vary stocking.safety_factor=
says "a value is empty" "empty range"
expect 2 "turned range" "$binary" sweep "$two" --vary stocking.safety_factor=3:1:1
says "low <= high" "turned range"
expect 2 "turned span" "$binary" sweep "$two" --sample 4 --vary stocking.safety_factor=3:1
says "low <= high" "turned span"
expect 2 "unknown path" "$binary" sweep "$two" --vary integration.sync_lga=0,1h
says "did you mean 'sync_lag'?" "unknown path"
expect 2 "bad sample" "$binary" sweep "$two" --sample 0 --vary stocking.safety_factor=0:1
says "--sample" "bad sample"
expect 2 "no factors" "$binary" sweep "$two" --factorial
says 'no block `factors`' "no factors"
expect 2 "unknown factor" "$binary" sweep "$levers" --factorial=membres,safety
says "did you mean 'members'?" "unknown factor"
expect 2 "both" "$binary" sweep "$levers" --factorial=members --vary routing=nearest
says "excludes" "both"
expect 2 "factor without overrides" "$binary" sweep "$levers" --factorial \
    --set 'factors.idle={label: idle}'
says "factors.idle overrides nothing" "factor without overrides"
expect 2 "scenario taken for factors" "$binary" sweep --factorial "$levers"
says "an argument is missing" "scenario taken for factors"
[ ! -e "$work/none.db" ] || fail "a database of nothing"
expect 2 "nothing written" "$binary" sweep "$two" --vary routing=neerest --out "$work/none.db"
[ ! -e "$work/none.db" ] || fail "a refused sweep leaves a database"
finish
