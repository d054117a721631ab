"""Client of JadeVectorDB.

>>> from jadevectordb import Client
>>> with Client("http://127.0.0.1:8080") as client:     # doctest: +SKIP
...     docs = client.create_database("docs", dimension=384)
...     docs.upsert(ids, vectors)                        # numpy in
...     found = docs.search(query, top_k=10)             # numpy out
...     found.ids, found.scores
"""

from ._asynchronous import AsyncClient, AsyncDatabase
from ._errors import (
    Conflict,
    ConnectionFailed,
    Forbidden,
    InvalidArgument,
    JadeError,
    NotFound,
    Overloaded,
    PreconditionFailed,
    ServerError,
    TooLarge,
    Unauthenticated,
    Unavailable,
)
from ._frames import Page, Results
from ._settings import Settings
from ._synchronous import Client, Database

__all__ = [
    "AsyncClient",
    "AsyncDatabase",
    "Client",
    "Conflict",
    "ConnectionFailed",
    "Database",
    "Forbidden",
    "InvalidArgument",
    "JadeError",
    "NotFound",
    "Overloaded",
    "Page",
    "PreconditionFailed",
    "Results",
    "ServerError",
    "Settings",
    "TooLarge",
    "Unauthenticated",
    "Unavailable",
]
__version__ = "0.1.0"
