#!/usr/bin/env python3
"""Lets our kernels of product codes and RaBitQ codes and faiss's take turns on the same rows; prints Markdown.

usage: compare.py --driver LIBRARY [--levels NAME,NAME] [--rounds N]

One thread on both sides, CPU time, medians; a ratio is theirs over ours. Codes of both sides come from faiss's centroids.
"""
import argparse
import ctypes
import statistics
import time

import faiss
import numpy as np

K = 10


class Product(ctypes.Structure):
    _fields_ = [("level", ctypes.c_uint32), ("centroids", ctypes.c_void_p), ("m", ctypes.c_size_t), ("sub", ctypes.c_size_t)]


class Binary(ctypes.Structure):
    _fields_ = [("level", ctypes.c_uint32), ("bits", ctypes.c_uint32), ("query_bits", ctypes.c_uint32), ("d", ctypes.c_size_t)]


def pointer(array):
    return ctypes.c_void_p(array.ctypes.data)


def size(number):
    return ctypes.c_size_t(number)


def aligned(count):
    """`count` bytes at a multiple of 64."""
    memory = np.zeros(count + 64, np.uint8)
    return memory[-memory.ctypes.data % 64 :][:count]


def recall(found, wanted):
    return np.mean([len(set(a) & set(b)) / len(b) for a, b in zip(found, wanted)])


