#!/bin/sh
# The sources keep the rules of source.sh; and source.sh finds each kind of violation in a small
# tree made to hold it.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
failures=0

# put FILE TEXT: a file of the small tree.
put() {
    mkdir -p "$tree/$(dirname "$1")"
    printf '%s\n' "$2" >"$tree/$1"
}

# must FILE TEXT REPORT: with this file added the tree is refused, and the report has REPORT in it.
must() {
    put "$1" "$2"
    if output=$(sh "$here/source.sh" "$tree"); then
        echo "self-check: $1 was accepted, expected: $3"
        failures=$((failures + 1))
    elif ! printf '%s\n' "$output" | grep -qF -- "$3"; then
        echo "self-check: $1: expected '$3' in: $output"
        failures=$((failures + 1))
    fi
    rm "$tree/$1"
}

put CMakeLists.txt ''
put include/omosim/types.h '#include <stdint.h>'
put sim/base/core.h '/* see http://example.org/a//b */ /* core */'
put sim/network/stock.h '#include "base/core.h"'
put sim/flow/day.c '#include <omosim/types.h>
#include "network/stock.h"
static const char *const text = "// not a comment \" // either";'
put sim/shell/tree.c '#include <yaml.h>
#include <glib.h>'
put sim/results/store.c '#include <sqlite3.h>
#include "shell/tree.h"'
put sim/policy/routing.def '/* ROUTING(name) of a file
 * below */
ROUTING(nearest)'
put sim/policy/routing/nearest.c '#include "policy/routing.h"'
put plots/index.def '/* pictures */
PLOT(profit)'
put plots/profit.gp 'plot'
if ! output=$(sh "$here/source.sh" "$tree"); then
    echo "self-check: a good tree is refused: $output"
    failures=$((failures + 1))
fi

must sim/base/up.c '
#include "kernel/event.h"' 'sim/base/up.c:2: sim/base may include base'
must sim/kernel/side.c '#include "policy/routing.h"' 'sim/kernel/side.c:1: sim/kernel may include base'
must sim/network/side.c '#include "kernel/event.h"' 'sim/network/side.c:1: '
must sim/demand/side.c '#include "policy/routing.h"' 'sim/demand/side.c:1: '
must sim/flow/up.c '#include "experiment/run.h"' 'sim/flow/up.c:1: '
must sim/flow/up.c '#include "shell/tree.h"' 'sim/flow/up.c:1: '
must sim/flow/files.c '#include <stdio.h>' 'sim/flow/files.c:1: below the library line'
must sim/flow/maths.c '#include <math.h>' 'sim/flow/maths.c:1: below the library line'
must sim/flow/glib.c '#include <glib.h>' 'sim/flow/glib.c:1: below the library line'
must sim/flow/same.c '#include "day.h"' 'sim/flow/same.c:1: write the folder'
must include/omosim/bad.h '#include "base/core.h"' 'include/omosim/bad.h:1: a public header'
must include/omosim/bad.h '#include <glib.h>' 'include/omosim/bad.h:1: a public header'
must sim/cli/down.c '#include "base/core.h"' 'sim/cli/down.c:1: above the library line'
must sim/results/side.c '#include "scenario/read.h"' 'sim/results/side.c:1: sim/results may include'
must sim/report/side.c '#include "replay/worker.h"' 'sim/report/side.c:1: sim/report may include'
must sim/scenario/yaml.c '#include <yaml.h>' 'sim/scenario/yaml.c:1: <yaml.h> belongs in'
must sim/cli/sql.c '#include <sqlite3.h>' 'sim/cli/sql.c:1: <sqlite3.h> belongs in'
must sim/report/loop.c '#include <uv.h>' 'sim/report/loop.c:1: <uv.h> belongs in'
must sim/cli/http.c '#include <microhttpd.h>' 'sim/cli/http.c:1: <microhttpd.h> belongs in'
must sim/cli/plot.c 'run("gnuplot");' 'sim/cli/plot.c:1: gnuplot is run'
must sim/demand/heap.c '#define OMO_CORE_MAY_ALLOCATE' 'sim/demand/heap.c:1: allocates'
must sim/helpers/a.c 'int a;' 'sim/helpers/a.c:1: sim/helpers is not in the table'
must sim/base/long.c "$(awk 'BEGIN { for (i = 0; i < 601; i++) print "int a;" }')" \
    'sim/base/long.c:601: a file has'
must sim/base/word.c '/* TO''DO: later */' 'sim/base/word.c:1: no marker'
must tests/base/test_word.c '/* FIX''ME */' 'tests/base/test_word.c:1: no marker'
must sim/base/slash.c '/* a
 * b */ int a; // here' 'sim/base/slash.c:2: two slashes'
must sim/base/tab.c "$(printf '\tint a;')" 'sim/base/tab.c:1: no tabs'
must sim/base/blank.c 'int a; ' 'sim/base/blank.c:1: no blanks'
must sim/base/wide.c "$(printf '%0111d' 0)" 'sim/base/wide.c:1: a line has at most 110 columns'
must sim/policy/routing/lost.c 'int a;' \
    'sim/policy/routing/lost.c:1: name it in sim/policy/routing.def'
must sim/policy/stocking.def 'STOCKING(ghost)' \
    'sim/policy/stocking.def:1: there is no sim/policy/stocking/ghost.c'
must plots/lost.gp 'plot' 'plots/lost.gp:1: name it in plots/index.def'
must notes.txt 'x' 'notes.txt:1: not a name for the top level'

if ! sh "$here/source.sh" "${OMO_SOURCE_DIR:-$here/../..}"; then
    failures=$((failures + 1))
fi
[ "$failures" = 0 ]
