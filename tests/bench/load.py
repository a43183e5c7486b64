"""Asking a server on this machine as fast as it answers, over a few connections that stay open."""

import gc
import selectors
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

HOST = "127.0.0.1"
CONNECTIONS = 12
RECEIVE_BYTES = 1 << 18
TIMEOUT_SECONDS = 30.0
LENGTH = b"content-length:"


class UnexpectedAnswer(RuntimeError):
    """The server answered with something else than the page."""


@dataclass
class Answers:
    """How long each answer took and how long all of it took, in seconds, and how much came in, in bytes."""

    latencies: list[float] = field(default_factory=list)
    seconds: float = 0.0
    bytes: int = 0

    @property
    def rate(self) -> float:
        """Answers per second."""
        return len(self.latencies) / self.seconds

    @property
    def p95(self) -> float:
        """The time in seconds within which 95 of 100 answers came."""
        return sorted(self.latencies)[int(len(self.latencies) * 0.95)]

    def add(self, other: "Answers") -> None:
        """Take the answers of another stretch of time in."""
        self.latencies += other.latencies
        self.seconds += other.seconds
        self.bytes += other.bytes


def ask(port: int, paths: Sequence[str], *, seconds: float, chance: Random) -> Answers:
    """Ask for randomly chosen ``paths`` for ``seconds``, a request at a time per connection.

    Returns what came of it; raises ``UnexpectedAnswer`` for anything but a page with status 200.
    """
    requests = [f"GET {path} HTTP/1.1\r\nHost: {HOST}:{port}\r\n\r\n".encode() for path in paths]
    return send_requests(port, lambda: chance.choice(requests), seconds=seconds, status=b"HTTP/1.1 200")


def send_requests(port: int, request: Callable[[], bytes], *, seconds: float, status: bytes) -> Answers:
    """Send what ``request`` makes for ``seconds``, one at a time per connection.

    Returns what came of it; raises ``UnexpectedAnswer`` for anything but an answer that begins with ``status``.
    """
    answers = Answers()
    with selectors.DefaultSelector() as selector:
        for _ in range(CONNECTIONS):
            connection = _Connection(port, status)
            selector.register(connection.socket, selectors.EVENT_READ, connection)
        gc.disable()
        try:
            started = time.perf_counter()
            _keep_asking(selector, request, answers, until=started + seconds)
            answers.seconds = time.perf_counter() - started
        finally:
            gc.enable()
            for key in list(selector.get_map().values()):
                key.data.socket.close()
    return answers


class _Connection:
    """A connection with at most one request under way."""

    def __init__(self, port: int, status: bytes) -> None:
        self.status = status
        self.socket = socket.create_connection((HOST, port), timeout=TIMEOUT_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sent = 0.0
        self.received = 0
        self.expected = 0

    def send(self, request: bytes) -> None:
        """Send a request."""
        self.received = self.expected = 0
        self.sent = time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> bool:
        """Take what has come and return whether the answer is complete."""
        data = self.socket.recv(RECEIVE_BYTES)
        if not self.received:
            self.expected = _length(data, self.status)
        self.received += len(data)
        return self.received >= self.expected


def _keep_asking(
    selector: selectors.BaseSelector, request: Callable[[], bytes], answers: Answers, *, until: float
) -> None:
    busy = 0
    for key in selector.get_map().values():
        key.data.send(request())
        busy += 1
    while busy:
        ready = selector.select(TIMEOUT_SECONDS)
        if not ready:
            raise UnexpectedAnswer("the server fell silent")
        for key, _mask in ready:
            connection: _Connection = key.data
            if not connection.receive():
                continue
            now = time.perf_counter()
            answers.latencies.append(now - connection.sent)
            answers.bytes += connection.received
            if now < until:
                connection.send(request())
            else:
                busy -= 1


def _length(data: bytes, status: bytes) -> int:
    """Return the length of the whole answer that begins with ``data``, head and body."""
    head, end, _body = data.partition(b"\r\n\r\n")
    if not end or not head.startswith(status):
        raise UnexpectedAnswer(data[:300].decode(errors="replace") or "the server hung up")
    fields = head.lower()
    at = fields.find(LENGTH)
    if at < 0:
        raise UnexpectedAnswer("an answer without Content-Length")
    return len(head) + 4 + int(fields[at + len(LENGTH) :].split(b"\r\n", 1)[0])
