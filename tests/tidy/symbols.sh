#!/bin/sh
# symbols.sh LIBRARY.so OBJECTS -- prints each name that crosses the library line; then exits 1.
#
# Exported names begin with omo_. No object below OBJECTS, .../core_LAYER.dir/sim/FILE.c.o, calls
# libm, files, clocks, the environment or libc's random numbers; and only files that define
# OMO_CORE_MAY_ALLOCATE allocate (source.awk says which may). Run at the top of the tree: objects
# whose source is gone are passed over. No function has a name below the line and another one of that
# name in the shell, .../shell_LAYER.dir/sim/FILE.c.o: linked with the static library, the shell's
# would be called by the core, without a word from the linker.
set -eu
library=$1
objects=$2
export LC_ALL=C
found=$(mktemp)
maths=$(mktemp)
trap 'rm -f "$found" "$maths"' EXIT

nm -D --defined-only "$library" | awk '$3 !~ /^(omo_|_init$|_fini$)/ {
    print $3 ": exported without the prefix omo_; leave out OMO_API or rename it" }' >>"$found"

nm -D --defined-only "$(${CC:-cc} -print-file-name=libm.so.6)" | sed 's/.* //; s/@.*//' >"$maths"
grep -qx exp "$maths" || echo "symbols.sh: cannot read the names of libm" >>"$found"

find "$objects" -path '*/core_*.dir/*.c.o' | sort | while read -r object; do
    source=$(echo "$object" | sed 's,.*/core_[a-z]*\.dir/,,; s,\.o$,,')
    case $source in
    */Unity/*) source=sim/kernel/engine.c ;; # the kernel's files are compiled together
    esac
    [ -f "$source" ] || continue
    allocates=$(grep -c '^#define OMO_CORE_MAY_ALLOCATE' "$source" || true)
    nm -u "$object" | awk -v source="$source" -v allocates="$allocates" -v maths="$maths" '
        BEGIN {
            while ((getline name <maths) > 0)
                libm[name] = 1
            allocators = " malloc calloc realloc reallocarray free aligned_alloc posix_memalign" \
                         " strdup mmap "
            outside = " fopen open read write printf puts putchar time clock gettimeofday" \
                      " clock_gettime nanosleep getenv setlocale rand random srand drand48 system" \
                      " popen "
            reports = " fprintf fputs fwrite stderr abort "
        }
        {
            sub(/@.*/, "", $2)
            if ($2 in libm)
                print source ":1: calls " $2 " of libm; base/maths.h has our own"
            if (index(allocators, " " $2 " ") && !allocates)
                print source ":1: calls " $2 " without OMO_CORE_MAY_ALLOCATE; use an arena"
            if (index(outside, " " $2 " "))
                print source ":1: calls " $2 "; the core has no files, clock or environment"
            if (index(reports, " " $2 " ") && source != "sim/base/core.c")
                print source ":1: calls " $2 "; the core prints nothing, core.c alone fails"
        }'
done >>"$found"

# Names that objects of a kind (core or shell) define, each with its source.
list_names() {
    find "$objects" -path "*/$1_*.dir/*.c.o" -exec nm -A -g --defined-only {} + | awk '
        NF == 3 {
            source = $1
            sub(/^.*\.dir\//, "", source)
            sub(/\.o:.*$/, "", source)
            if (!(source in there)) {
                there[source] = source ~ /^Unity\// || (getline line <source) > 0
                close(source)
            }
            if (there[source])
                print $3, source
        }' | sort
}
list_names core >"$maths"
list_names shell | join - "$maths" | while read -r name shell core; do
    echo "$shell:1: $name is also a function of $core; give it another name"
done >>"$found"

cat "$found"
[ ! -s "$found" ]
