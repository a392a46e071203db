#!/bin/sh
# The two programs in the head of omosim/kernel.h are what it says: so many lines, compiled outside
# the tree against what is installed, by pkg-config and by find_package, without a warning; and what
# they print agrees with queueing theory.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=${OMO_BUILD_DIR:-$PWD}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
    echo "kernel examples: $*"
    exit 1
}

[ -z "${OMO_SANITIZE-}" ] || exit 77 # a plain program cannot load a sanitized library

step() { "$@" >"$work/log" 2>&1 || { cat "$work/log"; fail "$*"; }; }

step cmake --install "$build" --prefix "$work/prefix"
header=$work/prefix/include/omosim/kernel.h
libdir=$(dirname "$(find "$work/prefix" -name libomosim.so)")

# extract NAME LINES_MAX: the program of the head comment between its name and the next rule.
mkdir "$work/program"
extract() {
    awk -v name="$1" '
        $0 == " * ---- " name { inside = 1; next }
        $0 == " * ----" { inside = 0 }
        inside { sub(/^ \*( {5})?/, ""); print }
    ' "$header" >"$work/program/$1"
    lines=$(grep -c '[^[:space:]]' "$work/program/$1") || fail "$1 is not in the header"
    [ "$lines" -le "$2" ] || fail "$1 has $lines lines, more than $2"
}
extract mm1.c 30
extract tandem.c 60

cd "$work/program"
cat >CMakeLists.txt <<'END_CMAKE'
cmake_minimum_required(VERSION 3.25)
project(examples LANGUAGES C)
find_package(omosim REQUIRED)
set(CMAKE_C_STANDARD 17)
set(CMAKE_C_EXTENSIONS OFF)
add_compile_options(-Wall -Wextra -Wpedantic -Werror)
foreach(program mm1 tandem)
    add_executable(${program} ${program}.c)
    target_link_libraries(${program} PRIVATE omosim::omosim)
    add_executable(${program}_static ${program}.c)
    target_link_libraries(${program}_static PRIVATE omosim::static)
endforeach()
END_CMAKE
step cmake -S . -B build -DCMAKE_C_COMPILER="${CC:-cc}" -DCMAKE_PREFIX_PATH="$work/prefix"
step cmake --build build
PKG_CONFIG_PATH="$libdir/pkgconfig"
LD_LIBRARY_PATH="$libdir"
export PKG_CONFIG_PATH LD_LIBRARY_PATH
flags=$(pkg-config --cflags --libs omosim)
for program in mm1 tandem; do
    # shellcheck disable=SC2086 # flags are meant to be split
    step ${CC:-cc} -std=c17 -Wall -Wextra -Werror $program.c $flags -o $program
    ./$program >$program.txt || fail "$program exits with $?"
    for same in build/$program build/${program}_static; do
        $same | cmp -s - $program.txt || fail "$same prints something else than $program"
    done
done

# 1000000 customers, busy 0.9001, wait 9.0123 ± 0.2345 h: rho = 0.9, rho / (mu - lambda) = 9 hours.
awk '
    function far(x, exact, by) { return x < exact - by || x > exact + by }
    NF != 9 || $2 != "customers," || $1 != 1000000 { bad = 1 }
    far($4 + 0, 0.9, 0.01) || $8 + 0 <= 0 || $8 + 0 > 1 || far($6 + 0, 9, 3 * $8) { bad = 1 }
    END { exit bad || NR != 1 }
' mm1.txt || fail "mm1 prints: $(cat mm1.txt)"

# Erlang A at the fitting rooms: lambda 0.5, mu 1/6, 3 rooms, patience 30 minutes. The till: those
# who did not give up come about as a Poisson stream, so M/M/1 is near.
awk '
    function near(x, exact, part) { return x >= exact * (1 - part) && x <= exact * (1 + part) }
    BEGIN {
        lambda = 0.5; mu = 1 / 6; theta = 1 / 30
        p = sum = 1
        for (n = 1; n < 500; n++) {
            p *= lambda / (n <= 3 ? n * mu : 3 * mu + (n - 3) * theta)
            sum += p
            queue += n > 3 ? p * (n - 3) : 0
        }
        wait = queue / sum / lambda
        share = theta * wait
        rho = lambda * (1 - share) * 1.5
        till = rho / (1 / 1.5 - lambda * (1 - share))
    }
    /^fitting room/ { ok += near($4, wait, 0.03) && near($6, 100 * share, 0.03) }
    /^till/ { ok += near($3, till, 0.1) && $5 == 0 }
    / gave up,/ { ok += near($1, 1000 * 24 * 60 * lambda * share, 0.03) && $4 <= $1 && $4 > $1 - 50 }
    END {
        if (ok != 3)
            printf "theory: wait %.3f, %.2f %% give up; at the till %.3f\n", wait, 100 * share, till
        exit ok != 3 || NR != 3
    }
' tandem.txt || fail "tandem prints: $(cat tandem.txt)"
