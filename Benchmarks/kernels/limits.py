"""What the machine allows at most, measured in the same run: loads from each cache and from memory, arithmetic on registers."""
import ctypes

import native

WIDTHS = {"serial": 16, "avx2": 32, "neon": 16, "neondot": 16}
PREFETCH_BYTES = (0, 512, 1024, 2048, 4096)
PREFETCH_ROWS = (4, 8, 16, 32)


def width(level):
    """Bytes of a level's vectors."""
    return WIDTHS.get(level, 64)


class Limits:
    def __init__(self, lib, memory):
        self.lib, self.memory = lib, memory
        self.peaks = {name: lib.peak(name) for name in ("fma", "fma_avx2", "vnni", "bf16", "popcount", "amx_i8", "amx_bf16")}
        self.peaks = {name: peak for name, peak in self.peaks.items() if peak}
        self.rows_ahead = {}
        self.bytes_ahead = self._best_bytes_ahead()
        self.loads = self._bandwidth()

    def arithmetic(self, kernel, pattern, level, dimension):
        """Nanoseconds that the arithmetic of one distance takes at least; 0 where no loop here says."""
        family, _, element = kernel.rpartition("_")
        wide = width(level) == 64
        floats = max(self.peaks.get("fma_avx2", 0), self.peaks["fma"]) if wide or width(level) == 16 else self.peaks.get("fma_avx2", 0)
        sums = {"cosine": 3 if pattern == "hot" else 2}.get(family, 1)
        if family == "l1":
            return 0
        if element == "bf16" and wide and family in ("dot", "ndot", "cosine"):
            floats = max(floats, self.peaks.get("bf16", 0))
        if element in ("i8", "u8"):
            floats = self.peaks.get("vnni", 0) if wide else 0
        if element == "b1":
            floats = self.peaks.get("popcount", 0) if wide else 0
        return sums * dimension / floats if floats else 0

    def tiles(self, kernel, level):
        """Multiplications with additions a nanosecond of the unit that suits an element type best."""
        element = kernel.rpartition("_")[2]
        units = {"f32": ("fma", "fma_avx2"), "f16": ("fma", "fma_avx2"), "bf16": ("amx_bf16", "bf16", "fma"), "i8": ("amx_i8", "vnni", "fma"), "u8": ("amx_i8", "vnni", "fma")}[element]
        return max(self.peaks.get(unit, 0) for unit in units)

    def pair(self, case):
        """Nanoseconds that the loads of one pair in the first-level cache take at least, by whichever width is best."""
        work = case.work(native.LOAD, None)
        return min((-(-work.query_bytes // width) - (-work.row_bytes // width)) * width / places["L1"] for width, places in self.loads.items())

    def _bandwidth(self):
        """Bytes a nanosecond of loads from each cache (half of it in use) and from memory, for every width."""
        found = {}
        levels = {level: width(level) for level in self.lib.levels}
        for bytes_wide in sorted(set(levels.values())):
            places = {"L1": 16 << 10, "L2": 256 << 10, "L3": 8 << 20, "memory": None}
            found[bytes_wide] = {place: self._load(size, bytes_wide) for place, size in places.items()}
        return found

    def _load(self, region, bytes_wide, times=9):
        rows, row_bytes = ((region // 4096, 4096) if region else (self.memory.bytes // 4096, 4096))
        cursor = ctypes.c_size_t(0)
        work = native.Work(
            kind=native.LOAD, pattern=native.ROWS, width=bytes_wide, ahead=0 if region else self.bytes_ahead, base=self.memory.address,
            row_bytes=row_bytes, rows=rows, per_call=rows, cursor=ctypes.addressof(cursor))
        units = rows * max(1, (1 << 20) // rows // 256) if region else 16 << 10
        return max(units * row_bytes / self.lib.library.jb_sample(ctypes.byref(work), units) for _ in range(times))

    def _best_bytes_ahead(self):
        speeds = {}
        for ahead in PREFETCH_BYTES:
            self.bytes_ahead = ahead
            speeds[ahead] = self._load(None, width(self.lib.best), times=5)
        return max(speeds, key=speeds.get)

    def best_rows_ahead(self, work):
        """How far ahead rows of this size are best prefetched by a loop that only loads."""
        if work.row_bytes not in self.rows_ahead:
            times = {}
            for ahead in PREFETCH_ROWS:
                work.ahead = ahead
                units = max(200, 1_000_000 // work.row_bytes) // 4 * 4
                times[ahead] = min(self.lib.library.jb_sample(ctypes.byref(work), units) for _ in range(5))
            self.rows_ahead[work.row_bytes] = min(times, key=times.get)
        return self.rows_ahead[work.row_bytes]
