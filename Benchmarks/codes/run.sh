#!/usr/bin/env bash
# Compares the kernels of product codes and RaBitQ codes with faiss in one run; see README.md beside this.
#
#   Benchmarks/codes/run.sh [--levels zen4,avx2] [--rounds 5]
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$root/.build/codes-benchmark

if [[ ! -x $work/venv/bin/python ]]; then
    python3 -m venv "$work/venv"
    "$work/venv/bin/pip" install --quiet -r "$here/requirements.txt"
fi
kernels=$root/CSources/CJadeKernels
# shellcheck disable=SC2046  # no path of the sources has a space
"${CC:-clang}" -O2 -std=gnu17 -fPIC -shared -I"$kernels/include" "$here/driver.c" $(find "$kernels" -name '*.c') -lm -o "$work/driver.so"
exec "$work/venv/bin/python" "$here/compare.py" --driver "$work/driver.so" "$@"
