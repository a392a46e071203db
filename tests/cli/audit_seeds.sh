#!/bin/sh
# No false alarm: N seeds (default: 20) of the flash sale, each with a kill -9, time-outs and
# retries in its midst and without faults, leave clean books. About 8 s a seed.
#
#     OMO_BINARY=build/omosim OMO_SOURCE_DIR=. sh tests/cli/audit_seeds.sh 20
set -eu
. "$(dirname "$0")/common.sh"
. "$(dirname "$0")/service.sh"
. "$(dirname "$0")/audit.sh"
for seed in $(seq "${1:-20}"); do
    before=$failures
    crash_seed "$seed"
    [ "$failures" != "$before" ] || echo "seed $seed: clean, $(python3 -c '
import json, sys
c = json.load(open(sys.argv[1]))["audit"]["counts"]
print(c["requests"], "requests,", c["open"], "open,", c["orders_done"], "orders")' "$work/out")"
done
finish
