"""What the tests of imports share: a process with a small framework, and files made on the spot."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from participation.accounts.actor import SYSTEM
from participation.kit import clock
from participation.principles.service import import_framework
from participation.processes.models import ProcessState
from participation.processes.service import ProcessDraft, create_process

Transact = Callable[[], AbstractContextManager[Session]]


def entry(key: str, german: str, english: str) -> dict[str, object]:
    return {"key": key, "title": {"de": german, "en": english}}


FRAMEWORK = {
    "key": "small",
    "title": {"de": "Leitbild"},
    "summary": {"de": "Klein"},
    "source": {},
    "principles": [
        entry("openness", "Offenheit", "Openness"),
        entry("learning", "Lernen, lehren, forschen", "Learning"),
        entry("safety", "Sicherheit", "Safety"),
        entry("climate", "Klima", "Climate"),
    ],
    "districts": [entry("north", "Innenstadt-Nord", "City North")],
    "fields_of_action": [entry("mobility", "Mobilität", "Mobility")],
}


@pytest.fixture
def process_id(transact: Transact) -> int:
    """A published process called ``test``."""
    words = {"de": "Wort", "en": "word"}
    draft = ProcessDraft("test", words, words, words, words, words, words, ProcessState.PUBLISHED, False)
    now = clock.now()
    with transact() as session:
        framework = import_framework(session, SYSTEM, catalogue=FRAMEWORK)
        return create_process(session, SYSTEM, framework_id=framework.id, draft=draft, now=now).id


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a file and return its path."""

    def make(content: str | bytes, name: str = "table.csv") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return make
