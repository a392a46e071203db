#!/bin/sh
# Hooks of a load run from end to end: the target is started, killed, started again and ended; what
# was done stands in the record; and nothing runs on, however the command ends.
set -eu
. "$(dirname "$0")/common.sh"
. "$(dirname "$0")/service.sh"
port=$(free_port)
url=http://127.0.0.1:$port
page=$url/products/sku_1

# Each service writes its number into $work/pids.
serve="echo \$\$ >>$work/pids; exec $binary backend --scenario $scenarios/two_stores.yaml --for 300s"
serve="$serve --port $port"

runs() { # runs PID: it is there and not only waiting to be waited for
    [ -r "/proc/$1/stat" ] && ! grep -q ') [ZX] ' "/proc/$1/stat" 2>/dev/null
}
none_left() { # none_left WHAT
    for pid in $(cat "$work/pids"); do
        for _ in $(seq 120); do
            runs "$pid" || continue 2
            sleep 0.25
        done
        fail "$1: process $pid still runs"
    done
}
sql() { # sql TEXT: of the record
    sqlite3 "$work/run.db" "$1"
}

# Started, killed, started again, a command in between; then ended.
expect 0 "hooks" "$binary" replay --target "$page" --rate 20 --duration 3s --timeout 2s \
    --own-lateness 1min --record "$work/run.db" --start "$serve" \
    --kill-target-at 1s --restart-target-at 1.5s \
    --run-at "0.5s=echo said; exit 4" --run-at "1h=echo never" --json
says "said" "output of commands"
says ": restart: " "hooks are told"
says "warning: the run was over before 1 of its hooks were due" "a late hook"
json 'd["requests"]["outcomes"]["ok"] > 10' "it answered"
json 'd["requests"]["outcomes"].get("connect_error", 0) + d["requests"]["outcomes"].get("reset", 0) > 0' \
    "it was down"
[ "$(wc -l <"$work/pids")" = 2 ] || fail "it was not started twice: $(cat "$work/pids")"
none_left "after the run"
sql "SELECT what FROM hook ORDER BY at_us" >"$work/hooks"
[ "$(tr '\n' ' ' <"$work/hooks")" = "run kill restart " ] || fail "noted: $(cat "$work/hooks")"
sql "SELECT detail FROM hook WHERE what = 'run'" | grep -qF "echo said; exit 4: status 4" ||
    fail "the end of a command is not noted"
sql "SELECT count(*) FROM hook WHERE what = 'kill' AND at_us BETWEEN 1000000 AND 30000000" |
    grep -qx 1 || fail "the time of the kill"

# A process that was there before, by its number; it is ours to end, not omosim's.
rm -f "$work/pids"
listen sh -c "$serve"
expect 3 "something is there already" "$binary" replay --target "$page" --rate 20 \
    --duration 1s --start "$serve"
says "something answers at $url already" "something is there already"
expect 0 "by number" "$binary" replay --target "$page" --rate 20 --duration 1s --own-lateness 1min \
    --kill-target-at "0.5s=$service"
says "kill: process $service" "by number"
wait "$service" 2>/dev/null || true
service=

# What can't be.
expect 3 "it ends at once" "$binary" replay --target "$page" --rate 20 --duration 1s \
    --own-lateness 1min --start "exit 9"
says "--start: 'exit 9' ended with status 9" "it ends at once"
expect 2 "no process" "$binary" replay --target "$page" --rate 20 --kill-target-at 1s
says "which process?" "no process"
expect 2 "no time" "$binary" replay --target "$page" --rate 20 --run-at "echo hello"
says "--run-at: expected TIME=COMMAND" "no time"

# Ended with omosim, in peace (INT) and not (KILL).
for signal in INT KILL; do
    rm -f "$work/pids"
    # A shell that starts something in the background without job control has it ignore SIGINT.
    python3 -c '
import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])' "$binary" replay --target "$page" --rate 20 \
        --duration 300s --start "$serve" >"$work/out" 2>"$work/err" &
    omosim=$!
    for _ in $(seq 120); do
        ! grep -q listening "$work/err" || break
        sleep 0.25
    done
    sleep 0.5
    kill -$signal "$omosim"
    status=0
    wait "$omosim" || status=$?
    [ $signal = KILL ] || [ $status = 130 ] || fail "$signal: status $status: $(cat "$work/err")"
    none_left "$signal"
done

finish
