#!/usr/bin/env python3
"""Lets batch searches take turns with faiss and OpenBLAS over the same vectors, one thread each.

usage: compare.py --jade PROGRAM --library libjadebench.so --out FOLDER [--only exact,pq,rabitq] [NAME=BASE,QUERIES,METRIC …]

Without sets, and with --synthetic, vectors are made up. Files are .npy, .fvecs or .bvecs. Writes batch.jsonl, batch.md and batch.svg; with
--append, beside what is there.
"""
import argparse
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "common"))

import faiss
import numpy as np

import blas
import codes
import exact
import machine
import report
import rounds
import vectors


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jade", required=True)
    parser.add_argument("--library", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--only", default="exact,pq,rabitq")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--queries", type=int, default=1000, help="how many of them are asked")
    parser.add_argument("--top-k", type=int, default=10)
    parser.add_argument("--synthetic", metavar="ROWSxDIMENSION", help="made up vectors, beside the sets or alone")
    parser.add_argument("--no-codes", dest="coded", action="store_false", help="leave out exact search with screening codes")
    parser.add_argument("--quick", action="store_true", help="3 rounds, 200 queries and, without sets, 100000x128")
    parser.add_argument("--append", action="store_true")
    parser.add_argument("sets", nargs="*")
    found = parser.parse_args()
    if found.quick:
        found.rounds, found.queries = 3, 200
    if not found.sets and not found.synthetic:
        found.synthetic = "100000x128" if found.quick else "1000000x128"
    return found


def sets(options):
    """Name, files, rows, queries and metric of every set; files only of f32, as all sides are given."""
    for item in options.sets:
        name, spec = item.split("=", 1)
        base, queries, metric = spec.split(",")
        yield (name, *prepared(options, name, vectors.load(base), vectors.load(queries)), metric)
    if options.synthetic:
        rows, dimension = map(int, options.synthetic.split("x"))
        yield ("synthetic", *prepared(options, "synthetic", *vectors.synthetic(rows, dimension, options.queries)), "euclidean")


def prepared(options, name, rows, queries):
    rows = np.ascontiguousarray(rows, dtype=np.float32)
    queries = np.ascontiguousarray(queries[:options.queries], dtype=np.float32)
    files = {kind: os.path.join(options.out, f"{name}.{kind}.npy") for kind in ("base", "queries")}
    np.save(files["base"], rows)
    np.save(files["queries"], queries)
    return files, rows, queries


def measured(kind, name, rows, queries, metric, figures, baseline, **more):
    """A line of the file: seconds of each side, and how many times as long the baseline takes."""
    return rounds.rounded({
        "kind": kind, "set": name, "rows": len(rows), "dimension": rows.shape[1], "queries": len(queries), "metric": metric,
        "seconds": {side: rounds.summary(values) for side, values in figures.items()}, "baseline": baseline,
        "ratios": {side: rounds.ratio(figures[baseline], values) for side, values in figures.items() if side != baseline}, **more})


def compare_exact(options, name, files, rows, queries, metric):
    products = blas.Products()
    runs, found = exact.sides(options, files, rows, queries, metric, products)
    for run in runs.values():
        run()
    figures = rounds.take_turns(runs, options.rounds)
    jade = [side for side in found.values() if isinstance(side, exact.Jade)]
    kind = f"exact, faiss told {os.environ['OPENBLAS_CORETYPE']}" if options.told else "exact"
    entry = measured(
        kind, name, rows, queries, metric, figures, "faiss Flat", correct=exact.describe(found, rows, queries, metric, options.top_k), products=products.name,
        to_products={side: rounds.ratio(figures[products.name], figures[side]) for side in found},
        bytes_per_vector={n: side.point["bytes_per_vector"] for n, side in found.items() if side in jade})
    for side in jade:
        side.close()
    return entry


def truth(rows, queries, top_k):
    index = faiss.IndexFlat(rows.shape[1], faiss.METRIC_L2)
    index.add(rows)
    return index.search(queries, top_k)[1]


def compare_codes(options, kind, name, rows, queries, metric, sides, wanted):
    figures = rounds.take_turns({side: scan.run for side, scan in sides.items()}, options.rounds)
    recall = {side: vectors.agreement(scan.found(), wanted, options.top_k) for side, scan in sides.items()}
    encode = {side: scan.encode_seconds for side, scan in sides.items() if hasattr(scan, "encode_seconds")}
    return measured(kind, name, rows, queries, metric, figures, "faiss", recall=recall, encode_seconds=encode)


def run(options, lib, write):
    for name, files, rows, queries, metric in sets(options):
        print(f"{name}: {rows.shape[0]} × {rows.shape[1]}, {len(queries)} queries", file=sys.stderr)
        if "exact" in options.only:
            write(compare_exact(options, name, files, rows, queries, metric))
        if "pq" in options.only or "rabitq" in options.only:
            if metric == "cosine":
                rows, queries = exact.unit(rows), exact.unit(queries)
            wanted = truth(rows, queries, options.top_k)
        if "pq" in options.only:
            for together in (True, False):
                sides = codes.fastscan_sides(lib, rows, queries, options.top_k, together)
                write(compare_codes(options, "pq, all at once" if together else "pq, one a call", name, rows, queries, metric, sides, wanted))
            write(compare_codes(options, "pq8", name, rows, queries, metric, codes.lookup_sides(lib, rows, queries, options.top_k), wanted))
        if "rabitq" in options.only:
            write(compare_codes(options, "rabitq", name, rows, queries, metric, codes.rabitq_sides(lib, rows, queries, options.top_k), wanted))
        for path in files.values():
            os.remove(path)


def main():
    options = arguments()
    os.makedirs(options.out, exist_ok=True)
    faiss.omp_set_num_threads(1)
    options.told = "OPENBLAS_CORETYPE" in os.environ
    faiss_core = blas.faiss_core()
    blas.name_processor()
    lib = codes.Library(options.library)
    head = {"machine": machine.describe(list(lib.levels)[-1]), "faiss": faiss.__version__, "faiss_options": faiss.get_compile_options(),
            "rounds": options.rounds, "top_k": options.top_k, "faiss_core": faiss_core}
    path = os.path.join(options.out, "batch.jsonl")
    before, *kept = open(path) if options.append and os.path.exists(path) else [json.dumps(head)]
    if options.told:
        head["faiss_core"] = json.loads(before)["faiss_core"]
    with open(path, "w") as file:
        file.write(json.dumps(head) + "\n")
        file.writelines(kept)

        def write(entry):
            file.write(json.dumps(entry) + "\n")
            file.flush()

        run(options, lib, write)
    report.write(options.out)


if __name__ == "__main__":
    main()
