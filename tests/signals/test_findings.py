"""What a program sees in a text and around it, with the numbers at which it begins to speak."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from participation.signals.findings import (
    HOURS,
    MINUTES,
    MOST_IN_HOURS,
    MOST_IN_MINUTES,
    MOST_WHEN_NEW,
    Circumstances,
    findings_in,
)
from participation.signals.models import SignalKind

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
LONG = "Die Stadt soll mehr Bänke in den Parks aufstellen, damit sich alle ausruhen können."


def kinds(text: str = LONG, language: str = "de", **around: Any) -> dict[SignalKind, dict[str, Any]]:
    found = findings_in(text, language, Circumstances(at=NOW, **around), own_words=("zebra",))
    assert len({one.kind for one in found}) == len(found)
    return {one.kind: one.details for one in found}


def moments(count: int, apart: timedelta) -> tuple[datetime, ...]:
    return tuple(NOW - number * apart for number in range(count))


def test_an_ordinary_text_raises_nothing() -> None:
    assert kinds() == {}


@pytest.mark.parametrize(
    ("text", "kind", "details"),
    [
        ("https://a.example.org https://b.example.org www.example.org", SignalKind.LINKS, {"links": 3, "hidden": 0}),
        ("siehe https://bit.ly/abc", SignalKind.LINKS, {"links": 1, "hidden": 1}),
        ("siehe t.co/abc", SignalKind.LINKS, {"links": 1, "hidden": 1}),
        ("Das Zebra", SignalKind.WORDS, {"words": [{"word": "zebra", "list": "own"}]}),
        ("Du Idiot", SignalKind.WORDS, {"words": [{"word": "idiot", "list": "insult"}]}),
        ("Rufen Sie 0231 5550199 an", SignalKind.PERSONAL, {"kinds": ["phone"]}),
        (
            "The city should put more benches into its parks so that everybody can rest.",
            SignalKind.LANGUAGE,
            {"stated": "de", "seems": "en"},
        ),
    ],
)
def test_what_a_text_says(text: str, kind: SignalKind, details: dict[str, Any]) -> None:
    assert kinds(text) == {kind: details}


@pytest.mark.parametrize(
    "text",
    ["https://a.example.org und https://b.example.org", "The park", "rabbit.ly/abc, got.co/abc, example.org/t.company"],
)
def test_what_is_not_enough(text: str) -> None:
    assert kinds(text) == {}


@pytest.mark.parametrize(
    ("written", "details"),
    [
        (moments(MOST_IN_MINUTES, timedelta(minutes=1)), None),
        (moments(MOST_IN_MINUTES + 1, timedelta(minutes=1)), {"count": MOST_IN_MINUTES + 1, "minutes": MINUTES}),
        (moments(MOST_IN_MINUTES + 1, timedelta(minutes=3)), None),
        (moments(MOST_IN_HOURS, timedelta(minutes=20)), None),
        (moments(MOST_IN_HOURS + 1, timedelta(minutes=20)), {"count": MOST_IN_HOURS + 1, "minutes": HOURS * 60}),
    ],
)
def test_many_at_once(written: tuple[datetime, ...], details: dict[str, Any] | None) -> None:
    assert kinds(written=written).get(SignalKind.RATE) == details


@pytest.mark.parametrize(
    ("age", "count", "text", "details"),
    [
        # New alone is not enough: most people register because they want to say something.
        (timedelta(minutes=5), 1, LONG, None),
        (timedelta(minutes=5), MOST_WHEN_NEW, LONG, None),
        (timedelta(minutes=5), MOST_WHEN_NEW + 1, LONG, {"minutes": 5, "count": MOST_WHEN_NEW + 1, "links": 0}),
        (timedelta(hours=3), 1, f"{LONG} https://example.org", {"minutes": 180, "count": 1, "links": 1}),
        (timedelta(hours=24), MOST_WHEN_NEW + 1, f"{LONG} https://example.org", None),
        (None, MOST_WHEN_NEW + 1, f"{LONG} https://example.org", None),
    ],
)
def test_new_accounts(age: timedelta | None, count: int, text: str, details: dict[str, Any] | None) -> None:
    found = kinds(text, account_age=age, written=moments(count, timedelta(minutes=15)))
    assert found.get(SignalKind.NEW_ACCOUNT) == details


@pytest.mark.parametrize(
    ("text", "alike", "own", "signals"),
    [
        (LONG, 0, 0, False),
        (LONG, 1, 0, True),
        # "A good idea" is what many people say.
        ("Gute Idee", 40, 1, False),
        ("Gute Idee", 2, 2, True),
    ],
)
def test_repeated_texts(text: str, alike: int, own: int, signals: bool) -> None:
    found = kinds(text, alike=alike, alike_own=own)
    assert found == ({SignalKind.REPEATED: {"others": alike, "own": own, "more": False}} if signals else {})
