#!/bin/sh
# README.md tells the truth: its commands do and print what it says, its files and functions exist,
# its plug-ins fit the contracts, its program builds against what is installed.
#
# How it is read. Each line of a ```sh block is a command; they run in order in one folder, where
# `build` and `scenarios` are the real ones. `# exit N` is the status it must end with, `# about T`
# leaves it out because it takes T. A ```text block shows lines that the commands of the sh block
# before it print, in any selection; after a command that was left out it is not checked. A ```c block
# holds files, each beginning with a comment that names it. Commands that need gnuplot or sqlite3 are
# left out where those are missing.
#
# With OMO_UPDATE_GOLDEN=1 the text blocks are written anew; with OMO_UPDATE_GOLDEN=all those of the
# long commands too, and the picture. Numbers within sentences stay: read the difference.
set -eu
. "$(dirname "$0")/../cli/common.sh"
[ -z "${OMO_SANITIZE-}" ] || exit 77 # a plain program cannot load a sanitized library
build=${OMO_BUILD_DIR:-$(dirname "$binary")}
readme=$source/README.md
cd "$work"
ln -s "$build" build
ln -s "$scenarios" scenarios
export OMOSIM_SHARE="$source" HOME="$work"

# ---- blocks --------------------------------------------------------------------------------------

# blocks.txt: KIND LINE TEXT for each line of the sh and text blocks; c blocks become files, the
# gnuplot block plots/NAME.gp.
mkdir -p plots
awk '
    function close_file() { if (file != "") close(file); file = "" }
    /^```/ {
        kind = kind == "" ? substr($0, 4) : ""
        if (kind == "sh")
            print "begin\t" FNR "\t"
        close_file()
        next
    }
    kind == "sh" || kind == "text" { print kind "\t" FNR "\t" $0 }
    kind == "c" && /^\/\* [a-z_\/]+\.c -- / {
        close_file()
        file = $2
        folder = file
        if (sub(/\/[^\/]*$/, "", folder))
            system("mkdir -p " folder)
        print file >"files.txt"
    }
    kind == "gnuplot" && /^# plots\// { file = $2; print file >"plots.txt" }
    (kind == "c" || kind == "gnuplot") && file != "" { print >file }
' "$readme" >blocks.txt

runs() {
    case $1 in
    "./run "*) return 1 ;;
    *"# about "*) [ "${OMO_UPDATE_GOLDEN-}" = all ] ;;
    *report*) command -v gnuplot >/dev/null ;;
    sqlite3*) command -v sqlite3 >/dev/null ;;
    esac
}

block=0
while IFS="$(printf '\t')" read -r kind line text; do
    case $kind in
    begin)
        block=$line
        printf '' >"printed.$block"
        ;;
    sh)
        if ! runs "$text"; then
            rm -f "printed.$block"
            continue
        fi
        wanted=0
        case $text in *"# exit "*) wanted=${text##*# exit } ;; esac
        status=0
        eval "$text" >out 2>err </dev/null || status=$?
        [ "$status" = "$wanted" ] ||
            fail "README.md:$line: status $status instead of $wanted: $(head -c 300 err)"
        [ ! -e "printed.$block" ] || cat out err >>"printed.$block"
        ;;
    text)
        if [ -e "printed.$block" ] && [ -z "${OMO_UPDATE_GOLDEN-}" ] && [ -n "$text" ]; then
            sed 's/ *$//' "printed.$block" | grep -qxF -- "$text" ||
                fail "README.md:$line: the commands above do not print: $text"
        fi
        ;;
    esac
done <blocks.txt
if [ -n "${OMO_UPDATE_GOLDEN-}" ]; then
    python3 "$source/tests/readme/refresh.py" "$readme" "$work"
    [ ! -e o2o.html ] ||
        python3 "$source/tests/readme/picture.py" o2o.html "$source/plots/readme.svg"
fi

# ---- files and functions -------------------------------------------------------------------------

# Words in backticks outside of blocks, and the picture.
awk '/^```/ { inside = !inside; next } !inside' "$readme" >prose.txt
grep -o '`[^`]*`' prose.txt | tr -d '`' | sort -u >words.txt
sed -n 's/.*](\([^)]*\)).*/\1/p' prose.txt >>words.txt
grep -E '^(sim|include|scenarios|plots|tests)(/|$)|^LICENSE$' words.txt >paths.txt
[ "$(grep -c . paths.txt)" -gt 30 ] || fail "README.md: few paths were found in it"
while read -r path; do
    [ -e "$source/$path" ] || fail "README.md: there is no $path"
done <paths.txt
grep -E '^[a-z_]+\.yaml$' words.txt | while read -r name; do
    [ -e "$scenarios/oracles/$name" ] || echo "$name"
done >missing.txt
[ ! -s missing.txt ] || fail "README.md: not in scenarios/oracles: $(cat missing.txt)"
for name in $(grep -E '^[a-z_]+\(\)$' words.txt | tr -d '()'); do
    grep -rqE "[^a-z_]$name\(" "$source/sim" || fail "README.md: there is no function $name()"
done

# ---- what a reader would write -------------------------------------------------------------------

# The plug-ins, with the warnings of the library.
for file in $(grep / files.txt); do
    ${CC:-cc} -std=c17 -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wpedantic \
        -Wconversion -Werror -fsyntax-only -I "$source/include" -I "$source/sim" "$file" >log 2>&1 ||
        fail "README.md: $file does not compile: $(cat log)"
    folder=$(dirname "$file")
    [ -e "$source/$folder.def" ] || fail "README.md: there is no registry for $file"
    stem=$(basename "$file" .c)
    grep -q "([^()]*$stem)" words.txt || fail "README.md: no line of a registry for $file"
done
[ "$(grep -c / files.txt)" = 5 ] || fail "README.md: five plug-ins were expected"

# The plot, in a folder of plots of one's own.
if command -v gnuplot >/dev/null; then
    plot=$(cat plots.txt)
    name=$(basename "$plot" .gp)
    mkdir share
    cp -r "$source/plots" share/
    cp "$plot" "share/$plot"
    echo "PLOT($name)" >>share/plots/index.def
    expect 0 "$plot" env OMOSIM_SHARE="$work/share" build/omosim run scenarios/two_stores.yaml \
        --report plot.html
    grep -q "id=\"$name\"" plot.html || fail "$plot: not on the page"
fi

finish
