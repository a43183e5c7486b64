"""Looking at what waits: signals are kept with their reasons, similar texts stand together, nothing is decided."""

import threading
import time
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from participation.accounts.actor import SYSTEM
from participation.activity.models import Delivery, DeliveryState
from participation.activity.service import record
from participation.activity.worker import work_once
from participation.cases.models import Case, CaseKind, SubjectKind
from participation.cases.service import CaseSubject, open_case
from participation.comments.models import Comment, CommentState
from participation.comments.service import write_comment
from participation.handlers import JOBS, ROUTINES
from participation.ideas.models import Idea, IdeaSource, IdeaState
from participation.intake.events import IdeasImported
from participation.kit import clock
from participation.moderation.models import Automation, DecisionKind
from participation.moderation.service import Subject, decide
from participation.signals import jobs
from participation.signals.findings import REPEATED_DAYS, SIGNAL_DAYS
from participation.signals.models import CaseSketch, Signal, SignalKind
from participation.signals.queries import signals_of
from participation.signals.service import look_at, settle_signals
from participation.signals.similar import NEWEST
from tests import make
from tests.conftest import Sessions

TEXT = "Die Stadt soll mehr Bänke in den Parks aufstellen, damit sich ältere Menschen dort ausruhen können."
OTHER = "Auf dem Spielplatz fehlen eine Schaukel und ein Klettergerüst für die größeren Kinder aus dem Viertel."


def waiting(session: Session, place: make.Place, idea_id: int, body: str, *, author: int | None = None) -> Case:
    """Return the case of a new comment that waits, looked at."""
    comment_id = make.comment(session, place, idea_id, author=author, body=body, state=CommentState.IN_REVIEW)
    case = session.scalars(select(Case).where(Case.subject_id == comment_id)).one()
    look_at(session, case.id, now=clock.now())
    return case


def kinds(session: Session, case: Case) -> list[SignalKind]:
    key = (case.subject_kind, case.subject_id)
    return [signal.kind for signal in signals_of(session, [key]).get(key, ())]


def test_what_is_sent_is_looked_at_by_the_worker(
    app: Flask, transact: Sessions, database: Sessions, place: make.Place, idea: int
) -> None:
    with transact() as session:
        author = make.account(session)
        session.commit()
    with transact() as session:
        actor = make.actor(session, author)
        comment = write_comment(
            session,
            actor,
            slug=place.slug,
            idea_id=idea,
            parent_id=None,
            text="Ihr Idioten! Näheres unter https://example.org",
            language="de",
            submission_key="once",
            opened_at=clock.now(),
            now=clock.now(),
        )
        comment_id = comment.id
    with app.app_context():
        work_once(JOBS, ROUTINES)
    with database() as session:
        case = session.scalars(select(Case)).one()
        assert case.looked_at is not None
        assert case.signals == 2
        # The program only points: the comment stays as public as the phase has it.
        assert session.get_one(Comment, comment_id).state is CommentState.PUBLISHED
        assert kinds(session, case) == [SignalKind.WORDS, SignalKind.NEW_ACCOUNT]
        details = {row.kind: row.details for row in session.scalars(select(Signal))}
        assert details[SignalKind.WORDS] == {"words": [{"word": "idioten", "list": "insult"}]}
        assert details[SignalKind.NEW_ACCOUNT] == {"minutes": 0, "count": 1, "links": 1}


def test_signals_follow_the_text_until_somebody_decides(transact: Sessions, place: make.Place, idea: int) -> None:
    with transact() as session:
        case = waiting(session, place, idea, "Du Idiot, ruf an: 0231 5550199")
        assert (case.signals, kinds(session, case)) == (2, [SignalKind.WORDS, SignalKind.PERSONAL])
        comment = session.get_one(Comment, case.subject_id)
        # Changed before anybody has decided: what is gone is gone.
        comment.text, comment.edited_at = "Bitte ruf an: 0231 5550199", clock.now()
        look_at(session, case.id, now=clock.now())
        assert (case.signals, kinds(session, case)) == (1, [SignalKind.PERSONAL])
        assert settle_signals(session, case.subject_kind, [case.subject_id], now=clock.now()) != []
        assert (case.signals, kinds(session, case)) == (0, [])
        # A notice later on: what people have decided about is not brought up again.
        later = clock.now() + timedelta(days=1)
        subject = CaseSubject(place.id, SubjectKind.COMMENT, comment.id, idea, "de")
        notice = open_case(session, CaseKind.NOTICE, subject, due_at=later, now=later)
        look_at(session, notice.id, now=later)
        assert (notice.signals, kinds(session, case)) == (0, [])
        # A new text is.
        comment.text, comment.edited_at = "Ruf doch an: 0231 5550198", later
        look_at(session, notice.id, now=later + timedelta(seconds=1))
        assert (notice.signals, kinds(session, case)) == (1, [SignalKind.PERSONAL])
        assert case.signals == 1, "every open case about the text knows"


