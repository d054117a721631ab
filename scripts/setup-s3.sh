#!/usr/bin/env bash
# Installs moto, a mock of S3 in Python, into .build/s3 for the tests. Without it they are skipped. Quiet when it is there.
set -euo pipefail
cd "$(dirname "$0")/.."
[[ -x .build/s3/bin/moto_server ]] && exit 0
command -v python3 >/dev/null || { echo "setup-s3: there is no python3" >&2; exit 1; }
echo "setup-s3: installing moto into .build/s3" >&2
python3 -m venv .build/s3
.build/s3/bin/pip install --quiet 'moto[server]>=5.2,<6'
