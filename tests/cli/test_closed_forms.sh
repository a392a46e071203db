#!/bin/sh
# What the oracles of the kernel must say, worked out anew by another program in another language.
set -eu
. "$(dirname "$0")/common.sh"
command -v python3 >/dev/null || exit 77

expect 0 "closed forms" python3 "$(dirname "$0")/closed_forms.py" "$scenarios/oracles/oracles.csv"
shows " 0 wrong, 0 missing" "closed forms"
sed 's/,4.70833333333,/,4.7083334,/' "$scenarios/oracles/oracles.csv" >"$work/wrong.csv"
expect 1 "a wrong row" python3 "$(dirname "$0")/closed_forms.py" "$work/wrong.csv"
shows "1 wrong" "a wrong row"

finish
