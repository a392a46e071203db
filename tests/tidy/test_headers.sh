#!/bin/sh
# Public headers compile alone (headers.sh); and headers.sh finds one that does not.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

# must TEXT REPORT: a header with this text is refused with this report.
must() {
    printf '%s\n' "$1" >"$work/omosim/bad.h"
    if output=$(sh "$here/headers.sh" "$work" 2>/dev/null); then
        echo "self-check: accepted: $1"
        failures=$((failures + 1))
    elif ! printf '%s\n' "$output" | grep -qF "$2"; then
        echo "self-check: expected '$2' in: $output"
        failures=$((failures + 1))
    fi
}

mkdir "$work/omosim"
must 'extern uint32_t missing;' 'omosim/bad.h:1: does not compile alone as C17'
must 'extern int *class;' 'omosim/bad.h:1: does not compile alone as C++17'
must 'struct twice { int a; };' 'omosim/bad.h:1: does not compile alone as C17'

sh "$here/headers.sh" "${OMO_SOURCE_DIR:-$here/../..}/include" || failures=$((failures + 1))
[ "$failures" = 0 ]
