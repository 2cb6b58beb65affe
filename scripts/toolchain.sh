# Sourced by the other scripts: finds or installs what a build needs on Debian.

fail() {
    echo "$(basename "$0"): $*" >&2
    exit 1
}

# need PACKAGES…: installs Debian packages when that is ours to do, else says what is missing
need() {
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "== installing $*"
        export DEBIAN_FRONTEND=noninteractive
        apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1 ||
            { apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@" >/dev/null; } ||
            fail "could not install $*"
    else
        fail "missing: $* (Debian: sudo apt-get install $*)"
    fi
}

compiles() {
    echo '#include <stdlib.h>' | gcc -E - >/dev/null 2>&1
}

# cargo, a C compiler and the C library's headers: the bundled SQLite and libpq are compiled from source
toolchain() {
    command -v cargo >/dev/null || PATH=$HOME/.cargo/bin:$PATH
    command -v cargo >/dev/null || fail "missing: cargo. Install Rust from https://rustup.rs (at least $(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml))"
    compiles || need gcc libc6-dev
    compiles || fail "gcc does not compile"
}
