#!/bin/sh
# A quick part of the oracles, at full acceptance, and the ways in which `validate` can end.
set -eu
. "$(dirname "$0")/common.sh"

for name in rng_philox4x32_10 haversine_known case_identities mnl_channel_choice huff_gravity mmc_2servers \
    skills_two_crews; do
    expect 0 "$name" "$binary" validate $name --json
    json 'd["failed"] == 0 and d["passed"] > 0' "$name"
done
expect 0 "real data" "$binary" validate real_nearest_starbucks_Beijing_Tiananmen --json
json 'd["failed"] == 0 and d["passed"] + d["skipped"] == 7' "real data"
expect 0 "missing data" env OMO_DATA="$work" \
    "$binary" validate real_nearest_starbucks_Beijing_Tiananmen
shows "skipped" "missing data"
shows "real_nearest_starbucks_Beijing_Tiananmen" "missing data"
expect 1 "too few replications" "$binary" validate nhpp_sinusoid --replications 2 --json
expect 2 "unknown oracle" "$binary" validate mm1_rho08
says "did you mean 'mm1_rho0.8'" "unknown oracle"
expect 2 "unknown group" "$binary" validate kernal
says "did you mean 'kernel'" "unknown group"

finish
