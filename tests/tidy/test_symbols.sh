#!/bin/sh
# The library keeps to its line (symbols.sh, and NEEDED below); and symbols.sh finds what breaks it.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=${OMO_BUILD_DIR:-$PWD}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

[ -z "${OMO_SANITIZE-}" ] || exit 77 # the sanitizers add names of their own

mkdir -p "$work/sim/base" "$work/core_base.dir/sim/base"
cd "$work"
cat >sim/base/bad.c <<'END'
double sin(double);
void *malloc(unsigned long);
long time(long *);
int puts(const char *);
__attribute__((visibility("default"))) double stray(double x);
double stray(double x) { return malloc(8) ? sin(x) + (double)time(0) : (double)puts("x"); }
END
object=core_base.dir/sim/base/bad.c.o
${CC:-cc} -w -fno-builtin -fPIC -fvisibility=hidden -c sim/base/bad.c -o "$object"
mkdir -p sim/cli shell_cli.dir/sim/cli
echo 'void stray(void); void stray(void) {}' >sim/cli/twice.c
${CC:-cc} -w -c sim/cli/twice.c -o shell_cli.dir/sim/cli/twice.c.o
${CC:-cc} -shared "$object" -o libbad.so -lm
output=$(sh "$here/symbols.sh" libbad.so . || true)
for report in 'stray: exported without' 'sim/base/bad.c:1: calls sin of libm' \
    'sim/base/bad.c:1: calls malloc' 'sim/base/bad.c:1: calls time' \
    'sim/base/bad.c:1: calls puts' \
    'sim/cli/twice.c:1: stray is also a function of sim/base/bad.c'; do
    if ! printf '%s\n' "$output" | grep -qF "$report"; then
        echo "self-check: expected '$report' in: $output"
        failures=$((failures + 1))
    fi
done

cd "${OMO_SOURCE_DIR:-$here/../..}"
sh "$here/symbols.sh" "$build/libomosim.so" "$build/CMakeFiles" || failures=$((failures + 1))

needed=$(readelf -d "$build/libomosim.so" | sed -n 's/.*(NEEDED).*\[\(.*\)\].*/\1/p')
for library in $needed; do
    case $library in
    libc.so.* | libpthread.so.* | ld-linux*) ;;
    *)
        echo "libomosim.so: needs $library; below the library line there are only libc and threads"
        failures=$((failures + 1))
        ;;
    esac
done
[ "$failures" = 0 ]
