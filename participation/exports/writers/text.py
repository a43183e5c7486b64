"""Making residents' text fit for a file: which characters a format can hold, and how long a cell may be."""

import re
import unicodedata
from functools import lru_cache

from babel import Locale, UnknownLocaleError

from participation.multilingual import locale_of

_SURROGATES = re.compile(r"[\ud800-\udfff]")
# XML 1.0, production 2: everything outside may not occur in a document, not even as a reference.
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOT_PLAIN_XML = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINE_ENDS = re.compile(r"\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# Embeddings, overrides and isolates: unbalanced ones would turn around what is printed after them.
_BIDI_CONTROLS = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
_DIRECTIONS = {"L": "ltr", "R": "rtl", "AL": "rtl"}
_BEGINNING = 200
_CUTTABLE = re.compile(r"\s+\S*\Z")


def encodable(text: str) -> str:
    """Return the text with lone surrogates, which no encoding can hold, replaced by U+FFFD."""
    return _SURROGATES.sub("\ufffd", text)


def for_xml(text: str) -> str:
    """Return the text with line ends as LF and without the characters XML forbids; lone surrogates as U+FFFD."""
    if not _NOT_PLAIN_XML.search(text):
        return text
    return _NOT_XML.sub("", encodable(text).replace("\r\n", "\n").replace("\r", "\n"))


def for_print(text: str) -> str:
    """Return `for_xml` with every kind of line end as LF, tabs as spaces and without directional controls."""
    return _BIDI_CONTROLS.sub("", for_xml(_LINE_ENDS.sub("\n", text)).replace("\t", " ")).strip()


def reads(text: str) -> str:
    """Return "ltr" or "rtl" after the first letter that has a direction, as browsers do; "" where none has."""
    for character in text[:_BEGINNING]:
        if direction := _DIRECTIONS.get(unicodedata.bidirectional(character)):
            return direction
    return ""


def utf16_length(text: str) -> int:
    """Return the length in UTF-16 units, in which Excel counts."""
    return len(text) + sum(1 for character in text if character > "\uffff")


def fit(text: str, limit: int, mark: str) -> str:
    """Return the text, or as much of its beginning as fits into `limit` UTF-16 units together with ` mark`."""
    if len(text) * 2 <= limit or utf16_length(text) <= limit:
        return text
    ending = f" {mark}"
    room = limit - utf16_length(ending)
    used = 0
    for position, character in enumerate(text):
        used += 2 if character > "\uffff" else 1
        if used > room:
            return text[:position] + ending
    return text  # pragma: no cover - a text that fits was returned above


def excerpt(text: str, limit: int) -> str:
    """Return the text on one line, cut before a word and ended by … when longer than `limit` characters."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    cut = line[:limit]
    return (_CUTTABLE.sub("", cut) or cut) + " …"


@lru_cache(maxsize=256)
def locale(language: str) -> Locale:
    """Return the locale of an ISO language code; English for one that is not known."""
    try:
        return locale_of(language)
    except (UnknownLocaleError, ValueError):
        return Locale("en")


@lru_cache(maxsize=256)
def language_tag(language: str) -> str:
    """Return the bare ISO 639 code ("de" for "de-DE"), or "" for what is not a known language."""
    try:
        return str(locale_of(language).language)
    except (UnknownLocaleError, ValueError, TypeError):
        return ""
