#!/bin/sh
# kill -9 in the middle of the sale: what was acknowledged is there afterwards; and with
# ack-before-commit the orders that were lost are found.
set -eu
. "$(dirname "$0")/common.sh"
. "$(dirname "$0")/audit.sh"

for seed in 1 2; do
    crash_seed $seed
done
python3 - "$work/seed.db" <<'END' || fail "the hooks are not in the record"
import sqlite3, sys
hooks = sqlite3.connect(sys.argv[1]).execute("SELECT what FROM hook ORDER BY at_us").fetchall()
sys.exit(hooks != [("kill",), ("restart",), ("run",)])
END

crash "ack-before-commit" 1 "$work/seed.plan" "--fault ack-before-commit" \
    --kill-target-at 2.3s --restart-target-at 2.6s
judged orders_kept violated "ack-before-commit"
json '[f for i in d["audit"]["invariants"] if i["name"] == "orders_kept" for f in i["findings"]
       if "in the books" in f["text"] and f["subject"].startswith("order ")]' "the lost orders are listed"
finish
