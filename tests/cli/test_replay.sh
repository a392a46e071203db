#!/bin/sh
# omosim replay: from a rate and from a plan, its verdicts, its files, and what it refuses.
set -eu
. "$(dirname "$0")/common.sh"
build=${OMO_BUILD_DIR:?the build folder}
services=
trap 'for pid in $services; do kill "$pid" 2>/dev/null || true; done; rm -rf "$work"' EXIT

# serve COMMAND...: starts a service; its URL is in $url.
serve() {
    : >"$work/service" # before the service is there: nobody else's URL is read
    "$@" >>"$work/service" 2>"$work/service.err" &
    services="$services $!"
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        url=$(sed -n 's/^listening on //p' "$work/service")
        [ -z "$url" ] || return 0
        sleep 0.25
    done
    echo "FAIL: $1 does not listen"
    exit 1
}

# A test does not depend on how busy the machine is: the generator's own lateness is no verdict here.
replay() {
    "$binary" replay --own-lateness 1h --threads 1 "$@"
}

serve "$build/clock_service" --for 300
clock=$url

# ---- a rate --------------------------------------------------------------------------------------

expect 0 "a rate" replay --target "$clock/a?b=c" --rate 200 --duration 1s --threshold 'errors<1%'
shows "/a?b=c at 200/s" "a rate"
shows "200" "a rate"
shows "held    errors<1%" "a rate"
expect 0 "a rate as JSON" replay --target "$clock" --rate 200 --duration 1s --json
json 'd["verdict"] == "passed" and d["requests"]["count"] == 200 and d["mode"] == "open loop, rate"' \
    "a rate as JSON"
json 'd["requests"]["outcomes"] == {"ok": 200} and abs(d["requests"]["asked_per_s"] - 200) < 1e-6' \
    "a rate as JSON"
expect 0 "stages" replay --target "$clock" --stages '500ms:100,1s:100-300,500ms:0' --json
json 'd["requests"]["count"] == 250 and len(d["stages"]) == 3' "stages"
expect 0 "closed loop" replay --target "$clock" --users 3 --duration 500ms --json
json 'd["requests"]["count"] > 3 and d["mode"].startswith("closed loop (3 users)")' "closed loop"
json 'd["journeys"]["in_flight_max"] <= 3' "closed loop"
expect 0 "two targets" replay --target "$clock" --target "$clock" --rate 100 --duration 300ms --json
json 'len(d["targets"]) == 2 and d["requests"]["outcomes"] == {"ok": 30}' "two targets"

expect 1 "a broken threshold" replay --target "$clock" --rate 100 --duration 500ms \
    --threshold 'p50<1us' --threshold 'errors<1%'
shows "BROKEN  p50<1us" "a broken threshold"
expect 1 "hopeless" replay --target "$clock" --rate 100 --duration 300s --abort-on 'max<1us' --json
json 'd["elapsed_s"] < 100 and d["verdict"] == "failed" and d["stop_reason"] == "max<1us"' "hopeless"

expect 3 "a file that can't be written" replay --target "$clock" --rate 100 --duration 300s \
    --out "$work/nowhere/o.db"
says "nowhere/o.db: No such file or directory" "a file that can't be written: said before the run"
expect 3 "a folder for a file" replay --target "$clock" --rate 100 --duration 300s --junit "$work"
expect 2 "a file called -" replay --target "$clock" --rate 100 --duration 300s --csv -
says "'-' is no file" "a file called -"
expect 2 "no time" replay --target "$clock" --rate 100 --duration 0s
says "--duration: expected a time above 0, found '0s'" "no time"
expect 2 "a measure that isn't" replay --target "$clock" --rate 100 --threshold 'avg<1ms'
says "unknown measure 'avg': expected p50" "a measure that isn't"

# ---- files ---------------------------------------------------------------------------------------

expect 0 "files" replay --target "$clock" --rate 100 --duration 1s --out "$work/o.db" \
    --junit "$work/o.xml" --csv "$work/o.csv" --hlog "$work/o.hlog" --hgrm "$work/o.hgrm" \
    --record "$work/r.db" --threshold 'p99<10min'
[ "$(sqlite3 "$work/o.db" "SELECT requests FROM load_row WHERE step = ''")" = 100 ] ||
    fail "the database does not have the requests"
[ "$(sqlite3 "$work/r.db" "SELECT count(*) || ' ' || min(outcome_name.name) FROM request
    JOIN outcome_name ON outcome = outcome_name.number")" = "100 ok" ] ||
    fail "the record does not have the requests"
[ "$(sqlite3 "$work/r.db" "SELECT value FROM record_run WHERE key = 'complete'")" = 1 ] ||
    fail "the record is not complete"
[ "$(sqlite3 "$work/r.db" "SELECT count(*) FROM record_run WHERE key IN ('plan', 'api', 'target',
    'started')")" = 4 ] || fail "the record does not say what it is about"
for file in o.xml o.csv o.hlog o.hgrm; do
    [ -s "$work/$file" ] || fail "$file is empty"
done
expect 0 "user and password" replay --target "$(echo "$clock" | sed 's|//|//me:secret@|')" \
    --rate 50 --duration 200ms --json --out "$work/s.db"
! grep -q secret "$work/out" "$work/s.db" || fail "a password is in a report"

expect 3 "a full disk" sh -c 'ulimit -f 200; exec "$@"' sh "$binary" replay --own-lateness 1h \
    --target "$clock" --rate 3000 --duration 3s --record "$work/full.db"
says "full.db" "a full disk"
shows "requests" "a full disk" # what was measured is told all the same

# ---- live ----------------------------------------------------------------------------------------

