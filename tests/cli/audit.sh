# Read by the audit's tests behind common.sh and service.sh: a back end of ours, plans of the flash
# sale, runs that are audited. Nobody is asked how fast this machine is: --own-lateness is out of reach.
api=$scenarios/api/reference.yaml
sale=$scenarios/flash_sale.yaml

# make_plan FILE OPTIONS: the minute of the sale, 16,600 requests; --seed makes another one.
make_plan() {
    plan=$1
    shift
    "$binary" trace "$sale" --from 20:00 --to 20:00:40 --channel app,walk_in -o "$plan" "$@" \
        >"$work/trace" 2>&1 || fail "trace: $(cat "$work/trace")"
}
# serve OPTIONS: starts a new back end of the sale; its address is in $url.
serve() {
    rm -f "$work"/shop.db*
    listen "$binary" backend --scenario "$sale" --db "$work/shop.db" --port 0 --for 600s "$@"
}
# shoot STATUS WHAT PLAN OPTIONS: an audited run against $url; JSON in $work/out.
shoot() {
    wanted=$1
    what=$2
    shot=$3
    shift 3
    expect "$wanted" "$what" "$binary" replay "$shot" --api "$api" --target "$url" --speed 10 \
        --own-lateness 1min --audit --json "$@"
}
# verdicts: "NAME VERDICT" of each invariant of the last run or audit, a line each.
verdicts() {
    python3 - "$work/out" <<'END'
import json, sys
d = json.load(open(sys.argv[1], encoding="utf-8"))
for i in d.get("audit", d)["invariants"]:
    print(i["name"], i["verdict"])
END
}
# judged NAME VERDICT WHAT
judged() {
    verdicts >"$work/verdicts"
    grep -qx "$1 $2" "$work/verdicts" ||
        fail "$3: $1 is not '$2': $(tr '\n' ';' <"$work/verdicts")"
}
# clean WHAT: nothing is violated.
clean() {
    verdicts >"$work/verdicts"
    if grep " violated$" "$work/verdicts" >"$work/violated"; then
        fail "$1: $(tr '\n' ';' <"$work/violated")"
        evidence
    fi
}
# evidence: the findings of what is violated.
evidence() {
    python3 - "$work/out" <<'END'
import json, sys
d = json.load(open(sys.argv[1], encoding="utf-8"))
for i in d.get("audit", d)["invariants"]:
    if i["verdict"] == "violated":
        for f in i["findings"][:3]:
            print(" ", i["name"] + ":", f["subject"] + ":", f["text"])
            for r in f["requests"][:4]:
                print("     ", r["text"] if isinstance(r, dict) else r)
END
}
# crash WHAT STATUS PLAN "BACK END'S OPTIONS" OPTIONS: an audited run that starts, kills (-9) and
# restarts its back end, whose process number is in $work/pid.
crash() {
    what=$1
    wanted=$2
    shot=$3
    faults=$4
    shift 4
    rm -f "$work"/shop.db*
    port=$(free_port)
    expect "$wanted" "$what" "$binary" replay "$shot" --api "$api" --target "http://127.0.0.1:$port" \
        --speed 10 --own-lateness 1min --audit --json \
        --start "echo \$\$ >$work/pid; exec $binary backend --scenario $sale --db $work/shop.db \
--port $port $faults" "$@"
}
# crash_seed N: another minute of the sale, killed at a moment of its own, and standing still for
# longer than its customers wait: nothing that it promised may be lost, and nothing done twice.
crash_seed() {
    make_plan "$work/seed.plan" --seed "$1"
    crash "seed $1" 0 "$work/seed.plan" "" --record "$work/seed.db" --timeout 500ms \
        --kill-target-at "2.$(($1 * 7 % 10))$(($1 % 10))s" --restart-target-at 3s \
        --run-at "3.6s=kill -STOP \$(cat $work/pid); sleep 0.7; kill -CONT \$(cat $work/pid)"
    clean "seed $1"
    json 'sum(d["requests"]["outcomes"].get(o, 0) for o in ("timeout", "reset")) > 0' "seed $1"
    json 'd["audit"]["counts"]["orders_done"] > 100' "seed $1"
}
