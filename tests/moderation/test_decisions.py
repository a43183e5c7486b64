"""Deciding about contributions: publish, hide with a reason, restore, tag."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from participation.accounts.actor import Role
from participation.comments.models import Comment, CommentState
from participation.ideas.models import Idea, IdeaPrinciple, IdeaState
from participation.kit import clock
from participation.moderation.models import Decision, DecisionKind
from tests import make
from tests.conftest import Sessions
from tests.pages import PageClient

Member = Callable[..., PageClient]
QUEUE = "/en/desk/processes/digital/queue"


def state_of(database: Sessions, idea_id: int) -> IdeaState:
    """Return where an idea stands."""
    with database() as session:
        return session.get_one(Idea, idea_id).state


def decisions(database: Sessions) -> list[tuple[DecisionKind, str]]:
    """Return kind and reason of all decisions in order."""
    with database() as session:
        rows = session.scalars(select(Decision).order_by(Decision.id))
        return [(row.kind, row.reason) for row in rows]


@pytest.fixture
def waiting(transact: Sessions) -> tuple[make.Place, list[int], int]:
    """A process in which two ideas and, between them, a comment wait."""
    moment = clock.now()
    with transact() as session:
        place = make.process(session, review_first=True)
        public = make.idea(session, place)
        first = make.idea(session, place, state=IdeaState.IN_REVIEW, at=moment - timedelta(days=4), title="The first")
        comment = make.comment(session, place, public, state=CommentState.IN_REVIEW, at=moment - timedelta(hours=3))
        last = make.idea(session, place, state=IdeaState.IN_REVIEW, at=moment - timedelta(minutes=2))
    return place, [first, last], comment


def test_the_queue_is_worked_through(
    member: Member, database: Sessions, waiting: tuple[make.Place, list[int], int]
) -> None:
    place, (first, last), comment = waiting
    moderator = member(Role.MODERATOR, process_id=place.id)
    page = moderator.get(QUEUE)
    assert [item.get("id") for item in page.select("[data-item]")] == [
        f"idea-{first}",
        f"comment-{comment}",
        f"idea-{last}",
    ]
    answer = moderator.submit(page, f"#idea-{first} .desk-item__actions > form", press="Publish", status=303)
    assert answer.location == f"{QUEUE}#comment-{comment}"
    assert state_of(database, first) is IdeaState.PUBLISHED
    page = moderator.follow(answer)
    assert "“The first” is published." in page.text
    answer = moderator.submit(page, f"#comment-{comment} details form", reason=" Insult ", status=303)
    assert answer.location == f"{QUEUE}#idea-{last}"
    with database() as session:
        assert session.get_one(Comment, comment).state is CommentState.HIDDEN
    answer = moderator.submit(moderator.follow(answer), f"#idea-{last} details.desk-hide form", reason="Spam")
    assert answer.location == f"{QUEUE}#queue"
    assert "Nothing waits for a decision." in moderator.follow(answer).text
    assert decisions(database) == [
        (DecisionKind.PUBLISH, ""),
        (DecisionKind.HIDE, "Insult"),
        (DecisionKind.HIDE, "Spam"),
    ]


def test_principles_are_saved_along_with_publishing(
    member: Member, transact: Sessions, database: Sessions, waiting: tuple[make.Place, list[int], int]
) -> None:
    place, (first, last), _comment = waiting
    with transact() as session:
        one, two, three, four = make.principle_ids(session, place, make.PRINCIPLES[:4])
    moderator = member(Role.MODERATOR, process_id=place.id)
    form = f"#idea-{first} .desk-item__actions > form"
    answer = moderator.submit(moderator.get(QUEUE), form, press="Publish", principles=[one, two, three, four])
    assert answer.status == 422
    assert answer.errors == ["Guiding principles: Please choose at most three principles."]
    assert len(answer.select("[name=principles]:checked, [name=principles][checked]")) == 4
    assert state_of(database, first) is IdeaState.IN_REVIEW
    moderator.submit(answer, press="Publish", principles=[one, three], status=303)
    assert state_of(database, first) is IdeaState.PUBLISHED
    assert _tags(database, first) == {one, three}
    form = f"#idea-{last} .desk-item__actions > form"
    answer = moderator.submit(moderator.get(QUEUE), form, press="Only save principles", principles=[two], status=303)
    assert answer.location == f"{QUEUE}#idea-{last}"
    assert (_tags(database, last), state_of(database, last)) == ({two}, IdeaState.IN_REVIEW)


def test_publishing_from_elsewhere_leaves_the_principles(
    member: Member, transact: Sessions, database: Sessions
) -> None:
    with transact() as session:
        place = make.process(session)
        idea = make.idea(session, place, state=IdeaState.IN_REVIEW, principles=["access"])
        (access,) = make.principle_ids(session, place, ["access"])
    moderator = member(Role.MODERATOR, process_id=place.id)
    page = moderator.get(f"/en/desk/processes/digital/ideas/{idea}")
    answer = moderator.submit(page, "main form.post-button", status=303)
    assert answer.location == f"/en/desk/processes/digital/ideas/{idea}#idea-{idea}"
    assert (_tags(database, idea), state_of(database, idea)) == ({access}, IdeaState.PUBLISHED)


@pytest.mark.parametrize(
    ("reason", "error"),
    [
        ("", "Please give the reason; the author will read it."),
        ("   ", "Please give the reason; the author will read it."),
        ("x" * 2001, "This is too long: 2001 characters of at most 2000."),
        ("a\x00b", "This contains characters that cannot be shown. Please type them anew."),
        ("\u202eabc", "This contains invisible marks that turn the order of words around."),
    ],
)
def test_hiding_needs_a_reason_that_can_be_read(
    member: Member, database: Sessions, waiting: tuple[make.Place, list[int], int], reason: str, error: str
) -> None:
    place, (first, _last), _comment = waiting
    moderator = member(Role.MODERATOR, process_id=place.id)
    answer = moderator.submit(moderator.get(QUEUE), f"#idea-{first} details.desk-hide form", reason=reason, status=422)
    assert answer.errors == [f"Reason: {error}"]
    assert (state_of(database, first), decisions(database)) == (IdeaState.IN_REVIEW, [])
    answer = moderator.submit(answer, press="Hide with this reason", reason="Spam", status=303)
    assert answer.location is not None
    assert answer.location.startswith(QUEUE)
    assert state_of(database, first) is IdeaState.HIDDEN


def test_whoever_comes_second_is_told_and_loses_nothing(
    member: Member, database: Sessions, waiting: tuple[make.Place, list[int], int]
) -> None:
    place, (first, _last), _comment = waiting
    slow = member(Role.MODERATOR, process_id=place.id, email="slow@example.org")
    page = slow.get(QUEUE)
    quick = member(Role.MODERATOR, process_id=place.id, email="quick@example.org")
    quick.submit(quick.get(QUEUE), f"#idea-{first} details.desk-hide form", reason="Spam", status=303)
    answer = slow.submit(page, f"#idea-{first} details.desk-hide form", reason="Advertising", status=409)
    assert answer.errors == ["This idea is not public any more."]
    assert answer.one("textarea[name=reason]") == "Advertising"
    assert decisions(database) == [(DecisionKind.HIDE, "Spam")]


def test_what_was_hidden_can_be_restored(member: Member, transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        idea = make.idea(session, place)
        comment = make.comment(session, place, idea)
    moderator = member(Role.MODERATOR, process_id=place.id)
    desk = f"/en/desk/processes/digital/ideas/{idea}"
    moderator.submit(moderator.get(desk), f"#comment-{comment} details form", reason="Insult", status=303)
    page = moderator.follow(moderator.submit(moderator.get(desk), "details.desk-hide form", reason="Spam"))
    assert "Insult" in page.one(f"#comment-{comment}")
    listing = "/en/desk/processes/digital/decisions"
    page = moderator.get(listing)
    assert len(page.select("form.post-button")) == len(page.select("main form")) == 2
    for _ in range(2):
        page = moderator.follow(moderator.submit(page, 0, status=303))
    assert page.select("main form") == []
    assert state_of(database, idea) is IdeaState.PUBLISHED
    with database() as session:
        assert session.get_one(Comment, comment).state is CommentState.PUBLISHED
    assert [kind for kind, _reason in decisions(database)] == [DecisionKind.HIDE] * 2 + [DecisionKind.RESTORE] * 2


@pytest.mark.parametrize("path", ["ideas/{idea}/decision", "ideas/{idea}/principles", "comments/{comment}/decision"])
def test_what_belongs_elsewhere_cannot_be_decided_from_here(
    member: Member, transact: Sessions, database: Sessions, path: str
) -> None:
    with transact() as session:
        here, elsewhere = make.process(session), make.process(session, "elsewhere")
        idea = make.idea(session, elsewhere, principles=["access"])
        comment = make.comment(session, elsewhere, idea)
        own = make.idea(session, here)
    moderator = member(Role.MODERATOR, process_id=here.id)
    page = moderator.get(f"/en/desk/processes/digital/ideas/{own}")
    token = page.select("main input[name=csrf_token]")[0].get("value")
    data = {"csrf_token": token, "decision": "hide", "reason": "No"}
    target = path.format(idea=idea, comment=comment)
    moderator.post(f"/en/desk/processes/digital/{target}", data, status=404)
    moderator.post(f"/en/desk/processes/elsewhere/{target}", data, status=403)
    assert (state_of(database, idea), decisions(database)) == (IdeaState.PUBLISHED, [])
    assert len(_tags(database, idea)) == 1


def test_an_unknown_decision_is_refused(member: Member, transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        idea = make.idea(session, place)
    moderator = member(Role.MODERATOR, process_id=place.id)
    page = moderator.get(f"/en/desk/processes/digital/ideas/{idea}")
    forged = {"decision": "erase", "reason": "No", "back": "\x00"}
    moderator.submit(page, "details.desk-hide form", forge=forged, status=400)
    assert state_of(database, idea) is IdeaState.PUBLISHED


def _tags(database: Sessions, idea_id: int) -> set[int]:
    with database() as session:
        return set(session.scalars(select(IdeaPrinciple.principle_id).where(IdeaPrinciple.idea_id == idea_id)))
