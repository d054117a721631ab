#!/usr/bin/env bash
# Times the kernels beside simsimd and numkong; arguments go to compare.py (--quick, --family, --type, --dimension, --pattern, --out).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$here/../common/venv.sh"

make_venv "$root/.build/bench-venv" "$here/requirements.txt"
build_library "$here/.." "$root/.build/bench-native"
exec "$root/.build/bench-venv/bin/python" "$here/compare.py" \
    --library "$root/.build/bench-native/libjadebench.so" --out "$root/.build/bench-results" "$@"
