"""Links to similar ideas say which titles a machine or people have put into the reader's language."""

import pytest
from flask import Flask, g

from participation.browse.similar import similar_links
from participation.cases.models import SubjectKind
from participation.ideas.models import IdeaState
from participation.multilingual import in_language
from participation.similarity.queries import SimilarIdea
from participation.wordings.models import Origin
from participation.wordings.queries import ShownWording


def alike(number: int, title: str, language: str) -> SimilarIdea:
    return SimilarIdea(number, title, "", language, IdeaState.PUBLISHED, 0.5, ("calle",), means_similar=True)


@pytest.mark.one_database
def test_a_translated_title_is_marked_as_such(app: Flask) -> None:
    shown = {
        (SubjectKind.IDEA, number): ShownWording(number, "es", "en", "Clean streets", "", origin, provider, 1)
        for number, origin, provider in ((1, Origin.MACHINE, "deepl"), (2, Origin.HUMAN, ""))
    }
    ideas = [alike(number, "Limpiar las calles", "es") for number in (1, 2, 3)]
    with app.test_request_context("/en/"), in_language("en"):
        g.language = "en"
        links = similar_links([*ideas, alike(4, "Clean streets", "en")], "digital", shown)
    assert [(link.title, link.language, link.translated, link.written_in) for link in links] == [
        ("Clean streets", "en", "machine translation, original: Spanish", ""),
        ("Clean streets", "en", "translated by people, original: Spanish", ""),
        ("Limpiar las calles", "es", "", "Spanish"),
        ("Clean streets", "en", "", ""),
    ]
    assert {link.words_language for link in links[:3]} == {"es"}
