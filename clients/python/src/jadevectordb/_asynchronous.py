"""The asynchronous client: the same calls with `await`."""

from __future__ import annotations

import asyncio
from typing import Any, AsyncIterator, List, Optional, Sequence, Set, Union

import httpx
import numpy as np

from . import _frames, _requests, _transport
from ._errors import Conflict
from ._frames import ID, IDs, Page, Results
from ._progress import Show, maybe
from ._requests import Document, Filter, Request, T
from ._settings import Settings


class AsyncClient:
    """A server's databases, asynchronously: see `Client`."""

    def __init__(
        self, url: Optional[str] = None, *, api_key: Optional[str] = None, settings: Settings = Settings(), verify: Union[bool, str] = True
    ):
        self.url = _transport.address(url)
        self.settings = settings
        self._http = httpx.AsyncClient(**_transport.options(settings, api_key, verify))

    async def __aenter__(self) -> "AsyncClient":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Closes the connections."""
        await self._http.aclose()

    async def create_database(
        self, name: str, dimension: int, *, metric: str = "cosine", element_type: str = "f32", index: Optional[Document] = None,
        retention_seconds: Optional[int] = None, exist_ok: bool = False,
    ) -> "AsyncDatabase":
        """Creates a database; with `exist_ok` one of that name is given back as it is."""
        try:
            await self.send(_requests.create_database(name, dimension, metric, element_type, index, retention_seconds))
        except Conflict:
            if not exist_ok:
                raise
        return self.database(name)

    def database(self, name: str) -> "AsyncDatabase":
        """A database by name or id. Nothing is sent."""
        return AsyncDatabase(self, name)

    async def databases(self) -> List[Document]:
        """Descriptions of all databases, in order of their names."""
        found: List[Document] = []
        after: Optional[str] = None
        while True:
            page = await self.send(_requests.list_page(after))
            found += page["databases"]
            after = page.get("next")
            if after is None:
                return found

    async def status(self) -> Document:
        """What the node says of itself."""
        return await self.send(_requests.ask("GET", "/v1/status"))

    async def send(self, request: "Request[T]") -> T:
        """Sends a request, again where that is right, and reads the answer."""
        attempt = _transport.Attempt(request, self.settings, self.url)
        while True:
            try:
                response = await self._http.request(request.method, self.url + request.path, content=request.body, headers=request.headers)
            except httpx.HTTPError as cause:
                pause = attempt.failed(cause)
            else:
                if response.is_success:
                    return request.read(response.content)
                pause = attempt.refused(response)
            await asyncio.sleep(pause)


class AsyncDatabase:
    """One database of a server: see `Database`."""

    def __init__(self, client: AsyncClient, name: str):
        self.client = client
        self.name = name

    def __repr__(self) -> str:
        return f"AsyncDatabase({self.name!r} at {self.client.url})"

    async def describe(self) -> Document:
        """Settings, counts and the state of the index."""
        return await self.client.send(_requests.ask("GET", _requests.database_path(self.name)))

    async def update(
        self, *, name: Optional[str] = None, ef_search: Optional[int] = None, retention_seconds: Optional[int] = None
    ) -> Document:
        """Changes settings; what is None stays."""
        index = {"ef_search": ef_search} if ef_search is not None else None
        body = _requests.without_none(name=name, index=index, retention_seconds=retention_seconds)
        described = await self.client.send(_requests.ask("PATCH", _requests.database_path(self.name), body, repeatable=False))
        self.name = described["name"]
        return described

    async def drop(self) -> None:
        """Deletes the database and all its vectors."""
        await self.client.send(_requests.ask("DELETE", _requests.database_path(self.name), repeatable=False))

    async def upsert(
        self, ids: IDs, values: Any, metadata: Optional[Sequence[Optional[Document]]] = None, *, ttl_seconds: Optional[int] = None,
        batch: Optional[int] = None, parallel: int = 4, progress: Optional[Show] = None,
    ) -> int:
        """Inserts or replaces vectors: one row of `values` for each id. Returns how many. See `Database.upsert`."""
        rows = _frames.matrix(values)
        size = _requests.batch_size(rows.shape[1], batch)
        if len(rows) <= size:
            return await self.client.send(_requests.upsert(self.name, ids, rows, metadata, ttl_seconds))
        if len(ids) != len(rows) or (metadata is not None and len(metadata) != len(rows)):
            raise ValueError(f"{len(rows)} vectors, {len(ids)} ids, {'no' if metadata is None else len(metadata)} metadata")
        shown = maybe(len(rows), progress)

        async def send(part: slice) -> int:
            one = _requests.upsert(self.name, ids[part], rows[part], metadata[part] if metadata is not None else None, ttl_seconds)
            written = await self.client.send(one)
            shown.add(part.stop - part.start)
            return written

        total = 0
        done: Set["asyncio.Task[int]"] = set()
        running: Set["asyncio.Task[int]"] = set()
        try:
            for part in _requests.batches(len(rows), size):
                if len(running) >= parallel:
                    done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                    total += sum(one.result() for one in done)
                running.add(asyncio.ensure_future(send(part)))
            return total + sum(await asyncio.gather(*running))
        finally:
            for one in running:
                one.cancel()
            # Waits for them, so that what else went wrong is not reported when it is too late.
            await asyncio.gather(*done, *running, return_exceptions=True)
            shown.close()

    async def search(
        self, query: Any = None, *, id: Optional[ID] = None, top_k: int = 10, filter: Optional[Filter] = None, ef_search: Optional[int] = None,
        threshold: Optional[float] = None, exact: bool = False, include_values: bool = False, include_metadata: bool = False,
        explain: bool = False,
    ) -> Results:
        """The nearest vectors of one query, or of the stored vector `id`, which is left out."""
        document = _requests.options(
            top_k, filter, ef_search=ef_search, threshold=threshold, exact=exact, include_values=include_values,
            include_metadata=include_metadata, explain=explain,
        )
        if (query is None) == (id is None):
            raise ValueError("search takes a query or an id, one of them")
        if id is not None:
            return (await self.client.send(_requests.search_by_id(self.name, id, document)))[0]
        if np.ndim(query) != 1:
            raise ValueError(f"query has {np.ndim(query)} dimensions, expected 1: search_many takes more")
        return (await self.client.send(_requests.search(self.name, query, document)))[0]

    async def search_many(
        self, queries: Any, *, top_k: int = 10, filter: Optional[Filter] = None, ef_search: Optional[int] = None,
        threshold: Optional[float] = None, exact: bool = False, include_values: bool = False, include_metadata: bool = False,
    ) -> List[Results]:
        """The nearest vectors of each row, in requests of at most 1,000."""
        document = _requests.options(
            top_k, filter, ef_search=ef_search, threshold=threshold, exact=exact, include_values=include_values,
            include_metadata=include_metadata,
        )
        rows = _frames.matrix(queries)
        found: List[Results] = []
        for part in _requests.batches(len(rows), 1_000):
            answers: List[Results] = await self.client.send(_requests.search(self.name, rows[part], document))
            found += answers
        return found

    async def fetch(
        self, ids: IDs, *, include_values: bool = True, include_metadata: bool = True, include_versions: bool = False
    ) -> Page:
        """Vectors by id, in that order; ids that do not exist are left out. Versions are what `if_match` takes."""
        return await self.client.send(_requests.fetch(self.name, ids, include_values, include_metadata, include_versions))

    async def scroll(
        self, *, limit: int = 1_000, filter: Optional[Filter] = None, include_values: bool = False, include_metadata: bool = True
    ) -> AsyncIterator[Page]:
        """All vectors, page by page, in the order of the bytes of their ids."""
        after: Optional[ID] = None
        while True:
            page = await self.client.send(_requests.scroll(self.name, after, limit, filter, include_values, include_metadata))
            if len(page):
                yield page
            after = page.next
            if after is None:
                return

    async def delete(self, ids: IDs) -> int:
        """Deletes vectors; returns how many existed."""
        return await self.client.send(_requests.delete(self.name, ids))

    async def put(
        self, id: ID, values: Any, metadata: Optional[Document] = None, *, ttl_seconds: Optional[int] = None, if_match: Optional[str] = None,
        if_absent: bool = False,
    ) -> int:
        """Replaces the vector that has the version `if_match` ("*" for any), or inserts one that is not there with `if_absent`;
        PreconditionFailed otherwise. The look and the write are one step."""
        return await self.client.send(_requests.put(self.name, id, values, metadata, ttl_seconds, if_match, if_absent))

    async def delete_one(self, id: ID, *, if_match: str) -> int:
        """Deletes the vector if it has that version; PreconditionFailed otherwise."""
        return await self.client.send(_requests.delete_one(self.name, id, if_match))

    async def count(self, filter: Optional[Filter] = None) -> int:
        """How many vectors there are, exactly."""
        return await self.client.send(_requests.count(self.name, filter))

    async def set_metadata(self, id: ID, metadata: Document, *, replace: bool = False, if_match: Optional[str] = None) -> None:
        """Sets keys of a vector's metadata, None removing one; or replaces it all. With `if_match` only a vector of that version:
        PreconditionFailed otherwise."""
        await self.client.send(_requests.set_metadata(self.name, id, metadata, replace, if_match))
