"""Forms for editorial texts: which languages are at hand, and that none is emptied by not being shown."""

from typing import Any, ClassVar

import pytest
from flask import Flask, g
from werkzeug.datastructures import MultiDict

from participation.texts.editorial import EditorialForm, EditorialText

LANGUAGES = ("de", "de-simple", "en", "tr", "ar", "uk")


class SampleForm(EditorialForm):
    """One text."""

    texts: ClassVar[tuple[EditorialText, ...]] = (EditorialText("title", "Title", 20, required=True),)


def form(**sent: str) -> Any:
    """Return the form as it was sent, or as it is opened."""
    return SampleForm.speaking(LANGUAGES)(MultiDict(sent) if sent else None, meta={"csrf": False})


@pytest.mark.parametrize(
    ("reader", "text", "expected"),
    [
        ("de", {}, ["de", "en"]),
        ("tr", {"de": "Neu", "uk": "Нове"}, ["de", "en", "tr", "uk"]),
        ("de-simple", {}, ["de", "de-simple", "en"]),
        ("de", dict.fromkeys(LANGUAGES, "Neu"), ["de", "en"]),
    ],
)
def test_the_readers_language_and_those_in_use_are_at_hand(
    app: Flask, reader: str, text: dict[str, str], expected: list[str]
) -> None:
    with app.test_request_context():
        g.language = reader
        shown = form()
        shown.fill("title", text)
        assert [one.language for one in shown.at_hand("title")] == expected
        further = [one.language for one in shown.further("title")]
        assert further == [language for language in LANGUAGES if language not in expected]


def test_what_was_not_shown_is_not_emptied(app: Flask) -> None:
    with app.test_request_context(method="POST"):
        g.language = "en"
        sent = form(title_de="Neu", title_en="", title_ar="x" * 21)
        assert sent.translated("title") == {"de": "Neu", "en": "", "ar": "x" * 21}
        assert not sent.validate()
        assert [one.language for one in sent.at_hand("title")] == ["de", "en", "ar"], "a mistake is never out of sight"
        assert sent["title_ar"].label.text == "Title (Arabic)"
