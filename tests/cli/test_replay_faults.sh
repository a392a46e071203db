#!/bin/sh
# One server for each thing that can go wrong (tests/replay/service/fault_service.py): every request
# ends in exactly one outcome, the run ends by itself, and it says what happened.
set -eu
command -v python3 >/dev/null || exit 77
. "$(dirname "$0")/common.sh"
service="$source/tests/replay/service/fault_service.py"
pid=
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null || true; rm -rf "$work"' EXIT

begin() { # begin MODE [OPTIONS]: sets $url
    : >"$work/said"
    python3 "$service" "$@" --for 60 >"$work/said" 2>"$work/service.err" &
    pid=$!
    for _ in $(seq 100); do
        url=$(sed -n 's/^listening on //p' "$work/said")
        [ -z "$url" ] || return 0
        sleep 0.1
    done
    cat "$work/service.err"
    exit 1
}

end() {
    kill "$pid"
    wait "$pid" || true
    pid=
}

replay() { # replay STATUS OPTIONS...: the exit status must be that; JSON in $work/out
    wanted_status=$1
    shift
    expect "$wanted_status" "$*" timeout 60 "$binary" replay --json "$@"
}

# outcomes TEXT: OUTCOME>=N words; the counts of the run, and all of them together are its requests.
outcomes() {
    python3 - "$work/out" "$@" <<'PY' 2>"$work/why" || fail "$mode: $(tail -n 1 "$work/why")"
import json, sys
run = json.load(open(sys.argv[1]))
got = run["requests"]["outcomes"]
bad = [w for w in sys.argv[2:] if not (lambda n, c: got.get(n, 0) >= int(c))(*w.split(">="))]
if bad or sum(got.values()) != run["requests"]["count"] or run["requests"]["count"] == 0:
    sys.exit("expected %s, got %s of %d" % (" ".join(bad), got, run["requests"]["count"]))
PY
}

# case MODE WORDS...: a short open loop against it.
fault() {
    mode=$1
    shift
    begin "$mode"
    replay 0 --target "$url/" --rate 40 --duration 1s --timeout 1s --drain 2s --own-lateness 10s $options
    outcomes "$@"
    end
}

options=
fault fine 'ok>=40'
fault silent 'timeout>=40'
fault mute 'timeout>=1'
fault reset_before 'reset>=1'
fault reset_inside 'reset>=1'
fault close_inside 'short_body>=40'
fault trickle 'timeout>=40'
fault close_each 'ok>=40'
fault huge 'timeout>=1'
fault not_http 'bad_response>=40'
fault length_too_small 'ok>=1'
fault two_lengths 'bad_response>=40'
fault chunk_garbage 'bad_response>=40'
fault head_too_large 'too_large>=40'
fault round_and_round 'ok>=40'
options='--redirects 3'
fault round_and_round 'bad_status>=40'
python3 -c 'import json, sys; sys.exit(json.load(open(sys.argv[1]))["counts"]["redirects"] != 120)' \
    "$work/out" || fail "redirects that were followed are counted"
options=--http2
fault h2_fine 'ok>=40'
fault h2_goaway 'ok>=20'
fault h2_reset 'reset>=40'
fault h2_refused 'refused_stream>=40'
fault h2_garbage 'bad_response>=1'

# Nobody listens: said before anything is sent.
begin refuse
replay 3 --target "$url/" --rate 40 --duration 1s
grep -q "can't reach" "$work/err" || fail "refuse: $(cat "$work/err")"
end
replay 3 --target http://no-such-host.invalid/ --allow-host no-such-host.invalid --rate 1
grep -q "no-such-host.invalid" "$work/err" || fail "a name that is not known"
replay 2 --target http://example.com/ --rate 1
grep -q -- "--allow-host" "$work/err" || fail "a host that is not allowed"

