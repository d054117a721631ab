"""libjadebench: our kernels by name and level, and the timed loops (native/bench.h)."""
import ctypes

ONE, MANY, GATHER, PEER, LOAD = range(5)
HOT, ROWS, RANDOM = range(3)
pointer, size = ctypes.c_void_p, ctypes.c_size_t


class Work(ctypes.Structure):
    """`struct jb_work`."""

    _fields_ = [
        ("kind", ctypes.c_uint32), ("pattern", ctypes.c_uint32), ("width", ctypes.c_uint32), ("ahead", ctypes.c_uint32),
        ("function", pointer), ("query", pointer), ("base", pointer), ("query_bytes", size), ("row_bytes", size), ("rows", size),
        ("dimension", size), ("ordinals", pointer), ("per_call", size), ("cursor", pointer), ("out", pointer),
    ]


class Tiles(ctypes.Structure):
    """`struct jb_tiles`."""

    _fields_ = [(name, pointer) for name in ("function", "queries", "rows", "packed", "out")] + [
        (name, size) for name in ("query_count", "row_count", "dimension", "row_bytes", "result_bytes")]


class Origin(ctypes.Structure):
    _fields_ = [("kernel", ctypes.c_char_p), ("level", ctypes.c_char_p)]


class Native:
    def __init__(self, path):
        self.library = library = ctypes.CDLL(path)
        library.jb_sample.restype = ctypes.c_uint64
        library.jb_sample.argtypes = [ctypes.POINTER(Work), size]
        library.jb_memory.restype = pointer
        library.jb_memory.argtypes = [size]
        library.jb_fill.argtypes = [pointer, size, ctypes.c_char_p]
        library.jb_fill_heads.argtypes = [pointer, size, size]
        library.jb_ordinals.argtypes = [pointer, size, size, ctypes.c_uint64]
        library.jb_peak.restype = ctypes.c_double
        library.jb_peak.argtypes = [ctypes.c_char_p, size, ctypes.POINTER(ctypes.c_uint64)]
        library.jb_tiles_bytes.restype = ctypes.c_uint64
        library.jb_tiles_bytes.argtypes = [size, size, size]
        library.jb_tiles_pack.argtypes = [pointer, ctypes.POINTER(Tiles)]
        library.jb_tiles_sample.restype = ctypes.c_uint64
        library.jb_tiles_sample.argtypes = [ctypes.POINTER(Tiles), size]
        library.jade_level_name.restype = ctypes.c_char_p
        library.jade_kernels_for.restype = pointer
        library.jade_kernel_origin_at.restype = ctypes.POINTER(Origin)
        library.jade_kernel_origin_at.argtypes = [ctypes.c_uint32, size]
        library.jade_kernel_function.restype = pointer
        library.jade_kernel_function.argtypes = [ctypes.c_uint32, ctypes.c_char_p]
        self.levels = self._levels()
        self.origins = {level: self._origins(number) for level, number in self.levels.items()}

    def _levels(self):
        """Those that this machine runs, lowest first: name to number."""
        found, number = {}, 0
        while (name := self.library.jade_level_name(number)):
            if self.library.jade_kernels_for(number):
                found[name.decode()] = number
            number += 1
        return found

    def _origins(self, level):
        """Kernel with shape to the level that it comes from."""
        found, index = {}, 0
        while (origin := self.library.jade_kernel_origin_at(level, index)):
            found[origin.contents.kernel.decode()] = origin.contents.level.decode()
            index += 1
        return found

    @property
    def best(self):
        return list(self.levels)[-1]

    def distances(self):
        """`l2sq_f32` and so on: every kernel that has the three shapes of a distance."""
        names = self.origins[self.best]
        return [n[:-4] for n in names if n.endswith("_one") and n[:-3] + "many" in names and n[:-3] + "gather" in names]

    def tiles(self):
        """`tiles_f32` and so on: those of products."""
        return [n[:-5] for n in self.origins[self.best] if n.startswith("tiles_") and n.endswith("_ndot")]

    def function(self, kernel, shape, level):
        return self.library.jade_kernel_function(self.levels[level], f"{kernel}_{shape}".encode())

    def memory(self, count):
        address = self.library.jb_memory(count)
        if not address:
            raise MemoryError(f"no {count} bytes of memory to measure in")
        return address

    def peak(self, name, repeats=200_000, times=9):
        """Operations a nanosecond, the best of several times; None without such an instruction."""
        best = None
        for _ in range(times):
            nanoseconds = ctypes.c_uint64()
            operations = self.library.jb_peak(name.encode(), repeats, ctypes.byref(nanoseconds))
            if operations:
                best = max(best or 0, operations / nanoseconds.value)
        return best
