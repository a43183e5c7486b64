"""Contributions in the reader's language, for pages that lie below whoever keeps wordings: the application says who."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from flask import Flask, current_app
from sqlalchemy.orm import Session

from participation.cases.models import SubjectKind
from participation.cases.queries import SubjectKey

EXTENSION = "worded"

Asked = tuple[SubjectKind, int, str]
"""A contribution and the language in which it was written."""


class Worded(Protocol):
    """What a contribution says in the reader's language."""

    @property
    def title(self) -> str:
        """The title, empty where it has none."""

    @property
    def text(self) -> str:
        """The text."""

    @property
    def language(self) -> str:
        """The reader's language."""


Find = Callable[[Session, Sequence[Asked]], Mapping[SubjectKey, Worded]]
"""Returns the wordings that the page being read shows instead of originals."""


def init_worded(app: Flask, find: Find) -> None:
    """Let ``find`` say what pages of ``app`` show instead of originals."""
    app.extensions[EXTENSION] = find


def worded_here(session: Session, asked: Sequence[Asked]) -> Mapping[SubjectKey, Worded]:
    """Return the wordings that this page shows instead of originals, by contribution."""
    find: Find = current_app.extensions[EXTENSION]
    return find(session, asked)
