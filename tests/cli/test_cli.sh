#!/bin/sh
# Every command as its users meet it: exit status, what is on which stream, JSON that parses, near
# spellings, files that are never overwritten or left half-written.
set -eu
. "$(dirname "$0")/common.sh"
small="$scenarios/two_stores.yaml"
quick="--set run.days=3 --set run.warm_up=1d --replications 2"

# ---- help and spelling ---------------------------------------------------------------------------

expect 2 "no command" "$binary"
says "usage: omosim" "no command"
expect 0 "--help" "$binary" --help
shows "compare" "--help"
expect 0 "--version" "$binary" --version
shows "omosim 0." "--version"
for command in run compare validate report check list new; do
    expect 0 "$command --help" "$binary" $command --help
    shows "usage: omosim $command" "$command --help"
    shows "Examples:" "$command --help"
    [ ! -s "$work/err" ] || fail "$command --help writes to standard error"
    expect 0 "help $command" "$binary" help $command
    expect 2 "$command with an unknown option" "$binary" $command --frobnicate
    says "frobnicate" "$command with an unknown option"
done
expect 2 "unknown command" "$binary" comapre
says "did you mean 'compare'" "unknown command"
expect 2 "unknown option" "$binary" run "$small" --replicatons 3
says "did you mean '--replications'" "unknown option"
expect 2 "no scenario" "$binary" run
expect 2 "two scenarios" "$binary" run "$small" "$small"
expect 2 "bad number" "$binary" run "$small" --replications 0
says "--replications: expected a whole number from 1" "bad number"
expect 2 "bad seed" "$binary" run "$small" --seed x
expect 2 "bad threads" "$binary" run "$small" --threads -1

# ---- run -----------------------------------------------------------------------------------------

expect 0 "run" "$binary" run "$small" $quick
shows "Two stores and a warehouse" "run"
shows "digest " "run"
shows "profit" "run"
expect 0 "run --json" "$binary" run "$small" $quick --json
json 'list(d)[:6] == ["scenario", "point", "seed", "replications", "digest", "kpi"]' "run --json"
json 'd["scenario"] == "two_stores" and d["seed"] == 1 and d["replications"] == 2' "run --json"
json 'list(d["kpi"]["profit"]) == ["mean", "half_width", "unit"]' "run --json"
json 'd["kpi"]["profit"]["unit"] == "CNY" and len(d["digest"]) == 16' "run --json"
json '"orders.app_pickup" in d["kpi"]' "run --json"
expect 0 "run --kpis" "$binary" run "$small" $quick --json --kpis profit,orders.walk_in --seed 7
json 'sorted(d["kpi"]) == ["orders.walk_in", "profit"] and d["seed"] == 7' "run --kpis"
expect 0 "one replication" "$binary" run "$small" $quick --replications 1 --json
json 'd["kpi"]["profit"]["half_width"] is None' "one replication"
expect 2 "unknown KPI" "$binary" run "$small" $quick --kpis proft
says "did you mean 'profit'" "unknown KPI"
expect 2 "unknown key" "$binary" run "$small" --set routin=nearest
says "routing" "unknown key"
expect 2 "unknown policy" "$binary" run "$small" --set routing=neerest
says "nearest" "unknown policy"
expect 2 "unknown point" "$binary" run "$scenarios/o2o_vs_omo.yaml" --point omo_15mn
says "did you mean 'omo_15min'" "unknown point"
expect 2 "missing file" "$binary" run "$work/absent.yaml"
says "absent.yaml" "missing file"

# ---- compare -------------------------------------------------------------------------------------

expect 0 "compare" "$binary" compare "$small" $quick --vary routing=nearest,cheapest
shows "routing=cheapest" "compare"
grep -q "on profit" "$work/out" || fail "compare names no winner"
expect 0 "compare --json" "$binary" compare "$small" $quick --json \
    --vary routing=nearest,cheapest --vary integration.sync_lag=0,1h
json 'len(d["points"]) == 4 and d["points"][0]["paired"] == {}' "compare --json"
json 'list(d["points"][1]["paired"]["profit"]) == ["mean", "half_width", "unit"]' "compare --json"
json 'abs(d["points"][1]["kpi"]["profit"]["mean"] - d["points"][0]["kpi"]["profit"]["mean"]
          - d["points"][1]["paired"]["profit"]["mean"]) < 1e-6' "paired differences"
json 'd["winner"]["objective"] == "profit" and d["winner"]["significant"] in (True, False)' \
    "winner"
json 'd["winner"]["mean"] == max(p["kpi"]["profit"]["mean"] for p in d["points"])' "winner"
expect 0 "a point with itself" "$binary" compare "$small" $quick --json \
    --vary integration.sync_lag=1h,60min
