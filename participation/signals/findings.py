"""What a program can see in a contribution: rules with fixed numbers, each of which gives its reason.

Nothing here decides anything. ``NUMBERS`` stand on the page that explains the method.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from participation.signals.models import SignalKind
from participation.signals.sketches import NEARLY, SIZE
from participation.signals.watching import version as words_version
from participation.signals.watching import watched_in
from participation.texts.language import detect_language
from participation.texts.personal import personal_findings

VERSION = "1"

MINUTES, MOST_IN_MINUTES = 10, 5
HOURS, MOST_IN_HOURS = 24, 25
MOST_LINKS = 2
NEW_HOURS, MOST_WHEN_NEW = 24, 4
FEWEST_WORDS = 6
"""Shorter texts are repeated by chance: "a good idea" is one."""
MOST_SHORT = 2
SHORTEST_FOR_LANGUAGE = 40
REPEATED_DAYS = 30
SIGNAL_DAYS = 180
"""So long signals are kept that people have decided about."""

NUMBERS: dict[str, object] = {
    "minutes": MINUTES,
    "most_in_minutes": MOST_IN_MINUTES,
    "hours": HOURS,
    "most_in_hours": MOST_IN_HOURS,
    "most_links": MOST_LINKS,
    "new_hours": NEW_HOURS,
    "most_when_new": MOST_WHEN_NEW,
    "fewest_words": FEWEST_WORDS,
    "most_short": MOST_SHORT,
    "language_characters": SHORTEST_FOR_LANGUAGE,
    "repeated_days": REPEATED_DAYS,
    "signal_days": SIGNAL_DAYS,
    "hashes": SIZE,
    "nearly": round(NEARLY * 100),
}

LINK = re.compile(r"(?:https?://|www\.)[^\s<>()\[\]]+", re.IGNORECASE)
# Services whose short links do not show where they lead.
SHORTENERS = re.compile(
    r"(?<![\w.-])(?:www\.)?(?:bit\.ly|t\.co|tinyurl\.com|goo\.gl|is\.gd|ow\.ly|cutt\.ly|rb\.gy|buff\.ly|shorturl\.at|"
    r"t\.ly|rebrand\.ly|v\.gd|tiny\.cc|lnkd\.in)/",
    re.IGNORECASE,
)
WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Finding:
    """A signal that is not kept yet."""

    kind: SignalKind
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known beside the text: when the author wrote, since when there is an account, what is alike.

    ``written`` are the moments of the author's contributions within the last ``HOURS``, up to this one. Without an
    account there is no ``account_age``. ``alike`` counts other contributions that say nearly the same, ``alike_own``
    those of them by the same author; with ``alike_more`` there are more than were counted.
    """

    at: datetime
    written: tuple[datetime, ...] = ()
    account_age: timedelta | None = None
    alike: int = 0
    alike_own: int = 0
    alike_more: bool = False


def method_version() -> str:
    """Return the version of rules and lists together."""
    return f"{VERSION}.{words_version()}"


def findings_in(text: str, language: str, around: Circumstances, own_words: Iterable[str] = ()) -> tuple[Finding, ...]:
    """Return what a program sees in a contribution, at most one finding of each kind."""
    return (*_in_text(text, language, own_words), *_around(text, around))


def hints_in(text: str, language: str) -> tuple[Finding, ...]:
    """Return what a text may give away about people, and that it may be in another language than it says."""
    return tuple(_hints(text, language))


def _in_text(text: str, language: str, own_words: Iterable[str]) -> Iterator[Finding]:
    links, hidden = len(LINK.findall(text)), len(SHORTENERS.findall(text))
    if links > MOST_LINKS or hidden:
        yield Finding(SignalKind.LINKS, {"links": max(links, hidden), "hidden": hidden})
    if words := watched_in(text, language, own_words):
        yield Finding(SignalKind.WORDS, {"words": [{"word": one.word, "list": one.list} for one in words]})
    yield from _hints(text, language)


def _hints(text: str, language: str) -> Iterator[Finding]:
    # The kinds only: what was found stays in the text and goes with it.
    if kinds := dict.fromkeys(found.kind.value for found in personal_findings(text)):
        yield Finding(SignalKind.PERSONAL, {"kinds": list(kinds)})
    if len(text) >= SHORTEST_FOR_LANGUAGE:
        seems = detect_language(text, default=language)
        if seems != language.split("-", maxsplit=1)[0]:
            yield Finding(SignalKind.LANGUAGE, {"stated": language, "seems": seems})


def _around(text: str, around: Circumstances) -> Iterator[Finding]:
    recent = [moment for moment in around.written if moment > around.at - timedelta(minutes=MINUTES)]
    if len(recent) > MOST_IN_MINUTES:
        yield Finding(SignalKind.RATE, {"count": len(recent), "minutes": MINUTES})
    elif len(around.written) > MOST_IN_HOURS:
        yield Finding(SignalKind.RATE, {"count": len(around.written), "minutes": HOURS * 60})
    if around.account_age is not None and around.account_age < timedelta(hours=NEW_HOURS):
        links = len(LINK.findall(text))
        if links or len(around.written) > MOST_WHEN_NEW:
            minutes = int(around.account_age.total_seconds() // 60)
            yield Finding(SignalKind.NEW_ACCOUNT, {"minutes": minutes, "count": len(around.written), "links": links})
    is_short = len(WORD.findall(text)) < FEWEST_WORDS
    if around.alike_own >= MOST_SHORT if is_short else around.alike:
        details = {"others": around.alike, "own": around.alike_own, "more": around.alike_more}
        yield Finding(SignalKind.REPEATED, details)
