#!/bin/sh
# Every oracle. Minutes of processor time: the others of this folder are the quick ones.
set -eu
. "$(dirname "$0")/common.sh"

expect 0 "validate" "$binary" validate
cat "$work/out"

finish
