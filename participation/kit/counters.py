"""Counters that end by themselves, in a SQLite file of their own that all processes of a machine share."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue
from typing import ClassVar

from limits.storage import Storage

SCHEME = "counters"
BUSY_SECONDS = 5
_SETUP = (
    "PRAGMA journal_mode = WAL",
    # Losing a few counts in a power cut does no harm, and nobody waits for the disk.
    "PRAGMA synchronous = OFF",
    # What has ended is gone from the file, too.
    "PRAGMA secure_delete = ON",
    "CREATE TABLE IF NOT EXISTS counter (key TEXT PRIMARY KEY, value INTEGER NOT NULL, ends_at REAL NOT NULL)",
    "CREATE INDEX IF NOT EXISTS ix_counter_ends_at ON counter (ends_at)",
)
_COUNT = (
    "INSERT INTO counter (key, value, ends_at) VALUES (?, ?, ?)"
    " ON CONFLICT (key) DO UPDATE SET value = value + excluded.value RETURNING value"
)


class SharedCounters(Storage):
    """A storage of ``limits``, made from ``counters:///path/to/file``; a counter ends so many seconds after its start.

    Of whom it counts nothing is kept but the key, a number and its end, and not even that once it has ended.
    """

    STORAGE_SCHEME: ClassVar[list[str]] = [SCHEME]  # type: ignore[misc]  # the registry reads it from the class

    def __init__(self, uri: str, wrap_exceptions: bool = False, **options: float | str | bool) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions, **options)
        self._path = uri.removeprefix(f"{SCHEME}://")
        self._idle: SimpleQueue[sqlite3.Connection] = SimpleQueue()

    @property
    def base_exceptions(self) -> type[Exception]:
        """What goes wrong here."""
        return sqlite3.Error

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count and return the new value; a counter that has ended begins anew."""
        now = time.time()
        with self._connection() as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("DELETE FROM counter WHERE ends_at <= ?", (now,))
            value = connection.execute(_COUNT, (key, amount, now + expiry)).fetchone()[0]
            connection.execute("COMMIT")
        return int(value)

    def get(self, key: str) -> int:
        """Return the value of a counter, 0 for one that is not there or has ended."""
        row = self._look("SELECT value FROM counter WHERE key = ? AND ends_at > ?", key, time.time())
        return int(row[0]) if row else 0

    def get_expiry(self, key: str) -> float:
        """Return when a counter ends, as seconds since 1970; now for one that is not there or has ended."""
        now = time.time()
        row = self._look("SELECT ends_at FROM counter WHERE key = ? AND ends_at > ?", key, now)
        return float(row[0]) if row else now

    def check(self) -> bool:
        """Return whether counting is possible."""
        try:
            return self._look("SELECT 1") is not None
        except sqlite3.Error:
            return False

    def reset(self) -> int:
        """Forget all counters and return how many there were."""
        with self._connection() as connection:
            return connection.execute("DELETE FROM counter").rowcount

    def clear(self, key: str) -> None:
        """Forget one counter."""
        with self._connection() as connection:
            connection.execute("DELETE FROM counter WHERE key = ?", (key,))

    def sweep(self) -> int:
        """Forget the counters that have ended and return how many there were."""
        with self._connection() as connection:
            return connection.execute("DELETE FROM counter WHERE ends_at <= ?", (time.time(),)).rowcount

    def close(self) -> None:
        """Close all idle connections."""
        with suppress(Empty):
            while True:
                self._idle.get_nowait().close()

    def _look(self, statement: str, *values: object) -> tuple[int | float, ...] | None:
        with self._connection() as connection:
            row: tuple[int | float, ...] | None = connection.execute(statement, values).fetchone()
        return row

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection that nobody else uses meanwhile; one that something went wrong with is not kept."""
        try:
            connection = self._idle.get_nowait()
        except Empty:
            connection = self._connect()
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
        self._idle.put(connection)

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        for statement in _SETUP:
            connection.execute(statement)
        return connection
