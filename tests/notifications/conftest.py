"""Fixtures for everything that tells people something: a small process, and a mail server on this machine."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.conftest import Sessions
from tests.mailbox import MailServer, mail_server
from tests.notifications.village import Village


@pytest.fixture
def village(app: Flask, transact: Sessions, monkeypatch: pytest.MonkeyPatch) -> Village:
    """A small process with people who take part; links in letters lead to a known place."""
    monkeypatch.setitem(app.config, "BASE_URL", "https://take-part.example.org")
    with transact() as session:
        return Village(session)


@pytest.fixture
def server(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """A mail server that the application sends to."""
    with mail_server() as kept:
        monkeypatch.setitem(app.config, "SMTP_URL", kept.url)
        yield kept