def test_a_closed_case_and_one_about_a_message_are_left_alone(transact: Sessions, place: make.Place, idea: int) -> None:
    with transact() as session:
        comment_id = make.comment(session, place, idea, body="Du Idiot")
        subject = CaseSubject(place.id, SubjectKind.COMMENT, comment_id, idea, "de")
        message = open_case(session, CaseKind.MESSAGE, subject, due_at=clock.now(), now=clock.now(), about_id=7)
        look_at(session, message.id, now=clock.now())
        review = open_case(session, CaseKind.REVIEW, subject, due_at=clock.now(), now=clock.now())
        review.closed_at = clock.now()
        session.flush()
        assert look_at(session, review.id, now=clock.now()) is None
        assert look_at(session, 12345, now=clock.now()) is None
        assert session.scalar(select(func.count()).select_from(Signal)) == 0


def test_similar_texts_stand_together_where_the_first_stands(transact: Sessions, place: make.Place, idea: int) -> None:
    with transact() as session:
        first = waiting(session, place, idea, TEXT)
        alone = waiting(session, place, idea, OTHER)
        second = waiting(session, place, idea, TEXT.replace("Parks", "Parks und Gärten"))
        third = waiting(session, place, idea, TEXT.upper())
        assert first.group_id == second.group_id == third.group_id == first.id
        assert first.place_at == second.place_at == third.place_at == first.due_at
        assert second.due_at > first.due_at
        assert (alone.group_id, alone.place_at) == (alone.id, alone.due_at)
        assert [kinds(session, case) for case in (first, alone, second, third)] == [
            [],
            [],
            [SignalKind.REPEATED],
            [SignalKind.REPEATED],
        ]
        # An earlier promise moves all of them.
        second.due_at = first.due_at - timedelta(hours=1)
        session.get_one(Comment, second.subject_id).text = OTHER
        look_at(session, second.id, now=clock.now())
        assert second.group_id == alone.group_id
        assert second.place_at == alone.place_at == second.due_at
        # The first one is changed: the others stay together without it.
        session.get_one(Comment, first.subject_id).text = "Etwas ganz anderes, das sonst niemand hier geschrieben hat."
        look_at(session, first.id, now=clock.now())
        assert (first.group_id, first.place_at) == (first.id, first.due_at)
        assert third.group_id == third.id


def test_repeated_texts_count_by_the_same_person_and_of_the_last_days(
    transact: Sessions, place: make.Place, idea: int
) -> None:
    with transact() as session:
        author = make.participant(session, place)
        old = waiting(session, place, idea, TEXT, author=author)
        old.opened_at = clock.now() - timedelta(days=31)
        decided = waiting(session, place, idea, TEXT, author=author)
        decided.closed_at = clock.now()
        session.flush()
        case = waiting(session, place, idea, TEXT, author=author)
        elsewhere = waiting(session, place, idea, TEXT)
        details = {row.subject_id: row.details for row in session.scalars(select(Signal))}
        # The one that was decided counts, but nothing stands together with it any more.
        assert details[case.subject_id] == {"others": 1, "own": 1, "more": False}
        assert details[elsewhere.subject_id] == {"others": 2, "own": 0, "more": False}
        assert case.group_id == case.id == elsewhere.group_id
        short = [waiting(session, place, idea, "Gute Idee", author=author) for _ in range(3)]
        assert [kinds(session, one) for one in short] == [[], [], [SignalKind.REPEATED]]


def test_a_flood_of_one_text_costs_no_more_than_a_few(app: Flask, transact: Sessions, place: make.Place) -> None:
    with transact() as session:
        idea_id = make.idea(session, place)
        ids = make.comments(session, place, idea_id, NEWEST + 5, body=TEXT, state=CommentState.IN_REVIEW)
    with transact() as session:
        cases = session.scalars(select(Case).where(Case.subject_id.in_(ids)).order_by(Case.id)).all()
        for case in cases:
            look_at(session, case.id, now=clock.now())
        assert {case.group_id for case in cases} == {cases[0].id}
        last = session.scalars(select(Signal).order_by(Signal.id.desc())).first()
        assert last is not None
        assert last.details == {"others": NEWEST, "own": NEWEST, "more": True} or last.details["others"] == NEWEST


def test_addenda_and_ideas_are_looked_at_with_their_author(transact: Sessions, place: make.Place) -> None:
    with transact() as session:
        idea_id = make.idea(session, place, title="Idiot", body=TEXT, state=IdeaState.IN_REVIEW)
        case = session.scalars(select(Case)).one()
        look_at(session, case.id, now=clock.now())
        assert kinds(session, case) == [SignalKind.WORDS]
        assert session.get_one(Idea, idea_id).state is IdeaState.IN_REVIEW