"$binary" replay --own-lateness 1h --target "$clock" --rate 100 --duration 300s --live 0 --json \
    >"$work/out" 2>"$work/err" &
pid=$!
sleep 2
page=$(sed -n 's/^live: //p' "$work/err")
python3 -c 'import json, sys, urllib.request
d = json.load(urllib.request.urlopen(sys.argv[1]))
sys.exit(0 if d["requests"] > 20 else 1)' "${page}state.json" || fail "live: the page has no numbers"
kill "$pid"
wait "$pid" || true

# ---- interrupted ---------------------------------------------------------------------------------

for signal in INT TERM; do
    # A background job of sh ignores SIGINT, which exec would inherit; env sets it back.
    env --default-signal=INT "$binary" replay --target "$clock" --rate 100 --duration 300s --json \
        >"$work/out" 2>"$work/err" &
    pid=$!
    sleep 1.5
    kill -"$signal" "$pid"
    status=0
    wait "$pid" || status=$?
    [ "$status" = 130 ] || fail "SIG$signal: status $status"
    json 'd["verdict"] == "interrupted" and d["requests"]["outcomes"]["ok"] > 10' "SIG$signal"
done

# ---- a plan --------------------------------------------------------------------------------------

serve "$binary" backend --scenario "$scenarios/two_stores.yaml" --port 0 --for 300s
reference=$url
expect 0 "a plan" "$binary" trace "$scenarios/two_stores.yaml" --days 1 -o "$work/day.plan"
expect 0 "a plan is sent" replay "$work/day.plan" --api "$scenarios/api/reference.yaml" \
    --target "$reference" --speed 10000 --from 10:00 --to 14:00 --json
json 'd["requests"]["count"] > 20 and d["requests"]["errors"] == 0 and d["verdict"] == "passed"' \
    "a plan is sent"
json 'd["requests"]["intended"] == d["requests"]["count"] == sum(d["requests"]["outcomes"].values())' \
    "a plan is sent"
json 'd["counts"]["log_ins"] > 0 and d["journeys"]["started"] > 5' "a plan is sent"
expect 0 "a plan at a rate" replay "$work/day.plan" --api "$scenarios/api/reference.yaml" \
    --target "$reference" --speed 10000 --rate 50 --duration 1s --threads 2 --json
json 'd["journeys"]["started"] == 50' "a plan at a rate"

expect 0 "dry run" "$binary" replay "$work/day.plan" --api "$scenarios/api/reference.yaml" \
    --target http://127.0.0.1:1 --dry-run 3
shows "# journey 3, at" "dry run"
shows "curl" "dry run"
! grep -q '# journey 4' "$work/out" || fail "dry run: more than 3 journeys"
expect 0 "dry run of a path" "$binary" replay --target http://127.0.0.1:1/x --dry-run
shows "http://127.0.0.1:1/x" "dry run of a path"

# ---- refused -------------------------------------------------------------------------------------

expect 2 "no target" "$binary" replay --rate 1
says "--target URL is missing" "no target"
expect 2 "no schedule" "$binary" replay --target "$clock"
says "--rate, --stages or --users is needed" "no schedule"
expect 2 "two schedules" "$binary" replay --target "$clock" --rate 1 --users 1
says "only one of them" "two schedules"
expect 2 "a bad rate" "$binary" replay --target "$clock" --rate fast
says "--rate: expected a rate such as 1000" "a bad rate"
expect 2 "a bad stage" "$binary" replay --target "$clock" --stages 10s
says "--stages: expected stages such as" "a bad stage"
expect 2 "stages of nothing" "$binary" replay --target "$clock" --stages 10s:0
says "a stage with a rate above 0" "stages of nothing"
expect 2 "a bad duration" "$binary" replay --target "$clock" --rate 1 --duration 5kg
says "--duration: expected a duration" "a bad duration"
expect 2 "a bad pace" "$binary" replay --target "$clock" --rate 1 --pace tmier
says "did you mean 'timer'" "a bad pace"
expect 2 "a bad threshold" "$binary" replay --target "$clock" --rate 1 --threshold 'p99<<1'
expect 2 "a stage that is not there" "$binary" replay --target "$clock" --rate 1 \
    --threshold 'p99<1s stage 2'
expect 2 "a bad option" "$binary" replay --target "$clock" --raet 1
says "did you mean '--rate'" "a bad option"
expect 2 "two paths" "$binary" replay --target "$clock/a" --target "$clock/b" --rate 1
says "asked for the same path" "two paths"
expect 2 "another host" "$binary" replay --target http://192.0.2.1 --rate 1
says "--allow-host" "another host"
expect 2 "no map" "$binary" replay "$work/day.plan" --target "$clock"
says "--api MAP is needed" "no map"
expect 2 "no plan" "$binary" replay "$work/none.plan" --target "$clock"
head -c 5000 "$work/day.plan" >"$work/cut.plan"
expect 2 "a cut plan" "$binary" replay "$work/cut.plan" --target "$clock"
says "cut" "a cut plan"
expect 2 "an empty window" "$binary" replay "$work/day.plan" --api "$scenarios/api/reference.yaml" \
    --target "$clock" --from 2000d
says "no journey begins in the window asked for" "an empty window"
expect 3 "nobody listens" "$binary" replay --target http://127.0.0.1:1 --rate 1
says "127.0.0.1:1" "nobody listens"
expect 3 "too many connections" sh -c 'ulimit -n 1024; exec "$@"' sh "$binary" replay \
    --target "$clock" --rate 1 --connections 200000
says "200,000 connections asked for, the limit of open files is 1,024" "too many connections"
finish
