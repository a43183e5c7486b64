"""What is kept in memory between requests: rendered pages, pieces of pages, and what many pages look up."""

import math
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")

NOTHING = (None, b"")


@dataclass(frozen=True, slots=True)
class CachedPage:
    """A rendered page with its validator; times are those of the clock that the caller uses, in seconds.

    From ``doubtful`` on it is only good if ``still_true`` says so.
    """

    body: bytes
    etag: str
    expires: float
    doubtful: float = math.inf
    still_true: Callable[[], bool] | None = None
    mimetype: str = "text/html"


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


class Memory:
    """Values that many pages look up, each kept for ``seconds``; safe between threads of one process.

    The key says what a value depends on. With ``seconds`` 0 nothing is kept.
    """

    def __init__(self, seconds: float, *, most: int = 2000) -> None:
        self.seconds = seconds
        self.most = most
        self._values: OrderedDict[Hashable, tuple[float, Any]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, moment: float, make: Callable[[], T]) -> T:
        """Return the value under ``key``, made by ``make`` when there is none or it is too old at ``moment``."""
        kept = self._values.get(key)
        if kept is not None and 0 <= moment - kept[0] < self.seconds:
            value: T = kept[1]
            return value
        made = make()
        if self.seconds:
            with self._lock:
                self._values.pop(key, None)
                self._values[key] = (moment, made)
                while len(self._values) > self.most:
                    self._values.popitem(last=False)
        return made


class Pieces:
    """Pieces of pages by what they were rendered from, at most ``limit`` bytes; safe between threads of one process.

    A piece never grows old: other values are another key. The ones made longest ago make room.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._pieces: OrderedDict[int, tuple[Hashable, bytes]] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], str]) -> str:
        """Return the piece under ``key``, made by ``make`` the first time, or each time when ``key`` has no hash."""
        try:
            # Only once: for a card with all that stands on it this takes a while.
            number = hash(key)
        except TypeError:
            return make()
        kept = self._pieces.get(number)
        if kept is not None and kept[0] == key:
            return kept[1].decode()
        made = make()
        piece = made.encode()
        if len(piece) <= self.limit:
            with self._lock:
                self._size += len(piece) - len(self._pieces.pop(number, NOTHING)[1])
                self._pieces[number] = (key, piece)
                while self._size > self.limit:
                    self._size -= len(self._pieces.popitem(last=False)[1][1])
        return made
