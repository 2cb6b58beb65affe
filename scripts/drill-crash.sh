#!/usr/bin/env bash
# Kills the program under load, again and again, and holds what is left to what its callers were told.
#
#   scripts/drill-crash.sh [ROUNDS] [--engines sqlite,postgres] [--seed N]
#
# Each of the 50 rounds kills the server with -9 at a moment nobody chose, while it starts or in full load; a second drill fills its
# disk, a tmpfs of 48 MB, in up to 16 rounds. After each: every id that was acknowledged is there, every one refused is not, nothing
# is half-written, all chains verify, and a retry gets the first answer again. PostgreSQL runs in a throw-away cluster with fsync on.
# A drill prints its seed; --seed repeats it. The short form is part of scripts/test.sh.
set -euo pipefail
cd "$(dirname "$0")/.."
exec </dev/null
. scripts/toolchain.sh
. scripts/postgres.sh

rounds="" engines=sqlite,postgres
while [ $# -gt 0 ]; do
    case $1 in
        --engines | --seed)
            [ $# -gt 1 ] || fail "$1 needs a value"
            if [ "$1" = --seed ]; then export XINFANG_DRILL_SEED=$2; else engines=$2; fi
            shift 2
            ;;
        *)
            [ -z "$rounds" ] || fail "$1 is one argument too many; see the top of this script"
            rounds=$1
            shift
            ;;
    esac
done
rounds=${rounds:-50}
[[ $rounds =~ ^[1-9][0-9]*$ ]] || fail "$rounds is no number of rounds"
[[ ${XINFANG_DRILL_SEED:-0} =~ ^[0-9]+$ ]] || fail "$XINFANG_DRILL_SEED is no seed"
[[ $engines =~ ^[a-z]+(,[a-z]+)*$ ]] || fail "$engines: sqlite, postgres, or both with a comma"
for engine in ${engines//,/ }; do
    [ "$engine" = sqlite ] || [ "$engine" = postgres ] || fail "$engine is no engine: sqlite or postgres"
done
export XINFANG_DRILL_ROUNDS=$rounds

toolchain
[[ $engines != *postgres* ]] || find_postgres
trap stop_postgres EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

for engine in ${engines//,/ }; do
    unset XINFANG_TEST_DATABASE_URL
    if [ "$engine" = postgres ]; then
        # on a disk: /tmp may be memory
        start_postgres /var/tmp
        XINFANG_TEST_DATABASE_URL=$(pg_url postgres)
        export XINFANG_TEST_DATABASE_URL
    fi
    echo "== $rounds rounds on $engine"
    cargo test --release --quiet --test faults -- --nocapture --test-threads=1 in_the_middle_of_load
done
echo "All held after $rounds rounds on ${engines/,/ and }, in $SECONDS s."
