# Read by tests that need a service, behind common.sh (or with $work and fail() of their own): one at a
# time, in the background, ended with the test. It says "listening on URL" on its standard output.
service=
trap '[ -z "$service" ] || kill -9 "$service" 2>/dev/null || true; rm -rf "$work"' EXIT

free_port() {
    python3 -c '
import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])'
}
# listen COMMAND...: starts it and waits until it listens; its process is in $service, its address in
# $url, what it says in $work/service and $work/service_err.
listen() {
    : >"$work/service"
    "$@" >"$work/service" 2>"$work/service_err" &
    service=$!
    for _ in $(seq 300); do
        url=$(sed -n 's/^listening on //p' "$work/service")
        [ -z "$url" ] || return 0
        kill -0 "$service" 2>/dev/null || break
        sleep 0.1
    done
    echo "FAIL: '$*' does not listen: $(cat "$work/service_err")"
    exit 1
}
# stop [SIGNAL [STATUS]]: ends it (TERM), and so it must end (0).
stop() {
    kill -s "${1:-TERM}" "$service"
    status=0
    wait "$service" || status=$?
    service=
    [ "$status" = "${2:-0}" ] ||
        fail "${1:-TERM} ended the service with status $status: $(cat "$work/service_err")"
}
