"""Vectors to search: files, or made up with the low intrinsic dimension that real ones have."""
import numpy as np


def load(path):
    """Rows of an .npy, .fvecs, .bvecs or .ivecs file, as numbers of its own kind."""
    if path.endswith(".npy"):
        return np.load(path)
    kind = {"fvecs": np.float32, "ivecs": np.int32, "bvecs": np.uint8}[path.rsplit(".", 1)[1]]
    raw = np.fromfile(path, dtype=np.uint8)
    width = int(raw[:4].view(np.int32)[0]) * np.dtype(kind).itemsize + 4
    return np.ascontiguousarray(raw.reshape(-1, width)[:, 4:]).view(kind)


def synthetic(rows, dimension, queries, clusters=256, inner=24, seed=5):
    """Clusters that each lie in a random subspace of a few dimensions with decaying variance, with a little noise in all."""
    random = np.random.default_rng(seed)
    centres = random.standard_normal((clusters, dimension), dtype=np.float32)
    bases = random.standard_normal((clusters, inner, dimension), dtype=np.float32) * (0.85 ** np.arange(inner, dtype=np.float32))[:, None] / 4
    made = np.empty((rows + queries, dimension), dtype=np.float32)
    owner = random.integers(clusters, size=len(made))
    for cluster in range(clusters):
        mine = np.flatnonzero(owner == cluster)
        noise = random.standard_normal((len(mine), dimension), dtype=np.float32) * np.float32(0.02)
        made[mine] = centres[cluster] + random.standard_normal((len(mine), inner), dtype=np.float32) @ bases[cluster] + noise
    return made[:rows], made[rows:]


def agreement(found, truth, k):
    """The part of the k of each query that the other has too."""
    return sum(len(set(a[:k]) & set(b[:k])) for a, b in zip(found.tolist(), truth.tolist())) / (k * len(found))


def kth_smallest(rows, queries, k, squared):
    """The k-th smallest distance of each query in double: squared Euclidean, or minus the product."""
    queries = queries.astype(np.float64)
    best = np.empty((len(queries), 0))
    for first in range(0, len(rows), 50_000):
        block = rows[first:first + 50_000].astype(np.float64)
        distances = -(queries @ block.T)
        if squared:
            distances = (queries**2).sum(1)[:, None] + (block**2).sum(1) + 2 * distances
        best = np.partition(np.hstack([best, distances]), min(k, best.shape[1] + len(block)) - 1, axis=1)[:, :k]
    return best.max(1)


def correct(found, rows, queries, kth, squared):
    """The part of what was found that is truly among the k closest, whichever of equal ones was taken."""
    right = 0
    for ordinals, query, limit in zip(found, queries.astype(np.float64), kth):
        block = rows[ordinals].astype(np.float64)
        distances = ((block - query)**2).sum(1) if squared else -(block @ query)
        right += int((distances <= limit + 1e-9 * max(1, abs(limit))).sum())
    return right / found.size
