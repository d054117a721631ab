#!/usr/bin/env python3
"""Cuts the sample in examples/packages out of the full set of package descriptions.

usage: make-sample.py SOURCE_FOLDER [OUT_FOLDER]

SOURCE_FOLDER holds base.f16.npy, metadata.jsonl.gz, queries.f16.npy and query_metadata.jsonl.gz. The choice is a pure
function of the source: every package that is tagged as a program, then the packages that every system has, then the rest
in the order of a hash of their names, until ROWS are full. Run twice, it writes the same bytes. Needs numpy only.
"""
import gzip
import hashlib
import json
import os
import sys

import numpy as np

ROWS = 8_000
QUERIES = 200
# What a person filters on; the sentence that was embedded is "id: summary. ".
FIELDS = [
    "id", "summary", "section", "priority", "installed_size_kib", "download_bytes", "architecture", "maintainer", "homepage",
    "tags", "depends_count",
]
COMMON = {"required", "important", "standard"}


def read_lines(path):
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def order(row):
    program = "role::program" in row["tags"]
    return (not program, row["priority"] not in COMMON, hashlib.sha256(row["id"].encode()).digest())


def choose(rows, count):
    """Positions of the chosen rows, ascending."""
    return sorted(sorted(range(len(rows)), key=lambda i: order(rows[i]))[:count])


def write_lines(path, rows):
    text = "".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in rows)
    with open(path, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as out:  # no name, no time: the same bytes again
        out.write(text.encode())


def cut(source, out, vectors, lines, stem, count):
    rows = read_lines(os.path.join(source, lines))
    chosen = choose(rows, count)
    np.save(os.path.join(out, stem + ".f16.npy"), np.load(os.path.join(source, vectors), mmap_mode="r")[chosen])
    write_lines(os.path.join(out, stem + ".jsonl.gz"), [{k: rows[i][k] for k in FIELDS} for i in chosen])
    print(f"{stem}: {len(chosen)} of {len(rows)} rows")


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    source = sys.argv[1]
    here = os.path.dirname(os.path.abspath(__file__))
    out = sys.argv[2] if len(sys.argv) == 3 else os.path.join(here, "..", "examples", "packages")
    os.makedirs(out, exist_ok=True)
    cut(source, out, "base.f16.npy", "metadata.jsonl.gz", "packages", ROWS)
    cut(source, out, "queries.f16.npy", "query_metadata.jsonl.gz", "queries", QUERIES)


if __name__ == "__main__":
    main()
