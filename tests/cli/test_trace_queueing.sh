#!/bin/sh
# Traces, watching and stepping of queueing networks.
set -eu
. "$(dirname "$0")/common.sh"
floor="$scenarios/pick_pack_ship.yaml"
golden="$source/tests/golden/trace_queueing.txt"
check="$source/tests/cli/trace_json.py"

# traced FILE WHAT [EVENTS]: the file holds.
traced() {
    python3 "$check" "$1" ${3-} >"$work/shape" 2>"$work/err" || fail "$2: $(tail -n 2 "$work/err")"
}

# ---- text ----------------------------------------------------------------------------------------

{
    echo "\$ omosim run pick_pack_ship.yaml --trace-events - --trace-until 7h"
    expect 0 "text on standard output" "$binary" run "$floor" --trace-events - --trace-until 7h
    cat "$work/out"
    echo "\$ omosim run pick_pack_ship.yaml --watch customer=same_day.17 --trace-until 1d"
    expect 0 "watching" "$binary" run "$floor" --watch customer=same_day.17 --trace-until 1d
    cat "$work/out"
    echo "\$ omosim run pick_pack_ship.yaml --step"
    printf '\nn 2\nt 9h\nw station=courier\np\nh\nw customer=next_day.60\n\nq\n' >"$work/commands"
    expect 0 "stepping" sh -c '"$1" run "$2" --step <"$3"' sh "$binary" "$floor" "$work/commands"
    cat "$work/out"
} >"$work/trace.txt"
[ -z "${OMO_UPDATE_GOLDEN:-}" ] || cp "$work/trace.txt" "$golden"
diff -u "$golden" "$work/trace.txt" || fail "traces look different; see the difference above"

short="--set run.days=6 --replications 1"
expect 0 "no trace" "$binary" run "$floor" $short --json
cp "$work/out" "$work/without.json"
json 'len(d["digest"]) == 16' "digest"
expect 0 "text in a file" "$binary" run "$floor" $short --trace-events "$work/t.txt" --json
cmp -s "$work/out" "$work/without.json" || fail "a trace changes the result"
events=$(grep -vc '^#' "$work/t.txt")
[ "$events" -gt 7000 ] || fail "text: only $events events"
awk '!/^#/ && $3 != ++n { exit 1 }' "$work/t.txt" || fail "text: events are not numbered in order"

# ---- JSON ----------------------------------------------------------------------------------------

expect 0 "JSON" "$binary" run "$floor" $short --trace-events "$work/t.json" --json
cmp -s "$work/out" "$work/without.json" || fail "JSON: a trace changes the result"
traced "$work/t.json" "JSON" "$events"
grep -q "stopped None" "$work/shape" || fail "JSON: a whole trace says that it was stopped"
# Each customer arrives once.
[ "$(awk '{ print $4 }' "$work/shape")" = "$(grep -c ' ARRIVAL ' "$work/t.txt")" ] ||
    fail "JSON: not every customer has a span"
expect 0 "a window" "$binary" run "$floor" $short --trace-events "$work/w.json" --trace-from 33h \
    --trace-until 41h
traced "$work/w.json" "a window" \
    "$(awk '!/^#/ && $1 == 1 && $2 >= "09:00:00" && $2 < "17:00:00"' "$work/t.txt" | grep -c .)"
grep -q '"began_before": 1' "$work/w.json" || fail "a window: nothing is cut at its beginning"
grep -q '"cut": 1' "$work/w.json" || fail "a window: nothing is cut at its end"
expect 0 "a limit" "$binary" run "$floor" $short --trace-events "$work/w.json" --trace-limit 777
traced "$work/w.json" "a limit" 777

