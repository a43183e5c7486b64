"""What a page says about something that just happened, with a way on where there is one."""

from collections.abc import Callable
from typing import Any

from flask import flash

Said = dict[str, str]
"""What is said: ``text``, and ``label`` and ``url`` of a link where there is one."""

_worded: dict[str, Callable[[int], Said]] = {}


def say(text: str, *, kind: str = "success", label: str = "", url: str = "") -> None:
    """Let the next page say ``text``, followed by a link where there is a ``url``."""
    flash({"text": text, "label": label, "url": url} if url else text, kind)  # type: ignore[arg-type]  # any JSON


def worded(key: str) -> Callable[[Callable[[int], Said]], Callable[[int], Said]]:
    """Declare a function that finds the words for ``key`` and a number when they are shown."""

    def declare(words: Callable[[int], Said]) -> Callable[[int], Said]:
        _worded[key] = words
        return words

    return declare


def say_later(key: str, number: int, *, kind: str = "success") -> None:
    """Let the next page find the words itself: for what happens by the thousand, most of it read by no page."""
    flash([key, number], kind)  # type: ignore[arg-type]  # any JSON


def in_words(content: Any) -> Said | None:
    """Return what a kept message says; ``None`` for one that nobody has words for any more."""
    if isinstance(content, dict):
        return content
    if isinstance(content, list):
        key, number = content
        return _worded[key](number) if key in _worded else None
    return {"text": content}
