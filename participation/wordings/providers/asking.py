"""Sending JSON to a service and reading what it answers, with a limit to everything that could go on for ever."""

import json
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from participation.kit import clock
from participation.wordings.providers.provider import ProviderFailed, Settings

PIECE = 64 * 1024
LARGEST_ANSWER = 2 * 1024 * 1024
LONGEST_WAIT = timedelta(days=1)
DONE = 200
BAD_REQUESTS = frozenset({400, 404, 405, 413, 414, 415, 422})
FORBIDDEN = frozenset({401, 402, 403})
TOO_MANY = frozenset({429, 529})
QUOTA = 456
"""DeepL's own status for "nothing is left of what you pay for"."""


def post_json(settings: Settings, path: str, content: Any, headers: Mapping[str, str] | None = None) -> Any:
    """Return the JSON that the service answers to ``content``.

    Redirects are not followed, nothing is taken from the environment, and no answer is read that is larger than
    ``LARGEST_ANSWER`` or takes longer than the settings say. Raises ``ProviderFailed``.
    """
    connection, path_before = _connection(settings)
    late = threading.Event()
    # A service that sends a byte now and then never runs into the limit of a single step.
    cut = threading.Timer(settings.seconds, _cut, [connection, late])
    cut.daemon = True
    cut.start()
    try:
        body = json.dumps(content, ensure_ascii=False).encode()
        sent = {"Content-Type": "application/json", "Accept": "application/json", **(headers or {})}
        _connect(connection, late)
        connection.request("POST", path_before + path, body, sent)
        answer = connection.getresponse()
        _require_done(answer)
        return json.loads(_read(answer))
    except ProviderFailed as problem:
        raise (ProviderFailed("time") if late.is_set() else problem) from None
    except (OSError, HTTPException, ValueError, RecursionError) as problem:
        raise ProviderFailed("time" if late.is_set() else _code_of(problem)) from None
    finally:
        cut.cancel()
        connection.close()


def _connection(settings: Settings) -> tuple[HTTPConnection, str]:
    """Return a connection that is not open yet, and what stands in front of the paths of the interface."""
    try:
        parts = urlsplit(settings.url)
        if parts.scheme == "https" and parts.hostname:
            secure = ssl.create_default_context()
            return HTTPSConnection(parts.netloc, timeout=settings.step_seconds, context=secure), parts.path.rstrip("/")
        if parts.scheme == "http" and parts.hostname:
            return HTTPConnection(parts.netloc, timeout=settings.step_seconds), parts.path.rstrip("/")
    except (HTTPException, ValueError):
        pass
    # Without a host the standard library would ask this very machine.
    raise ProviderFailed("unreachable")


def _connect(connection: HTTPConnection, late: threading.Event) -> None:
    connection.connect()
    # What was cut before there was a connection would go on without a limit.
    if late.is_set():
        raise ProviderFailed("time")


def _cut(connection: HTTPConnection, late: threading.Event) -> None:
    late.set()
    own = connection.sock
    if own is not None:
        with suppress(OSError):
            own.shutdown(socket.SHUT_RDWR)


def _require_done(answer: HTTPResponse) -> None:
    status = answer.status
    if status == DONE:
        return
    if status in TOO_MANY:
        raise ProviderFailed("too_many", wait=wait_in(answer.getheader("Retry-After")))
    if status == QUOTA:
        raise ProviderFailed("quota", wait=LONGEST_WAIT)
    if status in FORBIDDEN:
        raise ProviderFailed("forbidden")
    if status in BAD_REQUESTS:
        raise ProviderFailed("refused", is_of_texts=True)
    raise ProviderFailed("server" if status >= 500 else "answer")


def wait_in(header: str | None) -> timedelta | None:
    """Return how long ``Retry-After`` asks to wait (RFC 9110, 10.2.3: seconds or a date), a day at most."""
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        seconds = min(int(text[:9]), int(LONGEST_WAIT.total_seconds()))
        return timedelta(seconds=seconds)
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    aware: datetime = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max(aware - clock.now(), timedelta(0)), LONGEST_WAIT)


def _read(answer: HTTPResponse) -> bytes:
    pieces, size = [], 0
    while piece := answer.read1(PIECE):
        size += len(piece)
        if size > LARGEST_ANSWER:
            raise ProviderFailed("answer")
        pieces.append(piece)
    if answer.length:
        # ``read1`` takes a connection that ends early for the end of the answer.
        raise ProviderFailed("answer")
    return b"".join(pieces)


def _code_of(problem: Exception) -> str:
    if isinstance(problem, TimeoutError):
        return "time"
    return "unreachable" if isinstance(problem, OSError) else "answer"
