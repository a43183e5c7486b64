"""The team and authors write to each other: nobody sees an address, both texts stay, and answers wait in the queue."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from participation.accounts.actor import ANONYMOUS, SYSTEM, Actor, Role
from participation.activity.models import LogEntry
from participation.cases.models import Case, CaseKind, SubjectKind
from participation.ideas.models import Addendum, Idea, IdeaState
from participation.kit import clock
from participation.kit.permissions import Refused
from participation.moderation.messages.conversations import PAGE, contribution
from participation.moderation.messages.policies import MOST_IN_A_ROW, ThreadFacts, may_answer_team, may_write_to_author
from participation.moderation.messages.service import answer_team, write_to_author
from participation.moderation.models import Message
from participation.processes.models import Participant
from tests import make
from tests.conftest import Sessions
from tests.make import Place
from tests.pages import PageClient

Member = Callable[..., PageClient]
DESK = "/en/desk/processes/digital"
MODERATOR = Actor(1, grants=frozenset({(Role.MODERATOR, 1)}))
FAR = Actor(2, grants=frozenset({(Role.MODERATOR, 2)}))
STAFF = Actor(4, grants=frozenset({(Role.STAFF, 1)}))
AUTHOR, STRANGER = Actor(3), Actor(5)


@pytest.fixture
def own(transact: Sessions, place: Place) -> int:
    """The idea of author@example.org."""
    with transact() as session:
        account = make.account(session, "author@example.org", language="en")
        author = make.participant(session, place, account_id=account, pseudonym="Quiet Otter")
        return make.idea(session, place, author=author, title="A bench", body="One at the pond.")


def send(transact: Sessions, place: Place, idea: int, text: str, *, from_team: bool = True, key: str = "") -> int:
    """Let the team or the author write, and return the number of the message."""
    with transact() as session:
        about = contribution(session, place.id, SubjectKind.IDEA, idea)
        common: dict[str, Any] = {"about": about, "text": text, "language": "en", "now": clock.now()}
        common["submission_key"] = key or f"{text}-{from_team}"
        if from_team:
            return write_to_author(session, SYSTEM, **common).id
        actor = Actor(about.account_id)
        return answer_team(session, actor, due_at=clock.now() + timedelta(days=1), **common).id


def waiting(database: Sessions) -> list[tuple[int, int]]:
    """Return what messages wait: the idea, and where the conversation begins."""
    with database() as session:
        rows = session.execute(
            select(Case.subject_id, Case.about_id).where(Case.kind == CaseKind.MESSAGE, Case.closed_at.is_(None))
        )
        return [(subject, about) for subject, about in rows]


@pytest.mark.parametrize(
    ("actor", "writes"),
    [(MODERATOR, True), (SYSTEM, True), (FAR, False), (STAFF, False), (AUTHOR, False), (ANONYMOUS, False)],
)
def test_who_writes_to_an_author(actor: Actor, writes: bool) -> None:
    assert bool(may_write_to_author(actor, ThreadFacts(1, 3))) is writes
    assert not may_write_to_author(actor, ThreadFacts(1, None)), "nobody could read it"


@pytest.mark.parametrize(
    ("actor", "facts", "answers"),
    [
        (AUTHOR, ThreadFacts(1, 3, begun_by_team=True), True),
        (AUTHOR, ThreadFacts(1, 3, begun_by_team=True, answers_in_a_row=MOST_IN_A_ROW - 1), True),
        (AUTHOR, ThreadFacts(1, 3, begun_by_team=True, answers_in_a_row=MOST_IN_A_ROW), False),
        (AUTHOR, ThreadFacts(1, 3, begun_by_team=False), False),
        (STRANGER, ThreadFacts(1, 3, begun_by_team=True), False),
        (MODERATOR, ThreadFacts(1, 3, begun_by_team=True), False),
        (ANONYMOUS, ThreadFacts(1, None, begun_by_team=True), False),
    ],
)
def test_who_answers_the_team(actor: Actor, facts: ThreadFacts, answers: bool) -> None:
    permission = may_answer_team(actor, facts)
    assert (bool(permission), bool(permission.reason)) == (answers, not answers)


def test_a_conversation_from_end_to_end(member: Member, place: Place, own: int, database: Sessions) -> None:
    moderator = member(Role.MODERATOR, process_id=place.id)
    desk = f"{DESK}/ideas/{own}/messages"
    page = moderator.get(desk)
    assert page.h1 == "Messages about an idea"
    assert "Nobody has written yet." in page.text
    assert "author@example.org" not in page.text, "moderators never see addresses of residents"
    answer = moderator.submit(page, "message-form", text="Which pond do you mean, the one in the park?", status=303)
    assert answer.location == desk
    author = member(email="author@example.org")
    page = author.get("/en/my/messages")
    assert "Which pond do you mean" in page.one(".conversations__entry")
    assert "moderator-" not in page.text
    page = author.get(page.links(".conversations__entry a")["A bench"])
    assert page.texts(".conversation__head strong") == ["The moderation team"]
    assert "moderator-" not in page.text, "the team signs, no name"
    page = author.follow(author.submit(page, "answer-form", text="The <b>small</b> one in the west.", status=303))
    assert page.texts(".conversation__head strong") == ["The moderation team", "You"]
    assert page.texts(".conversation .prose")[1] == "The <b>small</b> one in the west."
    with database() as session:
        first = session.scalars(select(func.min(Message.id))).one()
        case = session.scalars(select(Case).where(Case.kind == CaseKind.MESSAGE)).one()
        assert (case.subject_id, case.idea_id, case.about_id, case.closed_at) == (own, own, first, None)
    page = moderator.get(desk)
    assert page.texts(".conversation__head strong") == ["The moderation team", "Quiet Otter"]
    assert "moderator-" in page.texts(".conversation__head")[0], "colleagues know who wrote"
    page = moderator.follow(moderator.submit(page, "message-form", text="Thank you, that helps.", status=303))
    assert waiting(database) == []
    assert len(page.texts(".conversation__message")) == 3
    with database() as session:
        actions = session.scalars(
            select(LogEntry.payload).where(LogEntry.action == "MessageSent").order_by(LogEntry.id)
        ).all()
        assert [list(payload) for payload in actions] == [["message_id"]] * 3


def test_what_needs_no_answer_leaves_the_queue(
    member: Member, transact: Sessions, place: Place, own: int, database: Sessions
) -> None:
    first = send(transact, place, own, "Please look")
    for text in ("Yes", "And more"):
        send(transact, place, own, text, from_team=False)
    assert waiting(database) == [(own, first)], "one conversation waits once"
    moderator = member(Role.MODERATOR, process_id=place.id)
    page = moderator.get(f"{DESK}/ideas/{own}/messages")
    page = moderator.follow(moderator.submit(page, press="Needs no answer", status=303))
    assert waiting(database) == []
    assert page.select(".alert form") == []
    assert len(page.texts(".conversation__message")) == 3


def test_the_same_form_twice_is_one_message(transact: Sessions, place: Place, own: int, database: Sessions) -> None:
    one, again = (send(transact, place, own, "Please look", key="k1") for _ in range(2))
    mine, once_more = (send(transact, place, own, "Yes", from_team=False, key="k2") for _ in range(2))
    assert (one, mine) == (again, once_more)
    with database() as session:
        assert session.scalar(select(func.count()).select_from(Message)) == 2
    with pytest.raises(Refused):
        send(transact, place, own, "Yes", key="k2")


def test_a_form_without_a_key_counts_once_too(
    member: Member, transact: Sessions, place: Place, own: int, database: Sessions
) -> None:
    moderator = member(Role.MODERATOR, process_id=place.id)
    page = moderator.get(f"{DESK}/ideas/{own}/messages")
    for _ in range(2):
        moderator.submit(page, "message-form", text="Please look", forge={"submission_key": ""}, status=303)
    moderator.submit(page, "message-form", text="Look", forge={"submission_key": "", "opened": ""}, status=422)
    with database() as session:
        assert session.scalars(select(Message.text)).all() == ["Please look"]


def test_an_author_waits_for_an_answer_after_five_messages(
    member: Member, transact: Sessions, place: Place, own: int
) -> None:
    first = send(transact, place, own, "Please look")
    for number in range(MOST_IN_A_ROW - 1):
        send(transact, place, own, f"Message {number}", from_team=False)
    author = member(email="author@example.org")
    page = author.get(f"/en/my/messages/{first}")
    send(transact, place, own, "One more", from_team=False)
    refused = author.submit(page, "answer-form", text="And another", status=422)
    assert "Please wait until the team answers." in refused.text
    assert author.get(f"/en/my/messages/{first}").select("#answer-form") == []
    send(transact, place, own, "Thank you")
    assert author.get(f"/en/my/messages/{first}").select("#answer-form")


def test_conversations_belong_to_their_author(
    client: PageClient, member: Member, transact: Sessions, place: Place, own: int
) -> None:
    first = send(transact, place, own, "Please look")
    author, stranger = member(email="author@example.org"), member(email="somebody@example.org")
    address = f"/en/my/messages/{first}"
    assert client.get(address, status=None).status in (302, 303)
    stranger.get(address, status=404)
    assert "No messages" in stranger.get("/en/my/messages").text
    own_page = author.get(address)
    with transact() as session:
        # Somebody who may answer in a conversation of their own cannot answer in this one.
        theirs = make.participant(session, place, account_id=make.account(session, "other@example.org"))
        other = make.idea(session, place, author=theirs)
    mine = send(transact, place, other, "And you")
    visitor = member(email="other@example.org")
    page = visitor.get(f"/en/my/messages/{mine}")
    page.form("answer-form").set("action", address)
    visitor.submit(page, "answer-form", text="Not mine", status=404)
    member(Role.MODERATOR, process_id=place.id).get(address, status=404)
    assert own_page.texts(".conversation__message")


def test_what_came_by_a_file_has_nobody_to_write_to(member: Member, place: Place, idea: int) -> None:
    page = member(Role.MODERATOR, process_id=place.id).get(f"{DESK}/ideas/{idea}/messages")
    assert page.select("#message-form") == []
    assert "nobody could read it" in page.one(".alert")


def test_comments_and_addenda_and_an_idea_that_is_gone(
    member: Member, transact: Sessions, place: Place, own: int
) -> None:
    with transact() as session:
        account = make.account(session, "talker@example.org")
        talker = make.participant(session, place, account_id=account)
        comment = make.comment(session, place, own, author=talker, body="It is wet there.")
        addendum = Addendum(
            process_id=place.id,
            idea_id=own,
            state=IdeaState.PUBLISHED,
            text="Made of oak.",
            language="en",
            submitted_at=clock.now(),
            published_at=clock.now(),
        )
        session.add(addendum)
        session.flush()
        added = addendum.id
    moderator = member(Role.MODERATOR, process_id=place.id)
    for subject, number, words in (("comments", comment, "It is wet there."), ("addenda", added, "Made of oak.")):
        page = moderator.get(f"{DESK}/{subject}/{number}/messages")
        assert words in page.one("main aside")
        moderator.submit(page, "message-form", text=f"About {subject}", status=303)
        moderator.get(f"{DESK}/{subject}/{10**9}/messages", status=404)
    reader = member(email="talker@example.org")
    page = reader.get(reader.get("/en/my/messages").links(".conversations__entry a")["It is wet there."])
    assert "It is wet there." in page.links("main a")
    with transact() as session:
        session.get_one(Idea, own).state = IdeaState.HIDDEN
    page = reader.get(page.url)
    assert "It is wet there." not in page.links("main a")
    assert "A bench" not in page.text
    author = member(email="author@example.org")
    assert "Made of oak." in author.get("/en/my/messages").links(".conversations__entry a")


def test_many_conversations_come_in_pages_at_the_same_cost(
    member: Member, transact: Sessions, place: Place, own: int
) -> None:
    send(transact, place, own, "First")
    author = member(email="author@example.org")
    author.get("/en/my/messages", budget=2)
    with transact() as session:
        who = session.scalars(select(Participant.id).where(Participant.pseudonym == "Quiet Otter")).one()
        more = [make.idea(session, place, author=who, title=f"Idea {number}") for number in range(PAGE + 1)]
    for number in more:
        send(transact, place, number, f"About {number}")
    page = author.get("/en/my/messages", budget=2)
    assert len(page.texts(".conversations__entry")) == PAGE
    following = author.get(page.select("a[rel=next]")[0].get("href"), budget=2)
    assert len(following.texts(".conversations__entry")) == 2
    for wrong in ("x", "-1", "9" * 20):
        author.get(f"/en/my/messages?before={wrong}", status=400)
    latest = send(transact, place, own, "Again")
    author.get(f"/en/my/messages/{latest}", budget=4)
