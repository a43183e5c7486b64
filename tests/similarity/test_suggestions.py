"""Principles suggested for a text: from what is said about them, and from what similar ideas are tagged with."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
import yaml
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from participation.accounts.actor import ANONYMOUS, SYSTEM
from participation.commands.processes import BUNDLED
from participation.ideas.models import Idea, IdeaState
from participation.principles.models import Principle
from participation.principles.service import import_framework, read_catalogue
from participation.similarity.jobs import fill_process
from participation.similarity.suggestions import PrincipleSuggestion, suggest_principles
from participation.texts.vectors import Encoder
from tests import make

Sessions = Callable[[], AbstractContextManager[Session]]
DEMO = Path(BUNDLED).parents[2] / "demo" / "content" / "ideas.yaml"


@pytest.fixture
def place(transact: Sessions) -> make.Place:
    """A process; its framework is the one that the product brings along."""
    with transact() as session:
        here = make.process(session)
        framework = import_framework(session, SYSTEM, catalogue=read_catalogue(BUNDLED))
        return make.Place(here.id, here.slug, framework.id)


def suggest(
    session: Session, place: make.Place, title: str, text: str, language: str = "de", own: int | None = None
) -> tuple[PrincipleSuggestion, ...]:
    return suggest_principles(
        session,
        ANONYMOUS,
        process_id=place.id,
        framework_id=place.framework_id,
        title=title,
        text=text,
        language=language,
        exclude_idea_id=own,
    )


def keys(session: Session, place: make.Place) -> dict[int, str]:
    rows = select(Principle.id, Principle.key).where(Principle.framework_id == place.framework_id)
    return dict(session.execute(rows).all())


def test_a_text_in_the_words_of_a_principle_gets_it_with_those_words(place: make.Place, database: Sessions) -> None:
    with database() as session:
        by_id = keys(session, place)
        found = suggest(session, place, "Neues ausprobieren", "Wir wollen Neues wagen, ausprobieren und daraus lernen.")
        assert [by_id[one.principle_id] for one in found] == ["innovation"]
    assert 0 < found[0].confidence <= 1
    assert "Neues" in found[0].reasons


def test_tags_of_similar_public_ideas_count(place: make.Place, transact: Sessions, database: Sessions) -> None:
    words = ("Quartiersgarage mit Ladesäulen", "Auf dem Parkdeck am Markt fehlen Ladesäulen für Fahrzeuge.")
    with database() as session:
        assert suggest(session, place, *words) == ()
    with transact() as session:
        ideas = [make.idea(session, place, title=words[0], body=words[1], principles=["education"]) for _ in range(3)]
    with database() as session:
        by_id = keys(session, place)
        found = suggest(session, place, *words)
    assert [by_id[one.principle_id] for one in found] == ["education"]
    assert found[0].similar_idea_ids == tuple(ideas)
    with transact() as session:
        session.execute(update(Idea).values(state=IdeaState.HIDDEN))
    with database() as session:
        assert suggest(session, place, *words) == ()


@pytest.mark.parametrize(
    ("title", "text"),
    [("", ""), (" ", "\n"), ("\0", "\0"), ("Xyzzy", "Plugh qwrtz"), ("图书馆", "星期天"), ("a", "b" * 99_999)],
)
def test_nothing_is_suggested_for_texts_that_say_nothing(
    place: make.Place, database: Sessions, title: str, text: str
) -> None:
    with database() as session:
        assert suggest(session, place, title, text) == ()


def test_nothing_is_suggested_without_principles(place: make.Place, database: Sessions) -> None:
    with database() as session:
        assert suggest(session, make.Place(place.id, place.slug, 10**9), "Neues wagen", "Neues") == ()


def test_a_changed_wording_counts_at_once(place: make.Place, transact: Sessions, database: Sessions) -> None:
    text = ("Xylophon", "Ein Xylophon und noch ein Xylophon.")
    with database() as session:
        assert suggest(session, place, *text) == ()
        principle_id = next(id_ for id_, key in keys(session, place).items() if key == "education")
    with transact() as session:
        session.execute(update(Principle).where(Principle.id == principle_id).values(title={"de": "Xylophon"}))
    with database() as session:
        assert [one.principle_id for one in suggest(session, place, *text)] == [principle_id]


@pytest.mark.accept
def test_half_of_what_is_suggested_is_what_people_chose(
    app: Flask, place: make.Place, transact: Sessions, database: Sessions, meaning: Encoder
) -> None:
    """On the ideas of the demo process, none of which knows its own tags; by chance it would be 15 %."""
    ideas = yaml.safe_load(DEMO.read_text(encoding="utf-8"))["digital-strategy"]
    with transact() as session:
        ids = [
            make.idea(
                session,
                place,
                title=one["title"],
                body=one["text"],
                language=one["language"],
                principles=one["principles"],
            )
            for one in ideas
        ]
    with app.app_context():
        fill_process(place.id, lambda _done: None)
    suggested = right = helped = 0
    with database() as session:
        by_id = keys(session, place)
        for one, own in zip(ideas, ids, strict=True):
            if not one["principles"]:
                continue
            found = suggest(session, place, one["title"], one["text"], one["language"], own)
            suggested += len(found)
            right += sum(by_id[entry.principle_id] in one["principles"] for entry in found)
            helped += bool(found)
    assert right / suggested >= 0.5, (right, suggested, helped)
    assert helped >= len(ideas) / 2
