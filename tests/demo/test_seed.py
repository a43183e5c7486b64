"""The demo: complete, the same every time, always in an interesting phase, and never in somebody else's database."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from flask import Flask, current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor, Role
from participation.accounts.models import Account
from participation.accounts.service import check_password
from participation.activity.models import Delivery, DeliveryState
from participation.comments.marks import helpful_breaks
from participation.comments.models import Comment, CommentRevision, CommentStance, CommentState, HelpfulMark, Voice
from participation.comments.statements import FIRST_ANSWERS
from participation.curation.models import Filing
from participation.demo.accounts import DEMO_ACCOUNTS, DEMO_PASSWORD, RESIDENT, known_passwords
from participation.demo.content import DemoContent, Entry, following_content, read_content, statements_content
from participation.demo.seed import NotEmpty, seed_demo
from participation.demographics.models import PeopleFigures, SelfDescription
from participation.ideas.models import (
    Addendum,
    Idea,
    IdeaAspect,
    IdeaPrinciple,
    IdeaRevision,
    IdeaState,
    Replacement,
)
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.suppression import K
from participation.moderation.models import Appeal, AppealOutcome, Decision, DecisionKind
from participation.principles.models import Principle
from participation.principles.service import ASPECTS
from participation.processes.models import Capability, Participant, Phase, PhaseKind, Process
from participation.processes.queries import grants_of, process_by_id, process_by_slug
from participation.proposing.queries import drafts_of
from participation.provenance.verify import provenance_breaks
from participation.receipts.models import Receipt, ReceiptKind
from participation.strategy.models import Answer, AnswerOutcome, Measure, MeasureStep, Statement, StatementState
from participation.voting.models import Priority, Tally, Vote
from participation.voting.priority_queries import priority_breaks
from participation.voting.queries import tally_breaks
from tests import make
from tests.databases import Databases

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 5, 14, 9, 30, tzinfo=UTC)
Opening = Callable[[], AbstractContextManager[Session]]


def seed(transact: Opening, now: datetime = NOW) -> str | None:
    """Fill the database with the demo as of ``now``."""
    with transact() as session:
        return seed_demo(session, now=now, zone=BERLIN)


@pytest.fixture
def demo_app(databases: Databases, database_kind: str) -> Flask:
    """The application with the demo as of ``NOW``, filled once for all tests that only look at it."""
    return filled(databases, database_kind)


def filled(databases: Databases, kind: str) -> Flask:
    """Return the application with the demo as of ``NOW`` on a database of ``kind``."""

    def fill() -> None:
        with transaction() as session:
            current_app.config["SEEDED"] = seed_demo(session, now=NOW, zone=BERLIN)

    return databases.filled_app(kind, "demo", fill)


@pytest.fixture
def demo(demo_app: Flask) -> Opening:
    """Look into the database with the demo: ``with demo() as session``."""
    return looking_into(demo_app)


def looking_into(app: Flask) -> Opening:
    """Return what opens a session on the database of ``app``."""

    @contextmanager
    def look() -> Iterator[Session]:
        with app.app_context(), Session(db.engine) as session:
            yield session

    return look


def counts(session: Session, column: object) -> dict[object, int]:
    """Return how many rows have each value of ``column``."""
    return {row[0]: row[1] for row in session.execute(select(column, func.count()).group_by(column))}


def comments_left(content: DemoContent) -> list[Entry]:
    """Return the comments as they stand in the end: some are deleted after statements quoted them."""
    told = [more for statements in statements_content().values() for more in statements.values()]
    deleted = {more["deleted"] for more in told if "deleted" in more}
    comments = [comment for process in content.processes for comment in process.comments]
    gone = {"stance", "helpful", "first"}
    return [
        {**{name: value for name, value in one.items() if name not in gone}, "state": "withdrawn"}
        if one["key"] in deleted
        else one
        for one in comments
    ]


def test_everything_of_the_content_is_there(demo_app: Flask, demo: Opening) -> None:
    content = read_content()
    ideas = [idea for process in content.processes for idea in process.ideas]
    comments = comments_left(content)
    with demo() as session:
        votes = session.scalar(select(func.count()).select_from(Vote))
        assert demo_app.config["SEEDED"] == f"2 processes, {len(ideas)} ideas, {len(comments)} comments, {votes} votes"
        assert counts(session, Idea.state) == Counter(IdeaState(idea["state"]) for idea in ideas)
        assert counts(session, Comment.state) == Counter(CommentState(one["state"]) for one in comments)
        written = [one for process in content.processes for one in process.statements]
        assert counts(session, Statement.state) == Counter(StatementState(one["state"]) for one in written)
        followed = following_content().values()
        answers = [one for process in content.processes for one in process.answers]
        answers += [one for told in followed for one in told["answers"]]
        assert counts(session, Answer.outcome) == Counter(AnswerOutcome(one["outcome"]) for one in answers)
        measures = [one for told in followed for one in told["measures"]]
        assert session.scalar(select(func.count()).select_from(Measure)) == len(measures)
        steps = sum(1 + len(one["steps"]) for one in measures)
        assert session.scalar(select(func.count()).select_from(MeasureStep)) == steps
        touched = [key for idea in ideas for name in ASPECTS for key in idea.get(name, ())]
        assert session.scalar(select(func.count()).select_from(IdeaAspect)) == len(touched)
        filed = [key for process in content.processes for cluster in process.clusters for key in cluster["ideas"]]
        assert session.scalar(select(func.count()).where(Filing.is_main, Filing.ended_at.is_(None))) == len(filed)
        assert session.scalar(select(func.count()).where(~Filing.is_main, Filing.ended_at.is_(None))) == 2
        used = set(session.scalars(select(IdeaPrinciple.principle_id)))
        assert used == set(session.scalars(select(Principle.id)))
        assert len(used) == 13
        assert len(counts(session, Idea.language)) >= 6
        for process_id in session.scalars(select(Process.id)):
            assert tally_breaks(session, process_id) == []
            assert priority_breaks(session, process_id) == []
            process = process_by_id(session, process_id)
            assert [one.sentence for one in provenance_breaks(session, process, now=clock.now())] == []
            given = select(Priority.id).join(Phase).where(Phase.process_id == process_id)
            assert len(session.scalars(given).all()) > 50
        voted_on = Idea.state.in_([IdeaState.PUBLISHED, IdeaState.WITHDRAWN])
        assert sorted(session.scalars(select(Tally.idea_id))) == sorted(
            session.scalars(select(Idea.id).where(voted_on))
        )
        reasons = session.scalars(select(Decision.reason).where(Decision.kind == DecisionKind.HIDE)).all()
        hidden = [entry for entry in (*ideas, *comments) if entry["state"] == "hidden"]
        assert sorted(reasons) == sorted(entry["reason"].strip() for entry in hidden)
        objections = [entry["objection"] for entry in hidden if "objection" in entry]
        assert counts(session, Appeal.outcome) == Counter(
            AppealOutcome(one["outcome"]) if "outcome" in one else None for one in objections
        )


def test_what_becomes_of_a_text_is_there(demo: Opening) -> None:
    ideas = [idea for process in read_content().processes for idea in process.ideas]
    with demo() as session:
        replaced = [Replacement.EDIT] * sum("earlier" in idea for idea in ideas)
        replaced += [Replacement.REDACTION] * sum("redacted" in idea for idea in ideas)
        assert counts(session, IdeaRevision.replaced_by) == Counter(replaced)
        assert len(counts(session, IdeaRevision.replaced_by)) == 2
        added = [addendum["text"].strip() for idea in ideas for addendum in idea.get("addenda", ())]
        public = select(Addendum.text).where(Addendum.state == IdeaState.PUBLISHED)
        assert sorted(session.scalars(public)) == sorted(added)
        for idea in ideas:
            row = session.scalars(select(Idea).where(Idea.submission_key == f"demo-{idea['key']}")).one()
            hidden = idea.get("redacted", {}).get("passages", ())
            assert not any(passage in row.text for passage in hidden)
            assert hidden or row.text == idea["text"].strip()
            for vote in session.execute(select(Vote.revision, Vote.cast_at).where(Vote.idea_id == row.id)):
                assert vote.revision == row.revision
                assert row.revised_at is None or vote.cast_at >= row.revised_at
                assert row.withdrawn_at is None or vote.cast_at <= row.withdrawn_at
        voted_on = Vote.idea_id == Idea.id
        others = Vote.participant_id != Idea.participant_id
        thawed = select(Idea.title).where(Idea.frozen_at.is_(None), select(Vote.id).where(voted_on, others).exists())
        assert session.scalars(thawed).all() == []


def test_the_discussion_shows_what_there_is(demo: Opening) -> None:
    comments = comments_left(read_content())
    with demo() as session:
        stances = Counter(CommentStance(one["stance"]) if "stance" in one else None for one in comments)
        assert counts(session, Comment.stance) == stances
        assert counts(session, Comment.voice) == Counter(Voice(one.get("voice", "resident")) for one in comments)
        assert set(counts(session, Comment.voice)) == set(Voice)
        assert session.scalar(select(func.sum(Comment.helpful))) == sum(one.get("helpful", 0) for one in comments)
        assert [helpful_breaks(session, process_id) for process_id in session.scalars(select(Process.id))] == [[], []]
        earlier = [one["first"].strip() for one in comments if "first" in one]
        assert sorted(session.scalars(select(CommentRevision.text))) == sorted(earlier)
        rich = select(Comment.idea_id).where(Comment.stance.is_not(None)).group_by(Comment.idea_id)
        assert len(session.scalars(rich.having(func.count(Comment.stance.distinct()) == len(CommentStance))).all()) >= 3
        answers = counts(session, Comment.thread_id)
        assert max(answers.values()) > 1 + FIRST_ANSWERS
        deleted = session.scalars(select(Comment).where(Comment.state == CommentState.WITHDRAWN)).all()
        assert {comment.text for comment in deleted} == {""}
        below = (select(func.count()).where(Comment.parent_id == comment.id) for comment in deleted)
        assert sorted(map(session.scalar, below)) == [0, 2], "one was only quoted, below the other people talked on"


@pytest.mark.parametrize("occupied_by", ["account", "process"])
def test_a_database_in_use_is_left_alone(transact: Opening, database: Opening, occupied_by: str) -> None:
    with transact() as session:
        make.account(session) if occupied_by == "account" else make.process(session)
    with pytest.raises(NotEmpty):
        seed(transact)
    with database() as session:
        assert session.scalar(select(Account.id).where(Account.email == RESIDENT.email)) is None


def test_nothing_lies_in_the_future_and_all_in_order(demo: Opening) -> None:
    in_order(NOW, demo)


# Just after and before midnight, and on the days when the clocks change; that has nothing to do with the database.
@pytest.mark.one_database
@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 1, 1, 0, 5, tzinfo=BERLIN),
        datetime(2026, 3, 29, 12, 0, tzinfo=BERLIN),
        datetime(2026, 10, 25, 23, 59, tzinfo=BERLIN),
    ],
)
def test_that_holds_at_odd_moments_too(transact: Opening, database: Opening, now: datetime) -> None:
    seed(transact, now)
    in_order(now, database)


def in_order(now: datetime, look: Opening) -> None:
    """Look that everything in the demo of ``now`` lies before it and in order."""
    with look() as session:
        for column in (Idea.submitted_at, Idea.published_at, Comment.published_at, Vote.cast_at, Filing.filed_at):
            assert session.scalar(select(func.max(column))) <= now
        assert session.scalar(select(func.max(Statement.published_at))) <= now
        assert session.scalar(select(func.max(Answer.answered_at))) <= now
        for earlier, later, link in (
            (Idea.published_at, Comment.submitted_at, Comment.idea_id),
            (Idea.published_at, Vote.cast_at, Vote.idea_id),
            (Idea.published_at, Filing.filed_at, Filing.idea_id),
            (Idea.submitted_at, Decision.decided_at, Decision.idea_id),
            (Idea.published_at, Answer.answered_at, Answer.idea_id),
        ):
            wrong = select(func.count()).select_from(Idea).join(link.class_, link == Idea.id).where(earlier > later)
            assert session.scalar(wrong) == 0, later
        parent = select(Comment).subquery()
        answers = select(func.count()).select_from(Comment).join(parent, parent.c.id == Comment.parent_id)
        assert session.scalar(answers.where(parent.c.published_at > Comment.submitted_at)) == 0
        ongoing = process_by_slug(session, "digital-strategy")
        finished = process_by_slug(session, "open-wifi")
    phase = ongoing.phase_at(now)
    assert phase
    assert phase.kind is PhaseKind.PROPOSE
    assert all(ongoing.is_open(capability, now) for capability in Capability)
    assert not any(finished.is_open(capability, now) for capability in Capability)


def test_the_people_of_the_demo(app: Flask, demo_app: Flask, demo: Opening) -> None:
    with app.app_context():
        assert known_passwords() == []
    with demo_app.app_context():
        assert known_passwords() == ["admin@example.org"]
    with demo() as session:
        wifi, strategy = process_by_slug(session, "open-wifi").id, process_by_slug(session, "digital-strategy").id
        held = {}
        for one in DEMO_ACCOUNTS:
            account = check_password(session, email=one.email, password=DEMO_PASSWORD)
            assert account
            assert account.confirmed_at
            held[one.email] = Actor(account.id, grants=grants_of(session, account.id))
        own = (
            select(Idea.state)
            .join(Participant, Participant.id == Idea.participant_id)
            .join(Account, Account.id == Participant.account_id)
            .where(Account.email == RESIDENT.email)
        )
        assert IdeaState.IN_REVIEW in session.scalars(own).all()
        resident = session.scalars(select(Account.id).where(Account.email == RESIDENT.email)).one()
        assert [draft.title for draft in drafts_of(session, resident)] == ["Ruhezeiten für Lieferroboter"]
        for kind, table in ((ReceiptKind.IDEA, Idea), (ReceiptKind.COMMENT, Comment), (ReceiptKind.VOTE, Vote)):
            mine = select(table.id).join(Participant).where(Participant.account_id == resident)
            numbers = sorted(session.scalars(mine))
            named = select(Receipt.subject_id).where(Receipt.kind == kind, Receipt.subject_id.in_(numbers))
            assert sorted(session.scalars(named.where(Receipt.revision == 1))) == numbers != []
    assert held[RESIDENT.email].grants == frozenset()
    assert held["moderator@example.org"].has(Role.MODERATOR, strategy)
    assert held["staff@example.org"].has(Role.STAFF, strategy)
    assert held["admin@example.org"].has(Role.ADMIN)
    assert held["facilitator@example.org"].has(Role.MODERATOR, wifi)
    assert not held["facilitator@example.org"].has(Role.MODERATOR, strategy)


def test_again_it_changes_nothing_and_elsewhere_it_is_the_same(
    databases: Databases, database_kind: str, demo_app: Flask, demo: Opening, transact: Opening, database: Opening
) -> None:
    def picture(look: Opening) -> list[object]:
        with look() as session:
            ideas = session.execute(select(Idea.title, Idea.submitted_at, Idea.published_at).order_by(Idea.id)).all()
            # By title: the number of an idea that was deleted is never given out again.
            voted = select(Idea.title, Vote.stance, Vote.cast_at).join(Idea, Idea.id == Vote.idea_id)
            votes = session.execute(voted.order_by(Vote.id)).all()
            said = session.execute(select(Comment.text, Comment.submitted_at).order_by(Comment.id)).all()
            marks = select(Comment.text, HelpfulMark.marked_at).join(Comment, Comment.id == HelpfulMark.comment_id)
            helped = session.execute(marks.order_by(Comment.id, HelpfulMark.marked_at)).all()
            names = session.scalars(select(Participant.pseudonym).order_by(Participant.id)).all()
            people = session.scalars(select(Account.email).order_by(Account.id)).all()
            # Letters of the past weeks count as sent.
            assert set(counts(session, Delivery.state)) == {DeliveryState.DONE}
        return [ideas, votes, said, helped, names, people]

    first = picture(demo)
    with demo_app.app_context(), transaction() as session:
        assert seed_demo(session, now=NOW, zone=BERLIN) is None
    assert picture(demo) == first
    if database_kind == "sqlite":
        assert seed(transact)
        assert picture(database) == first
    else:
        assert picture(looking_into(filled(databases, "sqlite"))) == first


def test_it_shows_who_takes_part_and_leaves_the_questions_to_the_visitor(demo: Opening) -> None:
    with demo() as session:
        figures = session.scalars(select(PeopleFigures)).all()
        assert len(figures) == 2
        assert all(one.people >= K for one in figures)
        told = select(SelfDescription.id).join(Participant, Participant.id == SelfDescription.participant_id)
        visitor = select(Account.id).where(Account.email == RESIDENT.email).scalar_subquery()
        assert session.scalars(told.where(Participant.account_id == visitor)).all() == []
