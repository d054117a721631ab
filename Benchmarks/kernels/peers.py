"""simsimd and numkong: their own functions, taken from the shared objects of their Python packages, so that no Python stands in the
measured loop. Both find a kernel by metric, element type and allowed instruction sets; the numbers below are those of their headers."""
import ctypes

import numkong._numkong
import simsimd

TYPES = {"b1": 1 << 1, "i8": 1 << 2, "u8": 1 << 6, "f32": 1 << 11, "f16": 1 << 12, "bf16": 1 << 13}


class Peer:
    """A library and what it calls our families."""

    families = {}

    def find(self, kernel, allowed=None):
        """The function for `l2sq_f32` and the instruction set it is for; None where the library has none."""
        family, _, element = kernel.rpartition("_")
        if family not in self.families or element not in TYPES:
            return None
        function, level = ctypes.c_void_p(), self.capability(0)
        supported = self.capabilities()
        mask = supported if allowed is None else supported & (self.sets[allowed] | self.sets["serial"])
        self.lookup(ord(self.families[family]), TYPES[element], mask, ctypes.byref(function), ctypes.byref(level))
        names = {number: name for name, number in self.sets.items()}
        return (function.value, names.get(level.value, str(level.value))) if function.value else None

    def call(self, function, kernel, a, b, dimension):
        """One result as a number."""
        result = self.result(kernel)()
        call = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_void_p)(function)
        call(a, b, self.count(kernel, dimension), ctypes.byref(result))
        return result.value


class SimSIMD(Peer):
    name, version = "simsimd", simsimd.__version__
    families = {"l2sq": "e", "dot": "i", "cosine": "c", "hamming": "h", "jaccard": "j"}
    sets = {"serial": 1, "haswell": 1 << 10, "skylake": 1 << 11, "ice": 1 << 12, "genoa": 1 << 13, "sapphire": 1 << 14,
            "turin": 1 << 15, "sierra": 1 << 16, "neon": 1 << 20, "neon_f16": 1 << 21, "neon_bf16": 1 << 22, "neon_i8": 1 << 23}
    capability = ctypes.c_int

    def __init__(self):
        self.library = ctypes.CDLL(simsimd.__file__)
        self.capabilities = self.library.simsimd_capabilities

    def lookup(self, metric, element, mask, function, level):
        self.library.simsimd_find_kernel_punned(metric, element, mask, mask, function, level)

    @staticmethod
    def count(kernel, dimension):
        return (dimension + 7) // 8 if kernel.endswith("_b1") else dimension

    @staticmethod
    def result(kernel):
        return ctypes.c_double


class NumKong(Peer):
    name, version = "numkong", numkong.__version__
    families = {"l2sq": "2", "dot": "i", "cosine": "a", "hamming": "h", "jaccard": "j"}
    sets = {"serial": 1, "neon": 1 << 1, "haswell": 1 << 2, "skylake": 1 << 3, "neonhalf": 1 << 4, "neonsdot": 1 << 5,
            "icelake": 1 << 7, "genoa": 1 << 8, "alder": 1 << 13, "sapphire": 1 << 17, "sapphireamx": 1 << 18,
            "turin": 1 << 23, "sierra": 1 << 34, "diamond": 1 << 38}
    capability = ctypes.c_uint64

    def __init__(self):
        self.library = ctypes.CDLL(numkong._numkong.__file__)
        self.capabilities = self.library.nk_capabilities
        self.capabilities.restype = ctypes.c_uint64
        self.library.nk_find_kernel_punned.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_uint64, ctypes.c_void_p, ctypes.c_void_p]

    def lookup(self, metric, element, mask, function, level):
        self.library.nk_find_kernel_punned(metric, element, mask, function, level)

    def packed(self, element, allowed=None):
        """Functions that give the bytes of packed queries, pack them and multiply; None where the library has none."""
        if element not in TYPES:
            return None
        supported = self.capabilities()
        mask = supported if allowed is None else supported & (self.sets[allowed] | self.sets["serial"])
        found = []
        for kind in "PQG":
            function, level = ctypes.c_void_p(), self.capability(0)
            self.lookup(ord(kind), TYPES[element], mask, ctypes.byref(function), ctypes.byref(level))
            found.append(function.value)
        self.library.nk_configure_thread(ctypes.c_uint64(supported))
        names = {number: name for name, number in self.sets.items()}
        return (*found, names.get(level.value, str(level.value))) if all(found) else None

    @staticmethod
    def count(kernel, dimension):
        return dimension

    @staticmethod
    def result(kernel):
        family, _, element = kernel.rpartition("_")
        if family == "hamming":
            return ctypes.c_uint32
        if family in ("jaccard", "cosine"):
            return ctypes.c_double if element == "f32" else ctypes.c_float
        if element in ("i8", "u8"):
            return ctypes.c_int32
        return ctypes.c_double if element == "f32" else ctypes.c_float


def all_peers():
    return [SimSIMD(), NumKong()]
