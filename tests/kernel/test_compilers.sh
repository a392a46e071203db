#!/bin/sh
# The digests and the measures of random networks are the same, to the last bit, for either compiler
# and any optimisation, with vectors and without.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
source=${OMO_SOURCE_DIR:-$here/../..}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

[ -z "${OMO_SANITIZE-}" ] || exit 77 # builds its own

fail() {
    echo "compilers: $*"
    exit 1
}

mkdir "$work/include"
cat >"$work/include/check.h" <<'END_H'
/* What swarm.c needs of Check, outside of a test. */
#include <stdio.h>
#include <stdlib.h>
#define ck_abort_msg(...) (fprintf(stderr, __VA_ARGS__), exit(1))
#define ck_assert_msg(condition, ...) ((condition) ? (void)0 : ck_abort_msg(__VA_ARGS__))
#define ck_assert_uint_eq(a, b) ck_assert_msg((a) == (b), "%s is not %s", #a, #b)
#define ck_assert_int_eq(a, b) ck_assert_uint_eq(a, b)
END_H
cat >"$work/print.c" <<'END_C'
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/batch.h"
#include "kernel/swarm.h"

/* All fields are whole numbers or doubles of eight bytes, but one: printed without its padding. */
static void print(omo_station_report *r)
{
    uint64_t word[sizeof(*r) / 8], mixed = r->level_max;

    r->level_max = 0;
    memcpy(word, r, sizeof(*r));
    word[offsetof(omo_station_report, level_max) / 8] = 0;
    for (size_t i = 0; i < sizeof(word) / sizeof(word[0]); i++) {
        if ((word[i] & INT64_MAX) > UINT64_C(0x7ff0000000000000))
            word[i] = 0; /* not a number: the sign is the compiler's */
        mixed = (mixed ^ word[i]) * UINT64_C(0x9e3779b97f4a7c15);
        mixed ^= mixed >> 29;
    }
    printf(" %016" PRIx64, mixed);
}

int main(int count, char **text)
{
    static struct swarm s;

    (void)text;
    batch_use_scalar(count > 1);
    for (uint64_t seed = 1; seed <= 40; seed++) {
        swarm_make(&s, seed, seed);
        swarm_run(&s, s.until_us);
        printf("%016" PRIx64, omo_kernel_digest(s.k));
        for (uint32_t i = 0; i < s.station_count; i++) {
            omo_station_report r;
            memset(&r, 0, sizeof(r));
            omo_kernel_station(s.k, (omo_station){i}, &r);
            print(&r);
        }
        printf("\n");
        omo_kernel_free(s.k);
    }
    return 0;
}
END_C

flags="-std=gnu17 -w -ffp-contract=off -fno-math-errno -I$source/include -I$source/sim"
flags="$flags -I$source/tests -I$work/include -DOMO_CORE_OUTSIDE="
sources=$(find "$source/sim/base" "$source/sim/kernel" -name '*.c')

# one COMPILER LEVEL: prints what the networks do when built so.
one() {
    name=$(basename "$1")$2
    mkdir "$work/$name"
    (
        cd "$work/$name"
        # shellcheck disable=SC2086 # flags and files are meant to be split
        "$1" $2 $flags -c $sources &&
            "$1" $2 $flags -DOMO_CORE_MAY_ALLOCATE= "$work/print.c" \
                "$source/tests/kernel/swarm.c" ./*.o -pthread -lm -o print
    ) >"$work/log" 2>&1 || { cat "$work/log"; fail "$name does not build"; }
    "$work/$name/print" >"$work/$name.txt" || fail "$name stops"
    "$work/$name/print" scalar >"$work/$name.scalar.txt" || fail "$name stops, scalar"
}

found=
for compiler in gcc clang; do
    command -v $compiler >/dev/null || continue
    for level in -O0 -O2 -O3; do
        [ $compiler$level != clang-O2 ] || continue
        one $compiler $level &
        found="$found $compiler$level"
        [ $level = -O0 ] || wait
    done
    wait
done
[ -n "$found" ] || exit 77
first=
for name in $found; do
    [ -s "$work/$name.scalar.txt" ] || fail "$name has no result"
    : "${first:=$name}"
    for text in "$work/$name.txt" "$work/$name.scalar.txt"; do
        cmp -s "$work/$first.txt" "$text" || {
            diff "$work/$first.txt" "$text" | head -4 | cut -c1-150
            fail "$(basename "$text" .txt) is not $first"
        }
    done
done
[ "$(sort -u "$work/$first.txt" | wc -l)" -eq 40 ] || fail "two networks are the same"
echo "40 networks, the same for$found"
