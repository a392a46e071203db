#!/bin/sh
# What the machine may do to a command: signals, full disks, closed streams.
set -eu
. "$(dirname "$0")/common.sh"
small="$scenarios/two_stores.yaml"
quick="--set run.days=3 --set run.warm_up=1d --replications 2"

# interrupt SIGNAL: a run of many replications ends with 130, quickly, and says what it kept.
interrupt() {
    "$binary" compare "$small" --set run.days=2000 --replications 200 \
        --vary routing=nearest,cheapest --out "$work/cut.db" >"$work/out" 2>"$work/err" &
    job=$!
    sleep 2
    kill "-$1" "$job"
    status=0
    wait "$job" || status=$?
    [ "$status" = 130 ] || fail "SIG$1: status $status: $(head -c 300 "$work/err")"
    says "interrupted" "SIG$1"
}
interrupt TERM
# A background job of a shell without job control ignores SIGINT; python restores it.
status=0
python3 - "$binary" "$small" "$work" <<'END' || status=$?
import signal, subprocess, sys, time
binary, scenario, work = sys.argv[1:]
p = subprocess.Popen(
    [binary, "run", scenario, "--set", "run.days=2000", "--replications", "200"],
    preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
time.sleep(1)
p.send_signal(signal.SIGINT)
began = time.time()
sys.exit(0 if p.wait(60) == 130 and time.time() - began < 30 else 1)
END
[ "$status" = 0 ] || fail "SIGINT does not give 130"

# A point that was finished before the signal is kept, shown and readable.
status=0
python3 - "$binary" "$small" "$work" <<'END' || status=$?
import json, os, signal, sqlite3, subprocess, sys, time
binary, scenario, work = sys.argv[1:]
db = os.path.join(work, "kept.db")
out = open(os.path.join(work, "kept.json"), "wb")
p = subprocess.Popen(
    [binary, "compare", scenario, "--vary", "run.days=8,1000000", "--set", "run.warm_up=1d",
     "--replications", "2", "--threads", "1", "--out", db, "--json"],
    stdout=out, stderr=subprocess.DEVNULL)
for _ in range(600):
    time.sleep(0.1)
    try:
        if sqlite3.connect(db).execute("SELECT count(*) FROM point").fetchone()[0] > 0:
            break
    except sqlite3.Error:
        pass
p.send_signal(signal.SIGTERM)
assert p.wait(60) == 130, p.returncode
points = json.load(open(os.path.join(work, "kept.json")))["points"]
assert len(points) == 1, points
assert sqlite3.connect(db).execute("SELECT count(*) FROM point").fetchone()[0] == 1
END
[ "$status" = 0 ] || fail "a finished point is lost by a signal"

# ---- full disks and closed streams ---------------------------------------------------------------

if [ -w /dev/full ]; then
    for arguments in "list kpis" "list kpis --json" "run $small $quick" "run $small $quick --json" \
        "check $small" "--help" "run --help"; do
        status=0
        # shellcheck disable=SC2086 # the arguments are meant to be split
        "$binary" $arguments >/dev/full 2>"$work/err" || status=$?
        [ "$status" = 3 ] || fail "full disk: $arguments: status $status instead of 3"
        says "No space left" "full disk: $arguments"
    done
    expect 3 "report page on a full disk" "$binary" run "$small" $quick --report /dev/full
fi
status=0
"$binary" list kpis >&- 2>"$work/err" || status=$?
[ "$status" = 3 ] || fail "closed standard output: status $status instead of 3"
status=0
"$binary" run "$small" $quick --out "$work/closed.db" >&- 2>"$work/err" || status=$?
[ "$status" = 3 ] || fail "closed standard output: status $status instead of 3"
expect 3 "database in a folder that is not there" \
    "$binary" run "$small" $quick --out "$work/absent/r.db"
# A file size limit stands in for a small disk: SQLite meets it while it saves.
status=0
(
    ulimit -f 8
    exec "$binary" run "$small" $quick --out "$work/full.db" >/dev/null 2>"$work/err"
) || status=$?
[ "$status" = 3 ] || fail "database on a full disk: status $status instead of 3"
says "full.db" "database on a full disk"
{ "$binary" list kpis || echo $? >"$work/status"; } 2>"$work/err" | head -n 1 >/dev/null
[ ! -s "$work/err" ] || fail "a reader that leaves early is no error: $(cat "$work/err")"

finish
