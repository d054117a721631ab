#!/usr/bin/env bash
# Installs Python's grpcio and its tools into .build/grpc, for the tests with a foreign client. Without it they are skipped. Quiet when
# it is there.
set -euo pipefail
cd "$(dirname "$0")/.."
[[ -x .build/grpc/bin/python ]] && .build/grpc/bin/python -c 'import grpc, grpc_tools, grpc_status, numpy' 2>/dev/null && exit 0
command -v python3 >/dev/null || { echo "setup-grpc: there is no python3" >&2; exit 1; }
echo "setup-grpc: installing grpcio into .build/grpc" >&2
python3 -m venv .build/grpc
.build/grpc/bin/pip install --quiet grpcio grpcio-tools grpcio-status grpcio-health-checking grpcio-reflection numpy
