#!/bin/sh
# Returns and wrong stock records as scenarios: what each point shows, and what is refused.
set -eu
. "$(dirname "$0")/common.sh"

kpi() { # kpi POINT SCENARIO EXPRESSION WHAT: of one replication of a point
    expect 0 "$4" "$binary" run "$scenarios/$2" --point "$1" --replications 1 --json --kpis all
    json "$3" "$4"
}

mean="(lambda k: d['kpi'][k]['mean'])"
kpi posted returns.yaml "$mean('returned_units') > 1000" "returns of a fashion chain"
kpi posted returns.yaml "$mean('returns_cross_channel') == 0" "by parcel no shop sees them"
kpi any_shop returns.yaml "$mean('returns_cross_channel') > 0.8" "online orders come back to shops"
kpi orders_siloed returns.yaml "$mean('returns_cross_channel') == 0" \
    "shops do not know of online orders"
kpi any_shop returns.yaml "abs($mean('restock_rate') - 0.85) < 0.04" "what can be sold again"
kpi right phantom.yaml "$mean('record_accuracy') == 1 and $mean('pick_nil_rate') == 0" "a right record"
kpi no_counts phantom.yaml "$mean('record_accuracy') < 0.8 and $mean('pick_nil_rate') > 0.005" \
    "a wrong record"
kpi monthly phantom.yaml "0.85 < $mean('record_accuracy') < 0.95 and $mean('count_cost') > 0" \
    "counts"
kpi smart_shelf phantom.yaml "$mean('record_accuracy') == 1 and $mean('shrink_units') > 100" \
    "smart shelves"

refused() { # refused TEXT WHAT SETTING...: two stores with these settings
    text=$1 what=$2
    shift 2
    for setting; do
        shift
        set -- "$@" --set "$setting"
    done
    expect 2 "$what" "$binary" run "$scenarios/two_stores.yaml" "$@"
    says "$text" "$what"
}

refused "returns.rate: expected 0 to 1, found '120%'" "a rate above all" returns.rate=120%
refused "did you mean 'warehouse'" "a misspelt way" returns.to=wharehouse
refused "no place accepts returns" "nobody takes anything back" returns.rate=5% \
    "places.0.sells=[on_site, pickup, courier]" "places.1.sells=[on_site]" places.2.sells=parcel
refused "they go to a warehouse, but none accepts returns" "no warehouse" returns.rate=5% \
    returns.to=warehouse places.2.sells=parcel
refused "goods bought online go back to a warehouse" "two silos" returns.rate=5% \
    integration.inventory=siloed places.2.sells=parcel
refused "accuracy.count.every: expected above 0" "a count every 0 time" accuracy.count.every=0
refused "once an hour" "too many counts" accuracy.count.every=1min
refused "expected 0 to 1" "more errors than scans" accuracy.scan_error=200%
refused "did you mean 'shrink'" "a misspelt key" accuracy.shirnk=1/d

finish
