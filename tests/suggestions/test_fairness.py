"""The same idea lands in the same theme in plain German, with typing errors and in other languages."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask

from participation.browse.methods import FOLDER, METHODS
from participation.kit.db import db
from participation.similarity.jobs import fill_vectors
from participation.suggestions.material import read_material
from participation.suggestions.method import FAIRNESS, compute
from participation.texts.vectors import Encoder
from tests import make
from tests.conftest import Sessions

THEMES: list[dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("fairness.yaml").read_text(encoding="utf-8"),
)
FORMS = tuple(THEMES[0]["same"])


def said(theme: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield the same idea in each form: its form, title and text."""
    for form, (title, text) in theme["same"].items():
        yield form, title, text


@pytest.mark.accept
def test_the_form_of_an_idea_makes_no_difference(
    app: Flask, transact: Sessions, place: make.Place, meaning: Encoder
) -> None:
    assert all(tuple(theme["same"]) == FORMS for theme in THEMES)
    expected: dict[int, tuple[str, int]] = {}
    with transact() as session:
        for theme in THEMES:
            filed = [make.idea(session, place, title=title, body=text) for title, text in theme["filed"]]
            cluster = make.cluster(session, place, title=theme["theme"], ideas=filed)
            for form, title, text in said(theme):
                language = form if len(form) == 2 else "de"
                expected[make.idea(session, place, title=title, body=text, language=language)] = form, cluster
    with app.app_context():
        fill_vectors(place.id, lambda _done: None)
        material = read_material(db.session(), place.id)
        best = dict(compute(db.session(), place.id, material).best())
    right = Counter(form for idea_id, (form, cluster) in expected.items() if best[idea_id].cluster_id == cluster)
    assert [right[form] for form in FORMS] == [FAIRNESS[form] for form in FORMS]


def test_the_method_page_says_what_was_measured() -> None:
    numbers = METHODS["cluster-suggestions"].numbers
    page = (FOLDER / "cluster-suggestions.yaml").read_text(encoding="utf-8")
    assert all(numbers[f"fair_{form}"] == FAIRNESS[form] and page.count(f"{{fair_{form}}}") == 2 for form in FORMS)
    assert numbers["fair_themes"] == len(THEMES)
    assert all(len(theme["filed"]) == 4 for theme in THEMES)
