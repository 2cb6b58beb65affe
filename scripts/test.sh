#!/usr/bin/env bash
# The one test command: format, lints, docs, and the whole suite on both engines.
#
#   scripts/test.sh [--sqlite-only] [ARGUMENTS OF cargo test…]
#
# PostgreSQL runs in a throw-away cluster of its own, on a socket nobody else can reach; nothing outside it is touched.
set -euo pipefail
cd "$(dirname "$0")/.."
exec </dev/null

sqlite_only=
if [ "${1:-}" = --sqlite-only ]; then
    sqlite_only=yes
    shift
fi

fail() {
    echo "test.sh: $*" >&2
    exit 1
}

# part NAME COMMAND…: runs a part and says how long it took
part() {
    local name=$1 from=$SECONDS
    shift
    echo "== $name"
    "$@" || fail "$name failed after $((SECONDS - from)) s"
    echo "== $name: $((SECONDS - from)) s"
}

# need PACKAGES…: installs Debian packages when that is ours to do, else says what is missing
need() {
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "== installing $*"
        export DEBIAN_FRONTEND=noninteractive
        apt-get install -y -qq --no-install-recommends "$@" >/dev/null ||
            { apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@" >/dev/null; } ||
            fail "could not install $*"
    else
        fail "missing: $* (Debian: sudo apt-get install $*)"
    fi
}

compiles() {
    echo '#include <stdlib.h>' | gcc -E - >/dev/null 2>&1
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

command -v cargo >/dev/null || PATH=$HOME/.cargo/bin:$PATH
command -v cargo >/dev/null || fail "missing: cargo. Install Rust from https://rustup.rs (at least $(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml))"
compiles || need gcc libc6-dev
compiles || fail "gcc does not compile"
if [ -z "$sqlite_only" ]; then
    bin=$(pg_bin) || { need postgresql; bin=$(pg_bin) || fail "PostgreSQL's initdb is not where it should be"; }
fi
trap stop_postgres EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

unset XINFANG_TEST_DATABASE_URL
part "format" cargo fmt --check
part "lints" cargo clippy --quiet --all-targets -- -D warnings
part "docs" env RUSTDOCFLAGS="-D warnings" cargo doc --quiet --no-deps
part "tests on SQLite" cargo test "$@"
if [ -n "$sqlite_only" ]; then
    echo "All passed in $SECONDS s on SQLite. PostgreSQL was NOT tested (--sqlite-only)."
    exit
fi
part "starting PostgreSQL" start_postgres
part "tests on PostgreSQL" cargo test "$@"
echo "All passed in $SECONDS s, on SQLite and on PostgreSQL $("$bin/postgres" --version | grep -o '[0-9][0-9.]*' | head -n 1)."
