#!/bin/sh
# A run that is saved, and goes on from the file: the same result to the byte, for any threads and
# either build; a branch under another policy; every misuse with its exit status; a file that is
# there whole or not at all.
set -eu
. "$(dirname "$0")/common.sh"
small="$scenarios/two_stores.yaml"
cd "$work"

# without_places: the last output without what speaks of files.
without_places() {
    python3 - "$work/out" <<'END'
import json, sys
d = json.load(open(sys.argv[1], encoding="utf-8"))
d.pop("from", None)
d.pop("checkpoint", None)
print(json.dumps(d, indent=1))
END
}

# ---- going on is the same ------------------------------------------------------------------------

# goes_on NAME TIME ARGUMENTS...: of a run, with 1 and 2 threads and the other build.
goes_on() {
    name=$1
    time=$2
    shift 2
    expect 0 "$name" "$binary" run "$@" --json --threads 1
    without_places >whole
    for threads in 1 2; do
        expect 0 "$name, saved" "$binary" run "$@" --json --threads $threads \
            --checkpoint-at "$time" --checkpoint "$threads.checkpoint"
        without_places | cmp -s - whole || fail "$name: saving changes the result"
        json "d['checkpoint']['bytes'] == __import__('os').path.getsize(d['checkpoint']['file'])" \
            "$name: size"
    done
    cmp -s 1.checkpoint 2.checkpoint || fail "$name: the file depends on the threads"
    for threads in 1 2; do
        expect 0 "$name, on" "$binary" run "$@" --json --threads $threads --from 1.checkpoint
        without_places | cmp -s - whole || fail "$name: going on with $threads threads differs"
        json "d['from']['file'] == '1.checkpoint'" "$name: from"
    done
    [ -n "${OMO_BINARY_OTHER:-}" ] || return 0
    expect 0 "$name, other build" "$OMO_BINARY_OTHER" run "$@" --json --from 1.checkpoint
    without_places | cmp -s - whole || fail "$name: the other build goes on differently"
    expect 0 "$name, other build" "$OMO_BINARY_OTHER" run "$@" --json --checkpoint-at "$time" \
        --checkpoint other.checkpoint
    cmp -s 1.checkpoint other.checkpoint || fail "$name: the other build saves other bytes"
}

goes_on "two stores" 14d12h "$small"
goes_on "in the warm-up" 36h "$small" --replications 3
goes_on "at its start" 0 "$small" --replications 3
goes_on "silo" 9d3h20min "$small" --set integration.inventory=siloed --set shortage=backorder
goes_on "chain" 26h "$scenarios/o2o_vs_omo.yaml" --replications 2 --set run.days=2 \
    --set run.warm_up=0s --set places.0.generate.count=40
goes_on "field" 20h "$scenarios/oracles/nearest_store.yaml" --replications 2
goes_on "oversell" 3h "$scenarios/oracles/oversell.yaml" --replications 2 \
    --set places.0.generate.count=200
goes_on "queue" 30h "$scenarios/oracles/mmc.yaml" --replications 3 --set run.customers=20000 \
    --set run.warm_up_customers=1000
goes_on "stock" 700d "$scenarios/oracles/base_stock.yaml" --replications 3 --set run.days=1000 \
    --set run.warm_up=100d
floor="$scenarios/pick_pack_ship.yaml"
goes_on "floor" 9d14h "$floor" --replications 3 --set run.days=20
goes_on "floor at its start" 0 "$floor" --replications 2 --set run.days=8
goes_on "floor in the warm-up" 50h "$floor" --replications 2 --set run.days=8
goes_on "floor at the end of the warm-up" 5d "$floor" --replications 2 --set run.days=8

# A checkpoint of a continued run is that of the uninterrupted one.
expect 0 "first" "$binary" run "$small" --checkpoint-at 9d --checkpoint first.checkpoint
shows "checkpoint at 9d: first.checkpoint, " "says where the file is"
expect 0 "direct" "$binary" run "$small" --checkpoint-at 20d --checkpoint direct.checkpoint
expect 0 "second" "$binary" run "$small" --from first.checkpoint --checkpoint-at 20d
shows "goes on from 9d: first.checkpoint" "says what it goes on from"
cmp -s direct.checkpoint two_stores-20d.checkpoint || fail "a second checkpoint differs"

