#!/bin/sh
# omosim check of API maps, and the lists that go with them.
set -eu
. "$(dirname "$0")/common.sh"

expect 0 "the reference map" "$binary" check "$scenarios/api/reference.yaml"
shows "check_out     POST    /orders" "the reference map"
shows "/orders/{order}/pick-list?place={place}" "the reference map"
expect 0 "the same as JSON" "$binary" check "$scenarios/api/reference.yaml" --json
json "d['ok'] and d['api'] == 'reference' and len(d['requests']) == 20" "the same as JSON"

cat >"$work/bad.yaml" <<'MAP'
api: 1
thresholds: ['p99<1s', 'chekout p99<1s']
steps:
  browse: {path: '/product/{{sku}}'}
  check_out: {method: POST, path: /orders, expect: 201, body: '{"reference": "{{order}}"}'}
MAP
expect 2 "a bad threshold" "$binary" check "$work/bad.yaml"
says "bad.yaml:2:24: " "a bad threshold"
says "'check_out'" "a bad threshold"
expect 2 "against a document" "$binary" check "$work/bad.yaml" \
    --openapi "$scenarios/api/reference.openapi.yaml"
says "bad.yaml:4:18: reference.openapi.yaml has no path /product/{sku}; the nearest is /products/{sku}" \
    "against a document"
says "bad.yaml:5:63: property 'cart' is missing" "against a document"
expect 2 "findings as JSON" "$binary" check "$work/bad.yaml" --json \
    --openapi "$scenarios/api/reference.openapi.yaml"
json "not d['ok'] and len(d['findings']) == 2" "findings as JSON"
expect 2 "--set of a map" "$binary" check "$work/bad.yaml" --set steps.browse.path=/
says "is an API map" "--set of a map"
expect 2 "--openapi of a scenario" "$binary" check "$scenarios/two_stores.yaml" --openapi x
says "it has no key \`api\`" "--openapi of a scenario"
expect 0 "a scenario" "$binary" check "$scenarios/two_stores.yaml"

expect 0 "list steps" "$binary" list steps --json
json "[s['name'] for s in d][:2] == ['log_in', 'browse'] and d[-1]['name'] == 'request'" "list steps"
expect 0 "list values" "$binary" list values
shows "{{member}}" "list values"
expect 0 "list schema api" "$binary" list schema api.session
shows "session.valid_for" "list schema api"
expect 0 "as a JSON Schema" "$binary" list schema api --json
json "'steps' in d['properties'] and 'places' not in d['properties']" "as a JSON Schema"

finish
