#!/bin/sh
# The KPI table and digest of two_stores, as they were last read and agreed to. With
# OMO_UPDATE_GOLDEN=1 the file is written anew: read its diff before it is committed.
set -eu
. "$(dirname "$0")/common.sh"
golden="$source/tests/golden/two_stores.txt"

expect 0 "run" "$binary" run "$scenarios/two_stores.yaml" --kpis all
if [ -n "${OMO_UPDATE_GOLDEN:-}" ]; then
    mkdir -p "$(dirname "$golden")"
    cp "$work/out" "$golden"
fi
diff -u "$golden" "$work/out" || fail "two_stores gives another table; see the difference above"

finish
