#!/usr/bin/env bash
# Compares the index with hnswlib in one run; see README.md beside this. Extra arguments go to compare.py.
#
#   Benchmarks/peers/run.sh name=base.npy,queries.npy,metric[,truth.npy] ...
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
venv=$root/.build/peers-venv

if [[ ! -x $venv/bin/python ]]; then
    python3 -m venv "$venv"
    # From source, so that it is compiled for this very processor, as its authors mean it to be.
    "$venv/bin/pip" install --quiet --no-binary hnswlib -r "$here/requirements.txt"
fi
[[ -x $root/.build/release/jadevectordb ]] || { echo "build first: make build" >&2; exit 1; }
exec "$venv/bin/python" "$here/compare.py" --jade "$root/.build/release/jadevectordb" "$@"
