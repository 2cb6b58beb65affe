#!/usr/bin/env bash
# Builds the product and starts it with a sample office, on http://127.0.0.1:8080 unless told otherwise.
#
#   scripts/demo.sh [OPTIONS OF xinfang serve…]
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/toolchain.sh

toolchain
exec cargo run --release -- serve --demo "$@"
