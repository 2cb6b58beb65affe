#!/usr/bin/env bash
# Measures the program on databases of several sizes, on both engines, and compares them.
#
#   scripts/bench.sh [--sizes 10000,100000,1000000] [--engines sqlite,postgres] [--seconds 5] [--only WORK,…] [--folder target/bench]
#
# Builds, seeds a database of each size and engine, runs `xinfang bench run` on it, and leaves in the folder a JSON file a run and
# results.md with all tables. PostgreSQL runs in a throw-away cluster in /var/tmp, with the settings it comes with (fsync on). The
# databases are removed. Nothing else should run on the machine meanwhile; a million petitions take some 14 GB of disk.
set -euo pipefail
cd "$(dirname "$0")/.."
exec </dev/null
. scripts/toolchain.sh
. scripts/postgres.sh

sizes=10000,100000,1000000 engines=sqlite,postgres seconds=5 only='' folder=target/bench
while [ $# -gt 0 ]; do
    [ $# -gt 1 ] || fail "$1 needs a value"
    case $1 in
        --sizes) sizes=$2 ;;
        --engines) engines=$2 ;;
        --seconds) seconds=$2 ;;
        --only) only=$2 ;;
        --folder) folder=$2 ;;
        *) fail "unknown option $1; see the top of this script" ;;
    esac
    shift 2
done
[[ $sizes =~ ^[0-9]+(,[0-9]+)*$ ]] || fail "$sizes: numbers of petitions with commas"
for size in ${sizes//,/ }; do
    [[ $size =~ ^[1-9][0-9]*$ ]] || fail "$size is no number of petitions"
done
[[ $engines =~ ^[a-z]+(,[a-z]+)*$ ]] || fail "$engines: sqlite, postgres, or both with a comma"
for engine in ${engines//,/ }; do
    [ "$engine" = sqlite ] || [ "$engine" = postgres ] || fail "$engine is no engine: sqlite or postgres"
done

toolchain
if [[ $engines = *postgres* ]]; then
    find_postgres
fi
mkdir -p "$folder"
folder=$(realpath "$folder")
scratch=$(mktemp -d "$folder/databases.XXXXXX")
program=''
clean_up() {
    # a measuring that is interrupted ends its own server
    [ -z "$program" ] || { kill "$program" 2>/dev/null && wait "$program"; } || true
    stop_postgres
    rm -rf "$scratch"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# xinfang ARGUMENTS…: in the background, so that a signal ends it and not only this script
xinfang() {
    local rc=0
    target/release/xinfang "$@" &
    program=$!
    wait "$program" || rc=$?
    program=''
    return $rc
}

# measure ENGINE SIZE URL
measure() {
    local name=$1-$2 rc=0
    rm -f "$folder/$name.json"
    echo "== seeding $2 petitions on $1"
    xinfang bench seed --petitions "$2" --database-url "$3" --key-file "$scratch/$name.key"
    echo "== measuring $2 petitions on $1"
    # shellcheck disable=SC2086
    xinfang bench run --database-url "$3" --key-file "$scratch/$name.key" --seconds "$seconds" --spoil ${only:+--only "$only"} \
        --json "$folder/$name.json" >"$scratch/table" || rc=1
    cat "$scratch/table"
    { echo; echo "### $1, $2 petitions"; echo; cat "$scratch/table"; } >>"$results"
    [ $rc = 0 ] || failed+=" $name"
}

echo "== building"
cargo build --release --quiet
results=$folder/results.md failed=''
printf '## %s, %s\n' "$(date +%F)" "$(target/release/xinfang --version)" >"$results"
for engine in ${engines//,/ }; do
    runs=()
    if [ "$engine" = postgres ]; then
        # on a disk: /tmp may be memory
        start_postgres /var/tmp
    fi
    for size in ${sizes//,/ }; do
        if [ "$engine" = sqlite ]; then
            measure "$engine" "$size" "sqlite:$scratch/sqlite-$size.db"
            rm -f "$scratch/sqlite-$size.db"*
        else
            create_database "bench_$size"
            measure "$engine" "$size" "$(pg_url "bench_$size")"
            drop_database "bench_$size"
        fi
        [ ! -s "$folder/$engine-$size.json" ] || runs+=("$folder/$engine-$size.json")
    done
    if [ ${#runs[@]} -gt 1 ]; then
        { echo; echo "### $engine, growth"; echo; target/release/xinfang bench growth "${runs[@]}"; } | tee -a "$results"
    fi
    [ "$engine" != postgres ] || stop_postgres
done
[ -z "$failed" ] || fail "calls failed in:$failed (see $results)"
echo "All in $results, after $SECONDS s."
