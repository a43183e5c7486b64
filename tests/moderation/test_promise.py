"""When something waits longer than promised: it is escalated once, and published by itself only if nothing speaks."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import SYSTEM
from participation.activity.models import LogEntry
from participation.cases.models import Case, CaseKind, SubjectKind
from participation.cases.service import CaseSubject, open_case
from participation.comments.models import Comment, CommentState
from participation.ideas.models import Addendum, Idea, IdeaState
from participation.ideas.waiting import ask_for_reading
from participation.moderation.models import Automation, Decision, DecisionKind
from participation.moderation.promise import keep_promises
from participation.moderation.service import Subject, decide
from participation.notices.models import Notice, NoticeReason
from participation.processes.models import Participant, Phase, Process, ProcessState
from participation.processes.queries import process_by_id
from participation.signals.models import WatchedWord
from tests import make
from tests.conftest import Sessions

START = datetime(2027, 3, 1, 8, tzinfo=UTC)
HOURS = 24
DUE = START + timedelta(hours=HOURS)
Change = Callable[[Session, make.Place, int], object]


@pytest.fixture
def travel() -> "time_machine.Traveller":
    """Time stands still at ``START`` until a test moves on."""
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def careful(session: Session, *, publishes_itself: bool = True, review_first: bool = True) -> make.Place:
    """Return a process in which moderators have a day to read."""
    place = make.process(session, "careful", review_first=review_first, ends_at=START + timedelta(days=60))
    phase = session.scalars(select(Phase)).one()
    phase.review_hours, phase.publishes_itself = HOURS, publishes_itself
    session.flush()
    return place


def waiting_idea(session: Session, place: make.Place, body: str = "Mehr Bänke in den Parks") -> int:
    """Return the id of an idea that waits since now."""
    idea_id = make.idea(session, place, body=body, state=IdeaState.IN_REVIEW)
    case = session.scalars(select(Case).where(Case.subject_id == idea_id)).one()
    case.due_at = case.place_at = case.opened_at + timedelta(hours=HOURS)
    session.flush()
    return idea_id


def keep(app: Flask) -> None:
    with app.app_context():
        keep_promises(lambda: None)


def states(database: Sessions) -> list[IdeaState]:
    with database() as session:
        return list(session.scalars(select(Idea.state).order_by(Idea.id)))


def test_what_waits_too_long_is_published_by_itself(
    app: Flask, transact: Sessions, database: Sessions, travel: time_machine.Traveller
) -> None:
    with transact() as session:
        place = careful(session)
        public = make.idea(session, place)
        idea_id = waiting_idea(session, place)
        comment_id = make.comment(session, place, public, state=CommentState.IN_REVIEW, body="Ja, bitte")
        addendum = Addendum(
            process_id=place.id,
            idea_id=public,
            state=IdeaState.IN_REVIEW,
            text="Noch etwas",
            language="de",
            submitted_at=START,
        )
        session.add(addendum)
        session.flush()
        ask_for_reading(session, addendum, process=process_by_id(session, place.id), now=START)
        for case in session.scalars(select(Case)):
            case.due_at = DUE
    travel.move_to(DUE - timedelta(seconds=1))
    keep(app)
    assert states(database) == [IdeaState.PUBLISHED, IdeaState.IN_REVIEW]
    travel.move_to(DUE)
    keep(app)
    with database() as session:
        assert session.get_one(Idea, idea_id).state is IdeaState.PUBLISHED
        assert session.get_one(Comment, comment_id).state is CommentState.PUBLISHED
        assert session.scalars(select(Addendum.state)).one() is IdeaState.PUBLISHED
        decisions = session.scalars(select(Decision).order_by(Decision.id)).all()
        assert [(one.kind, one.automation, one.decided_by) for one in decisions] == [
            (DecisionKind.PUBLISH, Automation.CLOCK, None)
        ] * 3
        assert {one.waited_seconds for one in decisions} == {HOURS * 3600}
        cases = session.scalars(select(Case)).all()
        # Published, and still counted as later than promised; nobody is called for it.
        assert all(case.closed_at == case.escalated_at == DUE and case.decision_id for case in cases)
        assert session.scalars(select(LogEntry).where(LogEntry.action == "CaseEscalated")).all() == []


def test_where_it_is_not_switched_on_it_is_escalated_once(
    app: Flask, transact: Sessions, database: Sessions, travel: time_machine.Traveller
) -> None:
    with transact() as session:
        place = careful(session, publishes_itself=False)
        waiting_idea(session, place)
        asked = waiting_idea(session, place)
        case = session.scalars(select(Case).where(Case.subject_id == asked)).one()
        # The author was asked for a change and has the next word.
        case.resumes_at = DUE + timedelta(days=1)
    travel.move_to(DUE)
    keep(app)
    keep(app)
    assert states(database) == [IdeaState.IN_REVIEW] * 2
    with database() as session:
        first, second = session.scalars(select(Case).order_by(Case.id))
        assert (first.escalated_at, first.closed_at, second.escalated_at) == (DUE, None, None)
        assert len(session.scalars(select(LogEntry).where(LogEntry.action == "CaseEscalated")).all()) == 1


def signalled(session: Session, place: make.Place, idea_id: int) -> None:
    session.get_one(Idea, idea_id).text = "Ihr Idioten, stellt Bänke auf"


def watched(session: Session, place: make.Place, idea_id: int) -> None:
    session.add(WatchedWord(process_id=place.id, language="de", word="Bänke", added_at=START))


def noticed(session: Session, place: make.Place, idea_id: int) -> None:
    session.add(
        Notice(
            process_id=place.id,
            subject_kind=SubjectKind.IDEA,
            subject_id=idea_id,
            reason=NoticeReason.SPAM,
            text="Werbung",
            language="de",
            code_hash=b"0" * 32,
            text_digest="",
            submitted_at=START,
        )
    )


def held(session: Session, place: make.Place, idea_id: int) -> None:
    case = session.scalars(select(Case).where(Case.subject_id == idea_id)).one()
    case.held_by, case.held_until = make.account(session), DUE + timedelta(minutes=5)


def objected_to(session: Session, place: make.Place, idea_id: int) -> None:
    subject = Subject("idea", idea_id)
    account = make.account(session)
    session.get_one(Participant, session.get_one(Idea, idea_id).participant_id).account_id = account
    session.flush()
    decide(
        session, SYSTEM, subject=subject, kind=DecisionKind.WARN, reason="So nicht", ground="rule-respect", now=START
    )


def asked_for_change(session: Session, place: make.Place, idea_id: int) -> None:
    case = session.scalars(select(Case).where(Case.subject_id == idea_id)).one()
    case.decision_id, case.resumes_at = 7, None


def changed_late(session: Session, place: make.Place, idea_id: int) -> None:
    session.get_one(Idea, idea_id).revised_at = DUE - timedelta(hours=1)


def suspended(session: Session, place: make.Place, idea_id: int) -> None:
    author = session.get_one(Participant, session.get_one(Idea, idea_id).participant_id)
    author.suspended_until = DUE + timedelta(days=1)


def switched_off(session: Session, place: make.Place, idea_id: int) -> None:
    session.scalars(select(Phase)).one().publishes_itself = False


def archived(session: Session, place: make.Place, idea_id: int) -> None:
    session.get_one(Process, place.id).state = ProcessState.ARCHIVED


def from_before_the_phase(session: Session, place: make.Place, idea_id: int) -> None:
    session.scalars(select(Phase)).one().starts_at = START + timedelta(seconds=1)


def test_what_speaks_against_publishing_an_idea_by_itself(
    app: Flask, transact: Sessions, database: Sessions, travel: time_machine.Traveller
) -> None:
    changes: tuple[Change, ...] = (signalled, noticed, held, objected_to, asked_for_change, suspended, changed_late)
    with transact() as session:
        place = careful(session)
        clear = waiting_idea(session, place)
        for number, change in enumerate(changes):
            change(session, place, waiting_idea(session, place, f"{change.__name__} {number} ist etwas ganz anderes"))
    travel.move_to(DUE)
    keep(app)
    assert states(database) == [IdeaState.PUBLISHED] + [IdeaState.IN_REVIEW] * len(changes)
    with database() as session:
        published, *others = session.scalars(select(Case).order_by(Case.id))
        assert (published.subject_id, published.closed_at) == (clear, DUE)
        # People are called instead.
        assert [(case.closed_at, case.escalated_at) for case in others] == [(None, DUE)] * len(changes)
        by_itself = select(Decision.idea_id).where(Decision.automation == Automation.CLOCK)
        assert session.scalars(by_itself).all() == [clear]
        late = {others[changes.index(change)].subject_id for change in (held, changed_late)}
    travel.move_to(DUE - timedelta(hours=1) + timedelta(hours=HOURS))
    keep(app)
    with database() as session:
        # A hold has ended by then, and a late change has waited as long as everything else.
        assert set(session.scalars(by_itself)) == {clear, *late}


@pytest.mark.parametrize("change", [watched, switched_off, archived, from_before_the_phase])
def test_what_speaks_against_publishing_anything_by_itself(
    app: Flask, transact: Sessions, database: Sessions, travel: time_machine.Traveller, change: Change
) -> None:
    with transact() as session:
        place = careful(session)
        change(session, place, waiting_idea(session, place))
    travel.move_to(DUE)
    keep(app)
    assert states(database) == [IdeaState.IN_REVIEW]
    with database() as session:
        case = session.scalars(select(Case)).one()
        assert (case.closed_at, case.escalated_at) == (None, DUE)


def test_what_was_public_from_the_start_is_only_escalated(
    app: Flask, transact: Sessions, database: Sessions, travel: time_machine.Traveller
) -> None:
    with transact() as session:
        place = careful(session, review_first=False)
        idea_id = make.idea(session, place)
        subject = CaseSubject(place.id, SubjectKind.IDEA, idea_id, idea_id, "de")
        open_case(session, CaseKind.REVIEW, subject, due_at=DUE, now=START)
        open_case(session, CaseKind.APPEAL, subject, due_at=DUE, now=START, about_id=1)
    travel.move_to(DUE)
    keep(app)
    with database() as session:
        assert [case.escalated_at for case in session.scalars(select(Case))] == [DUE, DUE]
        assert session.scalars(select(Decision)).all() == []
