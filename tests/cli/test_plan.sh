#!/bin/sh
# omosim plan, import and export: a simulated day counted, cut, merged and carried through the formats
# of other tools; misuse with its exit status; files that are there whole or not at all.
set -eu
. "$(dirname "$0")/common.sh"
cd "$work"
api=$source/scenarios/api/reference.yaml

expect 0 "a day" "$binary" trace "$scenarios/two_stores.yaml" -o day.plan

# ---- counting ------------------------------------------------------------------------------------

expect 0 "counts" "$binary" plan day.plan --json
cp out counts
json "d['steps'] == sum(d['by_step'].values()) and d['steps'] > 300" "steps"
json "d['journeys'] == sum(d['by_channel'].values())" "journeys"
json "0 < d['busiest_minute_steps'] <= d['steps'] and d['first_us'] <= d['busiest_minute_us'] + 6e7" \
    "peak"
expect 0 "counts as text" "$binary" plan day.plan
shows "journeys, " "counts as text"
shows "busiest minute: " "counts as text"
expect 0 "all steps" "$binary" plan day.plan --print
python3 - counts out <<'END' || fail "one line a step"
import json, sys
lines = open(sys.argv[2], encoding="utf-8").read().splitlines()[1:]
sys.exit(0 if len(lines) == json.load(open(sys.argv[1]))["steps"] else 1)
END
expect 0 "some steps" "$binary" plan day.plan --print --limit 3
[ "$(wc -l <out)" = 4 ] || fail "--limit"

# ---- parts of it, and all of them again ----------------------------------------------------------

expect 0 "a copy" "$binary" plan day.plan -o copy.plan
cmp -s day.plan copy.plan || fail "a copy differs"
expect 0 "to a pipe" sh -c '"$1" plan day.plan -o - | cat >piped.plan' sh "$binary"
cmp -s day.plan piped.plan || fail "a plan through a pipe differs"
expect 0 "morning" "$binary" plan day.plan --to 14:00 -o morning.plan
expect 0 "evening" "$binary" plan day.plan --from 14:00 -o evening.plan
expect 0 "both" "$binary" plan evening.plan morning.plan -o both.plan
cmp -s day.plan both.plan || fail "the halves of a day are not the day"
for channel in app_pickup app_courier web_parcel; do
    expect 0 "$channel" "$binary" plan day.plan --channel "$channel" -o "$channel.plan"
done
expect 0 "channels" "$binary" plan app_pickup.plan app_courier.plan web_parcel.plan --json
cmp -s out counts || fail "the channels together are not the day"
expect 0 "who checked out" "$binary" plan day.plan --step check_out --json
json "d['by_step']['check_out'] == d['journeys']" "who checked out"
expect 0 "a sample" "$binary" plan day.plan --sample 25% --json
json "0 < d['journeys'] < $(python3 -c 'import json; print(json.load(open("counts"))["journeys"])')" \
    "a sample"
expect 0 "moved" "$binary" plan day.plan --shift=-1d -o moved.plan
expect 0 "moved back" "$binary" plan moved.plan --shift 1d -o back.plan
cmp -s day.plan back.plan || fail "moving there and back"

# ---- other formats -------------------------------------------------------------------------------

expect 0 "to a table" "$binary" export csv day.plan -o day.csv
expect 0 "from a table" "$binary" import csv day.csv --like day.plan -o table.plan
cmp -s day.plan table.plan || fail "a plan through a table differs"
expect 0 "without the names" "$binary" import csv day.csv -o unlike.plan
expect 0 "again to a table" "$binary" export csv unlike.plan -o unlike.csv
cmp -s day.csv unlike.csv || fail "a table through a plan differs"
for format in har vegeta log; do
    expect 0 "$format" "$binary" export "$format" day.plan --api "$api" \
        --target http://127.0.0.1:8080 -o "day.$format"
    says " requests" "$format"
    expect 0 "$format back" "$binary" import "$format" "day.$format" -o "$format.plan"
done
expect 0 "har again" "$binary" export har har.plan -o again.har
python3 - day.har again.har day.vegeta <<'END' || fail "what the formats hold"
import base64, json, sys
a, b = (json.load(open(p, encoding="utf-8"))["log"]["entries"] for p in sys.argv[1:3])
targets = [json.loads(line) for line in open(sys.argv[3], encoding="utf-8")]
keep = lambda entries: [(e["startedDateTime"], e["request"]) for e in entries]
assert keep(a) == keep(b) and len(a) == len(targets) > 300
assert [e["startedDateTime"] for e in a] == sorted(e["startedDateTime"] for e in a)
for entry, target in zip(a, targets):
    request = entry["request"]
    assert (request["method"], request["url"]) == (target["method"], target["url"])
    body = base64.b64decode(target.get("body", "")).decode()
    assert body == request.get("postData", {"text": ""})["text"]
    assert {h["name"]: [h["value"]] for h in request["headers"]} == target.get("header", {})
END
grep -q 'Bearer {{token}}' day.har || fail "captures show as their names"

# ---- misuse --------------------------------------------------------------------------------------

expect 2 "no plan" "$binary" plan "$api"
says "not a traffic plan" "no plan"
expect 2 "absent" "$binary" plan absent.plan
expect 2 "no channel" "$binary" plan day.plan --channel web_parsel
says "did you mean 'web_parcel'" "no channel"
expect 2 "print and write" "$binary" plan day.plan --print -o x.plan
head -c 5000 day.plan >cut.plan
expect 2 "cut" "$binary" plan cut.plan -o x.plan
says "cut after " "cut"
expect 2 "no format" "$binary" import hra day.har -o x.plan
says "did you mean 'har'" "no format"
expect 2 "no output" "$binary" import har day.har
expect 2 "rate of a log" "$binary" import log day.log --rate 5/s -o x.plan
echo nonsense >>day.log
expect 2 "bad line" "$binary" import log day.log -o x.plan
says "day.log:$(wc -l <day.log):1: expected a client's address" "bad line"
expect 2 "no host" "$binary" export vegeta log.plan -o x.vegeta
says "give --target URL" "no host"
expect 2 "bad target" "$binary" export vegeta log.plan --target 127.0.0.1:80 -o x.vegeta
expect 2 "simulated without a map" "$binary" export har day.plan -o x.har
expect 3 "full disk" "$binary" plan day.plan -o /dev/full
says "No space left on device" "full disk"
[ -z "$(ls | grep '^x\.' || true)" ] || fail "something half-written: $(ls)"
expect 0 "bad line skipped" "$binary" import log day.log --skip-bad -o x.plan
says "skipped 1 bad part of" "bad line skipped"

# A byte of the records is changed: nothing is written.
python3 - <<'END'
data = bytearray(open("day.plan", "rb").read())
data[-100] ^= 1
open("changed.plan", "wb").write(data)
END
expect 2 "changed" "$binary" plan changed.plan -o y.plan
says "damaged" "changed"
[ ! -e y.plan ] || fail "a damaged plan is passed on"

finish
