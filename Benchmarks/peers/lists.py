#!/usr/bin/env python3
"""Lets inverted lists over product codes of jadevectordb and of faiss (fast scan, exact comparison at the end) take turns.

usage: lists.py --jade PROGRAM [--nlist N] [--nprobe N,N,…] [--oversampling X,X,…] [--quantization pq] [--rounds N] [--seconds S]
                NAME=BASE,QUERIES,METRIC,TRUTH …

One thread, one query at a time on both sides, processor time. faiss is asked with all queries in one call, which it is told to work through query by
query (its implem 10, or 11 for many candidates), so that no Python stands in its loop; once more as it chooses by itself, where lists that several queries probe are read once for all of
them; ours has only the first way here.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import time

import numpy as np

from compare import RECALLS, TOP_K, at_recall, frontier, load, recall, unit


class Jade:
    def __init__(self, files, metric, arguments):
        self.name = f"jadevectordb ivf {arguments.quantization}"
        command = [
            arguments.jade, "bench", "index", "--base", files[0], "--queries", files[1], "--truth", files[2], "--metric", metric,
            "--index", "ivf", "--quantization", arguments.quantization, "--nlist", str(arguments.nlist), "--nprobe", arguments.nprobe,
            "--oversampling", arguments.oversampling, "--threads", "1", "--top-k", str(TOP_K), "--rounds", str(arguments.rounds),
            "--seconds", str(arguments.seconds), "--paced",
        ]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        line = self.process.stderr.readline()
        if line.strip() != "ready":
            sys.exit(line + self.process.stderr.read())

    def round(self):
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        points = []
        while line := self.process.stdout.readline().strip():
            point = json.loads(line)
            self.build, self.bytes_per_vector = point["build_cpu_seconds"], point["bytes_per_vector"]
            points.append(((point["nprobe"], point["oversampling"]), point["recall"], point["queries_per_cpu_second"]))
        return {self.name: points}


class Faiss:
    def __init__(self, base, queries, truth, metric, arguments):
        import faiss

        faiss.omp_set_num_threads(1)
        prepare = unit if metric == "cosine" else lambda rows: rows
        kind = faiss.METRIC_L2 if metric == "euclidean" else faiss.METRIC_INNER_PRODUCT
        self.faiss, self.queries, self.truth, self.arguments = faiss, prepare(queries), truth, arguments
        began = time.process_time()
        dimension = base.shape[1]
        pieces = dimension // (4 if dimension > 256 else 2)
        self.index = faiss.index_factory(dimension, f"IVF{arguments.nlist},PQ{pieces}x4fs,RFlat", kind)
        faiss.downcast_index(self.index.base_index).cp.niter = 12
        base = np.ascontiguousarray(prepare(base), dtype=np.float32)
        self.index.train(base)
        self.index.add(base)
        self.build = time.process_time() - began
        self.bytes_per_vector = len(faiss.serialize_index(self.index)) / len(base)

    def round(self):
        lists = self.faiss.downcast_index(self.index.base_index)
        alone, together = [], []
        for factor in map(float, self.arguments.oversampling.split(",")):
            for nprobe in map(int, self.arguments.nprobe.split(",")):
                lists.nprobe, self.index.k_factor = nprobe, factor
                for implem, points in ((10 if factor * TOP_K <= 20 else 11, alone), (0, together)):
                    lists.implem = implem
                    reached = recall(self.index.search(self.queries, TOP_K)[1], self.truth)
                    points.append(((nprobe, factor), reached, self.rate(lambda: self.index.search(self.queries, TOP_K))))
        return {"faiss": alone, "faiss, lists shared by queries": together}

    def rate(self, ask):
        asked, wall, cpu = 0, time.perf_counter(), time.process_time()
        while asked == 0 or time.perf_counter() - wall < self.arguments.seconds:
            ask()
            asked += len(self.queries)
        return asked / (time.process_time() - cpu)


def compare(name, spec, arguments):
    base_path, queries_path, metric, truth_path = spec.split(",")
    base = np.ascontiguousarray(load(base_path), dtype=np.float32)
    queries = np.ascontiguousarray(load(queries_path), dtype=np.float32)
    sides = [Jade((base_path, queries_path, truth_path), metric, arguments), Faiss(base, queries, load(truth_path), metric, arguments)]
    rounds = []
    for number in range(arguments.rounds):
        measured = {}
        for side in sides if number % 2 == 0 else reversed(sides):
            measured.update(side.round())
        rounds.append(measured)
        print(f"{name}: round {number + 1} of {arguments.rounds}", file=sys.stderr)
    print(f"\n{name} ({base.shape[0]} × {base.shape[1]}, {metric}), nlist {arguments.nlist}; queries a second of processor time, medians of {len(rounds)} rounds")
    print(f"build, processor seconds: ours {sides[0].build:.1f}, faiss {sides[1].build:.1f}; bytes a vector with the vector: ours {sides[0].bytes_per_vector:.0f}, faiss {sides[1].bytes_per_vector:.0f}")
    for wanted in RECALLS:
        rates = {side: [at_recall(frontier(measured[side]), wanted, 0) for measured in rounds] for side in rounds[0]}
        shown = {side: statistics.median(values) for side, values in rates.items() if None not in values}
        print(f"recall {wanted}: " + ", ".join(f"{side} {rate:,.0f}" for side, rate in shown.items()))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jade", required=True)
    parser.add_argument("--nlist", type=int, default=1024)
    parser.add_argument("--nprobe", default="4,8,16,32,64,128")
    parser.add_argument("--oversampling", default="2,4,8,16")
    parser.add_argument("--quantization", default="pq")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=0.1)
    parser.add_argument("sets", nargs="+")
    arguments = parser.parse_args()
    for item in arguments.sets:
        compare(*item.split("=", 1), arguments)


if __name__ == "__main__":
    main()
