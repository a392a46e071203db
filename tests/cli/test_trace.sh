#!/bin/sh
# Traces, watching and stepping: what they show, where they end, what they refuse.
set -eu
. "$(dirname "$0")/common.sh"
small="$scenarios/two_stores.yaml"
golden="$source/tests/golden/trace.txt"
check="$source/tests/cli/trace_json.py"

# traced FILE WHAT [EVENTS]: the file holds.
traced() {
    python3 "$check" "$1" ${3-} >"$work/shape" 2>"$work/err" || fail "$2: $(tail -n 2 "$work/err")"
}

# ---- text ----------------------------------------------------------------------------------------

{
    echo "\$ omosim run two_stores.yaml --trace-events - --trace-until 8h"
    expect 0 "text on standard output" "$binary" run "$small" --trace-events - --trace-until 8h
    cat "$work/out"
    echo "\$ omosim run two_stores.yaml --watch order=3.0.24 --watch station=west.picker ..."
    expect 0 "watching" "$binary" run "$small" --watch order=3.0.24 --watch station=west.picker \
        --trace-until 7h30min
    cat "$work/out"
    echo "\$ omosim run two_stores.yaml --step"
    printf '\nw order=3.0.24\nn 2\np\nh\n  t   1d \n\nq\n' >"$work/commands"
    expect 0 "stepping" sh -c '"$1" run "$2" --step <"$3"' sh "$binary" "$small" "$work/commands"
    cat "$work/out"
} >"$work/trace.txt"
[ -z "${OMO_UPDATE_GOLDEN:-}" ] || cp "$work/trace.txt" "$golden"
diff -u "$golden" "$work/trace.txt" || fail "traces look different; see the difference above"

expect 0 "text in a file" "$binary" run "$small" --replications 1 --trace-events "$work/t.txt" --json
says "trace: $work/t.txt, 26,582 events of replication 0" "text in a file"
json 'len(d["digest"]) == 16' "the table is printed as always"
[ "$(grep -vc '^#' "$work/t.txt")" = 26582 ] || fail "text: not every event has a line"
awk '!/^#/ && $3 != ++n { exit 1 }' "$work/t.txt" || fail "text: events are not numbered in order"
! grep -q stale "$work/t.txt" || fail "text: an event is stale"
cp "$work/out" "$work/with.json"
expect 0 "no trace" "$binary" run "$small" --replications 1 --json
cmp -s "$work/out" "$work/with.json" || fail "a trace changes the result"

# ---- JSON ----------------------------------------------------------------------------------------

expect 0 "JSON" "$binary" run "$small" --replications 1 --trace-events "$work/t.json"
shows "26,582 events" "JSON: the run's own count"
traced "$work/t.json" "JSON" 26582
grep -q "stopped None" "$work/shape" || fail "JSON: a whole trace says that it was stopped"
cp "$work/t.json" "$work/first.json"
expect 0 "JSON again" "$binary" run "$small" --replications 2 --trace-events "$work/t.json"
cmp -s "$work/t.json" "$work/first.json" || fail "JSON: not the same bytes each time"
expect 0 "another replication" "$binary" run "$small" --trace-events "$work/t.json" \
    --trace-replication 3
traced "$work/t.json" "another replication"
! cmp -s "$work/t.json" "$work/first.json" || fail "replication 3 is replication 0"
# What is under way at the edges of the window is cut there.
expect 0 "a window" "$binary" run "$small" --replications 1 --trace-events "$work/t.json" \
    --trace-from 35h30min --trace-until 41h
says "the trace stops at day 1 " "a window"
traced "$work/t.json" "a window" \
    "$(awk '!/^#/ && $1 == 1 && $2 >= "11:30:00" && $2 < "17:00:00"' "$work/t.txt" | grep -c .)"
grep -q '"began_before": 1' "$work/t.json" || fail "a window: nothing is cut at its beginning"
grep -q '"cut": 1' "$work/t.json" || fail "a window: nothing is cut at its end"
expect 0 "a limit" "$binary" run "$small" --replications 1 --trace-events "$work/t.json" \
    --trace-limit 77
says "after 77 events: --trace-limit" "a limit"
traced "$work/t.json" "a limit" 77
# Backorders, splits, oversold units, dark stores: whatever a scenario does, the picture closes.
for set in shortage=backorder integration.sync_lag=1d integration.inventory=siloed \
    stations.picker.servers=0 stations.till.servers=0 routing=fewest_parcels; do
    expect 0 "$set" "$binary" run "$small" --replications 1 --trace-events "$work/t.json" \
        --set "$set" --set run.days=10
    traced "$work/t.json" "$set"
done
expect 0 "tills alone" "$binary" run "$scenarios/oracles/mmc.yaml" --trace-events "$work/t.json" \
    --replications 1 --trace-limit 5000
traced "$work/t.json" "tills alone" 5000

# ---- watching ------------------------------------------------------------------------------------

expect 0 "an order" "$binary" run "$small" --watch order=3.0.24
grep -qE '^ +CLOSED +3\.0\.24 ' "$work/out" || fail "an order: its end is missing"
awk '/^ +[A-Z]/ && $2 != "3.0.24" { exit 1 }' "$work/out" || fail "an order: facts of another"
awk '/^ +[0-9]/ && $7 == "order" && $8 != "3.0.24" { exit 1 }' "$work/out" ||
    fail "an order: events of another"
