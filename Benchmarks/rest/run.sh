#!/usr/bin/env bash
# Searches over REST, as JSON and as bytes, beside the engine's own: rates, medians, processor time; see README.md beside this.
#
#   Benchmarks/rest/run.sh [--base FILE] [--queries FILE] [--metric M] [--ef N] [--connections N] [--rounds N] [--seconds S]
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
jade=$root/.build/release/jadevectordb
base=$root/examples/packages/packages.f16.npy queries=$root/examples/packages/queries.f16.npy
metric=cosine ef=64 connections=8 rounds=5 seconds=3

while (($#)); do
    case $1 in
        --base) base=$2 ;;
        --queries) queries=$2 ;;
        --metric) metric=$2 ;;
        --ef) ef=$2 ;;
        --connections) connections=$2 ;;
        --rounds) rounds=$2 ;;
        --seconds) seconds=$2 ;;
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
start

value() { sed -E "s/.*\"$1\":([0-9.eE+-]+).*/\1/"; }
# Processor time of the server so far, in microseconds.
server_cpu() { awk -v hz="$(getconf CLK_TCK)" '{ sub(/.*\) /, ""); print ($12 + $13) * 1e6 / hz }' "/proc/$server/stat"; }

# prints: queries a second, median latency, processor time a query
engine() {
    local line
    line=$("$jade" bench engine bench --data-directory "$folder/copy" --queries "$queries" --ef-search "$ef" --concurrency "$1" --seconds "$seconds")
    echo "$(value queries_per_second <<<"$line") $(value p50 <<<"$line") $(value cpu_microseconds_per_query <<<"$line")"
}
rest() {
    local line before after
    "$jade" bench server bench --queries "$queries" --ef-search "$ef" --connections "$1" --seconds 0.5 ${2:+"$2"} >/dev/null
    before=$(server_cpu)
    line=$("$jade" bench server bench --queries "$queries" --ef-search "$ef" --connections "$1" --seconds "$seconds" ${2:+"$2"})
    after=$(server_cpu)
    echo "$(value queries_per_second <<<"$line") $(value p50 <<<"$line") $(awk -v a="$after" -v b="$before" -v q="$(value queries <<<"$line")" 'BEGIN { print (a - b) / q }')"
}
out=$folder/out
for round in $(seq "$rounds"); do
    for at in 1 "$connections"; do
        echo "engine $at $(engine "$at")"
        echo "json $at $(rest "$at")"
        echo "binary $at $(rest "$at" --binary)"
    done
done | tee /dev/stderr >"$out"
stop

# column of a kind at a concurrency: median, lowest, highest
figure() {
    grep "^$1 $2 " "$out" | cut -d' ' -f"$3" | sort -g | awk '{ v[NR] = $1 } END { printf "%.0f (%.0f–%.0f)", v[int((NR + 1) / 2)], v[1], v[NR] }'
}
echo "| at a time | | queries/s | median, µs | CPU a query, µs |"
echo "|---|---|---|---|---|"
for at in 1 "$connections"; do
    for kind in engine json binary; do echo "| $at | $kind | $(figure $kind "$at" 3) | $(figure $kind "$at" 4) | $(figure $kind "$at" 5) |"; done
done
