"""OpenBLAS of the distribution through cblas_sgemm: what the products alone of a batch search take."""
import ctypes
import os
import time

import numpy as np

ROW_MAJOR, PLAIN, TRANSPOSED = 101, 111, 112


def name_processor():
    """Older versions take processors they do not know for very old ones; told the type, they use AVX-512. Called when faiss, which brings
    its own OpenBLAS, has been loaded: what it makes of the processor by itself is what its users get."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with open("/proc/cpuinfo") as file:
        if " avx512f " in file.read():
            os.environ.setdefault("OPENBLAS_CORETYPE", "SkylakeX")


def faiss_core():
    """The processor that faiss's own OpenBLAS computes for."""
    with open("/proc/self/maps") as file:
        paths = {line.split()[-1] for line in file if "faiss" in line and "openblas" in line}
    for path in paths:
        library = ctypes.CDLL(path)
        library.openblas_get_corename.restype = ctypes.c_char_p
        return library.openblas_get_corename().decode()
    return "unknown"


class Products:
    """Products of all queries with all rows, a block at a time into the same memory."""

    def __init__(self):
        self.library = ctypes.CDLL("libopenblas.so.0")
        self.library.openblas_get_corename.restype = ctypes.c_char_p
        self.name = f"OpenBLAS sgemm ({self.library.openblas_get_corename().decode()})"
        self.blocks = None

    def run(self, queries, rows, blocks=None):
        """Seconds of processor time."""
        block_queries, block_rows = blocks or self.blocks or self._best_blocks(queries, rows)
        out = np.empty((block_queries, block_rows), dtype=np.float32)
        start = time.process_time()
        for first in range(0, len(rows), block_rows):
            count = min(block_rows, len(rows) - first)
            for query in range(0, len(queries), block_queries):
                self._multiply(queries[query:query + block_queries], rows[first:first + count], out)
        return time.process_time() - start

    def _multiply(self, a, b, out):
        self.library.cblas_sgemm(
            ROW_MAJOR, PLAIN, TRANSPOSED, len(a), len(b), a.shape[1], ctypes.c_float(1), ctypes.c_void_p(a.ctypes.data), a.shape[1],
            ctypes.c_void_p(b.ctypes.data), b.shape[1], ctypes.c_float(0), ctypes.c_void_p(out.ctypes.data), out.shape[1])

    def _best_blocks(self, queries, rows):
        """The fastest of several sizes on a part of the work."""
        part_queries, part_rows = queries[:1024], rows[:32768]
        sizes = [(64, 4096), (256, 1024), (256, 4096), (1024, 1024), (1024, 4096), (1024, 16384)]
        self.blocks = min(sizes, key=lambda size: min(self.run(part_queries, part_rows, size) for _ in range(2)))
        return self.blocks
