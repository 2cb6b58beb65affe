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
. scripts/postgres.sh

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

# durable it need not be
start_postgres_for_tests() {
    start_postgres /tmp -c fsync=off -c synchronous_commit=off -c full_page_writes=off
    export XINFANG_TEST_DATABASE_URL=$(pg_url postgres)
}

# tour DATABASE_URL: the README's tour against a demo server on that database, twice, for what is there must not matter
tour() {
    : >"$scratch/tour.out"
    # the tests have built it; cargo run would build it again with fewer features of what it depends on
    "${CARGO_TARGET_DIR:-target}/debug/xinfang" serve --demo --bind 127.0.0.1:0 --database-url "$1" --key-file "$scratch/tour.key" --attachments-url "$scratch/tour.attachments" \
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
[ -n "$sqlite_only" ] || find_postgres
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
part "starting PostgreSQL" start_postgres_for_tests
part "tests on PostgreSQL" cargo test "$@"
if [ $# = 0 ]; then
    create_database tour
    part "tour on PostgreSQL" tour "$(pg_url tour)"
fi
echo "All passed in $SECONDS s, on SQLite and on PostgreSQL $("$bin/postgres" --version | grep -o '[0-9][0-9.]*' | head -n 1)."
