# Read by the tests of this folder: where things are, and one way to fail.
# Environment: OMO_BINARY (the command), OMO_SOURCE_DIR (the root of the sources).
binary=${OMO_BINARY:?the path of the omosim command}
source=${OMO_SOURCE_DIR:?the root of the sources}
scenarios=$source/scenarios
failures=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

fail() {
    echo "FAIL: $*"
    failures=$((failures + 1))
}

# expect STATUS WHAT COMMAND...: runs it, output to $work/out and $work/err.
expect() {
    wanted=$1
    what=$2
    shift 2
    status=0
    "$@" >"$work/out" 2>"$work/err" || status=$?
    [ "$status" = "$wanted" ] ||
        fail "$what: status $status instead of $wanted: $(head -c 300 "$work/err")"
}

# says TEXT WHAT: the last command's standard error holds the text.
says() {
    grep -qF -- "$1" "$work/err" || fail "$2: does not say '$1': $(head -c 300 "$work/err")"
}

# shows TEXT WHAT: the same of its standard output.
shows() {
    grep -qF -- "$1" "$work/out" || fail "$2: does not show '$1': $(head -c 300 "$work/out")"
}

# json EXPRESSION WHAT: the last output is JSON and the Python expression about it (`d`) holds.
json() {
    python3 - "$work/out" "$1" <<'END' || fail "$2: $1"
import json, sys
def refuse(word):
    raise ValueError(word)
with open(sys.argv[1], encoding="utf-8") as f:
    d = json.load(f, parse_constant=refuse)
sys.exit(0 if eval(sys.argv[2]) else 1)
END
}

finish() {
    [ "$failures" = 0 ] || exit 1
}