class Comparison:
    def __init__(self, driver, levels, rounds):
        self.driver, self.rounds = driver, rounds
        driver.jade_level_name.restype = ctypes.c_char_p
        names = {}
        while (name := driver.jade_level_name(ctypes.c_uint32(len(names)))) is not None:
            names[name.decode()] = len(names)
        self.levels = {name: names[name] for name in levels}
        print("| what | level | ours ns a row | faiss | ratio | least | largest | ours @10 | faiss @10 |")
        print("|---|---|---|---|---|---|---|---|---|")

    def run(self, what, level, work, ours, theirs, quality):
        times = ([], [])
        ours(), theirs()
        for turn in range(self.rounds):
            for side in (0, 1) if turn % 2 else (1, 0):
                start = time.process_time()
                (ours, theirs)[side]()
                times[side].append((time.process_time() - start) / work * 1e9)
        ratios = [b / a for a, b in zip(*times)]
        cells = [what, level, *(f"{statistics.median(t):.3f}" for t in times)]
        cells += [f"{r:.2f}" for r in (statistics.median(ratios), min(ratios), max(ratios))]
        print("|", " | ".join(cells + [f"{q:.3f}" for q in quality]), "|", flush=True)

    def product(self, index, level, bits):
        """Our view of the centroids of a faiss index: component by component."""
        m, sub = index.pq.M, index.d // index.pq.M
        centroids = faiss.vector_to_array(index.pq.centroids).reshape(m, 1 << bits, sub).transpose(0, 2, 1)
        kept = np.ascontiguousarray(centroids, np.float32)
        return Product(level, kept.ctypes.data, m, sub), kept

    def fast_scan(self, rows, queries, m, truth):
        count, d = rows.shape
        index = faiss.IndexPQFastScan(d, m, 4)
        index.train(rows[:20000])
        index.add(rows)
        ids = np.zeros((len(queries), K), np.int64)
        blocks = aligned((count + 31) // 32 * 16 * m)
        for name, level in self.levels.items():
            product, kept = self.product(index, level, 4)
            self.driver.blocks_pq4(ctypes.byref(product), pointer(rows), size(count), pointer(blocks))

            def ours(batch, number):
                self.driver.search_pq4(
                    ctypes.byref(product), pointer(queries), size(number), size(batch), pointer(blocks), size(count), size(K), pointer(ids))

            few = min(len(queries), 16)
            ours(len(queries), len(queries))
            quality = recall(ids, truth), recall(index.search(queries, K)[1], truth)
            what = f"PQ4 fast scan, {count} x {d}, m = {m}, "
            alone = lambda: [index.search(queries[i : i + 1], K) for i in range(few)]
            self.run(what + "one query", name, few * count, lambda: ours(1, few), alone, quality)
            whole = lambda: ours(len(queries), len(queries))
            self.run(what + f"{len(queries)} queries", name, len(queries) * count, whole, lambda: index.search(queries, K), quality)

    def look_up(self, rows, queries, m, truth):
        count, d = rows.shape
        index = faiss.IndexPQ(d, m, 8)
        index.train(rows[:20000])
        index.add(rows)
        ids, codes = np.zeros((len(queries), K), np.int64), np.zeros((count, m), np.uint8)
        for name, level in self.levels.items():
            product, kept = self.product(index, level, 8)
            reference = ctypes.byref(product)
            encode = lambda: self.driver.encode_pq8(reference, pointer(rows), size(count), pointer(codes))
            search = lambda: self.driver.search_pq8(
                reference, pointer(queries), size(len(queries)), pointer(codes), size(count), size(K), pointer(ids))
            encode(), search()
            quality = recall(ids, truth), recall(index.search(queries, K)[1], truth)
            self.run(f"PQ8 encode, {d} d, m = {m}", name, count, encode, lambda: index.sa_encode(rows), quality)
            self.run(f"PQ8 look-up, {d} d, m = {m}", name, len(queries) * count, search, lambda: index.search(queries, K), quality)

    def rabitq(self, rows, queries, truth):
        """Without a rotation on either side: the rows have no direction that stands out."""
        count, d = rows.shape
        plain, scan = faiss.IndexRaBitQ(d), faiss.IndexRaBitQFastScan(d)
        for index in plain, scan:
            index.train(rows)
            index.add(rows)
            index.qb = 4
        ids = np.zeros((len(queries), K), np.int64)
        self.driver.bytes_rabitq.restype = ctypes.c_size_t
        for name, level in self.levels.items():
            for bits in 1, 4, 8:
                binary = Binary(level, bits, 4, d)
                codes = aligned(count * self.driver.bytes_rabitq(ctypes.byref(binary)))
                self.driver.encode_rabitq(ctypes.byref(binary), pointer(rows), size(count), pointer(codes))
                ours = lambda: self.driver.search_rabitq(
                    ctypes.byref(binary), pointer(queries), size(len(queries)), pointer(codes), size(count), size(K), pointer(ids))
                ours()
                for other, index in (("RaBitQ", plain), ("RaBitQ fast scan", scan)):
                    quality = recall(ids, truth), recall(index.search(queries, K)[1], truth)
                    what = f"RaBitQ {bits} bits, {count} x {d}, against {other} of 1 bit"
                    self.run(what, name, len(queries) * count, ours, lambda: index.search(queries, K), quality)


def clustered(random, count, d):
    """Rows and 64 queries around 1,000 centres."""
    centers = random.standard_normal((1000, d)).astype(np.float32)
    rows = centers[random.integers(0, 1000, count + 64)] + 0.5 * random.standard_normal((count + 64, d)).astype(np.float32)
    return rows[:count].copy(), rows[count:].copy()


def truth_of(rows, queries):
    index = faiss.IndexFlatL2(rows.shape[1])
    index.add(rows)
    return index.search(queries, K)[1]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--driver", required=True)
    parser.add_argument("--levels", default="avx2")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    faiss.omp_set_num_threads(1)
    random = np.random.default_rng(1)
    comparison = Comparison(ctypes.CDLL(arguments.driver), arguments.levels.split(","), arguments.rounds)
    for count, d, subspaces in ((100_000, 128, (16, 32, 64)), (20_000, 768, (96,))):
        rows, queries = clustered(random, count, d)
        truth = truth_of(rows, queries)
        for m in subspaces:
            comparison.fast_scan(rows, queries, m, truth)
        part = rows[:20_000].copy()
        comparison.look_up(part, queries, subspaces[0], truth_of(part, queries))
        comparison.rabitq(rows, queries, truth)


if __name__ == "__main__":
    main()
