#!/bin/sh
# omosim backend is what its OpenAPI document says: the same routes, for each every status that it
# lists and no other, bodies that fit the schemas, problems that are problems. Then the same shop meets
# a hostile client, and its books agree afterwards.
set -eu
. "$(dirname "$0")/common.sh"
. "$(dirname "$0")/service.sh"
python3 -c 'import yaml' 2>/dev/null || exit 77 # Debian's python3-yaml

listen "$binary" backend --scenario "$scenarios/two_stores.yaml" --set stocking.opening=24 \
    --set promotion.policy=coupon --set promotion.id=ten_off --set promotion.amount=8.00 \
    --set promotion.threshold=15.00 --port 0 --for 600s
expect 0 "a tour" python3 -B "$(dirname "$0")/backend_tour.py" "$url" \
    "$scenarios/api/reference.openapi.yaml" "$source/sim/backend/routes.def"
cat "$work/out"
expect 0 "a hostile client" python3 -B "$(dirname "$0")/backend_hostile.py" "$url" \
    "$scenarios/api/reference.openapi.yaml"
cat "$work/out"
stop
grep -q '"failed":0' "$work/service_err" || fail "500s: $(cat "$work/service_err")"
finish
