"""Choosing a language, falling back visibly, and moments in words."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from participation.multilingual import Phrase, direction, in_language, language_name, negotiate, phrase, pick, reworded
from participation.multilingual.moments import day, lazy_moment, moment, number


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ([], "de"),
        (["en"], "en"),
        (["en-GB"], "en"),
        (["EN_us"], "en"),
        (["fr", "en", "de"], "en"),
        (["fr", "tr"], "de"),
        (["*"], "de"),
        (["", "en"], "en"),
        (["de-CH-1996", "en"], "de"),
    ],
)
def test_negotiation_takes_the_best_wish_on_offer(accepted: list[str], expected: str) -> None:
    assert negotiate(accepted, ("de", "en"), "de") == expected


@pytest.mark.parametrize(
    ("translated", "language", "expected"),
    [
        ({"de": "Idee", "en": "Idea"}, "en", Phrase("Idea", "en")),
        ({"de": "Idee"}, "en", Phrase("Idee", "de")),
        ({"en": "Idea"}, "tr", Phrase("Idea", "en")),
        ({"tr": "Fikir"}, "en", Phrase("Fikir", "tr")),
        ({"de": "", "en": "Idea"}, "de", Phrase("Idea", "en")),
        ({}, "de", Phrase("", "de")),
    ],
)
def test_a_phrase_says_which_language_it_is_in(translated: dict[str, str], language: str, expected: Phrase) -> None:
    assert phrase(translated, language) == expected
    assert pick(translated, language) == expected.text


def test_fallbacks_can_be_chosen() -> None:
    assert phrase({"de": "a", "fr": "b"}, "en", fallbacks=("fr",)) == Phrase("b", "fr")


def test_rewording_keeps_languages_not_given_and_drops_empty_ones() -> None:
    assert reworded({"de": "a", "en": "b", "tr": "c"}, {"de": "x", "en": ""}) == {"de": "x", "tr": "c"}


@pytest.mark.parametrize(
    ("code", "expected"), [("de", "ltr"), ("ar", "rtl"), ("ar-EG", "rtl"), ("fa", "rtl"), ("tr", "ltr"), ("", "ltr")]
)
def test_direction(code: str, expected: str) -> None:
    assert direction(code) == expected


@pytest.mark.parametrize(
    ("code", "shown_in", "expected"),
    [("de", None, "Deutsch"), ("tr", "de", "Türkisch"), ("ar", "en", "Arabic"), ("xx-nonsense", "de", "xx-nonsense")],
)
def test_language_names(code: str, shown_in: str | None, expected: str) -> None:
    assert language_name(code, shown_in=shown_in) == expected


MOMENTS = [
    # Berlin is two hours ahead of UTC in summer, one in winter.
    (datetime(2026, 5, 3, 16, 0, tzinfo=UTC), "3. Mai 2026, 18:00", "3 May 2026, 18:00"),
    (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "1. Januar 2027, 00:30", "1 January 2027, 00:30"),
    (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), "29. März 2026, 01:59", "29 March 2026, 01:59"),
    (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "29. März 2026, 03:00", "29 March 2026, 03:00"),
    (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "25. Oktober 2026, 02:30", "25 October 2026, 02:30"),
    (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "25. Oktober 2026, 02:30", "25 October 2026, 02:30"),
    (datetime(2026, 10, 25, 2, 30, tzinfo=UTC), "25. Oktober 2026, 03:30", "25 October 2026, 03:30"),
]


@pytest.mark.parametrize(("value", "german", "english"), MOMENTS)
def test_moments_are_in_the_citys_time(app: Flask, value: datetime, german: str, english: str) -> None:
    later = lazy_moment(value)
    for language, expected in (("de", german), ("en", english)):
        with app.test_request_context(), in_language(language):
            assert moment(value) == expected
            assert str(later) == expected
            assert day(value) == expected.partition(",")[0]


@pytest.mark.parametrize(("language", "expected"), [("de", "1.234.567"), ("en", "1,234,567")])
def test_numbers_have_the_readers_separators(app: Flask, language: str, expected: str) -> None:
    with app.test_request_context(), in_language(language):
        assert number(1_234_567) == expected
