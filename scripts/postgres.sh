# Sourced by the other scripts, after toolchain.sh: a throw-away PostgreSQL cluster on a socket nobody else can reach.

# prints the folder of the newest PostgreSQL server's programs
pg_bin() {
    local found
    found=$(find /usr/lib/postgresql/*/bin -name initdb 2>/dev/null | sort -V | tail -n 1)
    [ -n "$found" ] || found=$(command -v initdb) || return 1
    dirname "$(readlink -f "$found")"
}

# finds the programs, or installs them; sets bin
find_postgres() {
    bin=$(pg_bin) || { need postgresql; bin=$(pg_bin) || fail "PostgreSQL's initdb is not where it should be"; }
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

# start_postgres FOLDER [-c NAME=VALUE…]: in a new folder there, with settings of one's own
start_postgres() {
    # FOLDER is no deep one: a socket's path has room for 107 characters only
    cluster=$(mktemp -d "$1/xinfang-pg.XXXXXX")
    shift
    if [ "$(id -u)" = 0 ]; then
        id -u postgres >/dev/null 2>&1 || useradd --system --shell /usr/sbin/nologin postgres
        chown postgres "$cluster"
    fi
    as_owner "$bin/initdb" -D "$cluster/data" -U xinfang -A trust -E UTF8 --locale=C --no-sync >/dev/null || fail "initdb failed"
    as_owner "$bin/pg_ctl" -D "$cluster/data" -l "$cluster/log" -w start -o "-k '$cluster' -c listen_addresses= -c max_connections=300 $*" >/dev/null ||
        { cat "$cluster/log" >&2; fail "PostgreSQL did not start"; }
}

# prints the URL of one of its databases
pg_url() {
    echo "postgres://xinfang@/$1?host=$cluster"
}

# makes an empty database
create_database() {
    as_owner "$bin/createdb" -h "$cluster" -U xinfang "$1"
}

drop_database() {
    as_owner "$bin/dropdb" -h "$cluster" -U xinfang "$1"
}
