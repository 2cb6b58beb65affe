#!/usr/bin/env bash
# The one test command: format, lints, docs, the whole suite and the README's tour on both engines.
#
#   scripts/test.sh [--sqlite-only] [ARGUMENTS OF cargo test…]        with arguments: without the tour
#
# PostgreSQL runs in a throw-away cluster of its own, on a socket nobody else can reach; nothing outside it is touched.
set -euo pipefail
cd "$(dirname "$0")/.."
exec </dev/null
. scripts/toolchain.sh

sqlite_only=
if [ "${1:-}" = --sqlite-only ]; then
    sqlite_only=yes
    shift
fi

# part NAME COMMAND…: runs a part and says how long it took
part() {
    local name=$1 from=$SECONDS
    shift
    echo "== $name"
    "$@" || fail "$name failed after $((SECONDS - from)) s"
    echo "== $name: $((SECONDS - from)) s"
}

# prints the folder of the newest PostgreSQL server's programs
pg_bin() {
    local found
    found=$(find /usr/lib/postgresql/*/bin -name initdb 2>/dev/null | sort -V | tail -n 1)
    [ -n "$found" ] || found=$(command -v initdb) || return 1
    dirname "$(readlink -f "$found")"
}

# initdb and the server refuse to run as root
as_owner() {
    if [ "$(id -u)" = 0 ]; then
        (cd "$cluster" && runuser -u postgres -- "$@")
    else
        "$@"
    fi
}

cluster=
stop_postgres() {
    if [ -n "$cluster" ]; then
        as_owner "$bin/pg_ctl" -D "$cluster/data" -m immediate -w stop >/dev/null 2>&1 || true
        rm -rf "$cluster"
        cluster=
    fi
}

start_postgres() {
    # not under TMPDIR: a socket's path has room for 107 characters only
    cluster=$(mktemp -d /tmp/xinfang-pg.XXXXXX)
    if [ "$(id -u)" = 0 ]; then
        id -u postgres >/dev/null 2>&1 || useradd --system --shell /usr/sbin/nologin postgres
        chown postgres "$cluster"
    fi
    as_owner "$bin/initdb" -D "$cluster/data" -U xinfang -A trust -E UTF8 --locale=C --no-sync >/dev/null || fail "initdb failed"
    as_owner "$bin/pg_ctl" -D "$cluster/data" -l "$cluster/log" -w start -o "-k '$cluster' -c listen_addresses= \
        -c max_connections=300 -c fsync=off -c synchronous_commit=off -c full_page_writes=off" >/dev/null ||
        { cat "$cluster/log" >&2; fail "PostgreSQL did not start"; }
    export XINFANG_TEST_DATABASE_URL="postgres://xinfang@/postgres?host=$cluster"
}

# tour DATABASE_URL: the README's tour against a demo server on that database, twice, for what is there must not matter
tour() {
    : >"$scratch/tour.out"
    cargo run --quiet -- serve --demo --bind 127.0.0.1:0 --database-url "$1" --key-file "$scratch/tour.key" \
        >"$scratch/tour.out" 2>"$scratch/tour.log" &
    server=$!
    local url='' rc=0
    until url=$(sed -n 's|^xinfang serves \(http://[^/]*\)/.*|\1|p' "$scratch/tour.out") && [ -n "$url" ]; do
        kill -0 "$server" 2>/dev/null || { cat "$scratch/tour.log" >&2; return 1; }
        sleep 0.1
    done
    bash scripts/tour.sh "$url" && bash scripts/tour.sh "$url" || rc=1
    kill "$server" && wait "$server" || rc=1
    server=
    return $rc
}

toolchain
command -v curl >/dev/null || need curl
if [ -z "$sqlite_only" ]; then
    bin=$(pg_bin) || { need postgresql; bin=$(pg_bin) || fail "PostgreSQL's initdb is not where it should be"; }
fi
scratch=$(mktemp -d)
server=
clean_up() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    stop_postgres
    rm -rf "$scratch"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

unset XINFANG_TEST_DATABASE_URL
part "format" cargo fmt --check
part "lints" cargo clippy --quiet --all-targets -- -D warnings
part "docs" env RUSTDOCFLAGS="-D warnings" cargo doc --quiet --no-deps
part "tests on SQLite" cargo test "$@"
[ $# -gt 0 ] || part "tour on SQLite" tour "sqlite:$scratch/tour.db"
if [ -n "$sqlite_only" ]; then
    echo "All passed in $SECONDS s on SQLite. PostgreSQL was NOT tested (--sqlite-only)."
    exit
fi
part "starting PostgreSQL" start_postgres
part "tests on PostgreSQL" cargo test "$@"
if [ $# = 0 ]; then
    as_owner "$bin/createdb" -h "$cluster" -U xinfang tour
    part "tour on PostgreSQL" tour "postgres://xinfang@/tour?host=$cluster"
fi
echo "All passed in $SECONDS s, on SQLite and on PostgreSQL $("$bin/postgres" --version | grep -o '[0-9][0-9.]*' | head -n 1)."
