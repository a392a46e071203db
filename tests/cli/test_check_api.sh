#!/bin/sh
# omosim check of API maps, and the lists that go with them.
set -eu
. "$(dirname "$0")/common.sh"

expect 0 "the reference map" "$binary" check "$scenarios/api/reference.yaml"
shows "check_out     POST    /orders" "the reference map"
shows "/orders/{order}/pick-list?place={place}" "the reference map"
expect 0 "the same as JSON" "$binary" check "$scenarios/api/reference.yaml" --json
json "d['ok'] and d['api'] == 'reference' and len(d['requests']) == 20" "the same as JSON"

cat >"$work/books.yaml" <<'MAP'
api: 1
tables: {keys: {file: keys.json}}
steps:
  check_out:
    - {path: /carts, refused_if: {json: /error, exists: true}}
    - path: '/orders?key={{place|keys}}'
      refused: 409
      tells: {order: /id, total: {json: /total, times: 100}}
audit:
  books:
    stock: {path: /stock, row: {sku: /sku, on_hand: /n}}
    orders: {path: /orders, row: {id: /id}, lines: /items, line: {sku: /sku, quantity: /n}}
MAP
expect 2 "a table that is not there yet" "$binary" check "$work/books.yaml"
says "books.yaml:2:23: cannot read the table's file: " "a table that is not there yet"
says "omosim seed writes such files" "a table that is not there yet"
echo '{"keys": {"north": "pk_1"}}' >"$work/seeded.json"
expect 0 "tables of another file" "$binary" check "$work/books.yaml" --tables "$work/seeded.json"
shows "2xx       refused_if" "tables of another file"
shows "place  order total" "tables of another file"
shows "order_lines  sku quantity" "tables of another file"
expect 0 "books as JSON" "$binary" check "$work/books.yaml" --tables "$work/seeded.json" --json
json "d['books'] == {'stock': ['sku', 'on_hand'], 'orders': ['id'], 'order_lines': ['sku', 'quantity']}" \
    "books as JSON"
json "[r['does'] for r in d['requests']] == ['nothing', 'place']" "books as JSON"
expect 2 "a table that is no object" "$binary" check "$work/books.yaml" --tables "$work/books.yaml"
says "books.yaml:1:3: not valid JSON" "a table that is no object"
expect 2 "--tables of a scenario" "$binary" check "$scenarios/two_stores.yaml" --tables x
says "it has no key \`api\`" "--tables of a scenario"

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
expect 0 "list seed_values" "$binary" list seed_values
shows "{{place_kind}}" "list seed_values"
expect 0 "list deeds" "$binary" list deeds
shows "place_and_pay" "list deeds"
expect 0 "list tellings" "$binary" list tellings --json
json "[t['type'] for t in d if t['name'] in ('order', 'total')] == ['text', 'number']" "list tellings"
expect 0 "list books" "$binary" list books --json
json "[c['name'] for c in d[0]['columns'] if c['needed']] == ['sku']" "list books"
expect 0 "list books as text" "$binary" list books
shows "quantity     number, needed" "list books as text"
expect 0 "list schema api.audit" "$binary" list schema api.audit
shows "audit.books" "list schema api.audit"
expect 0 "list schema api" "$binary" list schema api.session
shows "session.valid_for" "list schema api"
expect 0 "as a JSON Schema" "$binary" list schema api --json
json "'steps' in d['properties'] and 'places' not in d['properties']" "as a JSON Schema"

# The guide's map, put together from its parts, is one.
awk '/^```yaml/ { inside = 1; next } /^```/ { inside = 0 } inside' \
    "$scenarios/api/README.md" >"$work/guide.yaml"
echo '{"variants": {"kettle": "v1"}}' >"$work/ids.json"
expect 0 "the guide" env SHOP_PASSWORD=x "$binary" check "$work/guide.yaml"
shows "order_lines  sku place quantity price" "the guide"

finish
