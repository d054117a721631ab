"""Errors: one class for each thing a caller can do about them."""

from __future__ import annotations

import json
from typing import Optional


class JadeError(Exception):
    """What a server refused, or why it could not be reached."""

    def __init__(self, message: str, *, status: Optional[int] = None, code: Optional[str] = None, request_id: Optional[str] = None):
        super().__init__(message)
        self.message = message
        self.status = status
        self.code = code
        self.request_id = request_id


class InvalidArgument(JadeError):
    """The request is wrong: change it."""


class Unauthenticated(JadeError):
    """Who is asking is not known: send a valid key."""


class Forbidden(JadeError):
    """Who is asking may not do this."""


class NotFound(JadeError):
    """What the request names does not exist."""


class Conflict(JadeError):
    """It exists already, or has changed in between."""


class PreconditionFailed(Conflict):
    """The vector is not what `if_match` or `if_absent` expects: read it again."""


class TooLarge(JadeError):
    """Larger than a limit: split it."""


class Overloaded(JadeError):
    """Too much is under way: try later."""


class Unavailable(JadeError):
    """Cannot be answered now: try again, or look at the server's state."""


class ConnectionFailed(Unavailable):
    """No answer: the address may be wrong, or nothing listens there."""


class ServerError(JadeError):
    """A defect of the server, or damaged or missing space."""


_BY_CODE = {
    "invalid_argument": InvalidArgument,
    "unauthenticated": Unauthenticated,
    "permission_denied": Forbidden,
    "not_found": NotFound,
    "conflict": Conflict,
    "precondition_failed": PreconditionFailed,
    "too_large": TooLarge,
    "overloaded": Overloaded,
    "unavailable": Unavailable,
}
_BY_STATUS = {401: Unauthenticated, 403: Forbidden, 404: NotFound, 409: Conflict, 412: PreconditionFailed, 413: TooLarge, 429: Overloaded, 503: Unavailable}


def error_of(status: int, body: bytes, request_id: Optional[str], address: str) -> JadeError:
    """The error that an answer stands for: the server's own words where it is ours."""
    try:
        problem = json.loads(body)
        code, detail = problem.get("code"), problem.get("detail") or problem.get("title")
    except (ValueError, AttributeError):  # not JSON, or not an object
        code, detail = None, None
    kind = _BY_CODE.get(code) if code else None
    if kind is None:
        kind = _BY_STATUS.get(status, InvalidArgument if 400 <= status < 500 else ServerError)
    if not detail:
        detail = f"{address} answered with status {status}: {body[:200].decode('utf-8', 'replace')}"
    return kind(str(detail), status=status, code=code, request_id=request_id)
