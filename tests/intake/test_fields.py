"""What single cells mean."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from participation.ideas.models import TEXT_LONGEST, TITLE_LONGEST, IdeaState
from participation.intake.fields import (
    Entries,
    FieldProblem,
    derived_title,
    key,
    language_code,
    milliseconds,
    moment,
    state,
    title_and_text,
)
from participation.principles.queries import EntryView

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
ENTRIES = Entries(
    "principle",
    [
        EntryView(1, "openness", {"de": "Offenheit", "en": "Openness"}, {}),
        EntryView(2, "learning", {"de": "Lernen, lehren", "tr": "Öğrenme"}, {}),
        EntryView(3, "safety", {"de": "Sicherheit"}, {}),
    ],
)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Mehr Bäume an der Straße! Sie kühlen.", "Mehr Bäume an der Straße!"),
        ("Der Rat möge mehr Bänke aufstellen. Danke.", "Der Rat möge mehr Bänke aufstellen"),
        (
            "Am 1. Mai sollen z. B. alle Busse umsonst fahren. Immer.",
            "Am 1. Mai sollen z. B. alle Busse umsonst fahren",
        ),
        ("Kurz. Aber die Busse fahren zu selten. Immer.", "Kurz. Aber die Busse fahren zu selten"),
        ("\n\nÜberschrift\nDarunter ein Satz.", "Überschrift"),
        ("Wort " * 60, ("Wort " * 27).strip() + "…"),
        ("ohne Punkt", "ohne Punkt"),
    ],
)
def test_titles_are_derived_from_the_first_sentence(text: str, title: str) -> None:
    assert derived_title(text) == title
    assert len(title) <= TITLE_LONGEST


def test_a_title_alone_is_the_text_too() -> None:
    assert title_and_text(" More\ntrees ", "") == ("More trees", "More trees")


def test_a_long_title_is_cut_and_kept_in_full() -> None:
    long = "word " * 40 + "end"
    title, text = title_and_text(long, "The text.")
    assert (len(title) <= TITLE_LONGEST, title.endswith("…")) == (True, True)
    assert text == f"{long}\n\nThe text."
    assert title_and_text(long, "") == (title, long)


@pytest.mark.parametrize(
    ("title", "text", "sentence"),
    [
        ("", " \n ", "has neither a title nor a text"),
        ("a\x07b", "text", "the title contains control characters"),
        ("title", "te\u202ext", "the text contains marks that turn the direction of writing around"),
        ("\u200b", "text", "the title has no visible characters"),
        ("title", "x" * (TEXT_LONGEST + 1), "the text has 5,001 characters, at most 5,000 are possible"),
    ],
)
def test_texts_that_cannot_be_taken_say_why(title: str, text: str, sentence: str) -> None:
    with pytest.raises(FieldProblem) as problem:
        title_and_text(title, text)
    assert str(problem.value) == sentence


@pytest.mark.parametrize(
    ("cell", "ids"),
    [
        ("", ()),
        ("openness", (1,)),
        (" OFFENHEIT ", (1,)),
        ("öğrenme; Sicherheit", (2, 3)),
        ("Lernen, lehren", (2,)),
        ("Lernen, lehren | safety | Offenheit", (2, 3, 1)),
        ("safety,openness,safety,", (3, 1)),
        ("safety\nopenness", (3, 1)),
    ],
)
def test_principles_are_found_by_key_and_title(cell: str, ids: tuple[int, ...]) -> None:
    assert ENTRIES.several(cell, 3) == ids


def test_unknown_and_too_many_principles_are_refused() -> None:
    with pytest.raises(FieldProblem, match="unknown principle “freedom”"):
        ENTRIES.several("openness; freedom", 3)
    with pytest.raises(FieldProblem, match="has 3 entries for principle, at most 2 are possible"):
        ENTRIES.several("openness; safety; learning", 2)
    assert ENTRIES.one("  ") is None


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("", NOW),
        ("2026-05-03", datetime(2026, 5, 2, 22, tzinfo=UTC)),
        ("2026-05-03T18:30:00", datetime(2026, 5, 3, 16, 30, tzinfo=UTC)),
        ("2026-05-03T18:30:00Z", datetime(2026, 5, 3, 18, 30, tzinfo=UTC)),
        ("3.5.2026", datetime(2026, 5, 2, 22, tzinfo=UTC)),
        ("03.01.2026 18:30", datetime(2026, 1, 3, 17, 30, tzinfo=UTC)),
        ("03.01.2026, 18:30:15", datetime(2026, 1, 3, 17, 30, 15, tzinfo=UTC)),
    ],
)
def test_dates_are_read(cell: str, expected: datetime) -> None:
    assert moment(cell, BERLIN, NOW) == expected


@pytest.mark.parametrize("cell", ["31.2.2026", "5/3/2026", "yesterday", "01.01.0001", "2026-06-02", "2026-06-01T14:01"])
def test_dates_that_make_no_sense_are_refused(cell: str) -> None:
    with pytest.raises(FieldProblem):
        moment(cell, BERLIN, NOW)


def test_timestamps_are_milliseconds_or_seconds() -> None:
    assert milliseconds("1651071094558", NOW) == datetime(2022, 4, 27, 14, 51, 34, 558000, tzinfo=UTC)
    assert milliseconds("1651071094", NOW) == datetime(2022, 4, 27, 14, 51, 34, tzinfo=UTC)
    for cell in ("", "soon", "1651", "9" * 30, "99999999999999"):
        with pytest.raises(FieldProblem):
            milliseconds(cell, NOW)


def test_languages_states_and_keys() -> None:
    assert [language_code(cell) for cell in ("", "DE", "pt-BR", "ckb")] == [None, "de", "pt", "ckb"]
    assert [state(cell) for cell in ("", "Hidden", "in review")] == [
        IdeaState.PUBLISHED,
        IdeaState.HIDDEN,
        IdeaState.IN_REVIEW,
    ]
    assert key("id", " A\n1 ", 5) == "A 1"
    for call in (lambda: language_code("german"), lambda: state("gone"), lambda: key("id", "123456", 5)):
        with pytest.raises(FieldProblem):
            call()