# The report's detail goes along: the database differs in nothing but the command line.
if command -v sqlite3 >/dev/null; then
    expect 0 "database" "$binary" run "$small" --out whole.db
    expect 0 "database of a continued run" "$binary" run "$small" --from first.checkpoint --out on.db
    for db in whole on; do
        sqlite3 $db.db .dump | grep -v 'omosim run' >$db.sql
    done
    cmp -s whole.sql on.sql || fail "the databases differ: $(diff whole.sql on.sql | head -5)"
fi

# ---- branches ------------------------------------------------------------------------------------

expect 0 "branch" "$binary" run "$small" --from first.checkpoint --set routing=cheapest --json
cp out branch
expect 0 "base" "$binary" run "$small" --from first.checkpoint --json
python3 - branch out <<'END' || fail "a branch differs from its base, and meets as many customers"
import json, sys
a, b = (json.load(open(f)) for f in sys.argv[1:])
assert a["digest"] != b["digest"]
assert a["kpi"]["profit"] != b["kpi"]["profit"]
assert a["kpi"]["visits"] == b["kpi"]["visits"]
END
expect 0 "longer" "$binary" run "$small" --from first.checkpoint --set run.days=35 --json
expect 0 "with the file's seed" "$binary" run "$small" --from first.checkpoint --seed 1 \
    --replications 5

# Of a floor: another law of service, the same customers.
floor_run() {
    "$binary" run "$floor" --replications 2 --set run.days=20 "$@"
}
expect 0 "floor, saved" floor_run --checkpoint-at 9d14h --checkpoint floor.checkpoint
expect 0 "floor, branch" floor_run --from floor.checkpoint --json \
    --set 'queueing.stations.pick.service=lognormal(4, 0.6)'
cp out branch
expect 0 "floor, base" floor_run --from floor.checkpoint --json
python3 - branch out <<'END' || fail "a branch of a floor picks faster, and meets the same customers"
import json, sys
a, b = (json.load(open(f)) for f in sys.argv[1:])
assert a["digest"] != b["digest"]
assert a["kpi"]["W.pick"]["mean"] < b["kpi"]["W.pick"]["mean"]
END
expect 2 "floor, another discipline" floor_run --from floor.checkpoint \
    --set queueing.stations.pick.discipline=priority
says "it differs in disciplines, rooms, batches and waves" "floor, another discipline"
expect 2 "floor, another packer" floor_run --from floor.checkpoint \
    --set queueing.stations.pack.servers=3
says "it differs in servers, shifts and crews of stations" "floor, another packer"
expect 2 "floor, other arrivals" floor_run --from floor.checkpoint \
    --set queueing.sources.same_day.rate=150/d
says "it differs in arrivals of sources" "floor, other arrivals"
expect 2 "a chain from a floor" "$binary" run "$small" --from floor.checkpoint
says "saved from another model: " "a chain from a floor"

# ---- refusals ------------------------------------------------------------------------------------

# refuse WHAT TEXT ARGUMENTS...: exit 2 before anything is simulated or written.
refuse() {
    what=$1
    text=$2
    shift 2
    expect 2 "$what" "$binary" run "$small" "$@" --out never.db
    says "$text" "$what"
    [ ! -e never.db ] || fail "$what: a file was opened first"
}
refuse "another seed" "--seed 2, but first.checkpoint" --from first.checkpoint --seed 2
refuse "other replications" "--replications 4, but first.checkpoint holds 5" \
    --from first.checkpoint --replications 4
refuse "another warm-up" "first.checkpoint: saved from another model: microseconds of warm-up" \
    --from first.checkpoint --set run.warm_up=3d
refuse "another inventory" "first.checkpoint: saved from another model: it differs in inventory" \
    --from first.checkpoint --set integration.inventory=siloed
refuse "more products" "SKUs: 20 there, 21 here" --from first.checkpoint --set skus.generate.count=21
refuse "too short" "this model ends at day 8" --from first.checkpoint --set run.days=8 \
    --set run.warm_up=7d
