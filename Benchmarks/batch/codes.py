"""Scans over codes beside faiss: 4-bit product codes with the same centroids and the same codes on both sides, and RaBitQ."""
import ctypes
import time

import faiss
import numpy as np

TRAINING = 50_000


def pointer(array):
    return ctypes.c_void_p(array.ctypes.data)


class Library:
    def __init__(self, path):
        self.library = ctypes.CDLL(path)
        self.library.jade_level_name.restype = ctypes.c_char_p
        for name in ("jb_fastscan", "jb_rabitq_encode", "jb_rabitq_search"):
            getattr(self.library, name).restype = ctypes.c_uint64
        self.library.jade_kernels_for.restype = ctypes.c_void_p
        numbers = range(64)
        names = [self.library.jade_level_name(number) for number in numbers]
        self.levels = {name.decode(): number for number, name in zip(numbers, names) if name and self.library.jade_kernels_for(number)}
        self.best = list(self.levels.values())[-1]


class FaissScan:
    """A faiss index, all queries in one call or one a call."""

    def __init__(self, index, queries, top_k, together):
        self.index, self.queries, self.top_k, self.together = index, queries, top_k, together

    def run(self):
        step = len(self.queries) if self.together else 1
        start = time.process_time()
        parts = [self.index.search(self.queries[at:at + step], self.top_k)[1] for at in range(0, len(self.queries), step)]
        took = time.process_time() - start
        self.answer = np.concatenate(parts)
        return took

    def found(self):
        return self.answer


class FastScan:
    """Our scan over the codes and centroids of a faiss IndexPQ."""

    def __init__(self, lib, pq, codes, queries, top_k, level, together):
        self.lib, self.queries, self.top_k, self.level, self.together = lib, queries, top_k, level, together
        self.subspaces, self.sub_dimension, self.rows = pq.M, pq.dsub, len(codes)
        theirs = faiss.vector_to_array(pq.centroids).reshape(pq.M, 16, pq.dsub)
        self.centroids = np.ascontiguousarray(theirs.transpose(0, 2, 1))
        self.blocks = np.zeros((len(codes) + 31) // 32 * 16 * pq.M, dtype=np.uint8)
        lib.library.jade_pq4_pack(
            pointer(codes), ctypes.c_size_t(codes.shape[1]), ctypes.c_size_t(len(codes)), ctypes.c_size_t(pq.M), pointer(self.blocks))
        self.answer = np.empty((len(queries), top_k), dtype=np.uint32)

    def run(self):
        step = len(self.queries) if self.together else 1
        size = ctypes.c_size_t
        return sum(
            self.lib.library.jb_fastscan(
                self.level, pointer(self.centroids), size(self.subspaces), size(self.sub_dimension), pointer(self.blocks), size(self.rows),
                pointer(self.queries[at:]), size(min(step, len(self.queries) - at)), size(self.top_k), pointer(self.answer[at:]))
            for at in range(0, len(self.queries), step)) * 1e-9

    def found(self):
        return self.answer


class RaBitQ:
    """Our codes of one bit a component around the mean, after a fast rotation."""

    def __init__(self, lib, rows, queries, top_k, level, bits):
        self.lib, self.queries, self.top_k, self.level, self.bits, self.rows = lib, queries, top_k, level, bits, len(rows)
        self.dimension = dimension = rows.shape[1]
        self.rounds = 3 if dimension & (dimension - 1) == 0 else 4
        self.signs = np.random.default_rng(3).integers(0, 256, self.rounds * ((dimension + 7) // 8), dtype=np.uint8)
        self.center = rows.mean(0, dtype=np.float64).astype(np.float32)
        self.codes = np.empty(len(rows) * (16 + (dimension + 127) // 128 * 16), dtype=np.uint8)
        size = ctypes.c_size_t
        self.encode_seconds = 1e-9 * lib.library.jb_rabitq_encode(
            level, size(dimension), size(self.rounds), pointer(self.signs), pointer(self.center), pointer(rows), size(len(rows)),
            pointer(self.codes))
        self.answer = np.empty((len(queries), top_k), dtype=np.uint32)

    def run(self):
        size = ctypes.c_size_t
        return 1e-9 * self.lib.library.jb_rabitq_search(
            self.level, size(self.dimension), size(self.rounds), pointer(self.signs), pointer(self.center), pointer(self.codes), size(self.rows),
            ctypes.c_uint32(self.bits), pointer(self.queries), size(len(self.queries)), size(self.top_k), pointer(self.answer))

    def found(self):
        return self.answer


def fastscan_sides(lib, rows, queries, top_k, together):
    """Half as many subspaces as dimensions: 2 bits a component."""
    subspaces = rows.shape[1] // 2
    exact = faiss.IndexPQ(rows.shape[1], subspaces, 4)
    exact.pq.cp.seed = 1
    exact.train(rows[:TRAINING])
    codes = exact.pq.compute_codes(rows)
    theirs = faiss.IndexPQFastScan(rows.shape[1], subspaces, 4)
    theirs.pq = exact.pq
    theirs.is_trained = True
    theirs.add(rows)
    sides = {"faiss": FaissScan(theirs, queries, top_k, together)}
    for level in ("avx2", list(lib.levels)[-1]):
        if level in lib.levels:
            sides[f"jade {level}"] = FastScan(lib, exact.pq, codes, queries, top_k, lib.levels[level], together)
    return sides


def rabitq_sides(lib, rows, queries, top_k, bits=4):
    """faiss rotates by a matrix that it multiplies by; ours by sign flips and fast transforms. Both are part of the search."""
    dimension = rows.shape[1]
    sides = {}
    for name, inner in (("faiss", faiss.IndexRaBitQ(dimension, faiss.METRIC_L2)), ("faiss fast-scan", faiss.IndexRaBitQFastScan(dimension, faiss.METRIC_L2))):
        inner.qb = bits
        rotation = faiss.RandomRotationMatrix(dimension, dimension)
        rotation.init(3)
        index = faiss.IndexPreTransform(rotation, inner)
        index.train(rows[:TRAINING])
        start = time.process_time()
        index.add(rows)
        sides[name] = FaissScan(index, queries, top_k, True)
        sides[name].encode_seconds = time.process_time() - start
        sides[name].keep = (inner, rotation)
    for level in ("avx2", list(lib.levels)[-1]):
        if level in lib.levels:
            sides[f"jade {level}"] = RaBitQ(lib, rows, queries, top_k, lib.levels[level], bits)
    return sides
