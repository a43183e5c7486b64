"""Deciding about one contribution on its own page: what is offered, what is asked for, and what comes of it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from participation.accounts.actor import Role
from participation.comments.models import Comment, CommentState
from participation.ideas.models import Idea, IdeaPrinciple, IdeaState
from participation.kit import clock
from participation.moderation.models import Decision, DecisionKind
from participation.moderation.text_blocks.service import TextBlockDraft, add_text_block
from participation.processes.models import Participant
from tests import make
from tests.conftest import Sessions
from tests.pages import Page, PageClient

Member = Callable[..., PageClient]
DESK = "/en/desk/processes/digital"
WHY = {"ground": "rule-advertising", "reason": "Spam"}


def state_of(database: Sessions, idea_id: int) -> IdeaState:
    """Return where an idea stands."""
    with database() as session:
        return session.get_one(Idea, idea_id).state


def decisions(database: Sessions) -> list[tuple[DecisionKind, str, str]]:
    """Return kind, ground and reason of all decisions in order."""
    with database() as session:
        rows = session.scalars(select(Decision).order_by(Decision.id))
        return [(row.kind, row.ground, row.reason) for row in rows]


@pytest.fixture
def waiting(transact: Sessions) -> tuple[make.Place, int]:
    """A process in which an idea waits whose author has an account."""
    with transact() as session:
        place = make.process(session, review_first=True)
        author = make.participant(session, place, account_id=make.account(session, "author@example.org"))
        idea = make.idea(session, place, author=author, state=IdeaState.IN_REVIEW, title="The first")
        add_text_block(
            session,
            make.actor(session, make.account(session), role=Role.MODERATOR),
            process_id=place.id,
            draft=TextBlockDraft("Names", "rule-privacy", {"de": "Bitte ohne Namen.", "en": "No names, please."}),
            now=clock.now(),
        )
    return place, idea


@pytest.fixture
def moderator(member: Member, waiting: tuple[make.Place, int]) -> PageClient:
    return member(Role.MODERATOR, process_id=waiting[0].id)


def offered(page: Page) -> list[str]:
    """Return the decisions that a page offers."""
    return [str(choice.get("value")) for choice in page.select("[name=decision]")]


def test_what_fits_is_offered(moderator: PageClient, waiting: tuple[make.Place, int], transact: Sessions) -> None:
    place, idea = waiting
    page = moderator.get(f"{DESK}/ideas/{idea}/decision", budget=12)
    assert offered(page) == ["publish", "hide", "ask_change", "warn", "suspend"]
    assert "author@example.org" not in page.text
    with transact() as session:
        imported = make.idea(session, place)
        comment = make.comment(session, place, imported, state=CommentState.WITHDRAWN)
    assert offered(moderator.get(f"{DESK}/ideas/{imported}/decision")) == ["keep", "hide", "ask_change"]
    assert offered(moderator.get(f"{DESK}/comments/{comment}/decision")) == ["keep"]


def test_hiding_says_why_and_comes_back(
    moderator: PageClient, database: Sessions, waiting: tuple[make.Place, int], member: Member
) -> None:
    place, idea = waiting
    page = moderator.get(f"{DESK}/ideas/{idea}/decision")
    answer = moderator.submit(page, decision="hide", block=["1"], **WHY, status=303)
    assert answer.location == f"{DESK}/ideas/{idea}#idea-{idea}"
    page = moderator.follow(answer)
    assert "“The first” is hidden; the author will read your reason." in page.text
    history = page.one(".desk-history li")
    assert "Rule 3" in history
    assert "No names, please." in history
    assert "Spam" in history
    with database() as session:
        kept = session.scalars(select(Decision)).one()
        assert kept.block_texts == {"de": "Bitte ohne Namen.", "en": "No names, please."}
        assert kept.objection_until is not None
    author = member(email="author@example.org")
    note = author.get(place.url(f"/ideas/{idea}")).one(".alert--warning")
    assert "Bitte ohne Namen." in note
    assert "Spam" in note


def test_a_text_block_is_reason_enough(
    moderator: PageClient, database: Sessions, waiting: tuple[make.Place, int]
) -> None:
    page = moderator.get(f"{DESK}/ideas/{waiting[1]}/decision")
    moderator.submit(page, decision="hide", block=["1"], ground="rule-privacy", status=303)
    assert decisions(database) == [(DecisionKind.HIDE, "rule-privacy", "")]
    answer = moderator.submit(page, forge={"decision": "restore", "block": ["7"]}, status=422)
    assert answer.errors == ["Text blocks: Not a valid choice."]


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({"reason": "Spam"}, ["Rule or law: Please choose the rule or law that this rests on."]),
        ({"ground": "rule-privacy"}, ["Reason: Please give the reason; the author will read it."]),
        (
            {"ground": "rule-privacy", "reason": "   "},
            ["Reason: Please give the reason; the author will read it."],
        ),
        ({**WHY, "reason": "x" * 2001}, ["Reason: This is too long: 2001 characters of at most 2000."]),
        (
            {**WHY, "reason": "a\x00b"},
            ["Reason: This contains characters that cannot be shown. Please type them anew."],
        ),
        (
            {**WHY, "reason": "\u202eabc"},
            ["Reason: This contains invisible marks that turn the order of words around."],
        ),
    ],
)
def test_hiding_needs_a_ground_and_a_reason(
    moderator: PageClient, database: Sessions, waiting: tuple[make.Place, int], given: dict[str, str], errors: list[str]
) -> None:
    page = moderator.get(f"{DESK}/ideas/{waiting[1]}/decision")
    answer = moderator.submit(page, decision="hide", status=422, **given)
    assert answer.errors == errors
    assert (state_of(database, waiting[1]), decisions(database)) == (IdeaState.IN_REVIEW, [])
    # Nothing is lost: what was chosen is chosen still.
    moderator.submit(answer, **WHY, status=303)
    assert decisions(database) == [(DecisionKind.HIDE, "rule-advertising", "Spam")]


def test_something_has_to_be_chosen(moderator: PageClient, waiting: tuple[make.Place, int]) -> None:
    page = moderator.get(f"{DESK}/ideas/{waiting[1]}/decision")
    assert moderator.submit(page, status=422).errors == ["Decision: Please choose what you decide."]


def test_a_ground_that_is_not_in_the_list_is_refused(moderator: PageClient, waiting: tuple[make.Place, int]) -> None:
    page = moderator.get(f"{DESK}/ideas/{waiting[1]}/decision")
    answer = moderator.submit(page, decision="hide", reason="No", forge={"ground": "rule-of-<b>thumb"}, status=422)
    assert answer.errors == ["Rule or law: Not a valid choice."]


def test_asking_warning_suspending(moderator: PageClient, database: Sessions, waiting: tuple[make.Place, int]) -> None:
    url = f"{DESK}/ideas/{waiting[1]}/decision"
    moderator.submit(moderator.get(url), decision="ask_change", reason="Without the name, please.", status=303)
    moderator.submit(moderator.get(url), decision="warn", **WHY, status=303)
    answer = moderator.submit(moderator.get(url), decision="suspend", days="14", **WHY, status=303)
    assert "cannot write in this process for now" in moderator.follow(answer).text
    with database() as session:
        until = session.scalars(select(Participant.suspended_until).where(Participant.account_id.is_not(None))).one()
        assert timedelta(days=13) < until - clock.now() < timedelta(days=15)
    page = moderator.get(url)
    assert "The author cannot write in this process until" in page.one(".alert")
    moderator.submit(page, decision="lift", status=303)
    kinds = [kind for kind, _ground, _reason in decisions(database)]
    assert kinds == [DecisionKind.ASK_CHANGE, DecisionKind.WARN, DecisionKind.SUSPEND, DecisionKind.LIFT]
    assert state_of(database, waiting[1]) is IdeaState.IN_REVIEW


def test_whoever_comes_second_is_told_and_loses_nothing(
    member: Member, database: Sessions, waiting: tuple[make.Place, int]
) -> None:
    place, idea = waiting
    slow = member(Role.MODERATOR, process_id=place.id, email="slow@example.org")
    page = slow.get(f"{DESK}/ideas/{idea}/decision")
    quick = member(Role.MODERATOR, process_id=place.id, email="quick@example.org")
    quick.submit(quick.get(f"{DESK}/ideas/{idea}/decision"), decision="hide", **WHY, status=303)
    answer = slow.submit(page, decision="hide", ground="rule-topic", reason="Advertising", status=409)
    assert answer.errors == ["This idea is not public any more."]
    assert answer.one("textarea[name=reason]") == "Advertising"
    assert "restore" in offered(answer)
    assert decisions(database) == [(DecisionKind.HIDE, "rule-advertising", "Spam")]


def test_a_text_that_was_changed_is_read_again(
    moderator: PageClient, transact: Sessions, waiting: tuple[make.Place, int]
) -> None:
    idea = waiting[1]
    page = moderator.get(f"{DESK}/ideas/{idea}/decision")
    with transact() as session:
        row = session.get_one(Idea, idea)
        row.revision, row.text = 2, "Quite another text."
    answer = moderator.submit(page, decision="publish", status=409)
    assert "Quite another text." in answer.text
    moderator.submit(answer, status=303)


def test_what_was_hidden_can_be_restored(member: Member, transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        idea = make.idea(session, place)
        comment = make.comment(session, place, idea)
    moderator = member(Role.MODERATOR, process_id=place.id)
    for thing in (f"comments/{comment}", f"ideas/{idea}"):
        page = moderator.get(f"{DESK}/{thing}/decision")
        moderator.submit(page, decision="hide", **WHY, status=303)
    assert "Spam" in moderator.get(f"{DESK}/ideas/{idea}").one(f"#comment-{comment}")
    page = moderator.get(f"{DESK}/decisions")
    assert len(page.select("form.post-button")) == len(page.select("main form")) == 2
    for _ in range(2):
        page = moderator.follow(moderator.submit(page, 0, status=303))
    assert page.select("main form") == []
    assert state_of(database, idea) is IdeaState.PUBLISHED
    with database() as session:
        assert session.get_one(Comment, comment).state is CommentState.PUBLISHED
    kinds = [kind for kind, _ground, _reason in decisions(database)]
    assert kinds == [DecisionKind.HIDE] * 2 + [DecisionKind.RESTORE] * 2


def test_publishing_from_the_page_of_an_idea_leaves_the_principles(
    member: Member, transact: Sessions, database: Sessions
) -> None:
    with transact() as session:
        place = make.process(session)
        idea = make.idea(session, place, state=IdeaState.IN_REVIEW, principles=["access"])
        (access,) = make.principle_ids(session, place, ["access"])
    moderator = member(Role.MODERATOR, process_id=place.id)
    page = moderator.get(f"{DESK}/ideas/{idea}")
    answer = moderator.submit(page, ".desk-decide form.post-button", status=303)
    assert answer.location == f"{DESK}/ideas/{idea}#idea-{idea}"
    assert (_tags(database, idea), state_of(database, idea)) == ({access}, IdeaState.PUBLISHED)


@pytest.mark.parametrize("thing", ["ideas/{idea}", "comments/{comment}"])
def test_what_belongs_elsewhere_cannot_be_decided_from_here(
    member: Member, transact: Sessions, database: Sessions, thing: str
) -> None:
    with transact() as session:
        here, elsewhere = make.process(session), make.process(session, "elsewhere")
        idea = make.idea(session, elsewhere)
        comment = make.comment(session, elsewhere, idea)
        own = make.idea(session, here)
    moderator = member(Role.MODERATOR, process_id=here.id)
    page = moderator.get(f"{DESK}/ideas/{own}/decision")
    token = page.select("main input[name=csrf_token]")[0].get("value")
    data = {"csrf_token": token, "decision": "hide", **WHY}
    path = f"{thing.format(idea=idea, comment=comment)}/decision"
    for place, status in (("digital", 404), ("elsewhere", 403)):
        moderator.post(f"/en/desk/processes/{place}/{path}", data, status=status)
        moderator.get(f"/en/desk/processes/{place}/{path}", status=status)
    assert (state_of(database, idea), decisions(database)) == (IdeaState.PUBLISHED, [])


def test_an_unknown_decision_is_refused(moderator: PageClient, database: Sessions, transact: Sessions) -> None:
    with transact() as session:
        idea = session.scalars(select(Idea.id)).one()
    page = moderator.get(f"{DESK}/ideas/{idea}/decision")
    forged = {"decision": "erase", "reason": "No", "back": "\x00"}
    moderator.submit(page, forge=forged, status=400)
    moderator.submit(page, decision="publish", forge={"back": "\x00"}, status=422)
    moderator.submit(page, forge={**forged, "decision": "redact"}, status=400)
    assert state_of(database, idea) is IdeaState.IN_REVIEW


def _tags(database: Sessions, idea_id: int) -> set[int]:
    with database() as session:
        return set(session.scalars(select(IdeaPrinciple.principle_id).where(IdeaPrinciple.idea_id == idea_id)))


@pytest.mark.parametrize("about", ["idea", "comment"])
def test_who_is_asked_for_a_change_makes_it(
    member: Member, transact: Sessions, database: Sessions, waiting: tuple[make.Place, int], about: str
) -> None:
    place, idea = waiting
    with transact() as session:
        author = make.participant(session, place, account_id=make.account(session, "author@example.org"))
        long_ago = clock.now() - timedelta(days=2)
        public = make.idea(session, place)
        waits = {"author": author, "state": CommentState.IN_REVIEW, "at": long_ago}
        number = idea if about == "idea" else make.comment(session, place, public, **waits)
    moderator = member(Role.MODERATOR, process_id=place.id)
    page = moderator.get(f"{DESK}/{about}s/{number}/decision")
    moderator.submit(page, decision="ask_change", reason="Without the name, please.", status=303)
    person = member(email="author@example.org")
    page = person.get("/en/my/decisions/1")
    assert "Without the name, please." in page.text
    form = person.get(page.links("main a")["Change the text"])
    person.submit(form, "main form", text="Nobody is named here any more.", status=303)
    assert "Change the text" not in person.get("/en/my/decisions/1").links("main a")
    with database() as session:
        table = Idea if about == "idea" else Comment
        row = session.get_one(table, number)
        assert (row.text, row.state.value) == ("Nobody is named here any more.", "in_review")
