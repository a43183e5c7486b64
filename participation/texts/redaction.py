"""Taking passages out of a text: what becomes of them, and how the mark that is left is shown."""

import re
from collections.abc import Iterable, Iterator

from flask_babel import get_locale
from markupsafe import Markup, escape

from participation.multilingual import gettext as _
from participation.texts.shape import BLOCK

MARK = BLOCK * 3
"""What stands in a text where something was taken out; ``texts.shape.normalise`` keeps anybody from typing it."""
SHORTEST = len(MARK)
"""A passage has at least so many characters: a shorter one would make a text longer by being taken out."""
_MARKS = re.compile(f"{BLOCK}+")


def take_out(text: str, passages: Iterable[str]) -> str:
    """Return ``text`` with ``MARK`` in place of every occurrence of every passage; overlapping ones leave one mark.

    White space counts as the same whatever it is, because line ends change when a passage is copied from a page.
    """
    parts, end = [], 0
    for start, stop in _merged(span for passage in passages for span in _occurrences(text, passage)):
        parts += [text[end:start], MARK]
        end = stop
    return "".join([*parts, text[end:]])


def holds(text: str, passage: str) -> bool:
    """Return whether ``take_out`` would find ``passage`` in ``text``."""
    return next(_occurrences(text, passage), None) is not None


def marked(markup: Markup) -> Markup:
    """Return cleaned HTML with every mark as an element that says in words that something was taken out."""
    if BLOCK not in markup:
        return markup
    spoken = Markup('<span class="visually-hidden" lang="{}">{}</span>').format(get_locale(), _("[redacted]"))
    said = Markup('<mark class="redacted"><span aria-hidden="true">{}</span>{}</mark>').format(MARK, spoken)
    return Markup(_MARKS.sub(lambda _match: str(said), markup))  # noqa: S704  # both parts are escaped already


def render_line(text: str) -> Markup:
    """Return a title as safe HTML: the text itself, and marks where something was taken out."""
    return marked(escape(text))


def _occurrences(text: str, passage: str) -> Iterator[tuple[int, int]]:
    wanted = r"\s+".join(re.escape(word) for word in passage.split())
    if not wanted:
        return
    # Looking ahead finds occurrences that overlap each other, too.
    for match in re.finditer(f"(?=({wanted}))", text):
        yield match.span(1)


def _merged(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    start, stop = -1, -1
    for begin, end in sorted(spans):
        if begin > stop:
            if stop >= 0:
                yield start, stop
            start, stop = begin, end
        else:
            stop = max(stop, end)
    if stop >= 0:
        yield start, stop
