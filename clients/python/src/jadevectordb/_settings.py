"""How patient a client is."""

from __future__ import annotations

import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """Seconds to wait, and how often to try again."""

    #: To establish a connection.
    connect_timeout: float = 5.0
    #: For one request and its answer.
    timeout: float = 60.0
    #: Further tries after the first one, of requests that may be repeated; 0 never repeats.
    retries: int = 3
    #: Before the first retry; each further one waits twice as long, a random half of it less.
    backoff: float = 0.1
    maximum_backoff: float = 5.0
    #: Connections at a time.
    connections: int = 32

    def pause(self, attempt: int, asked: float) -> float:
        """Seconds before another try: at least what the server asked for."""
        longest = min(self.backoff * float(2**attempt), self.maximum_backoff)
        return max(longest * random.uniform(0.5, 1.0), min(asked, 60.0))
