#!/bin/sh
# What is installed serves a program outside the tree, by pkg-config and by find_package, after the
# prefix has moved too; libomosim.so brings nothing along but libc; and the command finds its files.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=${OMO_BUILD_DIR:-$PWD}
source=${OMO_SOURCE_DIR:-$here/../..}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
    echo "install: $*"
    exit 1
}

[ -z "${OMO_SANITIZE-}" ] || exit 77 # a plain program cannot load a sanitized library

step() { "$@" >"$work/log" 2>&1 || { cat "$work/log"; fail "$*"; }; }

step cmake --install "$build" --prefix "$work/first"
mv "$work/first" "$work/prefix"
libdir=$(dirname "$(find "$work/prefix" -name libomosim.so)")
[ -d "$work/prefix/share/omosim/scenarios" ] || fail "the scenarios are missing"
[ -d "$work/prefix/share/omosim/plots" ] || fail "the plots are missing"
for header in "$source"/include/omosim/*.h; do
    installed=$work/prefix/include/omosim/$(basename "$header")
    cmp -s "$header" "$installed" || fail "$header is missing"
done
if grep -rqF -e "$work/first" -e "$build" -e "$source" "$libdir/pkgconfig" "$libdir/cmake"; then
    fail "a package file names the place it was built in"
fi

mkdir "$work/program"
cat >"$work/program/program.c" <<'END'
#include <stdio.h>
#include <string.h>

#include <omosim/types.h>

int main(void)
{
    char compiled[32];

    snprintf(compiled, sizeof compiled, "%d.%d.%d", OMO_VERSION_MAJOR, OMO_VERSION_MINOR,
             OMO_VERSION_PATCH);
    puts(omo_version());
    return strcmp(compiled, omo_version()) != 0;
}
END
cat >"$work/program/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.25)
project(program LANGUAGES C)
find_package(omosim REQUIRED)
add_executable(shared program.c)
target_link_libraries(shared PRIVATE omosim::omosim)
add_executable(static program.c)
target_link_libraries(static PRIVATE omosim::static)
END

cd "$work/program"
PKG_CONFIG_PATH="$libdir/pkgconfig"
export PKG_CONFIG_PATH
version=$(pkg-config --modversion omosim)
flags=$(pkg-config --cflags --libs omosim)
# shellcheck disable=SC2086 # flags are meant to be split
step ${CC:-cc} -std=c17 -Wall -Wextra -Werror program.c $flags -o by_pkg_config
[ "$(LD_LIBRARY_PATH="$libdir" ./by_pkg_config)" = "$version" ] || fail "pkg-config: wrong version"

step cmake -S . -B build -DCMAKE_C_COMPILER="${CC:-cc}" -DCMAKE_PREFIX_PATH="$work/prefix"
step cmake --build build
[ "$(build/shared)" = "$version" ] || fail "omosim::omosim: wrong version"
[ "$(build/static)" = "$version" ] || fail "omosim::static: wrong version"

for library in $(readelf -d "$libdir/libomosim.so" | sed -n 's/.*(NEEDED).*\[\(.*\)\].*/\1/p'); do
    case $library in
    libc.so.* | libpthread.so.* | ld-linux*) ;;
    *) fail "libomosim.so needs $library" ;;
    esac
done
if [ -x "$build/omosim" ]; then
    step "$work/prefix/bin/omosim" --help
    share=$work/prefix/share/omosim/scenarios
    . "$source/tests/cli/service.sh"
    listen env -u OMOSIM_SHARE "$work/prefix/bin/omosim" backend --scenario "$share/two_stores.yaml" \
        --port 0 --for 300s
    curl -sf "$url/openapi.yaml" | cmp -s - "$share/api/reference.openapi.yaml" ||
        fail "the back end has another document"
    stop
fi
