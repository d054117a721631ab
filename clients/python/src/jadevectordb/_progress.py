"""A progress bar for a terminal, without a dependency."""

from __future__ import annotations

import sys
import threading
import time
from typing import Callable, Optional, Union

#: True draws a bar, a function is called with what is done and what there is, False does nothing.
Show = Union[bool, Callable[[int, int], None]]


class Progress:
    """Counts what is done; may be called from several threads."""

    def __init__(self, total: int, show: Show, what: str = "vectors"):
        self.total, self.what = total, what
        self._show = show
        self._done = 0
        self._begin = self._drawn = time.monotonic()
        self._lock = threading.Lock()

    def add(self, count: int) -> None:
        with self._lock:
            self._done += count
            if callable(self._show):
                self._show(self._done, self.total)
            elif self._show and (time.monotonic() - self._drawn > 0.1 or self._done == self.total):
                self._drawn = time.monotonic()
                self._draw()

    def close(self) -> None:
        if self._show is True:
            sys.stderr.write("\n")

    def _draw(self) -> None:
        part = self._done / self.total if self.total else 1.0
        seconds = time.monotonic() - self._begin
        rate = self._done / seconds if seconds > 0 else 0.0
        bar = "#" * int(part * 30)
        sys.stderr.write(f"\r[{bar:<30}] {self._done:,} of {self.total:,} {self.what}, {rate:,.0f}/s ")
        sys.stderr.flush()


def maybe(total: int, show: Optional[Show]) -> Progress:
    return Progress(total, False if show is None else show)
