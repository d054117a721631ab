#!/usr/bin/env bash
# Sends what schemathesis makes of the OpenAPI document to a running server: requests that fit the schemas and requests that
# do not. Every answer has to be one that the document names. usage: scripts/test-api.sh [option of schemathesis]...
set -euo pipefail
cd "$(dirname "$0")/.."

readonly version=4.32.5
readonly root=$PWD
readonly tools=$root/.build/interface-tools
server=${JADEVECTORDB:-$root/.build/release/jadevectordb}

[[ -x $server ]] || { echo "test-api: $server is not built: swift build -c release --product jadevectordb" >&2; exit 1; }
if ! "$tools/bin/schemathesis" --version 2>/dev/null | grep -q "$version"; then
    python3 -m venv "$tools"
    "$tools/bin/pip" --quiet install "schemathesis==$version"
fi

data=$(mktemp -d)
stop() { kill "$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true; rm -rf "$data"; }
"$server" serve --dev --data-directory "$data/data" --port 0 --port-file "$data/port" --backup-targets "local=$data/backups" \
    --log-level "${JADE_LOG:-warning}" >"$data/log" 2>&1 &
pid=$!
trap stop EXIT
for _ in $(seq 200); do [[ -s $data/port ]] && break; sleep 0.1; done
[[ -s $data/port ]] || { echo "test-api: the server did not start:" >&2; cat "$data/log" >&2; exit 1; }
url=http://127.0.0.1:$(cat "$data/port")

curl -fsS "$url/v1/databases" -H 'content-type: application/json' -d '{"name":"docs","dimension":3,"metric":"cosine"}' >/dev/null
curl -fsS "$url/v1/databases" -H 'content-type: application/json' -d '{"name":"other","dimension":3}' >/dev/null
curl -fsS "$url/v1/databases/docs/vectors" -H 'content-type: application/json' \
    -d '{"vectors":[{"id":"apple","values":[0.9,0.1,0]},{"id":"pear","values":[0.8,0.3,0.1],"metadata":{"kind":"fruit"}}]}' >/dev/null

status=0
cd "$data" # it leaves files where it runs
"$tools/bin/schemathesis" --config-file "$root/Tests/Interface/schemathesis.toml" run "$url/v1/openapi.json" --workers 1 "$@" || status=$?
kill -0 "$pid" || { echo "test-api: the server died:" >&2; tail -50 "$data/log" >&2; exit 1; }
curl -fsS "$url/v1/databases/docs/vectors/count" >/dev/null || { echo "test-api: the server no longer serves docs" >&2; tail -5 "$data/log" >&2; }
exit "$status"
