#!/bin/sh
# headers.sh INCLUDE -- each INCLUDE/omosim/*.h compiles alone, included twice, as C17 and C++17.
set -eu
cd "$1"
failures=0

# compiles LANGUAGE COMPILER ... : the text on stdin, without a warning.
compiles() {
    language=$1
    shift
    "$@" -x "$language" -I . -Wall -Wextra -Wpedantic -Werror -fsyntax-only -
}

for header in omosim/*.h; do
    for macro in OMO_PLAIN OMO_EXPERIMENTAL; do
        text=$(printf '#define %s 1\n#include <%s>\n#include <%s>\n' "$macro" "$header" "$header")
        if ! printf '%s\n' "$text" | compiles c "${CC:-cc}" -std=c17; then
            echo "$header:1: does not compile alone as C17"
            failures=$((failures + 1))
        fi
        if ! printf '%s\n' "$text" | compiles c++ "${CXX:-c++}" -std=c++17; then
            echo "$header:1: does not compile alone as C++17"
            failures=$((failures + 1))
        fi
    done
done
[ "$failures" = 0 ]
