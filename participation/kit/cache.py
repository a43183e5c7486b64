"""Rendered pages of anonymous readers, kept in memory for a few seconds within a bound of bytes."""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CachedPage:
    """A rendered page with its validator; ``expires`` is a time of the clock that the caller uses, in seconds."""

    body: bytes
    etag: str
    expires: float


class PageCache:
    """The most recently used pages, at most ``limit`` bytes of them; safe between threads of one process."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._pages: OrderedDict[Hashable, CachedPage] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def get(self, key: Hashable, moment: float) -> CachedPage | None:
        """Return the page kept under ``key`` unless it has expired at ``moment``."""
        with self._lock:
            page = self._pages.get(key)
            if page is None:
                return None
            if page.expires <= moment:
                self._drop(key)
                return None
            self._pages.move_to_end(key)
            return page

    def put(self, key: Hashable, page: CachedPage) -> None:
        """Keep ``page`` under ``key``; the pages used longest ago make room."""
        if len(page.body) > self.limit:
            return
        with self._lock:
            if key in self._pages:
                self._drop(key)
            self._pages[key] = page
            self._size += len(page.body)
            while self._size > self.limit:
                self._drop(next(iter(self._pages)))

    def clear(self) -> None:
        """Forget all pages."""
        with self._lock:
            self._pages.clear()
            self._size = 0

    def _drop(self, key: Hashable) -> None:
        self._size -= len(self._pages.pop(key).body)