def test_what_was_imported_as_public_becomes_a_hint(
    app: Flask, transact: Sessions, database: Sessions, place: make.Place
) -> None:
    with transact() as session:
        plain = make.idea(session, place, body=OTHER, source=IdeaSource.IMPORTED)
        telling = make.idea(session, place, body="Ruf an: 0231 5550199", source=IdeaSource.IMPORTED)
        named = make.comment(session, place, plain, body="This comment is in English, whatever the column says.")
        make.comment(session, place, plain, body="Mail an a@example.org", state=CommentState.HIDDEN)
        record(session, IdeasImported(place.id), account_id=None, now=clock.now())
    with app.app_context():
        work_once(JOBS, ROUTINES)
        jobs.look_for_hints(place.id, lambda _done: None)
    with database() as session:
        cases = session.scalars(select(Case).order_by(Case.id)).all()
        assert [(case.kind, case.subject_id, case.signals) for case in cases] == [
            (CaseKind.HINT, telling, 1),
            (CaseKind.HINT, named, 1),
        ]


def test_what_was_decided_long_ago_is_forgotten(app: Flask, transact: Sessions, place: make.Place) -> None:
    with transact() as session:
        idea_id = make.idea(session, place)
        old, new, open_ = (waiting(session, place, idea_id, f"{TEXT} Du Idiot!") for _ in range(3))
        old.closed_at = clock.now() - timedelta(days=REPEATED_DAYS + 1)
        new.closed_at = clock.now() - timedelta(days=REPEATED_DAYS - 1)
        for case, days in ((old, SIGNAL_DAYS + 1), (new, SIGNAL_DAYS - 1)):
            long_ago = clock.now() - timedelta(days=days)
            settle_signals(session, case.subject_kind, [case.subject_id], now=long_ago)
        kept, seen = {new.id, open_.id}, {new.subject_id, open_.subject_id}
    with app.app_context():
        jobs.forget_what_is_over(lambda: None)
    with transact() as session:
        assert set(session.scalars(select(CaseSketch.case_id))) == kept
        assert set(session.scalars(select(Signal.subject_id))) == seen


def test_a_decision_says_that_a_program_had_pointed_at_the_text(
    transact: Sessions, place: make.Place, idea: int
) -> None:
    with transact() as session:
        seen = waiting(session, place, idea, "Du Idiot, mehr Bänke bitte")
        plain = waiting(session, place, idea, OTHER)
        decisions = [
            decide(
                session,
                SYSTEM,
                subject=Subject("comment", case.subject_id),
                kind=DecisionKind.PUBLISH,
                case_id=case.id,
                now=clock.now(),
            )
            for case in (seen, plain)
        ]
        assert [one.automation for one in decisions] == [Automation.SIGNALLED, Automation.NONE]
        # Whoever decided has settled it.
        assert kinds(session, seen) == []
        assert session.scalars(select(Signal.settled_at)).one() is not None


def test_who_loses_a_deadlock_looks_again(
    app: Flask, transact: Sessions, database: Sessions, place: make.Place, idea: int, database_kind: str
) -> None:
    if database_kind == "sqlite":
        pytest.skip("one transaction writes at a time")
    with transact() as session:
        first = waiting(session, place, idea, TEXT).id
    with app.app_context():
        work_once(JOBS)
    with transact() as session:
        make.comment(session, place, idea, body=TEXT, state=CommentState.IN_REVIEW)
        newer = session.scalars(select(Case).where(Case.id > first)).one()
        # Promised sooner, so that looking at it moves the other one as well.
        second, newer.due_at = newer.id, newer.due_at - timedelta(days=1)

    def look() -> None:
        with app.app_context():
            work_once(JOBS)

    worker = threading.Thread(target=look)
    with database() as session:
        session.execute(text("SET LOCAL deadlock_timeout = '1min'"))
        session.scalar(select(Case.id).where(Case.id == first).with_for_update())
        worker.start()
        blocked = select(func.count()).select_from(text("pg_locks WHERE NOT granted"))
        for _try in range(500):
            if session.scalar(blocked):
                break
            time.sleep(0.01)
        session.scalar(select(Case.id).where(Case.id == second).with_for_update())
    worker.join()
    with database() as session:
        errors = session.scalars(select(Delivery.last_error).where(Delivery.state == DeliveryState.WAITING)).all()
        assert ["DeadlockDetected" in (error or "") for error in errors] == [True]
        assert session.get_one(Case, second).looked_at is None
    with time_machine.travel(clock.now() + timedelta(minutes=1)):
        look()
    with database() as session:
        together = session.scalars(select(Case).where(Case.id.in_([first, second])).order_by(Case.id)).all()
        assert [case.group_id for case in together] == [first, first]
        assert together[0].place_at == together[1].place_at == together[1].due_at
