"""Exact search of many queries at once: the index beside faiss's IndexFlat and beside the matrix products alone."""
import json
import os
import subprocess
import sys
import time

import faiss
import numpy as np

import vectors

SPACES = {"euclidean": faiss.METRIC_L2, "dot": faiss.METRIC_INNER_PRODUCT, "cosine": faiss.METRIC_INNER_PRODUCT}


class Jade:
    """`jadevectordb bench batch`: a process that holds the rows and waits for a line before each round."""

    def __init__(self, program, files, metric, top_k, out, screened):
        self.answers = os.path.join(out, f"answers-{screened}.i32")
        self.top_k = top_k
        command = [program, "bench", "batch", "--base", files["base"], "--queries", files["queries"], "--metric", metric,
                   "--top-k", str(top_k), "--rounds", "1000", "--answers", self.answers, "--paced"] + (["--coded"] if screened else [])
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        line = self.process.stderr.readline()
        if line.strip() != "ready":
            sys.exit(line + self.process.stderr.read())

    def run(self):
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        self.point = json.loads(self.process.stdout.readline())
        return self.point["cpu_seconds"]

    def found(self):
        return np.fromfile(self.answers, dtype=np.int32).reshape(-1, self.top_k)

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        os.remove(self.answers)


class Flat:
    """faiss multiplies matrices from so many components of queries on, and goes row by row below; `threshold` changes that."""

    def __init__(self, index, queries, top_k, threshold=None):
        self.index, self.queries, self.top_k = index, queries, top_k
        self.threshold = threshold or faiss.cvar.distance_compute_blas_threshold

    def run(self):
        faiss.cvar.distance_compute_blas_threshold = self.threshold
        start = time.process_time()
        self.answer = self.index.search(self.queries, self.top_k)[1]
        return time.process_time() - start

    def found(self):
        return self.answer


def unit(values):
    return values / np.maximum(np.linalg.norm(values, axis=1, keepdims=True), np.float32(1e-30))


def sides(options, files, rows, queries, metric, products):
    """Every side as a function of no arguments that gives seconds, and what it found."""
    given = (unit(rows), unit(queries)) if metric == "cosine" else (rows, queries)
    index = faiss.IndexFlat(rows.shape[1], SPACES[metric])
    index.add(given[0])
    found = {"faiss Flat": Flat(index, given[1], options.top_k)}
    if given[1].size < found["faiss Flat"].threshold:
        found["faiss Flat by products"] = Flat(index, given[1], options.top_k, threshold=1)
    found |= {
        "jade": Jade(options.jade, files, metric, options.top_k, options.out, screened=False),
    }
    if options.coded:
        found["jade with codes"] = Jade(options.jade, files, metric, options.top_k, options.out, screened=True)
    runs = {name: side.run for name, side in found.items()}
    return {**runs, products.name: lambda: products.run(given[1], given[0])}, found


CHECKED = 500


def describe(found, rows, queries, metric, top_k):
    """What part of each answer is right, against distances in double, of as many queries as that takes seconds for."""
    squared = metric == "euclidean"
    queries = queries[:CHECKED]
    given = (unit(rows), unit(queries)) if metric == "cosine" else (rows, queries)
    kth = vectors.kth_smallest(*given, top_k, squared)
    return {name: vectors.correct(side.found()[:CHECKED], *given, kth, squared) for name, side in found.items()}