# All that a station can do: the picture closes, and what happened stands in it.
cat >"$work/all.yaml" <<'END'
name: all
time_unit: min
run: {days: 3, replications: 1, seed: 1}
queueing:
  sources:
    walk_in: {rate: 20/h, to: desk, priority: 2}
    urgent: {rate: 5/h, to: desk, priority: 1}
    trucks: {population: 3, to: dock}
  stations:
    desk:
      {servers: 2, service: exponential(5), discipline: priority_preemptive, patience: exponential(20),
       room: 9, next: {order: 50%, wrap: 50%}}
    order: {branches: [shop, depot], next: wrap}
    shop: {service: exponential(4)}
    depot: {servers: unlimited, service: exponential(6)}
    wrap: {service: exponential(2), room: 3, when_full: block, next: gate}
    gate: {servers: 5, service: exponential(3), wave: 10min, balk: {from: 2, share: 50%}}
    dock:
      {servers: 2, service: exponential(15), next: yard,
       breakdown: {up: exponential(60), down: exponential(20)}}
    yard: {servers: 1, service: exponential(10), batch: {min: 2, max: 3, wait: 30min}, next: dock}
END
expect 0 "all, untraced" "$binary" run "$work/all.yaml" --json
cp "$work/out" "$work/without.json"
expect 0 "all" "$binary" run "$work/all.yaml" --trace-events "$work/t.json" --json
cmp -s "$work/out" "$work/without.json" || fail "all: a trace changes the result"
traced "$work/t.json" "all"
for name in "waits for room" "split at order" "gives up at desk" "refused at desk" \
    "refused at gate" "waits for gate" PATIENCE FAIL REPAIR WAVE BATCH "depot 3"; do
    grep -qF "\"name\": \"$name\"" "$work/t.json" || fail "all: no '$name'"
done
expect 0 "all, a window" "$binary" run "$work/all.yaml" --trace-events "$work/t.json" \
    --trace-from 5h --trace-until 9h
traced "$work/t.json" "all, a window"
expect 0 "all, text" "$binary" run "$work/all.yaml" --trace-events - --trace-until 1d
awk '!/^#/ && $3 != ++n { exit 1 }' "$work/out" || fail "all: events are not numbered in order"
expect 0 "a preempted customer" "$binary" run "$work/all.yaml" --watch station=desk --trace-until 1d
for text in INTERRUPTED RENEGED REFUSED "DONE  " "STARTED  "; do
    shows "$text" "a preempted customer"
done

# ---- watching ------------------------------------------------------------------------------------

expect 0 "a customer" "$binary" run "$floor" $short --watch customer=next_day.40
grep -qE '^ +ENDED +next_day\.40 +- +in all ' "$work/out" || fail "a customer: its end is missing"
awk '/^ +[A-Z]/ && $2 != "next_day.40" { exit 1 }' "$work/out" || fail "a customer: steps of another"
expect 0 "a station" "$binary" run "$floor" $short --watch station=check --trace-until 2d
[ "$(grep -cE '^ +DONE .* check ' "$work/out")" = "$(awk '!/^#/ && $1 < 2 && $6 == "DONE" &&
    $NF == "check"' "$work/t.txt" | grep -c .)" ] || fail "a station: not every service is shown"

# ---- what is refused -----------------------------------------------------------------------------

# refused WHAT TEXT ARGUMENT...
refused() {
    wanted_text=$2
    what=$1
    shift 2
    expect 2 "$what" "$binary" run "$floor" $short "$@"
    says "$wanted_text" "$what"
}
refused "station" "unknown station 'pik', did you mean 'pick'" --watch station=pik
refused "source" "unknown source 'sameday', did you mean 'same_day'" --watch customer=sameday.3
refused "customer" "expected a customer such as same_day.17" --watch customer=same_day
refused "number" "expected a customer such as same_day.17" --watch customer=same_day.x
refused "a customer that never comes" "there was no such customer; the last one of that source was" \
    --watch customer=same_day.999999
refused "what" "did you mean 'customer'" --watch customr=same_day.1
refused "an order" "cannot watch a 'order'" --watch order=1.0.3
refused "no =" "expected customer=SOURCE.NUMBER or station=NAME" --watch pick
expect 2 "a customer of a chain" "$binary" run "$scenarios/two_stores.yaml" --watch customer=web.1
says "cannot watch a 'customer'" "a customer of a chain"

finish
