"""Vectors as bytes: docs/formats/vector-frame.md of the server. What numpy holds goes over the wire as it is."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from typing import Any, Dict, Iterator, List, Optional, Sequence, Tuple, Union

import numpy as np
from numpy.typing import NDArray

VECTORS = "application/vnd.jadevectordb.vectors"
RESULTS = "application/vnd.jadevectordb.results"

ID = Union[str, int]
IDs = Union[Sequence[ID], "NDArray[Any]"]

_HEADER = struct.Struct("<4sBBBBIIIIII")
_NO_IDS, _INTEGERS, _TEXTS = 0, 1, 2
_INTEGER_MARK = 0xFFFF
_TYPES = {np.dtype("<f4"): 0, np.dtype("<f2"): 1, np.dtype("i1"): 3, np.dtype("u1"): 4}


@dataclass
class Results:
    """The nearest vectors of one query, closest first."""

    ids: List[ID]
    scores: NDArray[np.float32]
    #: One row for each id, where they were asked for.
    values: Optional[NDArray[np.float32]] = None
    metadata: Optional[List[Dict[str, Any]]] = None
    #: How the search was carried out, where that was asked for.
    plan: Optional[Dict[str, Any]] = None

    def __len__(self) -> int:
        return len(self.ids)

    def __iter__(self) -> Iterator[Tuple[ID, float]]:
        return iter(zip(self.ids, self.scores.tolist()))


@dataclass
class Page:
    """Vectors that were asked for; `next` is where the page that follows begins, None at the end."""

    ids: List[ID]
    values: Optional[NDArray[np.float32]] = None
    metadata: Optional[List[Dict[str, Any]]] = None
    next: Optional[ID] = None
    #: Which state of its vector each is, for `if_match`, where they were asked for.
    versions: Optional[List[str]] = None

    def __len__(self) -> int:
        return len(self.ids)


def matrix(values: Any) -> NDArray[Any]:
    """Rows as the wire takes them: two dimensions, little-endian f32, f16, i8 or u8, without gaps."""
    array = np.asarray(values)
    if array.ndim == 1:
        array = array[np.newaxis, :]
    if array.ndim != 2:
        raise ValueError(f"vectors are an array of {array.ndim} dimensions, expected 2")
    if array.dtype.newbyteorder("<") not in _TYPES or array.dtype == np.bool_:
        array = array.astype("<f4")
    array = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        row = int(np.argwhere(~np.isfinite(array))[0][0])
        raise ValueError(f"vector {row} holds a value that is not finite")
    return array


def _ids(ids: IDs) -> Tuple[int, bytes]:
    if isinstance(ids, np.ndarray) and ids.dtype.kind in "ui":
        if ids.dtype.kind == "i" and ids.size and int(ids.min()) < 0:
            raise ValueError(f"id {int(ids.min())} is negative")
        return _INTEGERS, ids.astype("<u8").tobytes()
    listed = ids.tolist() if isinstance(ids, np.ndarray) else list(ids)
    if listed and all(isinstance(value, (int, np.integer)) and not isinstance(value, bool) for value in listed):
        return _INTEGERS, np.array(listed, dtype="<u8").tobytes()
    out = bytearray()
    for value in listed:
        if isinstance(value, str):
            text = value.encode()
            if not 0 < len(text) < _INTEGER_MARK:
                raise ValueError(f"id of {len(text)} bytes, expected 1 to 512")
            out += struct.pack("<H", len(text)) + text
        else:
            out += struct.pack("<HQ", _INTEGER_MARK, int(value))
    return _TEXTS, bytes(out)


def _pad(data: bytes) -> bytes:
    return data + bytes(-len(data) % 8)


def encode(values: NDArray[Any], ids: Optional[IDs] = None, document: Optional[Dict[str, Any]] = None) -> bytes:
    """A frame of rows, with ids for an upsert, without for queries."""
    kind, packed = (_NO_IDS, b"") if ids is None else _ids(ids)
    text = json.dumps(document, separators=(",", ":"), allow_nan=False).encode() if document else b""
    header = _HEADER.pack(
        b"JVF1", 1, _TYPES[values.dtype.newbyteorder("<")], kind, 0, len(values), values.shape[1], len(packed), len(text), 0, 0
    )
    return b"".join([header, _pad(values.tobytes()), _pad(packed), text])


class _Reader:
    def __init__(self, data: bytes):
        if len(data) < _HEADER.size:
            raise ValueError("the answer is no frame")
        magic, self.kind, element, self.id_kind, _, self.count, self.dimension, id_bytes, text_bytes, lists, _ = _HEADER.unpack_from(data)
        if magic != b"JVF1" or element != 0:
            raise ValueError("the answer is no frame of f32")
        place = _HEADER.size
        self.values = None
        if self.dimension:
            flat = np.frombuffer(data, "<f4", self.count * self.dimension, place)
            self.values = flat.reshape(self.count, self.dimension)
            place += flat.nbytes
            place += -place % 8
        self._data, self._place = data, place
        self.ids = self._read_ids(data[place : place + id_bytes])
        place += id_bytes + -id_bytes % 8
        self.lists: NDArray[Any] = np.zeros(0, "<u4")
        self.scores: NDArray[Any] = np.zeros(0, "<f4")
        if self.kind == 2:
            self.lists = np.frombuffer(data, "<u4", lists, place)
            place += 4 * lists
            place += -place % 8
            self.scores = np.frombuffer(data, "<f4", self.count, place)
            place += 4 * self.count
            place += -place % 8
        self.document = json.loads(data[place : place + text_bytes]) if text_bytes else {}

    def _read_ids(self, section: bytes) -> List[ID]:
        if self.id_kind == _INTEGERS:
            return list(np.frombuffer(section, "<u8").tolist())
        ids: List[ID] = []
        place = 0
        while self.id_kind == _TEXTS and place < len(section):
            (length,) = struct.unpack_from("<H", section, place)
            place += 2
            if length == _INTEGER_MARK:
                ids.append(struct.unpack_from("<Q", section, place)[0])
                place += 8
            else:
                ids.append(section[place : place + length].decode())
                place += length
        return ids


def decode_results(data: bytes) -> List[Results]:
    """The lists of an answer to searches."""
    reader = _Reader(data)
    rows, plans = reader.document.get("rows"), reader.document.get("plans")
    results, begin = [], 0
    for position, length in enumerate(reader.lists.tolist()):
        part = slice(begin, begin + length)
        begin += length
        results.append(
            Results(
                ids=reader.ids[part],
                scores=reader.scores[part],
                values=None if reader.values is None else reader.values[part],
                metadata=[row or {} for row in rows[part]] if rows else None,
                plan=plans[position] if plans else None,
            )
        )
    return results


def decode_page(data: bytes) -> Page:
    """Vectors that were asked for."""
    reader = _Reader(data)
    rows = reader.document.get("rows")
    metadata = [(row or {}).get("metadata", {}) for row in rows] if rows else None
    return Page(ids=reader.ids, values=reader.values, metadata=metadata, next=reader.document.get("next"))


def read_page(data: bytes) -> Page:
    """Vectors in a JSON document, which has a place for versions."""
    vectors = json.loads(data)["vectors"]
    return Page(
        ids=[one["id"] for one in vectors],
        values=np.array([one["values"] for one in vectors], "<f4") if vectors and "values" in vectors[0] else None,
        metadata=[one["metadata"] for one in vectors] if vectors and "metadata" in vectors[0] else None,
        versions=[one["version"] for one in vectors],
    )
