"""Publishing, hiding and tagging ideas, and who sees an idea in which state."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from participation.accounts.actor import ANONYMOUS, SYSTEM, Actor, Role
from participation.ideas.models import Idea, IdeaState
from participation.ideas.policies import may_import, may_moderate, may_react, may_see_idea
from participation.ideas.queries import idea_in, principle_ids_of, visible_to
from participation.ideas.service import hide_idea, publish_idea, tag_idea
from participation.kit import clock
from participation.kit.permissions import Missing, Refused
from participation.multilingual import in_language
from participation.processes.models import Process
from tests import make
from tests.conftest import Sessions

RESIDENT = Actor(1)
MODERATOR_HERE = Actor(2, "", frozenset({(Role.MODERATOR, 1)}))
MODERATOR_ELSEWHERE = Actor(3, "", frozenset({(Role.MODERATOR, 2)}))
STAFF = Actor(4, "", frozenset({(Role.STAFF, None)}))
ADMIN = Actor(5, "", frozenset({(Role.ADMIN, None)}))
EVERYBODY = (ANONYMOUS, RESIDENT, MODERATOR_HERE, MODERATOR_ELSEWHERE, STAFF, ADMIN)


def answers(question: Callable[[Actor], object]) -> list[bool]:
    """Return the answer for each of ``EVERYBODY``."""
    return [bool(question(actor)) for actor in EVERYBODY]


def test_who_moderates_and_imports() -> None:
    assert answers(lambda actor: may_moderate(actor, 1)) == [False, False, True, False, False, True]
    assert answers(lambda actor: may_import(actor, 1)) == [False, False, False, False, True, True]


@pytest.mark.parametrize("state", list(IdeaState))
def test_who_sees_what(state: IdeaState) -> None:
    public = state is IdeaState.PUBLISHED
    withdrawn = state is IdeaState.WITHDRAWN
    seen = answers(lambda actor: may_see_idea(actor, state=state, process_id=1, is_author=False))
    assert seen == [public, public, not withdrawn, public, public, not withdrawn]
    own = answers(lambda actor: may_see_idea(actor, state=state, process_id=1, is_author=True))
    assert own == [not withdrawn] * len(EVERYBODY)
    assert bool(may_react(state)) is public


def test_the_rows_somebody_sees_follow_the_same_rule(transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place, other = make.process(session), make.process(session, "other")
        account = make.account(session)
        author = make.participant(session, place, account_id=account)
        own = {state: make.idea(session, place, author=author, state=state) for state in IdeaState}
        foreign = {state: make.idea(session, place, state=state) for state in IdeaState}
        make.idea(session, other)
    public = {own[IdeaState.PUBLISHED], foreign[IdeaState.PUBLISHED]}
    everything = {*own.values(), *foreign.values()} - {own[IdeaState.WITHDRAWN], foreign[IdeaState.WITHDRAWN]}
    grant = frozenset({(Role.MODERATOR, place.id)})
    with database() as session:
        for actor, expected in (
            (ANONYMOUS, public),
            (Actor(account), {*own.values(), *public} - {own[IdeaState.WITHDRAWN]}),
            (Actor(account + 1), public),
            (Actor(account + 1, "", grant), everything),
            (SYSTEM, everything),
        ):
            assert set(session.scalars(select(Idea.id).where(visible_to(actor, place.id)))) == expected


TRANSITIONS = [
    (publish_idea, {IdeaState.IN_REVIEW, IdeaState.HIDDEN}, IdeaState.PUBLISHED),
    (hide_idea, {IdeaState.IN_REVIEW, IdeaState.PUBLISHED}, IdeaState.HIDDEN),
]


@pytest.mark.parametrize("state", list(IdeaState))
@pytest.mark.parametrize(("change", "possible", "after"), TRANSITIONS, ids=["publish", "hide"])
def test_changing_the_state(
    transact: Sessions,
    database: Sessions,
    state: IdeaState,
    change: Callable[..., Idea],
    possible: set[IdeaState],
    after: IdeaState,
) -> None:
    with transact() as session:
        place = make.process(session)
        idea = make.idea(session, place, state=state)
        moderator = Actor(make.account(session), "", frozenset({(Role.MODERATOR, place.id)}))
    with database() as session:
        version = session.get_one(Process, place.id).version
    if state in possible:
        with transact() as session:
            change(session, moderator, idea_id=idea, now=clock.now())
    else:
        with pytest.raises(Refused), transact() as session:
            change(session, moderator, idea_id=idea, now=clock.now())
    with database() as session:
        row = session.get_one(Idea, idea)
        assert row.state is (after if state in possible else state)
        assert session.get_one(Process, place.id).version == version + (state in possible), "caches are told, or not"
        if row.state is IdeaState.PUBLISHED:
            assert row.published_at is not None


@pytest.mark.parametrize("who", [ANONYMOUS, RESIDENT, STAFF, Actor(3, "", frozenset({(Role.MODERATOR, 987)}))])
def test_nobody_else_changes_it(app: Flask, transact: Sessions, database: Sessions, who: Actor) -> None:
    with transact() as session:
        place = make.process(session)
        idea = make.idea(session, place)
    for attempt in (hide_idea, publish_idea):
        with pytest.raises(Refused) as problem, transact() as session:
            attempt(session, who, idea_id=idea, now=clock.now())
        with app.test_request_context(), in_language("en"):
            assert str(problem.value.reason) == "Only moderators of this process may do this."
    with pytest.raises(Refused), transact() as session:
        tag_idea(session, who, idea_id=idea, principle_ids=[], now=clock.now())
    with database() as session:
        assert session.get_one(Idea, idea).state is IdeaState.PUBLISHED


def test_tagging_replaces_the_tags(transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        idea = make.idea(session, place, principles=["climate", "access"])
        ids = make.principle_ids(session, place, make.PRINCIPLES)
        tag_idea(session, SYSTEM, idea_id=idea, principle_ids=[ids[0], ids[4], ids[0]], now=clock.now())
    for wrong in (ids[:4], [987_654]):
        with pytest.raises(Refused), transact() as session:
            tag_idea(session, SYSTEM, idea_id=idea, principle_ids=wrong, now=clock.now())
    with database() as session:
        assert principle_ids_of(session, [idea]) == {idea: sorted([ids[0], ids[4]])}


def test_an_idea_is_found_in_its_own_process_only(transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place, other = make.process(session), make.process(session, "other")
        idea = make.idea(session, place)
    with database() as session:
        assert idea_in(session, place.id, idea).id == idea
        for process_id, idea_id in ((other.id, idea), (place.id, idea + 1), (987, idea)):
            with pytest.raises(Missing):
                idea_in(session, process_id, idea_id)
