#!/bin/sh
# The reference service keeps its books: an order from log-in to return, and what it refuses.
set -eu
command -v curl >/dev/null || exit 77
folder=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null || true; rm -rf "$folder"' EXIT

begin() { # begin OPTIONS: starts a service, sets $url
    : >"$folder/out"
    "$OMO_BUILD_DIR/reference_service" --for 60 "$@" >"$folder/out" 2>"$folder/err" &
    pid=$!
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        url=$(sed -n 's/^listening on //p' "$folder/out")
        [ -z "$url" ] || return 0
        sleep 0.3
    done
    echo "the service did not start"
    exit 1
}
end() { # stops it; its standard error must be empty
    kill "$pid"
    wait "$pid"
    pid=
    [ ! -s "$folder/err" ] || { cat "$folder/err"; exit 1; }
}
# ask STATUS PART METHOD PATH [BODY [AUTHORIZATION]]: the answer has this status and text in it.
ask() {
    set -- "$1" "$2" "$3" "$4" "${5:-}" "${6:-}"
    got=$(curl -s -g -o "$folder/body" -w '%{http_code}' -X "$3" "$url$4" \
        ${5:+-H "Content-Type: application/json" -d "$5"} ${6:+-H "Authorization: $6"})
    if [ "$got" != "$1" ] || ! grep -qF -- "$2" "$folder/body"; then
        echo "$3 $4 $5: expected $1 with $2, got $got: $(cat "$folder/body")"
        exit 1
    fi
}

begin --stock 3 --coupons 1
ask 201 '"token"' POST /sessions '{"member": "42"}'
token=$(sed 's/.*"token":"\([^"]*\)".*/\1/' "$folder/body")
me="Bearer $token"
clerk="Clerk p1"
ask 400 bad_request POST /sessions '{"member": ""}'
ask 401 no_session POST /carts/o1/lines '{"sku": "tea", "quantity": 2, "price_cents": 500}'
ask 201 '"total_cents":1000' POST /carts/o1/lines \
    '{"sku": "tea", "quantity": 2, "price_cents": 500}' "$me"
ask 400 bad_request POST /carts/o1/lines '{"sku": "tea", "quantity": 0, "price_cents": 5}' "$me"
ask 201 '"total_cents":900' POST /carts/o1/coupons '{"coupon": "tenth"}' "$me"
ask 409 coupon_refused POST /carts/o1/coupons '{"coupon": "other"}' "$me"
ask 404 no_such_order POST /orders/o1/payments '{"amount_cents": 900, "method": "card"}' "$me"
order='{"reference": "o1", "cart": "o1", "place": "p1", "channel": "app"}'
ask 201 '"status":"placed"' POST /orders "$order" "$me"
ask 200 '"id":"o-1"' POST /orders "$order" "$me"
ask 200 '"available":1' GET /places/p1/stock/tea
ask 422 wrong_amount POST /orders/o1/payments '{"amount_cents": 1, "method": "card"}' "$me"
ask 201 '"status":"paid"' POST /orders/o1/payments '{"amount_cents": 900, "method": "card"}' "$me"
ask 200 '"points":9' GET /members/42/points '' "$me"
ask 403 forbidden GET /members/43/points '' "$me"
ask 200 '"redeemed":1' GET /members/42/coupons '' "$me"

# Clerks: no more than there is, in turn.
units='{"place": "p1", "quantity": 2}'
ask 200 '"sku":"tea"' GET '/orders/o1/pick-list?place=p1' '' "$clerk"
ask 401 no_clerk GET '/orders/o1/pick-list?place=p1' '' "$me"
ask 409 out_of_turn POST /orders/o1/ready "$units" "$clerk"
ask 201 '"status":"picked"' POST /orders/o1/picks "$units" "$clerk"
ask 409 out_of_turn POST /orders/o1/picks "$units" "$clerk"
ask 201 '"status":"ready"' POST /orders/o1/ready "$units" "$clerk"
ask 201 '"status":"handed_over"' POST /orders/o1/collections "$units" "$clerk"
ask 409 too_late POST /orders/o1/cancellation '' "$me"
ask 201 '"status":"returned"' POST /orders/o1/returns '{"place": "p1", "quantity": 1}' "$clerk"
ask 404 no_such_order POST /orders/o9/deliveries "$units" "$clerk"

# Sold out, used up, cancelled and back on the shelf.
ask 201 '"cart":"o2"' POST /carts/o2/lines \
    '{"sku": "tea", "quantity": 2, "price_cents": 500}' "$me"
ask 410 coupon_used_up POST /carts/o2/coupons '{"coupon": "tenth"}' "$me"
ask 409 sold_out POST /orders '{"reference": "o2", "cart": "o2", "place": "p1", "channel": "app"}' "$me"
ask 201 placed POST /orders '{"reference": "o2", "cart": "o2", "place": "p2", "channel": "app"}' "$me"
ask 200 '"available":1' GET /places/p2/stock/tea
ask 200 cancelled POST /orders/o2/cancellation '' "$me"
ask 200 '"available":3' GET /places/p2/stock/tea
ask 409 order_cancelled POST /orders/o2/picks "$units" "$clerk"
sale='{"reference": "s1", "place": "p2", "sku": "tea", "quantity": 3, "amount_cents": 10}'
ask 201 '"sku":"tea"' POST /sales "$sale" "$clerk"
ask 200 '"sku":"tea"' POST /sales "$sale" "$clerk"
ask 200 '"available":0' GET /places/p2/stock/tea
ask 404 no_such_path GET /nowhere
ask 405 no_such_method DELETE /orders
ask 200 '"orders":2' GET /books
end

begin --fail-rate 0.5
ask 200 tea GET /products/tea
ask 500 fault GET /products/tea
ask 200 tea GET /products/tea
end

begin --session-for 0
ask 201 token POST /sessions '{"member": "42"}'
token=$(sed 's/.*"token":"\([^"]*\)".*/\1/' "$folder/body")
ask 401 no_session GET /members/42/points '' "Bearer $token"
end
echo "the books are kept"
