"""Scans over codes beside faiss: product codes of 4 and 8 bits, with the same centroids and the same codes on both sides, and RaBitQ."""
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
        for name in ("jb_fastscan", "jb_lookup", "jb_rabitq_encode", "jb_rabitq_search", "jb_rabitq_bytes"):
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


class Lookup:
    """Our look-up over the 8-bit codes and centroids of a faiss IndexPQ."""

    def __init__(self, lib, pq, codes, queries, top_k, level):
        self.lib, self.queries, self.top_k, self.level, self.codes = lib, queries, top_k, level, codes
        self.subspaces, self.sub_dimension = pq.M, pq.dsub
        theirs = faiss.vector_to_array(pq.centroids).reshape(pq.M, 256, pq.dsub)
        self.centroids = np.ascontiguousarray(theirs.transpose(0, 2, 1))
        self.answer = np.empty((len(queries), top_k), dtype=np.uint32)

    def run(self):
        size = ctypes.c_size_t
        return 1e-9 * self.lib.library.jb_lookup(
            self.level, pointer(self.centroids), size(self.subspaces), size(self.sub_dimension), pointer(self.codes), size(len(self.codes)),
            pointer(self.queries), size(len(self.queries)), size(self.top_k), pointer(self.answer))

    def found(self):
        return self.answer


class Space(ctypes.Structure):
    """`struct jb_rabitq`."""

    _fields_ = [("level", ctypes.c_uint32), ("bits", ctypes.c_uint32), ("query_bits", ctypes.c_uint32), ("dimension", ctypes.c_size_t),
                ("rounds", ctypes.c_size_t), ("signs", ctypes.c_void_p), ("center", ctypes.c_void_p)]


class RaBitQ:
    """Our codes around the mean, after a fast rotation."""

    def __init__(self, lib, rows, queries, top_k, level, bits, query_bits):
        self.lib, self.queries, self.top_k, self.rows = lib, queries, top_k, len(rows)
        dimension = rows.shape[1]
        rounds = 3 if dimension & (dimension - 1) == 0 else 4
        self.signs = np.random.default_rng(3).integers(0, 256, rounds * ((dimension + 7) // 8), dtype=np.uint8)
        self.center = rows.mean(0, dtype=np.float64).astype(np.float32)
        self.space = Space(level, bits, query_bits, dimension, rounds, self.signs.ctypes.data, self.center.ctypes.data)
        room = np.empty(len(rows) * lib.library.jb_rabitq_bytes(ctypes.byref(self.space)) + 64, dtype=np.uint8)
        self.codes = room[-room.ctypes.data % 64:]
        self.encode_seconds = 1e-9 * lib.library.jb_rabitq_encode(
            ctypes.byref(self.space), pointer(rows), ctypes.c_size_t(len(rows)), pointer(self.codes))
        self.answer = np.empty((len(queries), top_k), dtype=np.uint32)

    def run(self):
        size = ctypes.c_size_t
        return 1e-9 * self.lib.library.jb_rabitq_search(
            ctypes.byref(self.space), pointer(self.codes), size(self.rows), pointer(self.queries), size(len(self.queries)), size(self.top_k),
            pointer(self.answer))

    def found(self):
        return self.answer


def forced_and_best(lib):
    """avx2, where there is something above it, and the best level."""
    return list(dict.fromkeys(level for level in ("avx2", list(lib.levels)[-1]) if level in lib.levels))


def fastscan_sides(lib, rows, queries, top_k, together):
    """4 bits for every two dimensions."""
    subspaces = rows.shape[1] // 2
    exact = trained(rows, subspaces, 4)
    codes = exact.pq.compute_codes(rows)
    theirs = faiss.IndexPQFastScan(rows.shape[1], subspaces, 4)
    theirs.pq = exact.pq
    theirs.is_trained = True
    theirs.add(rows)
    sides = {"faiss": FaissScan(theirs, queries, top_k, together)}
    for level in forced_and_best(lib):
        sides[f"jade {level}"] = FastScan(lib, exact.pq, codes, queries, top_k, lib.levels[level], together)
    return sides


def trained(rows, subspaces, bits):
    index = faiss.IndexPQ(rows.shape[1], subspaces, bits)
    index.pq.cp.seed = 1
    index.train(rows[:TRAINING])
    return index


def lookup_sides(lib, rows, queries, top_k):
    """8 bits for every eight dimensions."""
    theirs = trained(rows, rows.shape[1] // 8, 8)
    theirs.add(rows)
    codes = theirs.pq.compute_codes(rows)
    sides = {"faiss": FaissScan(theirs, queries, top_k, True)}
    for level in forced_and_best(lib):
        sides[f"jade {level}"] = Lookup(lib, theirs.pq, codes, queries, top_k, lib.levels[level])
    return sides


def faiss_rabitq(kind, rows, queries, top_k, query_bits):
    dimension = rows.shape[1]
    inner = kind(dimension, faiss.METRIC_L2)
    inner.qb = query_bits
    rotation = faiss.RandomRotationMatrix(dimension, dimension)
    rotation.init(3)
    index = faiss.IndexPreTransform(rotation, inner)
    index.train(rows[:TRAINING])
    start = time.process_time()
    index.add(rows)
    scan = FaissScan(index, queries, top_k, True)
    scan.encode_seconds = time.process_time() - start
    scan.kept = (inner, rotation)
    return scan


def rabitq_sides(lib, rows, queries, top_k, query_bits=4):
    """faiss rotates by a matrix that it multiplies by; ours by sign flips and fast transforms. Both are part of the search."""
    sides = {
        "faiss": faiss_rabitq(faiss.IndexRaBitQ, rows, queries, top_k, query_bits),
        "faiss fast-scan": faiss_rabitq(faiss.IndexRaBitQFastScan, rows, queries, top_k, query_bits),
    }
    for level in forced_and_best(lib):
        for bits in range(1, 9) if level == list(lib.levels)[-1] else (1,):
            name = f"jade {level}" + (f", {bits} bits" if bits > 1 else "")
            sides[name] = RaBitQ(lib, rows, queries, top_k, lib.levels[level], bits, query_bits)
    return sides