expect 0 "a station" "$binary" run "$small" --watch station=east.till --trace-until 1d
[ "$(grep -c TILL_START "$work/out")" = "$(awk '!/^#/ && $1 == 0 && $6 == "TILL_DONE" &&
    $NF == "east.till"' "$work/t.txt" | grep -c .)" ] || fail "a station: not every service is shown"
awk '/ = / { queue = $4; busy = $6 }
     / = / && queue + 0 > 0 && busy + 0 == 0 { exit 1 }' "$work/out" || fail "a station: levels"
expect 0 "a place" "$binary" run "$small" --watch place=depot --trace-until 2d
shows "OPENING" "a place"
shows "depot.picker" "a place"
expect 0 "a limit of what is watched" "$binary" run "$small" --watch place=east --trace-limit 3
[ "$(grep -cE '^ +[0-9]+ [0-9]+:' "$work/out")" = 4 ] || fail "a limit of what is watched"

# ---- stepping ------------------------------------------------------------------------------------

expect 0 "on to the end" sh -c 'echo c | "$1" run "$2" --step --trace-replication 1' sh "$binary" \
    "$small"
says "end of replication 1" "on to the end"
expect 0 "commands that make no sense" sh -c \
    'printf "x\nn x\nt x\nt 0\nw place=eats\nnn\n" | "$1" run "$2" --step' sh "$binary" "$small"
for text in "unknown command 'x'" "unknown command 'nn'" "n: expected how many" "t: expected a dur" \
    "t: this event is not earlier" "did you mean 'east'"; do
    shows "$text" "commands that make no sense"
done
[ "$(grep -cE '^ +[0-9]+ [0-9]+:' "$work/out")" = 1 ] || fail "a command that failed went on"
expect 0 "stepping from a time, with a file" sh -c \
    'printf "n 5\n" | "$1" run "$2" --step --trace-from 12h --trace-events "$3"' sh "$binary" \
    "$small" "$work/t.json"
[ "$(sed -n 1p "$work/out" | awk '{ print ($2 >= "12:00:00") }')" = 1 ] || fail "step: --trace-from"
traced "$work/t.json" "stepping with a file" 5

# ---- what is refused -----------------------------------------------------------------------------

expect 2 "place" "$binary" run "$small" --watch place=wset
says "unknown place 'wset', did you mean 'west'" "place"
expect 2 "station" "$binary" run "$small" --watch station=depot.till
says "unknown station 'depot.till'" "station"
expect 2 "station" "$binary" run "$small" --watch station=east.tiller
says "did you mean 'east.till'" "station"
expect 2 "order" "$binary" run "$small" --watch order=x.y
says "expected an order such as" "order"
expect 2 "an order that never comes" "$binary" run "$small" --watch order=3.0.999
says "there was no such order; the last one of that cell and day was 3.0." "an order that never comes"
expect 2 "what" "$binary" run "$small" --watch plce=east
says "did you mean 'place'" "what"
expect 2 "no =" "$binary" run "$small" --watch east
expect 2 "replication" "$binary" run "$small" --trace-events "$work/no" --trace-replication 5
says "there are 5, counted from 0" "replication"
expect 2 "time" "$binary" run "$small" --step --trace-from 3kg
says "--trace-from: expected a duration" "time"
expect 2 "times" "$binary" run "$small" --step --trace-from 3h --trace-until 2h
for way in "--watch place=east" --step "--trace-events $work/no.txt" "--trace-events $work/no.json"; do
    # shellcheck disable=SC2086 # the way is meant to be split
    expect 2 "after the end" "$binary" run "$small" $way --trace-from 28d
    says "--trace-from 28d: the run ends at 28d" "after the end"
done
[ -z "$(find "$work" -name 'no.*')" ] || fail "a trace of nothing left a file"
expect 2 "limit" "$binary" run "$small" --step --trace-limit -1
expect 2 "nothing to bound" "$binary" run "$small" --trace-until 3h
expect 2 "step and watch" "$binary" run "$small" --step --watch place=east
expect 2 "two on standard output" "$binary" run "$small" --trace-events - --watch place=east
expect 2 "--out of no study" "$binary" run "$small" --step --out "$work/no.db"
says "--out cannot go with it" "--out of no study"
expect 2 "near spelling" "$binary" run "$small" --trace-event "$work/no"
says "did you mean '--trace-events'" "near spelling"
[ ! -e "$work/no" ] || fail "a refused trace left a file"
expect 3 "no folder" "$binary" run "$small" --trace-events "$work/absent/t.json"

# ---- full disks and signals ----------------------------------------------------------------------

if [ -w /dev/full ]; then
    expect 3 "a file on a full disk" "$binary" run "$small" --trace-events /dev/full
    says "/dev/full: No space left" "a file on a full disk"
    for arguments in "--trace-events -" "--watch place=east"; do
        status=0
        # shellcheck disable=SC2086 # the arguments are meant to be split
        "$binary" run "$small" $arguments >/dev/full 2>"$work/err" || status=$?
        [ "$status" = 3 ] || fail "full disk: $arguments: status $status instead of 3"
        says "No space left" "full disk: $arguments"
    done
fi
# A signal closes the file; a pipe that stays open holds a step until the signal.
status=0
python3 - "$binary" "$small" "$work/cut.json" <<'END' || status=$?
import os, signal, subprocess, sys, time
binary, scenario, file = sys.argv[1:]
p = subprocess.Popen(
    [binary, "run", scenario, "--step", "--trace-events", file], stdin=subprocess.PIPE,
    stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler))
p.stdin.write(b"n 500\n")
p.stdin.flush()
shown = 0
while shown < 501:
    line = p.stdout.readline()
    shown += line[:4].strip().isdigit() and line[4:5] == b" " and line[7:8] == b":"
time.sleep(0.2)
p.send_signal(signal.SIGINT)
assert p.wait(20) == 130, p.returncode
END
[ "$status" = 0 ] || fail "a signal while stepping"
traced "$work/cut.json" "an interrupted trace" 500
grep -q "stopped interrupted" "$work/shape" || fail "an interrupted trace does not say so"

finish
