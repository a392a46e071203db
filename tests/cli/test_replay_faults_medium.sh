#!/bin/sh
# Services that do one thing wrong: each request ends with the outcome that says so, none is lost,
# and the run ends by itself.
set -eu
. "$(dirname "$0")/common.sh"
service="$source/tests/replay/service/fault_service.py"
pid=
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null || true; rm -rf "$work"' EXIT

# faulty MODE OUTCOME [SERVICE OPTION...] [-- REPLAY OPTION...]: all 20 requests end with OUTCOME.
faulty() {
    mode=$1
    outcome=$2
    shift 2
    : >"$work/service"
    more=
    while [ $# -gt 0 ] && [ "$1" != -- ]; do
        more="$more $1"
        shift
    done
    [ $# = 0 ] || shift
    # Paths of the work folder have no blanks.
    # shellcheck disable=SC2086
    python3 "$service" "$mode" --for 120 $more >>"$work/service" 2>"$work/service.err" &
    pid=$!
    waited=0
    while ! grep -q listening "$work/service"; do
        waited=$((waited + 1))
        [ "$waited" -lt 100 ] || fail "$mode: the service does not listen"
        [ "$waited" -lt 100 ] || return 0
        sleep 0.2
    done
    url=$(sed -n 's/^listening on //p' "$work/service")
    expect 1 "$mode" "$binary" replay --target "$url" --rate 100 --duration 200ms --timeout 1s \
        --drain 10s --threshold 'errors<0%' --own-lateness 1h --json "$@"
    json "d['requests']['outcomes'] == {'$outcome': 20} and d['requests']['intended'] == 20" "$mode"
    kill "$pid"
    wait "$pid" || true
    pid=
}

faulty fine ok
faulty close_each ok
faulty silent timeout
faulty mute timeout
faulty trickle timeout
faulty huge timeout
faulty reset_before reset
faulty reset_inside reset
faulty close_inside short_body
faulty not_http bad_response
faulty two_lengths bad_response
faulty chunk_garbage bad_response
faulty head_too_large too_large
faulty h2_reset reset -- --http2
faulty h2_refused refused_stream -- --http2
faulty h2_garbage bad_response -- --http2

openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost \
    -addext subjectAltName=IP:127.0.0.1 -keyout "$work/key.pem" -out "$work/cert.pem" \
    >/dev/null 2>&1
tls="--cert $work/cert.pem --key $work/key.pem"
faulty fine tls_error $tls
grep -qi certificate "$work/out" || fail "the summary does not say why the handshake failed"
faulty fine ok $tls -- --ca "$work/cert.pem"
faulty fine ok $tls -- --insecure
finish
