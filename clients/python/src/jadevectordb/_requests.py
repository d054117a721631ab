"""Requests as values: what both clients send, and how the answers are read."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, Generic, Iterator, List, Optional, Sequence, TypeVar
from urllib.parse import quote

import numpy as np

from . import _frames
from ._frames import ID, IDs, Page, Results

Filter = Dict[str, Any]
Document = Dict[str, Any]
T = TypeVar("T")


@dataclass
class Request(Generic[T]):
    """One request. `repeatable` says whether sending it twice leaves the server as sending it once does."""

    method: str
    path: str
    read: Callable[[bytes], T]
    body: Optional[bytes] = None
    repeatable: bool = True
    headers: Dict[str, str] = field(default_factory=dict)


def _json(body: bytes) -> Document:
    return dict(json.loads(body)) if body else {}


def _number(name: str) -> Callable[[bytes], int]:
    return lambda body: int(json.loads(body)[name])


def _nothing(body: bytes) -> None:
    return None


def _document(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), allow_nan=False).encode()


def asking(method: str, path: str, read: Callable[[bytes], T], value: Any = None, *, repeatable: bool = True) -> "Request[T]":
    """A request with a JSON document, or without a body."""
    if value is None:
        return Request(method, path, read, repeatable=repeatable)
    return Request(method, path, read, _document(value), repeatable, {"content-type": "application/json"})


def ask(method: str, path: str, value: Any = None, *, repeatable: bool = True) -> "Request[Document]":
    """A request that is answered with a JSON document, or with nothing."""
    return asking(method, path, _json, value, repeatable=repeatable)


def without_none(**members: Any) -> Dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}


def segment(text: Any) -> str:
    escaped = quote(str(text), safe="")
    return escaped.replace(".", "%2E") if escaped in (".", "..") else escaped


def database_path(name: str) -> str:
    return f"/v1/databases/{segment(name)}"


def create_database(
    name: str, dimension: int, metric: str, element_type: str, index: Optional[Document], retention_seconds: Optional[int]
) -> "Request[Document]":
    body = without_none(
        name=name, dimension=dimension, metric=metric, element_type=element_type, index=index, retention_seconds=retention_seconds
    )
    return ask("POST", "/v1/databases", body, repeatable=False)


def list_page(after: Optional[str]) -> "Request[Document]":
    return ask("GET", "/v1/databases?limit=1000" + (f"&after={segment(after)}" if after else ""))


def upsert(
    database: str, ids: IDs, values: Any, metadata: Optional[Sequence[Optional[Document]]] = None, ttl_seconds: Optional[int] = None
) -> "Request[int]":
    rows = _frames.matrix(values)
    if len(ids) != len(rows):
        raise ValueError(f"{len(ids)} ids for {len(rows)} vectors")
    if metadata is not None and len(metadata) != len(rows):
        raise ValueError(f"{len(metadata)} metadata for {len(rows)} vectors")
    document = None
    if metadata is not None or ttl_seconds is not None:
        rest = without_none(ttl_seconds=ttl_seconds)
        document = {"rows": [{**rest, **({"metadata": one} if one else {})} or None for one in metadata or [None] * len(rows)]}
    body = _frames.encode(rows, ids, document)
    return Request("POST", f"{database_path(database)}/vectors", _number("upserted"), body, True, {"content-type": _frames.VECTORS})


def options(top_k: int, filter: Optional[Filter], **rest: Any) -> Dict[str, Any]:
    return without_none(top_k=top_k, filter=filter, **{name: value for name, value in rest.items() if value not in (None, False)})


def search(database: str, queries: Any, document: Dict[str, Any]) -> "Request[List[Results]]":
    """All rows of `queries` at once; answered with a list."""
    rows = _frames.matrix(queries)
    path = f"{database_path(database)}/search" + ("" if len(rows) == 1 else "/batch")
    headers = {"content-type": _frames.VECTORS, "accept": _frames.RESULTS}
    return Request("POST", path, _frames.decode_results, _frames.encode(rows, None, document), True, headers)


def search_by_id(database: str, near: ID, document: Dict[str, Any]) -> "Request[List[Results]]":
    request = asking("POST", f"{database_path(database)}/search", _frames.decode_results, {"id": near, **document})
    request.headers["accept"] = _frames.RESULTS
    return request


def fetch(database: str, ids: IDs, include_values: bool, include_metadata: bool, include_versions: bool = False) -> "Request[Page]":
    body = {"ids": listed(ids), "include_values": include_values, "include_metadata": include_metadata}
    if include_versions:
        # A frame has no place for versions.
        return asking("POST", f"{database_path(database)}/vectors/batch/get", _frames.read_page, {**body, "include_version": True})
    request = asking("POST", f"{database_path(database)}/vectors/batch/get", _frames.decode_page, body)
    request.headers["accept"] = _frames.VECTORS
    return request


def scroll(
    database: str, after: Optional[ID], limit: int, filter: Optional[Filter], include_values: bool, include_metadata: bool
) -> "Request[Page]":
    body = without_none(after=after, limit=limit, filter=filter, include_values=include_values, include_metadata=include_metadata)
    request = asking("POST", f"{database_path(database)}/vectors/scroll", _frames.decode_page, body)
    request.headers["accept"] = _frames.VECTORS
    return request


def delete(database: str, ids: IDs) -> "Request[int]":
    return asking("POST", f"{database_path(database)}/vectors/delete", _number("deleted"), {"ids": listed(ids)})


def put(
    database: str, id: ID, values: Any, metadata: Optional[Document], ttl_seconds: Optional[int], if_match: Optional[str], if_absent: bool
) -> "Request[int]":
    """One vector, on a condition."""
    row = _frames.matrix(values)
    if len(row) != 1:
        raise ValueError(f"{len(row)} vectors for 1 id")
    body = without_none(values=row[0].tolist(), metadata=metadata, ttl_seconds=ttl_seconds)
    return conditional(asking("PUT", vector_path(database, id), _number("upserted"), body), if_match, if_absent)


def delete_one(database: str, id: ID, if_match: str) -> "Request[int]":
    return conditional(asking("DELETE", vector_path(database, id), _number("deleted")), if_match)


def vector_path(database: str, id: ID) -> str:
    name = segment(id)
    # A plain word may be a route of its own there; routes are compared before anything is decoded.
    if name.isalpha() and name.islower():
        name = f"%{ord(name[0]):X}{name[1:]}"
    return f"{database_path(database)}/vectors/{name}"


def conditional(request: "Request[T]", if_match: Optional[str], if_absent: bool = False) -> "Request[T]":
    """The request with its condition. It is not repeated: a second time it would be refused for what the first one did."""
    if (if_match is not None) == if_absent:
        raise ValueError("a condition is if_match or if_absent, one of them")
    if if_match is None:
        request.headers["if-none-match"] = "*"
    else:
        request.headers["if-match"] = if_match if if_match == "*" else f'"{if_match}"'
    request.repeatable = False
    return request


def count(database: str, filter: Optional[Filter]) -> "Request[int]":
    return asking("POST", f"{database_path(database)}/vectors/count", _number("count"), without_none(filter=filter))


def set_metadata(database: str, id: ID, metadata: Document, replace: bool, if_match: Optional[str] = None) -> "Request[None]":
    request = asking("PUT" if replace else "PATCH", f"{vector_path(database, id)}/metadata", _nothing, {"metadata": metadata})
    return request if if_match is None else conditional(request, if_match)


def listed(ids: IDs) -> List[ID]:
    return list(ids.tolist()) if isinstance(ids, np.ndarray) else list(ids)


def batches(count: int, size: int) -> Iterator[slice]:
    for begin in range(0, count, size):
        yield slice(begin, min(begin + size, count))


def batch_size(dimension: int, asked: Optional[int]) -> int:
    """About 4 MiB of f32 a request: enough for the server to work in bulk, little enough to run several side by side."""
    return min(10_000, asked or max(64, (4 << 20) // (4 * max(dimension, 1))))


__all__ = ["Page", "Results"]
