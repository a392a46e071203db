#!/bin/sh
# source.sh TREE -- prints FILE:LINE: MESSAGE for each rule that TREE breaks; then exits 1.
#
# Rules for single lines and files are in source.awk. Here: registries (each plug-in file is named
# by its .def and the reverse) and the names at the top level of the repository.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cd "$1"
export LC_ALL=C
found=$(mktemp)
trap 'rm -f "$found"' EXIT

lines() {
    find sim include tests -type f 2>/dev/null | grep -E '\.([ch]|def|sh|awk)$' | sort |
        xargs -r awk -f "$here/source.awk"
}

# registry FOLDER SUFFIX DEF: the first argument of each row of DEF is the stem of a file of FOLDER.
registry() {
    set -- "$1" "$2" "$3" "$(mktemp)"
    if [ -f "$3" ]; then
        awk '
            {
                line = $0
                while (1) {
                    if (inside) {
                        if (!(i = index(line, "*/")))
                            next
                        line = substr(line, i + 2)
                        inside = 0
                    } else if ((i = index(line, "/*"))) {
                        if ((j = index(substr(line, i + 2), "*/")))
                            line = substr(line, 1, i - 1) substr(line, i + 2 + j + 1)
                        else {
                            line = substr(line, 1, i - 1)
                            inside = 1
                            break
                        }
                    } else
                        break
                }
                sub(/^[ ]*#.*/, "", line)
                sub(/^[ ]*[A-Z_]*[(][ ]*/, "", line)
                if (match(line, /^[a-z0-9_]+/))
                    print FNR, substr(line, RSTART, RLENGTH)
            }' "$3" >"$4"
    fi
    for file in "$1"/*"$2"; do
        [ -e "$file" ] || continue
        stem=$(basename "$file" "$2")
        awk -v stem="$stem" '$2 == stem { found = 1 } END { exit !found }' "$4" ||
            echo "$file:1: name it in $3, or it is never used"
    done
    while read -r number stem; do
        [ -e "$1/$stem$2" ] || echo "$3:$number: there is no $1/$stem$2"
    done <"$4"
    rm -f "$4"
}

top_level() {
    names=$(git ls-files --cached --others --exclude-standard 2>/dev/null | sed 's,/.*,,' | sort -u)
    if [ -z "$names" ]; then
        names=$(find . -mindepth 1 -maxdepth 1 | sed 's,^\./,,' | grep -v '^build' | sort)
    fi
    for name in $names; do
        case $name in
        .* | CMakeLists.txt | README.md | LICENSE | run) ;;
        sim | include | scenarios | plots | tests) ;;
        *) echo "$name:1: not a name for the top level: README.md shows what it holds" ;;
        esac
    done
}

{
    lines
    registry sim/policy/routing .c sim/policy/routing.def
    registry sim/policy/stocking .c sim/policy/stocking.def
    registry sim/demand/promotion .c sim/demand/promotion.def
    registry sim/demand/channel .c sim/demand/channel.def
    registry sim/measure/kpi .c sim/measure/kpi.def
    registry plots .gp plots/index.def
    top_level
} >"$found"

cat "$found"
[ ! -s "$found" ]
