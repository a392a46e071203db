#!/bin/sh
# One result for any number of threads, without vector instructions, and for the other compiler's
# build when OMO_BINARY_OTHER names it: standard output byte for byte, digests included.
set -eu
. "$(dirname "$0")/common.sh"

# same NAME COMMAND...: with 1, 2 and 4 threads, and with the other binary.
same() {
    name=$1
    shift
    expect 0 "$name" "$binary" "$@" --threads 1
    cp "$work/out" "$work/one"
    for threads in 2 4; do
        expect 0 "$name" "$binary" "$@" --threads $threads
        cmp -s "$work/one" "$work/out" || fail "$name: $threads threads give another result"
    done
    expect 0 "$name, scalar" env OMO_SCALAR=1 "$binary" "$@" --threads 1
    cmp -s "$work/one" "$work/out" || fail "$name: scalar draws give another result"
    if [ -n "${OMO_BINARY_OTHER:-}" ]; then
        expect 0 "$name, other build" "$OMO_BINARY_OTHER" "$@" --threads 1
        cmp -s "$work/one" "$work/out" || fail "$name: the other build gives another result"
    fi
}

same "two stores" run "$scenarios/two_stores.yaml" --json --replications 6
same "policies" compare "$scenarios/two_stores.yaml" --set run.days=14 --replications 3 --json \
    --vary routing=nearest,nearest_in_stock,cheapest,fewest_parcels
same "chain" compare "$scenarios/o2o_vs_omo.yaml" --json --replications 1 --set run.days=2 \
    --set run.warm_up=0s --set places.0.generate.count=40
same "queue" run "$scenarios/oracles/mmc.yaml" --json --replications 4 --set run.customers=20000 \
    --set run.warm_up_customers=1000
same "stock" run "$scenarios/oracles/base_stock.yaml" --json --replications 4 \
    --set run.days=2000 --set run.warm_up=100d
same "oversell" run "$scenarios/oracles/oversell.yaml" --json --replications 2 \
    --set places.0.generate.count=400

expect 0 "seed 1" "$binary" run "$scenarios/two_stores.yaml" --json --kpis profit --seed 1
cp "$work/out" "$work/one"
expect 0 "seed 2" "$binary" run "$scenarios/two_stores.yaml" --json --kpis profit --seed 2
! cmp -s "$work/one" "$work/out" || fail "the seed changes nothing"

finish
