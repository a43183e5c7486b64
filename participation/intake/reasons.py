"""Sentences that say why a row or a file could not be taken: English on the command line, on pages the reader's own."""

from collections.abc import Mapping
from typing import Any, Self

from participation.multilingual import gettext

Value = str | int


class Reason(str):
    """An English sentence that knows its wording and what was filled in, so that it can be said in other languages."""

    __slots__ = ("values", "wording")

    wording: str
    values: Mapping[str, Value]

    def __new__(cls, wording: str, /, **values: Value) -> Self:
        """Return ``wording`` with ``values`` filled in; a value that is a ``Reason`` is translated along."""
        reason = super().__new__(cls, wording % values if values else wording)
        reason.wording = wording
        reason.values = values
        return reason

    def stored(self) -> dict[str, Any]:
        """Return the reason as what a column of JSON can hold."""
        values = {name: value.stored() if isinstance(value, Reason) else value for name, value in self.values.items()}
        return {"wording": self.wording, "values": values}


def _l(wording: str) -> str:
    """Mark ``wording`` for translation and return it as it is: what a ``Reason`` is made of."""
    return wording


marked = _l


def in_words(stored: Mapping[str, Any]) -> str:
    """Return a stored reason in the reader's language."""
    values = {
        name: in_words(value) if isinstance(value, Mapping) else value for name, value in stored["values"].items()
    }
    return gettext(stored["wording"], **values)


class Problem(ValueError):
    """Something that cannot be taken; ``reason`` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason if isinstance(reason, Reason) else Reason(reason)
