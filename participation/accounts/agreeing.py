"""What people agree to who sign up, and agreed to since; legal texts lie in a package above, so ``app`` fills it in."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Flask, current_app
from sqlalchemy.orm import Session

DIGITS = 12
MOST = 1000
"""Of texts in one form; there are two that hold everywhere, and two in each process that somebody takes part in."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """One line of what somebody agreed to: what it is, where it stands, and since when."""

    label: str
    url: str
    day: str


@dataclass(frozen=True, slots=True)
class AgreeingHooks:
    """``shown`` returns the ids of the texts that hold, ``agree`` writes down who agreed to some, ``agreed`` tells."""

    shown: Callable[[Session], tuple[int, ...]]
    agree: Callable[[Session, int, Iterable[int], datetime], None]
    agreed: Callable[[Session, int], Sequence[Agreed]]


def init_agreeing(app: Flask, hooks: AgreeingHooks) -> None:
    """Let the pages around the account know the ``hooks``."""
    app.extensions["agreeing"] = hooks


def agreeing() -> AgreeingHooks:
    """Return the hooks of the running application."""
    hooks: AgreeingHooks = current_app.extensions["agreeing"]
    return hooks


def joined(ids: Iterable[int]) -> str:
    """Return ids as a form sends them along, so that people agree to what they were shown and to nothing newer."""
    return ",".join(map(str, ids))


def ids_in(typed: str | None) -> list[int]:
    """Return the ids that a form sent along; whatever is none is passed over."""
    parts = (typed or "").split(",")[:MOST]
    return [int(part) for part in parts if part.isascii() and part.isdigit() and len(part) <= DIGITS]
