"""What the city answers: who may, what is kept, where it is read, and which ideas count as answered."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from participation.accounts.actor import ANONYMOUS, SYSTEM, Actor, Role
from participation.activity.models import LogEntry
from participation.curation.board.filing import unfile_idea
from participation.ideas.models import Idea, IdeaState
from participation.kit import clock
from participation.kit.permissions import Refused
from participation.processes.models import Process
from participation.strategy.answering.answers import answers_around, answers_to_idea, answers_to_statements
from participation.strategy.answering.policies import may_answer, may_answer_idea, may_answer_statement
from participation.strategy.answering.service import AnswerDraft, answer_idea, answer_statement
from participation.strategy.models import Answer, AnswerOutcome, Statement, StatementState
from participation.strategy.queries import answered
from tests import make
from tests.conftest import Sessions
from tests.pages import PageClient

Member = Callable[..., PageClient]
HERE, ELSEWHERE = 1, 2
DESK = "/en/desk/processes/digital"
ACTORS = {
    "anonymous": (ANONYMOUS, False),
    "resident": (Actor(7), False),
    "moderator here": (Actor(8, grants=frozenset({(Role.MODERATOR, HERE)})), False),
    "staff here": (Actor(9, grants=frozenset({(Role.STAFF, HERE)})), True),
    "staff elsewhere": (Actor(10, grants=frozenset({(Role.STAFF, ELSEWHERE)})), False),
    "staff everywhere": (Actor(11, grants=frozenset({(Role.STAFF, None)})), True),
    "admin here": (Actor(12, grants=frozenset({(Role.ADMIN, HERE)})), True),
    "system": (SYSTEM, True),
}


@pytest.mark.parametrize("name", ACTORS)
def test_who_answers_what(name: str) -> None:
    actor, answers = ACTORS[name]
    assert bool(may_answer(actor, HERE)) is answers
    for idea_state in IdeaState:
        allowed = answers and idea_state is IdeaState.PUBLISHED
        assert bool(may_answer_idea(actor, HERE, idea_state)) is allowed
    for statement_state in StatementState:
        allowed = answers and statement_state is StatementState.PUBLISHED
        assert bool(may_answer_statement(actor, HERE, statement_state)) is allowed


@pytest.mark.parametrize("about", ["idea", "statement"])
def test_later_answers_follow_and_none_disappears(transact: Sessions, database: Sessions, about: str) -> None:
    with transact() as session:
        place = make.process(session)
        idea = make.idea(session, place)
        statement = make.statement(session, place, [make.cluster(session, place, ideas=[idea])])
        version = session.get_one(Process, place.id).version
    subject = {"idea_id": idea} if about == "idea" else {"statement_id": statement}
    answer: Any = answer_idea if about == "idea" else answer_statement
    drafts = [
        AnswerDraft(AnswerOutcome.EXPERIMENT, " Parks ", {"de": "Wir probieren es.", "en": ""}),
        AnswerDraft(AnswerOutcome.YES, "Parks", {"en": "It works, so it stays."}),
    ]
    for day, draft in enumerate(drafts):
        for _twice in range(2):
            with transact() as session:
                answer(session, SYSTEM, **subject, draft=draft, now=clock.now() + timedelta(days=day))
    with database() as session:
        views = (
            answers_to_idea(session, idea, "en")
            if about == "idea"
            else answers_to_statements(session, [statement], "en")[statement]
        )
        assert [(view.outcome, view.department, view.text.text, view.text.language) for view in views] == [
            (AnswerOutcome.YES, "Parks", "It works, so it stays.", "en"),
            (AnswerOutcome.EXPERIMENT, "Parks", "Wir probieren es.", "de"),
        ]
        logged = session.scalars(
            select(LogEntry.action).where(LogEntry.action.endswith("Answered")).order_by(LogEntry.id)
        ).all()
        assert logged == [f"{about.title()}Answered"] * 2, "the same answer again is no other one"
        assert session.get_one(Process, place.id).version == version + 2


@pytest.mark.parametrize(
    ("department", "text"), [("Parks", {}), ("Parks", {"de": ""}), (" ", {"de": "Ja"})], ids=["none", "empty", "nobody"]
)
def test_an_answer_needs_words_and_somebody_who_says_them(
    transact: Sessions, database: Sessions, department: str, text: dict[str, str]
) -> None:
    with transact() as session:
        idea = make.idea(session, make.process(session))
    draft = AnswerDraft(AnswerOutcome.NO, department, text)
    with pytest.raises(Refused), transact() as session:
        answer_idea(session, SYSTEM, idea_id=idea, draft=draft, now=clock.now())
    with database() as session:
        assert session.scalars(select(Answer.id)).all() == []


def test_which_ideas_are_answered(transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        itself, through, draft_only, taken_out, silent = (make.idea(session, place) for _ in range(5))
        filed = make.cluster(session, place, ideas=[through, taken_out])
        public = make.statement(session, place, [filed])
        unpublished = make.statement(session, place, [make.cluster(session, place, ideas=[draft_only])])
        make.answer(session, idea_id=itself)
        make.answer(session, statement_id=public)
        make.answer(session, statement_id=unpublished)
        unfile_idea(session, SYSTEM, idea_id=taken_out, cluster_id=filed, now=clock.now())
        # Nothing of the product takes a statement back; the condition must hold all the same.
        session.get_one(Statement, unpublished).state = StatementState.DRAFT
    with database() as session:
        assert set(session.scalars(select(Idea.id).where(answered()))) == {itself, through}
        assert set(session.scalars(select(Idea.id).where(~answered()))) == {draft_only, taken_out, silent}
        assert answers_around(session, draft_only, "en") == ()


def test_staff_answer_an_idea_at_the_desk(
    member: Member, client: PageClient, transact: Sessions, database: Sessions
) -> None:
    with transact() as session:
        place = make.process(session)
        idea = make.idea(session, place, title="More benches")
    staff = member(Role.STAFF, process_id=place.id)
    public_page = place.url(f"/ideas/{idea}", language="en")
    page = staff.get(staff.get(public_page).links()["Answer for the city"])
    answer = staff.submit(page, "answer-form", status=422)
    assert answer.errors == [
        "What will the city do?: Please choose what the city will do.",
        "Responsible department: Please write something here.",
        "Answer (German): Please write this in at least one language.",
    ]
    typed = {"outcome": "partly", "department": "Parks & <b>paths</b>", "text_de": "Ein Teil davon.\n\nBald."}
    answer = staff.submit(page, "answer-form", status=303, **typed)
    assert answer.location == f"{public_page}#outcome"
    page = client.get(public_page)
    assert page.texts(".city-answer__outcome") == ["Yes, in part"]
    assert "Parks & <b>paths</b>" in page.one(".city-answer__facts")
    words = page.select(".city-answer .prose")[0]
    assert (words.get("lang"), words.get("dir"), len(words)) == ("de", "ltr", 2)
    assert "This answer is there only in German so far." in page.text
    assert "only in" not in client.get(place.url(f"/ideas/{idea}")).one(".city-answer")
    staff.submit(
        staff.get(f"{DESK}/ideas/{idea}/answer"), "answer-form", status=303, outcome="no", department="X", text_en="No."
    )
    page = client.get(public_page)
    assert page.texts(".city-answer__outcome") == ["No, we will not do this", "Yes, in part"]
    assert page.one("details.city-answer__earlier > summary") == "1 earlier answer"
    assert "Earlier answers stay public" in staff.get(f"{DESK}/ideas/{idea}/answer").text


def test_an_answer_to_a_statement_reaches_its_ideas(
    member: Member, client: PageClient, transact: Sessions, database: Sessions
) -> None:
    with transact() as session:
        place = make.process(session)
        ideas = [make.idea(session, place) for _ in range(2)]
        statement = make.statement(session, place, [make.cluster(session, place, ideas=ideas[:1])])
        draft = make.statement(session, place, [make.cluster(session, place)], published=False)
    staff = member(Role.STAFF, process_id=place.id)
    page = staff.get(staff.get(f"{DESK}/statements/{statement}").links()["Answer for the city"])
    answer = staff.submit(page, "answer-form", status=303, outcome="experiment", department="Lab", text_en="We try it.")
    page = client.get(str(answer.location).partition("#")[0])
    assert page.texts(".city-answer__outcome") == ["We will try it out"]
    page = client.get(place.url(f"/ideas/{ideas[0]}", language="en"))
    assert page.texts(".city-answer__outcome") == ["We will try it out"]
    assert page.links(".city-answer a") == {"Statement 1": place.url(f"/statements/{statement}", language="en")}
    assert client.get(place.url(f"/ideas/{ideas[1]}", language="en")).select(".city-answer") == []
    assert "Answer for the city" not in staff.get(f"{DESK}/statements/{draft}").links()
    page = staff.get(f"{DESK}/statements/{draft}/answer")
    assert "This statement is not public. It has to be signed off first." in page.text
    answer = staff.submit(page, "answer-form", status=409, outcome="yes", department="Lab", text_en="Typed already")
    assert answer.errors == ["This statement is not public. It has to be signed off first."]
    assert answer.one("[name=text_en]") == "Typed already"


def test_others_do_not_answer(member: Member, client: PageClient, transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place, other = make.process(session), make.process(session, "other")
        idea = make.idea(session, place)
        foreign = make.idea(session, other)
        hidden = make.idea(session, place, title="Not for everybody", state=IdeaState.HIDDEN)
    staff = member(Role.STAFF, process_id=place.id)
    page = staff.get(f"{DESK}/ideas/{idea}/answer")
    token = page.select("main input[name=csrf_token]")[0].get("value")
    typed = {"outcome": "yes", "department": "X", "text_en": "Yes.", "csrf_token": token}
    staff.post(f"{DESK}/ideas/{foreign}/answer", typed, status=404)
    staff.post(f"/en/desk/processes/other/ideas/{foreign}/answer", typed, status=403)
    assert "Not for everybody" not in staff.post(f"{DESK}/ideas/{hidden}/answer", typed, status=409).text
    assert "Not for everybody" not in staff.get(f"{DESK}/ideas/{hidden}/answer").text
    for visitor in (member(), member(Role.MODERATOR, process_id=place.id)):
        visitor.get(f"{DESK}/ideas/{idea}/answer", status=403)
        assert "Answer for the city" not in visitor.get(place.url(f"/ideas/{idea}", language="en")).links()
    with database() as session:
        assert session.scalars(select(Answer.id)).all() == []
