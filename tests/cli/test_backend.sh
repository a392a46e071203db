#!/bin/sh
# omosim backend: its options, its end, and kill -9 while eight customers order and pay.
set -eu
. "$(dirname "$0")/common.sh"
. "$(dirname "$0")/service.sh"
clients="$source/tests/cli/backend_clients.py"

begin() { # begin OPTIONS: starts a shop at a free port
    listen "$binary" backend --port 0 --for 5min "$@"
}
wait_for_paid() { # wait_for_paid COUNT: until customers were told so often that they have paid
    for _ in $(seq 600); do
        [ "$(grep -c '^paid' "$work/told")" -lt "$1" ] || return 0
        sleep 0.05
    done
    fail "hardly anything was written: $(wc -l <"$work/told") lines"
}
db() { sqlite3 "$work/shop.db" "$1"; }

shop="$scenarios/two_stores.yaml"

# ---- what is wrong with the command line, or the files
expect 2 "nothing to sell" "$binary" backend --port 0
says "--scenario" "nothing to sell"
expect 2 "no such database" "$binary" backend --db "$work/none.db"
says "there is no such database" "no such database"
expect 2 "unknown fault" "$binary" backend --scenario "$shop" --fault oversel-race
says "did you mean 'oversell-race'" "unknown fault"
expect 2 "bad port" "$binary" backend --scenario "$shop" --port 70000
expect 2 "two addresses" "$binary" backend --scenario "$shop" --port 0 --listen 127.0.0.1:0
expect 2 "bad address" "$binary" backend --scenario "$shop" --listen a:b:c
expect 2 "bad time" "$binary" backend --scenario "$shop" --reserve-for soon
expect 2 "no time" "$binary" backend --scenario "$shop" --for 0
expect 2 "point without scenario" "$binary" backend --db "$work/x.db" --point base
expect 2 "unknown point" "$binary" backend --scenario "$shop" --db "$work/x.db" --point nowhere
[ ! -e "$work/x.db" ] || fail "a refused start left a database"
expect 2 "queueing network" "$binary" backend --scenario "$scenarios/oracles/mm1.yaml" --port 0
echo "no database" >"$work/text.db"
expect 2 "another file" "$binary" backend --db "$work/text.db"
says "not a database of omosim backend" "another file"
[ "$(cat "$work/text.db")" = "no database" ] || fail "another file was written"
expect 3 "no folder" "$binary" backend --scenario "$shop" --db "$work/nowhere/shop.db"
expect 0 "faults" "$binary" list faults
shows "oversell-race" "faults"
expect 0 "faults as JSON" "$binary" list faults --json
json 'len(d) >= 11 and all(f["help"] for f in d)' "faults as JSON"

# ---- one line on standard output, a summary on standard error, a database in one file
begin --scenario "$shop" --db "$work/shop.db"
[ "$(wc -l <"$work/service")" = 1 ] || fail "standard output: $(cat "$work/service")"
curl -sf "$url/health" >/dev/null || fail "not in health"
curl -sf "$url/openapi.yaml" | cmp -s - "$source/scenarios/api/reference.openapi.yaml" ||
    fail "another document"
expect 3 "the same database twice" "$binary" backend --db "$work/shop.db" --port 0
says "another omosim backend" "the same database twice"
expect 3 "the same port twice" "$binary" backend --scenario "$shop" --port "${url##*:}"
says "in use" "the same port twice"
stop
grep -q '"requests":2' "$work/service_err" || fail "summary: $(cat "$work/service_err")"
[ ! -e "$work/shop.db-wal" ] || fail "a log is left"
expect 2 "another scenario" "$binary" backend --db "$work/shop.db" --port 0 --scenario \
    "$scenarios/o2o_vs_omo.yaml"
says "was seeded from another scenario" "another scenario"
begin --scenario "$shop" --db "$work/shop.db"
stop INT
expect 0 "JSON" "$binary" backend --db "$work/shop.db" --port 0 --for 1ms --json
shows "listening on http://127.0.0.1:" "JSON"
sed -i 1d "$work/out"
json 'd["requests"] == 0 and d["not_saved"] == 0' "JSON"

# ---- a crowd that never says what it wants
begin --db "$work/shop.db"
python3 "$clients" crowd "$url" >"$work/out" 2>"$work/err" || fail "a crowd: $(cat "$work/out" "$work/err")"
echo "a crowd: $(cat "$work/out")"
stop

# ---- killed, again and again
db "UPDATE position SET on_hand = 1000000, opening = 1000000"
sku=$(db "SELECT product.name FROM product JOIN position ON position.id & 0xffffffff = product.id LIMIT 1")
place=$(db "SELECT name FROM place WHERE pickup AND id = (SELECT id >> 32 FROM position LIMIT 1)")
: >"$work/told"
for round in 1 2 3 4 5; do
    begin --db "$work/shop.db"
    python3 "$clients" write "$url" "$work/told" "r$round" 60 "$sku" "$place" &
    writer=$!
    wait_for_paid $((30 * round))
    sleep "0.0$((round * 17 % 9))"
    stop KILL 137
    wait "$writer"
done
begin --db "$work/shop.db"
python3 "$clients" read "$url" "$work/told" >"$work/out" 2>"$work/err" ||
    fail "after kill -9: $(cat "$work/out" "$work/err")"
stop
[ "$(db 'PRAGMA integrity_check')" = ok ] || fail "the database is damaged"
twice=$(db "SELECT count(*) - count(DISTINCT reference) FROM orders")
[ "$twice" = 0 ] || fail "$twice orders are there twice"
strange=$(db "SELECT count(*) FROM orders WHERE reference NOT GLOB 'r[1-5]-[0-7]-*'")
[ "$strange" = 0 ] || fail "$strange orders that nobody made"
echo "after 5 kills: $(cat "$work/out") (found, lost)"

# ---- with the fault, the same loses something
: >"$work/told"
begin --db "$work/shop.db" --fault ack-before-commit
python3 "$clients" write "$url" "$work/told" early 60 "$sku" "$place" &
writer=$!
sleep 1.7
stop KILL 137
wait "$writer"
begin --db "$work/shop.db"
if python3 "$clients" read "$url" "$work/told" >"$work/out" 2>"$work/err"; then
    fail "ack-before-commit lost nothing: $(cat "$work/out")"
fi
stop
echo "with ack-before-commit: $(cat "$work/out")"
finish