json 'd["points"][0]["digest"] == d["points"][1]["digest"]' "a point with itself"
json 'd["winner"]["significant"] is False' "a point with itself"
expect 0 "less is better" "$binary" compare "$small" $quick --json --objective lost_sales \
    --vary stocking.safety_factor=0,4
json 'd["winner"]["mean"] == min(p["kpi"]["lost_sales"]["mean"] for p in d["points"])' \
    "less is better"
expect 2 "objective without direction" "$binary" compare "$small" $quick --objective visits
expect 2 "unknown objective" "$binary" compare "$small" $quick --objective profits
says "did you mean 'profit'" "unknown objective"
expect 2 "unknown points" "$binary" compare "$scenarios/o2o_vs_omo.yaml" --points o2o,oom
expect 2 "malformed --vary" "$binary" compare "$small" --vary routing

# ---- result database and report ------------------------------------------------------------------

expect 0 "run --out" "$binary" run "$small" $quick --out "$work/r.db"
[ -s "$work/r.db" ] || fail "no database"
[ ! -e "$work/r.db-wal" ] || fail "a log is left beside the database"
cp "$work/r.db" "$work/first.db"
expect 0 "run --out again" "$binary" run "$small" $quick --out "$work/r.db" --threads 2
cmp -s "$work/r.db" "$work/first.db" || fail "the database depends on the number of threads"
cp "$small" "$work/precious.yaml"
expect 2 "a database over another file" "$binary" run "$small" $quick --out "$work/precious.yaml"
cmp -s "$small" "$work/precious.yaml" || fail "a file that is no result was overwritten"
expect 2 "report of something else" "$binary" report "$work/precious.yaml" -o "$work/no.html"
[ ! -e "$work/no.html" ] || fail "a failed report left a page"
if command -v gnuplot >/dev/null; then
    expect 0 "report" "$binary" report "$work/r.db"
    [ -s "$work/r.html" ] || fail "no report"
    expect 0 "run --report" "$binary" run "$small" $quick --report "$work/only.html"
    [ -s "$work/only.html" ] || fail "no report without --out"
fi

# ---- check, new, list ----------------------------------------------------------------------------

for file in "$scenarios"/*.yaml; do
    expect 0 "check $file" "$binary" check "$file"
    shows "OK " "check $file"
done
expect 0 "check --json" "$binary" check "$scenarios/o2o_vs_omo.yaml" --json
json 'd["ok"] and len(d["points"]) == 3 and d["points"][0]["places"] == 782' "check --json"
printf 'nam: x\nrun: {days: -1}\n' >"$work/wrong.yaml"
expect 2 "check a wrong file" "$binary" check "$work/wrong.yaml"
says "wrong.yaml:1:1" "check a wrong file"
says "wrong.yaml:2:" "all findings at once"
expect 2 "check --json a wrong file" "$binary" check "$work/wrong.yaml" --json
json 'd["ok"] is False and len(d["findings"]) >= 2' "check --json a wrong file"

expect 0 "new" "$binary" new "$work/mine.yaml"
expect 0 "check of new" "$binary" check "$work/mine.yaml"
expect 0 "run of new" "$binary" run "$work/mine.yaml" $quick --json
json 'd["scenario"] == "mine"' "run of new"
expect 2 "new over a file" "$binary" new "$work/mine.yaml"
says "not overwritten" "new over a file"
expect 0 "new with tables" "$binary" new "$work/city.yaml" --from o2o_vs_omo
expect 0 "check of new with tables" "$binary" check "$work/city.yaml"
expect 2 "new from nothing" "$binary" new "$work/other.yaml" --from two_store
says "two_stores" "new from nothing"
expect 3 "new where nothing can be" "$binary" new "$work/absent/other.yaml"

expect 0 "list" "$binary" list
shows "routing" "list"
for kind in routing stocking promotions channels kpis facts laws scenarios schema; do
    expect 0 "list $kind" "$binary" list $kind
    [ -s "$work/out" ] || fail "list $kind is empty"
    expect 0 "list $kind --json" "$binary" list $kind --json
    json 'len(d) > 0' "list $kind --json"
done
expect 0 "list kpis --json" "$binary" list kpis --json
json 'all({"name", "unit", "group", "definition"} <= set(k) for k in d)' "list kpis --json"
expect 0 "list schema routing" "$binary" list schema routing
shows "policy" "list schema routing"
expect 2 "a prefix of no schema" "$binary" list kpis sales
expect 2 "unknown kind" "$binary" list kpi
says "did you mean 'kpis'" "unknown kind"

finish
