#!/usr/bin/env bash
# Runs the tests of clients/python against the built server, which they start themselves. usage: scripts/test-python.sh [option of pytest]...
set -euo pipefail
cd "$(dirname "$0")/.."

readonly tools=.build/python-tools
if [[ ! -x $tools/bin/pytest ]]; then
    python3 -m venv "$tools"
    "$tools/bin/pip" --quiet install 'httpx>=0.25' 'numpy>=1.24' 'pytest>=7'
fi
JADEVECTORDB=$(realpath "${JADEVECTORDB:-.build/release/jadevectordb}")
export JADEVECTORDB
cd clients/python
PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=src exec "../../$tools/bin/pytest" -q -p no:cacheprovider "$@"