refuse "after the end" "--checkpoint-at 28d: the run ends at 28d" --checkpoint-at 28d
refuse "before the start" "before the checkpoint" --from first.checkpoint --checkpoint-at 8d
refuse "no time" "expected a duration" --checkpoint-at soon
refuse "negative" "expected a duration" --checkpoint-at -5d
refuse "a file without a time" "--checkpoint needs --checkpoint-at" --checkpoint a.checkpoint
refuse "no file" "absent.checkpoint: cannot be read: No such file" --from absent.checkpoint
refuse "a folder" "$work: " --from "$work"
refuse "a scenario" "this is no checkpoint" --from "$small"
: >empty.checkpoint
refuse "an empty file" "this is no checkpoint" --from empty.checkpoint
expect 2 "compare has no checkpoints" "$binary" compare "$small" --from first.checkpoint

# Damage: every cut and flip is found, and names the file.
size=$(wc -c <first.checkpoint)
for share in 1 15 300 500 700 950 999; do
    head -c $((size * share / 1000)) first.checkpoint >cut.checkpoint
    refuse "cut at $share" "cut.checkpoint: " --from cut.checkpoint
done
head -c $((size - 1)) first.checkpoint >cut.checkpoint
refuse "cut by a byte" "cut short" --from cut.checkpoint
{ cat first.checkpoint && echo; } >longer.checkpoint
refuse "a byte more" "more in it" --from longer.checkpoint
python3 - <<'END'
data = bytearray(open("first.checkpoint", "rb").read())
import random
random.seed(5)
for i, at in enumerate([0, 8, 12, 20, 60, 100, 300] + [random.randrange(len(data)) for _ in range(13)]):
    data[at] ^= 0x20
    open("flip%d.checkpoint" % i, "wb").write(data)
    data[at] ^= 0x20
END
for file in flip*.checkpoint; do
    expect 2 "$file" "$binary" run "$small" --from "$file"
    says "$file: " "$file"
done

# ---- whole or not at all -------------------------------------------------------------------------

alone() {
    [ "$(find . -name 'disk.checkpoint*' | wc -l)" = "$1" ] ||
        fail "$2: $(find . -name 'disk.checkpoint*')"
}
expect 3 "a folder that is not there" "$binary" run "$small" --checkpoint-at 9d \
    --checkpoint absent/a.checkpoint
says "absent/a.checkpoint: No such file" "a folder that is not there"
if [ -w /dev/full ]; then
    expect 3 "full disk" "$binary" run "$small" --checkpoint-at 9d --checkpoint /dev/full
    says "/dev/full: No space left" "full disk"
fi
status=0
( # A file size limit stands in for a small disk.
    ulimit -f 200
    exec "$binary" run "$small" --checkpoint-at 9d --checkpoint disk.checkpoint >out 2>err
) || status=$?
[ "$status" = 3 ] || fail "small disk: status $status instead of 3"
says "disk.checkpoint: File too large" "small disk"
alone 0 "small disk: something is left"
echo before >disk.checkpoint
status=0
(
    ulimit -f 200
    exec "$binary" run "$small" --checkpoint-at 9d --checkpoint disk.checkpoint >out 2>err
) || status=$?
[ "$status" = 3 ] || fail "small disk: status $status instead of 3"
[ "$(cat disk.checkpoint)" = before ] || fail "small disk: the old file is gone"
alone 1 "small disk: something is left"
rm disk.checkpoint

# Killed at any time: no file, or a good one.
many="--replications 150 --set run.days=3 --set run.warm_up=1d"
# shellcheck disable=SC2086 # the arguments are meant to be split
expect 0 "many" "$binary" run "$small" $many --checkpoint-at 30h --checkpoint many.checkpoint
for tenth in 0 1 2 3 4 5 6 8; do
    # shellcheck disable=SC2086
    "$binary" run "$small" $many --checkpoint-at 30h --checkpoint disk.checkpoint >out 2>err &
    job=$!
    sleep 0.$tenth
    kill -9 "$job" 2>/dev/null || true
    wait "$job" 2>/dev/null || true
    if [ -e disk.checkpoint ]; then
        cmp -s disk.checkpoint many.checkpoint || fail "killed after 0.$tenth s: half a file"
    fi
    rm -f disk.checkpoint*
done
# A signal that can be handled leaves nothing beside, either.
status=0
"$binary" run "$small" --replications 400 --set run.days=300 --checkpoint-at 299d \
    --checkpoint disk.checkpoint >out 2>err &
job=$!
sleep 1
kill -TERM "$job"
wait "$job" || status=$?
[ "$status" = 130 ] || fail "SIGTERM: status $status instead of 130: $(head -c 300 err)"
alone 0 "SIGTERM: something is left"

finish
