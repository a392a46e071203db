#!/bin/sh
# The live page of a real run: what it says while the run goes on, who may stop it, and that the page
# in a browser ends with the numbers of the run's own summary.
set -eu
. "$(dirname "$0")/common.sh"
command -v curl >/dev/null || exit 77
service= run= browser=
trap 'for p in $service $run $browser; do kill "$p" 2>/dev/null || true; done; rm -rf "$work"' EXIT

# wait_for FILE PATTERN: the first group of the sed pattern's first match, within 30 s.
wait_for() {
    for _ in $(seq 100); do
        found=$(sed -n "s|$2|\\1|p" "$1" | head -n 1)
        [ -z "$found" ] || return 0
        sleep 0.3
    done
    fail "nothing like '$2' in $1: $(head -c 300 "$1")"
    exit 1
}

"$OMO_BUILD_DIR/clock_service" --for 200 >"$work/service" &
service=$!
wait_for "$work/service" '^listening on \(.*\)'
target=$found

expect 2 "an address that is none" "$binary" replay --target "$target/x" --rate 10 --live nowhere
says "[HOST:]PORT" "an address that is none"

"$binary" replay --target "$target/x" --rate 200 --duration 150s --live 0 --json \
    >"$work/out" 2>"$work/run.err" &
run=$!
wait_for "$work/run.err" '^live: \(http.*\)/$'
url=$found
sleep 2
curl -s "$url/metrics" >"$work/metrics"
grep -q '^# TYPE ' "$work/metrics" || fail "metrics without types"
curl -s "$url/state.json" >"$work/state"
python3 - "$work/state" <<'END_OF_PYTHON' || fail "state.json: $(head -c 500 "$work/state")"
import json, sys
state = json.load(open(sys.argv[1]))
assert state["running"] and state["requests"] > 100 and state["rate"] > 0, state
assert state["history"] and state["p50_ms"] > 0 and state["errors"] == 0, state
END_OF_PYTHON
if command -v chromium >/dev/null; then
    chromium --headless --no-sandbox --disable-gpu --disable-dev-shm-usage \
        --user-data-dir="$work/chromium" --virtual-time-budget=3000 --dump-dom "$url/" \
        >"$work/dom" 2>/dev/null &
    browser=$!
    sleep 6
fi
code=$(curl -s -o "$work/answer" -w '%{http_code}' -X POST "$url/stop")
[ "$code" = 403 ] || fail "stop without a token: $code"
kill -0 "$run" || fail "the run was stopped without a token"
token=$(curl -s "$url/" | sed -n "s/.*token = '\([0-9a-f]*\)'.*/\1/p")
code=$(curl -s -o "$work/answer" -w '%{http_code}' -X POST -H "X-Omosim-Token: $token" "$url/stop")
[ "$code" = 202 ] || fail "stop with the token: $code"
status=0
wait "$run" || status=$?
run=
[ "$status" = 130 ] || fail "stopped by the page: status $status: $(head -c 300 "$work/run.err")"
json 'd["verdict"] == "interrupted" and d["requests"]["count"] > 300' "stopped by the page"
if [ -n "$browser" ]; then
    wait "$browser" || true
    browser=
    count=$(sed -n 's/.*<b id="requests"[^>]*data-value="\([0-9]*\)".*/\1/p' "$work/dom")
    json "d['requests']['count'] == ${count:-0}" "requests in the browser: ${count:-none}"
    grep -q '<p id="status"[^>]*>[^<]*[Ii][Nn][Tt][Ee][Rr][Rr][Uu][Pp][Tt]' "$work/dom" ||
        fail "the page does not say how it ended: $(grep -o '<p id="status".*' "$work/dom" | head -c 300)"
fi
finish
