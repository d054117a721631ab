"""Many-to-many products of queries and rows that lie in the caches: ours beside numkong's packed products."""
import ctypes

import cases
import native
import rounds

QUERIES, ROWS = 256, 256
RESULT_BYTES = {"f32": 8}


class Tile:
    def __init__(self, lib, memory, kernel, dimension):
        self.lib, self.memory, self.kernel, self.dimension = lib, memory, kernel, dimension
        self.element = kernel.rpartition("_")[2]
        self.row_bytes = cases.row_bytes(kernel, dimension)
        self.sides, self.origins, self.kept = {}, {}, []
        self.out = self._room(QUERIES * ROWS * 8)

    def _room(self, size):
        """Memory at a multiple of 64, kept as long as this."""
        buffer = ctypes.create_string_buffer(size + 64)
        self.kept.append(buffer)
        return (ctypes.addressof(buffer) + 63) // 64 * 64

    def _work(self, function, packed, result_bytes):
        rows = self.memory.address + (1 << 20)
        return native.Tiles(
            function=function, queries=self.memory.address, rows=rows, packed=packed, out=self.out, query_count=QUERIES, row_count=ROWS,
            dimension=self.dimension, row_bytes=self.row_bytes, result_bytes=result_bytes)

    def add_jade(self, levels):
        seen = set()
        for level in reversed(levels):
            function = self.lib.function(self.kernel, "ndot", level)
            if function in seen:
                continue
            seen.add(function)
            component = cases.ELEMENT_BITS[self.element] // 8
            packed = self._room(self.lib.library.jb_tiles_bytes(QUERIES, self.dimension, component))
            work = self._work(function, packed, 0)
            self.lib.library.jb_tiles_pack(self.lib.function(self.kernel, "pack", level), ctypes.byref(work))
            self.sides[f"jade/{level}"] = work
            self.origins[f"jade/{level}"] = self.lib.origins[level][f"{self.kernel}_ndot"]

    def add_peer(self, peer, forced=None):
        found = peer.packed(self.element, forced)
        if not found or (forced and found[3] != forced):
            return
        bytes_of, pack, multiply, level = found
        size, pointer = ctypes.c_size_t, ctypes.c_void_p
        packed = self._room(ctypes.CFUNCTYPE(size, size, size)(bytes_of)(QUERIES, self.dimension))
        ctypes.CFUNCTYPE(None, pointer, size, size, size, pointer)(pack)(self.memory.address, QUERIES, self.dimension, self.row_bytes, packed)
        name = f"{peer.name}/{forced}" if forced else peer.name
        self.sides[name] = self._work(multiply, packed, RESULT_BYTES.get(self.element, 4))
        self.origins[name] = level

    def measure(self, count, microseconds):
        """Nanoseconds of a pair of query and row."""
        def side(work):
            once = min(self.lib.library.jb_tiles_sample(ctypes.byref(work), 1) for _ in range(2))
            repeats = max(1, round(microseconds * 1000 / once))
            return lambda: self.lib.library.jb_tiles_sample(ctypes.byref(work), repeats) / (repeats * QUERIES * ROWS)
        return rounds.take_turns({name: side(work) for name, work in self.sides.items()}, count)
