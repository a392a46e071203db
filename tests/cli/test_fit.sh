#!/bin/sh
# `omosim fit`: scenarios that check and run, pages, JSON, and the ways in which it can end. What needs
# real data is reported by name where they are not there.
set -eu
. "$(dirname "$0")/common.sh"
data=${OMO_DATA:-$source/../shared/data}
cd "$work"

# Customers come back in February, and one in June: the others have left.
awk 'BEGIN {
    print "id,date,amount"
    for (i = 0; i < 300; i++) {
        printf "%d,2020-01-%02d,%d.50\n", i, 1 + i % 20, 3 + i % 7
        for (k = 1; k <= (i * 7) % 5 - 1; k++)
            printf "%d,2020-02-%02d,%d.25\n", i, (1 + i % 9 + 3 * k) % 28 + 1, 2 + i % 11
    }
    print "7,2020-06-30,5.00"
}' >members.csv

# ---- members -------------------------------------------------------------------------------------

expect 0 "members" "$binary" fit members members.csv --json --out members.yaml --report members.html
json 'd["customers"] == 300 and d["last_day"] == "2020-06-30"' "customers"
json 'all(d["bgnbd"][k]["value"] > 0 for k in ("r", "alpha", "a", "b"))' "parameters"
json 'sum(r["customers"] for r in d["goodness_of_fit"]["frequency"]) == 300' "frequencies"
json 'abs(sum(r["expected"] for r in d["goodness_of_fit"]["frequency"]) - 300) < 1e-6' "frequencies"
json 'd["spend"]["mean_purchase"] > 3' "spend"
grep -q '^  lifetime: {r: [0-9.]*, alpha: [0-9.]*w, a: [0-9.e-]*, b: [0-9.e+]*}$' members.yaml ||
    fail "the block members: $(cat members.yaml)"
# A scenario takes the block; without alpha its own visits count.
sed 's/, alpha: [0-9.]*[a-z]*//' members.yaml | cat - "$scenarios/two_stores.yaml" >two_stores.yaml
expect 0 "check members" "$binary" check two_stores.yaml
expect 0 "run members" "$binary" run two_stores.yaml --replications 1 --json
for title in "How often customers came back" "Purchases as time goes on"; do
    grep -q "$title" members.html || fail "the page lacks '$title'"
done
expect 0 "holdout" "$binary" fit members members.csv --calibrate-until 2020-02-10 --json
json 'sum(r["purchases"] for r in d["holdout"]) > 0 and d["calibrated_until"] == "2020-02-10"' "holdout"
expect 0 "days" "$binary" fit members members.csv --unit 1d --json
json '0 < d["bgnbd"]["alpha"]["value"] and d["unit_s"] == 86400' "days"
expect 0 "columns" "$binary" fit members members.csv --column date=date --column id=id

expect 2 "kind" "$binary" fit member members.csv
says "did you mean 'members'?" "kind"
expect 2 "role" "$binary" fit members members.csv --column dat=date
says "did you mean 'date'?" "role"
expect 2 "column" "$binary" fit members members.csv --column date=dates
says "no column 'dates', did you mean 'date'?" "column"
expect 2 "day" "$binary" fit members members.csv --calibrate-until tomorrow
says "expected a date such as" "day"
expect 2 "two files" "$binary" fit members members.csv members.csv
expect 2 "no file" "$binary" fit members nowhere.csv
expect 2 "unit" "$binary" fit members members.csv --unit 0
echo "id,date
1,2020-01-01
2,2020-01-01" >once.csv
expect 2 "no repeats" "$binary" fit members once.csv --out kept.yaml
says "nobody bought a second time" "no repeats"
[ ! -e kept.yaml ] || fail "a fit that failed has written a scenario"

# ---- demand --------------------------------------------------------------------------------------

awk 'BEGIN {
    split("Mon Tue Wed Thu Fri Sat Sun", day, " ")
    print "day,hour,shop visits,online orders"
    for (d = 1; d <= 7; d++)
        for (h = 0; h < 24; h++)
            printf "%s,%d,%g,%g\n", day[d], h, (h >= 8 && h < 20 ? 5 + d : 0), 1 + h / 12
}' >arrivals.csv
awk 'BEGIN {
    print "product,price,daily demand shop,daily demand online"
    for (k = 1; k <= 60; k++)
        printf "%d,%.2f,%.3f,%.3f\n", k, 2 + (k * 37) % 19, 900 / (k + 3), 90 / k
}' >products.csv
expect 0 "tables" "$binary" fit demand arrivals.csv products.csv --json --out shop.yaml --report shop.html
json '[v["name"] for v in d["visits"]] == ["shop", "online"]' "streams"
json 'abs(d["visits"][0]["per_week"] - 12 * 63) < 1e-9' "visits"
json 'len(d["popularity"]) == 3 and sum(p["best"] for p in d["popularity"]) == 1' "popularity"
expect 0 "check" "$binary" check shop.yaml
expect 0 "run" "$binary" run shop.yaml --replications 10 --set run.days=28 --set run.warm_up=0d --json
per_week=$((12 * 63 + 7 * (24 + 23)))
json "abs(d['kpi']['visits']['mean'] / (4 * $per_week) - 1) < 0.03" "visits of a run"
grep -q "When customers come" shop.html || fail "the page lacks its hours"

expect 0 "transactions" "$binary" fit demand "$source/tests/cli/fit_lines.csv" --json --out lines.yaml
json 'd["totals"]["lines"] == 12 and d["totals"]["baskets"] == 6' "totals"
expect 0 "check" "$binary" check lines.yaml
expect 0 "run" "$binary" run lines.yaml --replications 1 --json

head -100 arrivals.csv >part.csv
expect 2 "part of a week" "$binary" fit demand part.csv --out kept.yaml
says "99 of the 168 hours" "part of a week"
[ ! -e kept.yaml ] && [ ! -e kept_profile.csv ] || fail "a fit that failed has written files"
expect 2 "unit" "$binary" fit demand arrivals.csv --unit 1w
expect 3 "no folder" "$binary" fit demand arrivals.csv --out nowhere/shop.yaml

# ---- real data -----------------------------------------------------------------------------------

table=$data/completejourney/transactions_sample.csv
if [ -r "$table" ]; then
    expect 0 "real members" "$binary" fit members "$table" --calibrate-until 2017-08-31 --json
    json 'd["customers"] == 2300 and d["at_edge"] == []' "real members"
    json '0.9 < sum(r["expected"] for r in d["holdout"]) / sum(r["purchases"] for r in d["holdout"]) < 1.1' \
        "the forecast is near"
    expect 0 "real demand" "$binary" fit demand "$table" --out real.yaml --json
    json 'd["totals"]["baskets"] == 47243' "real demand"
    expect 0 "real check" "$binary" check real.yaml
    expect 0 "real run" "$binary" run real.yaml --replications 1 --json
    # Both fits of one table agree on how often people come, so they make one scenario.
    expect 0 "real block" "$binary" fit members "$table" --out block.yaml
    sed -e 's/{id: around, lat: 0, lon: 0}/{id: around, lat: 0, lon: 0, members: 2377}/' \
        -e 's/^      utility: .*/&\n      member_share: 100%/' real.yaml | cat block.yaml - >both.yaml
    expect 0 "both" "$binary" run both.yaml --replications 1 --json
    json 'd["kpi"]["visits"]["mean"] > 2000' "both"
else
    echo "SKIP: there is no $table"
fi

finish
