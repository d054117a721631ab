#!/usr/bin/env bash
# Compares batch searches with faiss and OpenBLAS; arguments go to compare.py (--quick, --only, --synthetic, NAME=BASE,QUERIES,METRIC …).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$here/../common/venv.sh"

make_venv "$root/.build/batch-venv" "$here/requirements.txt"
ldconfig -p | grep -q libopenblas.so.0 || install_packages libopenblas0
build_library "$here/.." "$root/.build/bench-native"
[[ -x $root/.build/release/jadevectordb ]] || { echo "build first: make build" >&2; exit 1; }
exec "$root/.build/batch-venv/bin/python" "$here/compare.py" \
    --jade "$root/.build/release/jadevectordb" --library "$root/.build/bench-native/libjadebench.so" --out "$root/.build/bench-results" "$@"
