"""The order of the nearest ideas: by the space, and by meaning and words beside it where ideas have vectors."""

from collections.abc import Sequence

import numpy as np
import pytest
from sqlalchemy.orm import Session

from participation.ideas.models import IdeaState
from participation.kit import clock
from participation.similarity.memory import memories
from participation.similarity.service import MadeVector, put_vectors
from participation.similarity.words import bag_of
from participation.suggestions.nearest import (
    MEANING_SHARE,
    SPACE_SHARE,
    WORDS_SHARE,
    Near,
    Surroundings,
    surroundings_of,
)
from participation.texts.vectors import DIMENSIONS, Encoder, pack
from tests import make
from tests.conftest import Sessions

BENCHES, PARK, BUSES, NIGHT = ("Bänke im Park", "Mehr Bänke am Park", "Busse am Abend", "Busse nachts")
TEXTS = (BENCHES, PARK, BUSES, NIGHT)


def around(session: Session, place: make.Place, *, words_only: bool = False, everything: bool = False) -> Surroundings:
    snapshot = memories.of(session, place.id).snapshot_at_last()
    found = surroundings_of(session, place.id, snapshot, words_only=words_only, everything=everything)
    assert found is not None
    return found


def nearest(found: Surroundings, idea_id: int, title: str, most: int = 9) -> tuple[Near, ...]:
    return found.nearest(idea_id, bag_of(title, title, "de"), most=most)


def placed(session: Session, place: make.Place, texts: Sequence[str] = TEXTS) -> list[int]:
    return [make.idea(session, place, title=text, body=text) for text in texts]


def test_by_words_the_space_decides_and_nobody_is_near_themselves(
    transact: Sessions, database: Sessions, place: make.Place
) -> None:
    with transact() as session:
        benches, park, buses, night = placed(session, place)
    with database() as session:
        found = around(session, place, words_only=True)
        own = nearest(found, benches, BENCHES)
        assert [one.idea_id for one in own][:1] == [park]
        assert {one.idea_id for one in own} == {park, buses, night}
        assert nearest(found, night, NIGHT, most=1)[0].idea_id == buses
    close = found.ground.places @ found.ground.places[0]
    assert [one.nearness for one in own] == pytest.approx(sorted(close[1:], reverse=True), abs=1e-4)


def test_equal_ideas_come_in_the_order_of_their_ids_and_hidden_ones_only_when_asked_for(
    transact: Sessions, database: Sessions, place: make.Place
) -> None:
    with transact() as session:
        benches, first, second, buses = placed(session, place, (BENCHES, PARK, PARK, BUSES))
        hidden = make.idea(session, place, title=BENCHES, body=BENCHES, state=IdeaState.HIDDEN)
    with database() as session:
        seen = nearest(around(session, place, words_only=True), benches, BENCHES)
        assert [one.idea_id for one in seen] == [first, second, buses]
        everything = nearest(around(session, place, words_only=True, everything=True), benches, BENCHES)
    assert [one.idea_id for one in everything][:3] == [hidden, first, second]
    assert everything[0].score == 1.0


def test_meaning_and_words_stand_beside_the_space_where_both_have_a_vector(
    transact: Sessions, database: Sessions, place: make.Place, meaning: Encoder
) -> None:
    chance = np.random.default_rng(1).standard_normal((3, DIMENSIONS)).astype(np.float32)
    vectors = chance / np.linalg.norm(chance, axis=1, keepdims=True)
    with transact() as session:
        ideas = placed(session, place)
        made = [MadeVector(idea_id, 1, pack(vector)) for idea_id, vector in zip(ideas[:3], vectors, strict=True)]
        put_vectors(session, place.id, made, method=meaning.method, now=clock.now())
    with database() as session:
        found = around(session, place)
        own = {one.idea_id: one for one in nearest(found, ideas[0], BENCHES)}
    close = found.ground.places @ found.ground.places[0]
    likeness = found.snapshot.likeness(bag_of(BENCHES, BENCHES, "de"), found.snapshot.vector(ideas[0]))
    for row in (1, 2):
        mixed = SPACE_SHARE * close[row] + MEANING_SHARE * likeness.meaning[row] + WORDS_SHARE * likeness.words[row]
        assert own[ideas[row]].nearness == pytest.approx(mixed, abs=1e-4)
        assert own[ideas[row]].score == pytest.approx(likeness.score[row], abs=1e-4)
    assert own[ideas[3]].nearness == pytest.approx(close[3], abs=1e-4)
