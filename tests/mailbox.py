"""Reading what was mailed: the spool folder, and a mail server on this machine that keeps what arrives."""

import asyncio
import email
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from flask import Flask

from tests.live import free_port


def spooled(app: Flask) -> list[EmailMessage]:
    """Return the messages in the spool folder, the earliest first."""
    paths = sorted(Path(app.config["MAIL_SPOOL"]).glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
    return [email.message_from_bytes(path.read_bytes(), policy=default) for path in paths]


class MailServer:
    """Keeps what arrives; says no to the addresses in ``refused``, and hangs up at those in ``drops``.

    It says nothing about the message number ``silent_at``, though it has taken it; ``is_silent`` is set then.
    """

    def __init__(self) -> None:
        self.arrived: list[bytes] = []
        self.connections = 0
        self.refused: set[str] = set()
        self.drops: set[str] = set()
        self.silent_at = 0
        self.is_silent = threading.Event()
        self.url = ""

    def messages(self) -> list[Any]:
        """Return what arrived, parsed."""
        return [email.message_from_bytes(content, policy=default) for content in self.arrived]

    async def handle_EHLO(self, _server: Any, session: Any, _envelope: Any, name: str, answers: list[str]) -> list[str]:  # noqa: N802  # named after the command
        """Count connections."""
        session.host_name = name
        self.connections += 1
        return answers

    async def handle_RCPT(self, server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802  # named after the command
        """Take the recipient, refuse it for good, or end the connection."""
        if address in self.refused:
            return "550 nobody of this name here"
        if address in self.drops:
            server.transport.close()
            return "421 going away"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  # named after the command
        """Keep the message."""
        self.arrived.append(envelope.content)
        if len(self.arrived) == self.silent_at:
            self.is_silent.set()
            await asyncio.sleep(60)
        return "250 ok"


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """Run a mail server for the time of the block."""
    kept = MailServer()
    controller = Controller(kept, hostname="127.0.0.1", port=free_port())
    controller.start()
    kept.url = f"smtp://127.0.0.1:{controller.port}"
    try:
        yield kept
    finally:
        controller.stop()
