#!/bin/sh
# Each kind of channel is documented with its parameters, units and defaults, and what is shown is what
# the kind does; a scenario that says nonsense of its touch point is told where.
set -eu
. "$(dirname "$0")/common.sh"

expect 0 "kinds" "$binary" list channels --json
json 'len(d) >= 13 and all(len(k["parameters"]) > 20 and k["modes"] for k in d)' "kinds"
for kind in walk_in app web mini_program scan_go kiosk phone marketplace live_stream social_share group_buy \
    guide_link subscription; do
    expect 0 "$kind" "$binary" list channels $kind --json
    json 'd["modes"] and all(p["help"] and p["value"] for p in d["parameters"])' "$kind"
    # Without a default of their own: blocks, items of lists, and what means "as elsewhere" or "never".
    json 'all(p["default"] for p in d["parameters"] if "mapping" not in p["value"] and
        "[]" not in p["key"] and p["key"] not in ("buffer", "cutoff"))' "$kind"
done
expect 0 "one kind" "$binary" list channels marketplace --json
json '{p["key"]: p["default"] for p in d["parameters"]}["commission"] == "5%"' "one kind"
json 'not any(p["key"].startswith("group") for p in d["parameters"])' "one kind"
expect 0 "groups" "$binary" list channels group_buy --json
json '{p["key"]: p["default"] for p in d["parameters"]}["group.size"] == "3"' "groups"
expect 2 "no such kind" "$binary" list channels martketplace
says "did you mean 'marketplace'?" "no such kind"

mistake() {
    expect 2 "$1" "$binary" check "$scenarios/channels.yaml" --set "$1"
    says "$2" "$1"
}
mistake channels.together.group.size=1 "channels.together.group.size: expected 2 to 1000"
mistake channels.app.steps.pay=120% "channels.app.steps.pay: expected 0 to 1"
mistake channels.walk_in.mode=parcel "a channel of kind walk_in has no mode 'parcel'"
mistake 'channels.marketplace.outages=[{from: 99d, for: 1h}]' "an outage begins after the end of the run"
mistake channels.web.group.size=3 "'group' belongs to channels of kind group_buy, this one's is web"
mistake channels.link.share.buyers=100% "so links would go round for ever"
mistake channels.app.opens=08:00 "hours need both: 'opens' and 'closes'"
mistake 'demand.segments.viewers.bursts=[{at: "20:00", for: 3h, every: 2h, visits: 5}]' \
    "a burst must end before the next one begins"

# Every kind at once, and something to show for each.
expect 0 "every kind" "$binary" run "$scenarios/channels.yaml" --json --replications 2
for kind in walk_in scan_go kiosk app web mini_program phone marketplace live link together guide box; do
    json "d['kpi']['orders.$kind']['mean'] > 5" "every kind"
done
for kpi in abandon_rate.live traffic_cost.marketplace cac.app downtime.marketplace guide_earnings \
    endless_aisle_units invited_orders group_success_rate subscriptions_active renewals; do
    json "d['kpi']['$kpi']['mean'] > 0" "every kind"
done

finish