# It dies in the middle: what was sent before counts, the rest are connect errors or resets.
begin fine
(sleep 1; kill "$pid") &
replay 0 --target "$url/" --rate 100 --duration 2s --timeout 1s --drain 1s --own-lateness 10s
mode=dies outcomes 'ok>=30' 'connect_error>=1'
pid=

# A missing capture fails its journey, not the run.
cat >"$work/map.yaml" <<'MAP'
api: 1
name: captures
steps:
  log_in: {method: GET, path: /sessions, capture: {token: {json: /token}}}
  browse: {method: GET, path: "/products/{{sku}}", headers: {Authorization: "Bearer {{token}}"}}
MAP
begin json_ok
"$binary" trace "$source/scenarios/two_stores.yaml" --days 1 --from 18:00 --to 20:00 \
    --no-clerks -o "$work/two.plan" >/dev/null 2>&1
replay 0 "$work/two.plan" --api "$work/map.yaml" --target "$url" --speed 2000 --own-lateness 10s
mode=capture outcomes 'missing_capture>=1'
end

# A map that names what does not exist: file, line, column.
sed -i 's/{{sku}}/{{skuu}}/' "$work/map.yaml"
begin fine
replay 2 "$work/two.plan" --api "$work/map.yaml" --target "$url"
grep -q 'map.yaml:5:.*skuu' "$work/err" || fail "unknown value: $(cat "$work/err")"
# A plan that was cut.
head -c 1000 "$work/two.plan" >"$work/cut.plan"
replay 2 "$work/cut.plan" --api "$work/map.yaml" --target "$url"
grep -q 'cut' "$work/err" || fail "a cut plan: $(cat "$work/err")"
# More connections than files may be open.
(
    ulimit -n 256
    replay 3 --target "$url/" --rate 10 --connections 200000
    grep -q '200,000' "$work/err" || fail "file limit: $(cat "$work/err")"
    exit "$failures"
) || failures=$((failures + 1))
# Interrupted: what was measured is kept, 130.
(sleep 2; kill -INT "$(cat "$work/replay.pid")") &
got=0
sh -c 'echo $$ >"$1"; exec "$2" replay --json --target "$3/" --rate 50 --duration 60s' - \
    "$work/replay.pid" "$binary" "$url" >"$work/out" 2>"$work/err" || got=$?
[ "$got" = 130 ] || fail "SIGINT: status $got: $(cat "$work/err")"
mode=interrupted outcomes 'ok>=1'
# The disk is full while outcomes are recorded.
got=0
(
    trap '' XFSZ
    ulimit -f 64
    timeout 60 "$binary" replay --json --target "$url/" --rate 3000 --duration 3s \
        --record "$work/record.db" >/dev/null 2>"$work/err"
) || got=$?
[ "$got" = 3 ] || fail "full disk: status $got: $(cat "$work/err")"
end

# Certificates: expired, of another host, of nobody known.
if command -v openssl >/dev/null; then
    certificate() { # certificate NAME SUBJECT_ALT_NAME DAYS
        openssl req -x509 -newkey rsa:2048 -nodes -subj "/CN=$1" -addext "subjectAltName=$2" \
            -days "$3" -keyout "$work/$1.key" -out "$work/$1.pem" 2>/dev/null
    }
    certificate good IP:127.0.0.1 2
    certificate other DNS:shop.example 2
    certificate old IP:127.0.0.1 -1 || rm -f "$work/old.pem"
    tls() { # tls CERTIFICATE OUTCOME OPTIONS...
        mode="certificate $1"
        begin fine --cert "$work/$1.pem" --key "$work/$1.key"
        name=$2
        shift 2
        replay 0 --target "$url/" --rate 20 --duration 1s --own-lateness 10s "$@"
        outcomes "$name>=20"
        end
    }
    tls good tls_error
    tls good ok --ca "$work/good.pem"
    tls good ok --insecure
    tls other tls_error --ca "$work/other.pem"
    [ ! -f "$work/old.pem" ] || tls old tls_error --ca "$work/old.pem"
fi

finish
