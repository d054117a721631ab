"""What a failure means, and whether to try again: decided here, carried out by the clients."""

from __future__ import annotations

import os
from typing import Any, Dict, Optional, Union

import httpx

from ._errors import ConnectionFailed, JadeError, Unavailable, error_of
from ._requests import Request
from ._settings import Settings

DEFAULT_URL = "http://127.0.0.1:8080"

#: The server has not seen the request.
_UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


def address(url: Optional[str]) -> str:
    return (url or os.environ.get("JADEVECTORDB_URL") or DEFAULT_URL).rstrip("/")


def options(settings: Settings, api_key: Optional[str], verify: Union[bool, str]) -> Dict[str, Any]:
    """What both of httpx's clients are made of."""
    key = api_key or os.environ.get("JADEVECTORDB_API_KEY")
    # Answers go over loopback or a fast network more often than not: packing them would cost more than it saves.
    headers = {"accept": "application/json", "accept-encoding": "identity", "user-agent": "jadevectordb-python/0.1.0"}
    if key:
        headers["authorization"] = f"Bearer {key}"
    return {
        "headers": headers,
        "timeout": httpx.Timeout(settings.timeout, connect=settings.connect_timeout),
        "limits": httpx.Limits(max_connections=settings.connections, max_keepalive_connections=settings.connections),
        "verify": verify,
    }


class Attempt:
    """The tries of one request."""

    def __init__(self, request: "Request[Any]", settings: Settings, url: str):
        self.request = request
        self.settings = settings
        self.url = url
        self.number = 0

    def failed(self, cause: Exception) -> float:
        """Seconds until the next try; raises when there is none."""
        unsent = isinstance(cause, _UNSENT)
        if isinstance(cause, httpx.TimeoutException) and not unsent:
            raise Unavailable(f"{self.url} did not answer within {self.settings.timeout} seconds") from cause
        if (unsent or self.request.repeatable) and self.number < self.settings.retries:
            return self._again(0)
        raise ConnectionFailed(f"no answer from {self.url}: {cause}") from cause

    def refused(self, response: httpx.Response) -> float:
        """Seconds until the next try after an answer that is no success; raises when there is none."""
        error: JadeError = error_of(response.status_code, response.content, response.headers.get("x-request-id"), self.url)
        if response.status_code not in (429, 503) or self.number >= self.settings.retries:
            raise error
        try:
            asked = float(response.headers.get("retry-after", 0))
        except ValueError:
            asked = 0.0
        return self._again(asked)

    def _again(self, asked: float) -> float:
        pause = self.settings.pause(self.number, asked)
        self.number += 1
        return pause
