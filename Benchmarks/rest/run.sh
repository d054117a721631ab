#!/usr/bin/env bash
# Queries per second over REST as a part of the engine's own; see README.md beside this.
#
#   Benchmarks/rest/run.sh [--base FILE] [--queries FILE] [--metric M] [--ef N] [--connections N] [--rounds N]
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
jade=$root/.build/release/jadevectordb
base=$root/examples/packages/packages.f16.npy queries=$root/examples/packages/queries.f16.npy
metric=cosine ef=64 connections=8 rounds=5

while (($#)); do
    case $1 in
        --base) base=$2 ;;
        --queries) queries=$2 ;;
        --metric) metric=$2 ;;
        --ef) ef=$2 ;;
        --connections) connections=$2 ;;
        --rounds) rounds=$2 ;;
        *) echo "unknown option $1: see the head of this script" >&2; exit 2 ;;
    esac
    shift 2
done
[[ -x $jade ]] || { echo "build first: make build" >&2; exit 1; }

folder=$(mktemp -d)
server=
cleanup() {
    [[ -z $server ]] || { kill "$server" && wait "$server"; } 2>/dev/null || true
    rm -rf "$folder"
}
trap cleanup EXIT
start() {
    rm -f "$folder/port"
    "$jade" serve --dev --port 0 --port-file "$folder/port" --data-directory "$folder/data" --log-level warning >"$folder/log" 2>&1 &
    server=$!
    for _ in $(seq 300); do
        [[ -s $folder/port ]] && break
        kill -0 "$server" 2>/dev/null || { cat "$folder/log" >&2; exit 1; }
        sleep 0.1
    done
    export JADEVECTORDB_URL=http://127.0.0.1:$(<"$folder/port")
}
stop() {
    kill "$server"
    wait "$server" || true
    server=
}

start
"$jade" import bench "$base" --create --metric "$metric" >&2
until "$jade" database show bench --output json | grep -q '"pending":0[,}]'; do sleep 0.5; done
stop
# The engine searches the same files, in a copy, because a folder belongs to one process.
cp -r "$folder/data" "$folder/copy"

value() { sed -E "s/.*\"$1\":([0-9.eE+-]+).*/\1/"; }
engine=() rest=()
for round in $(seq "$rounds"); do
    engine+=("$("$jade" bench engine bench --data-directory "$folder/copy" --queries "$queries" --ef-search "$ef" --concurrency "$connections" --seconds 3 | value queries_per_second)")
    start
    "$jade" bench server bench --queries "$queries" --ef-search "$ef" --connections "$connections" --seconds 1 >/dev/null
    rest+=("$("$jade" bench server bench --queries "$queries" --ef-search "$ef" --connections "$connections" --seconds 3 | value queries_per_second)")
    stop
    echo "round $round: engine ${engine[-1]}, rest ${rest[-1]}" >&2
done
median() { printf '%s\n' "$@" | sort -g | sed -n "$(((${#@} + 1) / 2))p"; }
awk -v e="$(median "${engine[@]}")" -v r="$(median "${rest[@]}")" -v c="$connections" 'BEGIN {
    printf "| engine, %d at a time | REST, %d connections | part |\n|---|---|---|\n| %.0f/s | %.0f/s | %.0f %% |\n", c, c, e, r, 100 * r / e }'
