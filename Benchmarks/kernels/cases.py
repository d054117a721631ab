"""A case is a kernel, a dimension and a pattern of rows; its sides are our levels, the peers, and the bare loads."""
import ctypes
import math

import limits
import native
import rounds

PATTERNS = ("hot", "cached", "sequential", "gather")
ELEMENT_BITS = {"f32": 32, "f16": 16, "bf16": 16, "i8": 8, "u8": 8, "b1": 1, "sq8": 8, "sq4": 4}
CODES = ("sq8", "sq4")
HOT_BYTES, CACHED_BYTES = 12 << 10, 256 << 10
ROWS_A_CALL, ORDINALS_A_CALL, NEIGHBOURS = 4096, 256, 32
ORDINALS = 1 << 20


def row_bytes(kernel, dimension):
    """Bytes of a row; None for an element type that is not known here."""
    element = kernel.rpartition("_")[2]
    if element not in ELEMENT_BITS:
        return None
    return (dimension * ELEMENT_BITS[element] + 7) // 8 + (8 if element in CODES else 0)


class Memory:
    """Rows, a query beside them, and what the loops need."""

    def __init__(self, lib, megabytes):
        self.lib, self.bytes = lib, megabytes * 1_000_000
        self.address, self.query = lib.memory(self.bytes), lib.memory(1 << 20)
        self.ordinals = (ctypes.c_uint32 * (ORDINALS + 64))()
        self.out = (ctypes.c_float * ROWS_A_CALL)()
        self.cursor = ctypes.c_size_t(0)
        self.filled = None
        self.seed = 1

    def fill(self, kernel, dimension):
        element = kernel.rpartition("_")[2]
        wanted = (element, dimension if element in CODES else 0)
        if wanted == self.filled:
            return
        self.lib.library.jb_fill(self.address, self.bytes, element.encode())
        self.lib.library.jb_fill(self.query, 1 << 16, b"f32" if element in CODES else element.encode())
        if element in CODES:
            stride = row_bytes(kernel, dimension)
            self.lib.library.jb_fill_heads(self.address, stride, self.bytes // stride)
        self.filled = wanted

    def shuffle(self, rows):
        self.seed += 1
        self.lib.library.jb_ordinals(ctypes.addressof(self.ordinals), ORDINALS + 64, rows, self.seed)


class Case:
    def __init__(self, lib, memory, peers, limit, kernel, dimension, pattern):
        self.lib, self.memory, self.peers, self.limit = lib, memory, peers, limit
        self.kernel, self.dimension, self.pattern = kernel, dimension, pattern
        self.row_bytes = row_bytes(kernel, dimension)
        self.sides, self.origins = {}, {}

    def work(self, kind, function, **changes):
        rows = {"hot": max(2, HOT_BYTES // self.row_bytes), "cached": max(4, CACHED_BYTES // self.row_bytes)}
        codes = self.kernel.rpartition("_")[2] in CODES
        fields = {
            "kind": kind, "function": function, "query": self.memory.query, "base": self.memory.address, "row_bytes": self.row_bytes,
            "query_bytes": 4 * self.dimension if codes else self.row_bytes, "dimension": self.dimension,
            "rows": min(rows.get(self.pattern, 1 << 62), self.memory.bytes // self.row_bytes),
            "pattern": {"hot": native.HOT, "gather": native.RANDOM}.get(self.pattern, native.ROWS),
            "ordinals": ctypes.addressof(self.memory.ordinals), "out": ctypes.addressof(self.memory.out),
            "per_call": ORDINALS_A_CALL if self.pattern == "gather" else ROWS_A_CALL, "cursor": ctypes.addressof(self.memory.cursor),
        }
        return native.Work(**{**fields, **changes})

    def add_jade(self, levels):
        """Every level that has a function of its own; `gather` also by fewer ordinals and one by one."""
        shape, kind = {"hot": ("one", native.ONE), "gather": ("gather", native.GATHER)}.get(self.pattern, ("many", native.MANY))
        seen = set()
        for level in reversed(levels):
            function = self.lib.function(self.kernel, shape, level)
            if function in seen:
                continue
            seen.add(function)
            self.sides[f"jade/{level}"] = self.work(kind, function)
            self.origins[f"jade/{level}"] = self.lib.origins[level][f"{self.kernel}_{shape}"]
        if self.pattern == "gather":
            one = self.lib.function(self.kernel, "one", levels[-1])
            best = self.sides[f"jade/{levels[-1]}"]
            self.sides["jade/by 32"] = self.work(kind, best.function, per_call=NEIGHBOURS)
            self.sides["jade/one by one"] = self.work(native.ONE, one)

    def add_peers(self, forced):
        """Each peer as it chooses itself; with `forced`, held to that instruction set, if that is another function."""
        for peer in self.peers:
            own = peer.find(self.kernel)
            if not own:
                continue
            self._add_peer(peer, peer.name, own)
            held = peer.find(self.kernel, forced) if forced else None
            if held and held[1] == forced:
                self._add_peer(peer, f"{peer.name}/{forced}", held)
            if self.pattern == "gather":
                self._add_peer(peer, f"{peer.name}/prefetching", own, ahead=4)

    def _add_peer(self, peer, name, found, **changes):
        function, level = found
        self.sides[name] = self.work(native.PEER, function, dimension=peer.count(self.kernel, self.dimension), **changes)
        self.origins[name] = level

    def add_loads(self, levels):
        for level in levels:
            name = f"loads/{limits.width(level)}"
            if name not in self.sides:
                work = self.work(native.LOAD, None, width=limits.width(level))
                if self.pattern == "gather":
                    self.memory.shuffle(work.rows)
                    work.ahead = self.limit.best_rows_ahead(work)
                elif self.pattern == "sequential":
                    work.ahead = self.limit.bytes_ahead
                self.sides[name] = work

    def measure(self, count, microseconds):
        """Nanoseconds a row of each side, a list over the rounds."""
        units = {name: self._units(work, microseconds * 1000) // 4 * 4 or 4 if self.pattern == "gather" else self._units(work, microseconds * 1000)
                 for name, work in self.sides.items()}

        def side(name, work):
            def sample():
                if self.pattern == "gather":
                    self.memory.shuffle(work.rows)
                return self.lib.library.jb_sample(ctypes.byref(work), units[name]) / units[name]
            return sample

        return rounds.take_turns({name: side(name, work) for name, work in self.sides.items()}, count)

    def _units(self, work, nanoseconds):
        """How many rows take about so long."""
        step = work.rows if self.pattern == "hot" else 1
        units = step * max(1, 64 // step)
        if self.pattern == "gather":
            self.memory.shuffle(work.rows)
        # What is called for the first time takes so long that samples would become too short.
        for _ in range(3):
            self.lib.library.jb_sample(ctypes.byref(work), units)
        while True:
            took = self.lib.library.jb_sample(ctypes.byref(work), units)
            if took > nanoseconds / 4 or units >= ORDINALS // 4:
                break
            units *= 2
        wanted = min(units * nanoseconds / max(took, 1), ORDINALS)
        return step * max(1, math.ceil(wanted / step)) if step > 1 else max(64, int(wanted))

    def check(self):
        """Peers whose result for a pair of rows is another number than ours: name to both."""
        different = {}
        element = self.kernel.rpartition("_")[2]
        if element in CODES:
            return different
        one = ctypes.CFUNCTYPE(ctypes.c_float, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t)(
            self.lib.function(self.kernel, "one", self.lib.best))
        for peer in self.peers:
            found = peer.find(self.kernel)
            for row in range(8) if found else ():
                place = self.memory.address + (row + 1) * self.row_bytes
                ours, theirs = one(self.memory.query, place, self.dimension), peer.call(
                    found[0], self.kernel, self.memory.query, place, self.dimension)
                allowed = {"f32": 1e-4, "f16": 2e-2, "bf16": 2e-2}.get(element, 1e-3) * max(1, abs(ours))
                if not abs(ours - theirs) <= allowed:
                    different[peer.name] = (ours, theirs)
        return different
