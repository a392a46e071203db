#!/bin/sh
# dieharder.sh STREAM_DRAWS MODE [SEED] -- dieharder's tests over the generator's words, by hand.
#
# Every test of `dieharder -l` that its author calls good, at its defaults; of the families that
# `dieharder -a` repeats for many sizes (bit distribution, minimum distance, permutations, lagged
# sums) a few sizes. Each test reads the stream from its beginning. Some ten minutes.
set -eu
program=$1
mode=$2
seed=${3-1}

run() {
    "$program" "$mode" "$seed" | nice -n 19 dieharder -g 200 -D test_name -D ntuple -D psamples \
        -D pvalues -D assessment "$@" | grep -E 'PASSED|WEAK|FAILED'
}

for test in 0 1 2 3 4 8 9 10 11 12 13 15 16 17 100 101 102 204 205 206 207 208 209; do
    run -d "$test"
done
for size in 1 2 4 8 12; do
    run -d 200 -n "$size"
done
for size in 2 3 5; do
    run -d 201 -n "$size"
    run -d 202 -n "$size"
done
for lag in 0 1 3 7; do
    run -d 203 -n "$lag"
done
