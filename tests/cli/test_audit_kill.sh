#!/bin/sh
# kill -9 in the middle of the sale: what was acknowledged is there afterwards; and with
# ack-before-commit the orders that were lost are found.
set -eu
. "$(dirname "$0")/common.sh"
. "$(dirname "$0")/service.sh"
. "$(dirname "$0")/audit.sh"

for seed in 1 2; do
    crash_seed $seed
done
# The books were read until they stood still, and that is kept with them: later it is judged the same.
verdicts >"$work/first"
expect 0 "kept books" "$binary" audit "$work/seed.db" --api "$api" --json
verdicts | cmp -s - "$work/first" || fail "kept books are judged otherwise"
still=$(sqlite3 "$work/seed.db" "SELECT value FROM record_run WHERE key = 'books_still'")
[ "$still" = 1 ] || fail "no two readings of the books were alike"
hooks=$(sqlite3 "$work/seed.db" "SELECT what FROM hook ORDER BY at_us" | tr '\n' ' ')
[ "$hooks" = "kill restart run " ] || fail "the hooks are not in the record"

crash "ack-before-commit" 1 "$work/seed.plan" "--fault ack-before-commit" \
    --kill-target-at 2.3s --restart-target-at 2.6s
judged orders_kept violated "ack-before-commit"
json '[f for i in d["audit"]["invariants"] if i["name"] == "orders_kept" for f in i["findings"]
       if f["subject"].startswith("order ") and "promised" in f["text"]
       and any("check_out" in r["text"] and ": acknowledged, " in r["text"] for r in f["requests"])]' \
    "the lost orders are listed"
finish
