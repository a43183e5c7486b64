"""A language in which every translated text stands between markers, and the search for text outside them."""

import re
from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from babel.dates import get_month_names
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from lxml.etree import _Element

from participation.multilingual.catalogues import extracted

OPEN, CLOSE = "⟦", "⟧"
# The interface's own second language, so that the application needs no further one.
LANGUAGE = "en"
# Boxes of pictures break texts into lines; what they say stands elsewhere as text.
UNREAD = ("script", "style", "code", "kbd", "g[@aria-hidden='true']", "*[@translate='no']")
SPOKEN = ("aria-label", "aria-description", "aria-roledescription", "alt", "placeholder", "title", "label")
MARKERS = re.compile(f"([{OPEN}{CLOSE}])")
SEPARATOR = re.compile(r"[\s·,;:.()–—…/|→*%]+")
MONTHS, SHORT_MONTHS = ("|".join(get_month_names(width, locale=LANGUAGE).values()) for width in ("wide", "abbreviated"))
# As they stand in sentences, and on the axes of plots.
DAY = re.compile(rf"\b\d{{1,2}} (?:{MONTHS}) \d{{4}}|\b(?:{SHORT_MONTHS}) \d{{1,4}}\b")


class Unbalanced(AssertionError):
    """A marker was cut off: half of a translated text is on the page."""


def write_catalogue(folder: Path) -> None:
    """Compile a catalogue for ``LANGUAGE`` in ``folder`` that puts each text of the product between markers."""
    catalogue = Catalog(locale=LANGUAGE)
    for message in extracted():
        if message.id:
            forms = message.id if isinstance(message.id, tuple) else (message.id,)
            marked = tuple(f"{OPEN}{form}{CLOSE}" for form in forms)
            catalogue.add(message.id, marked if message.pluralizable else marked[0], context=message.context)
    target = folder / LANGUAGE / "LC_MESSAGES" / "messages.mo"
    target.parent.mkdir(parents=True)
    buffer = BytesIO()
    write_mo(buffer, catalogue)
    target.write_bytes(buffer.getvalue())


def unmarked(tree: _Element, known: frozenset[str]) -> Iterator[str]:
    """Yield each text of a page that stands outside markers and is not ``known``: residents' words, names, dates.

    Raises ``Unbalanced`` where a marker is opened and not closed, or the other way round.
    """
    outside = [*_outside(_texts(tree)), *(piece for text in _spoken(tree) for piece in _outside([text]))]
    for text in outside:
        if strange := _unknown(text, known):
            yield strange


def _texts(tree: _Element) -> Iterator[str]:
    """Yield the text nodes in the order in which they are read."""
    yield from (str(node) for node in tree.xpath(f"//text()[not({' or '.join(f'ancestor::{tag}' for tag in UNREAD)})]"))


def _spoken(tree: _Element) -> Iterator[str]:
    """Yield attributes that are read out or that scripts show."""
    for element in tree.iter():
        for name, value in element.attrib.items():
            # Names of components and fields are single words.
            if name in SPOKEN or (name.startswith("data-") and " " in value):
                yield value
    yield from tree.xpath("//meta[@name='description']/@content")


def _outside(texts: Iterator[str] | list[str]) -> Iterator[str]:
    depth = 0
    for text in texts:
        kept = []
        for piece in MARKERS.split(text):
            if piece == OPEN:
                depth += 1
            elif piece == CLOSE:
                depth -= 1
                if depth < 0:
                    raise Unbalanced(text)
            elif not depth:
                kept.append(piece)
        yield " ".join("".join(kept).split())
    if depth:
        raise Unbalanced("a translated text is not closed")


# Most of what a page says stands on every other page too.
@lru_cache(maxsize=10_000)
def _unknown(text: str, known: frozenset[str]) -> str:
    """Return what is left of ``text`` without dates and ``known`` texts, longest first; empty if no letter is left."""
    rest = DAY.sub(" ", text)
    if rest in known or not any(letter.isalpha() for letter in rest):
        return ""
    for phrase in sorted((phrase for phrase in known if phrase in rest), key=len, reverse=True):
        rest = re.sub(rf"(?<!\w){re.escape(phrase)}(?!\w)", " ", rest)
    return " ".join(piece for piece in SEPARATOR.split(rest) if any(letter.isalpha() for letter in piece))
