"""The order of the queue and its pages, however many contributions wait at the same moment."""

from datetime import timedelta

import pytest

from participation.comments.models import CommentState
from participation.ideas.models import IdeaState
from participation.kit import clock
from participation.moderation.keys import decode, encode
from participation.moderation.queries import PAGE, WaitingKey, waiting
from tests import make
from tests.conftest import Sessions


def test_pages_follow_each_other_without_gap(transact: Sessions, database: Sessions) -> None:
    moment = clock.now()
    with transact() as session:
        place = make.process(session)
        other = make.process(session, "other")
        make.idea(session, other, state=IdeaState.IN_REVIEW)
        public = make.idea(session, place)
        for number in range(PAGE):
            # Pairs of the same moment, in both orders of arrival.
            at = moment + timedelta(seconds=number // 3)
            make.idea(session, place, state=IdeaState.IN_REVIEW, at=at)
            make.comment(session, place, public, state=CommentState.IN_REVIEW, at=at)
    with database() as session:
        first = waiting(session, place.id)
        assert (first.ideas, first.comments) == (PAGE, PAGE)
        second = waiting(session, place.id, after=decode(encode(first.next_after)))
    keys = [item.key for item in (*first.items, *second.items)]
    assert len(set(keys)) == 2 * PAGE
    assert keys == sorted(keys, key=lambda key: (key.submitted_at, key.kind, key.id))
    assert second.next_after is None


@pytest.mark.parametrize(
    "text", [None, "", "x", "1-idea", "1-idea-²", "1-poem-1", "9" * 18 + "-idea-1", "1-idea-1\x00"]
)
def test_places_that_are_none_mean_the_beginning(text: str | None) -> None:
    assert decode(text) is None


def test_a_place_survives_the_journey() -> None:
    key = WaitingKey(clock.now(), "comment", 7)
    assert decode(encode(key)) == key
