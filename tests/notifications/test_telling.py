"""Who is told of what: each event once, to those it concerns and to nobody else."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import SYSTEM, Role
from participation.accounts.models import Account, MailRhythm
from participation.activity.service import record
from participation.activity.worker import work_once
from participation.cases.models import Case, SubjectKind
from participation.comments.events import CommentPublished, CommentSubmitted
from participation.comments.models import CommentState
from participation.curation.events import IdeaBundled
from participation.curation.models import Bundle, BundleMember
from participation.ideas.models import IdeaState
from participation.kit import clock
from participation.moderation.events import AppealAnswered, CaseEscalated, Decided, MessageSent
from participation.moderation.models import Appeal, AppealOutcome, Automation, DecisionKind, Message
from participation.notices.events import NoticeClosed
from participation.notices.models import Notice, NoticeReason
from participation.notifications import telling
from participation.notifications.models import EntryKind, InboxEntry
from participation.notifications.service import mark_read, tell, unread_breaks
from tests import make
from tests.conftest import Sessions
from tests.mailbox import spooled
from tests.notifications.village import Village

Told = list[tuple[str, EntryKind, int]]


def told(session: Session) -> Told:
    """Return who was told of what."""
    rows = session.execute(
        select(Account.email, InboxEntry.kind, InboxEntry.subject_id)
        .join(Account, Account.id == InboxEntry.account_id)
        .order_by(InboxEntry.id)
    )
    return [tuple(row) for row in rows]


def deliver(app: Flask, transact: Sessions, *events: Any) -> None:
    """Record each event twice and let the worker handle all of it."""
    with transact() as session:
        for event in (*events, *events):
            record(session, event, account_id=None, now=clock.now())
    with app.app_context():
        work_once({})


@pytest.mark.parametrize(
    ("values", "is_told"),
    [
        ({}, True),
        ({"kind": DecisionKind.WARN}, True),
        ({"kind": DecisionKind.PUBLISH, "automation": Automation.CLOCK}, True),
        ({"kind": DecisionKind.KEEP}, False),
        ({"automation": Automation.IMPORTED}, False),
        ({"undone_at": clock.now()}, False),
    ],
    ids=["hidden", "warned", "published by the clock", "kept", "imported", "undone"],
)
def test_authors_are_told_of_decisions(
    app: Flask, transact: Sessions, database: Sessions, village: Village, values: dict[str, Any], is_told: bool
) -> None:
    with transact() as session:
        decision_id = village.decision(session, **values)
    deliver(app, transact, Decided(decision_id))
    with database() as session:
        assert told(session) == ([("ada@example.org", EntryKind.DECISION, decision_id)] if is_told else [])
        assert session.get_one(Account, village.ada).unread == int(is_told)
    assert len(spooled(app)) == int(is_told)


def test_a_decision_that_answers_an_objection_is_not_told_twice(
    app: Flask, transact: Sessions, database: Sessions, village: Village
) -> None:
    with transact() as session:
        earlier, later = village.decision(session), village.decision(session, DecisionKind.RESTORE)
        appeal = Appeal(process_id=village.place.id, decision_id=earlier, participant_id=village.ada_there, text="No")
        appeal.language, appeal.submitted_at, appeal.due_at = "en", clock.now(), clock.now()
        appeal.outcome, appeal.answer, appeal.new_decision_id = AppealOutcome.CHANGED, "You are right", later
        session.add(appeal)
        session.flush()
        appeal_id = appeal.id
    deliver(app, transact, Decided(later), AppealAnswered(appeal_id))
    with database() as session:
        assert told(session) == [("ada@example.org", EntryKind.APPEAL, appeal_id)]


def test_comments_are_told_to_the_author_and_to_whoever_is_answered(
    app: Flask, transact: Sessions, database: Sessions, village: Village
) -> None:
    with transact() as session:
        add = {"session": session, "place": village.place, "idea_id": village.idea}
        by_ben = make.comment(**add, author=village.ben_there)
        by_ada = make.comment(**add, author=village.ada_there, parent_id=by_ben)
        answer = make.comment(**add, parent_id=by_ben)
        hidden = make.comment(**add, state=CommentState.HIDDEN)
        own = make.comment(**add, author=village.ada_there)
        events = [CommentSubmitted(comment_id) for comment_id in (by_ben, by_ada, answer, hidden, own)]
    deliver(app, transact, *events, CommentPublished(by_ben), CommentSubmitted(10**6))
    with database() as session:
        assert sorted(told(session), key=lambda row: (row[2], row[0])) == [
            ("ada@example.org", EntryKind.COMMENT, by_ben),
            ("ben@example.org", EntryKind.REPLY, by_ada),
            ("ada@example.org", EntryKind.COMMENT, answer),
            ("ben@example.org", EntryKind.REPLY, answer),
        ]
        assert unread_breaks(session) == []


def test_whoever_is_answered_on_the_own_idea_is_told_once(
    app: Flask, transact: Sessions, database: Sessions, village: Village
) -> None:
    with transact() as session:
        by_ada = make.comment(session, village.place, village.idea, author=village.ada_there)
        answer = make.comment(session, village.place, village.idea, author=village.ben_there, parent_id=by_ada)
    deliver(app, transact, CommentSubmitted(answer))
    with database() as session:
        assert told(session) == [("ada@example.org", EntryKind.REPLY, answer)]


def test_a_comment_at_a_hidden_idea_is_told_to_nobody(
    app: Flask, transact: Sessions, database: Sessions, village: Village
) -> None:
    with transact() as session:
        hidden = make.idea(session, village.place, author=village.ada_there, state=IdeaState.HIDDEN)
        comment_id = make.comment(session, village.place, hidden)
    deliver(app, transact, CommentSubmitted(comment_id))
    with database() as session:
        assert told(session) == []


def test_messages_of_the_team_bundles_and_notices_reach_their_people(
    app: Flask, transact: Sessions, database: Sessions, village: Village
) -> None:
    now = clock.now()
    with transact() as session:
        about = {"process_id": village.place.id, "subject_kind": SubjectKind.IDEA, "subject_id": village.idea}
        messages = [
            Message(**about, participant_id=village.ada_there, from_team=team, text="Hm", language="en", written_at=now)
            for team in (True, False)
        ]
        bundle = Bundle(process_id=village.place.id, made_at=now)
        notice = Notice(**about, reason=NoticeReason.SPAM, text="", language="en", account_id=village.ben)
        notice.code_hash, notice.text_digest, notice.submitted_at, notice.closed_at = b"1" * 32, "", now, now
        notice.decision_id = 2
        nobodys = Notice(**about, reason=NoticeReason.SPAM, text="", language="en", contact="x@example.org")
        nobodys.code_hash, nobodys.text_digest, nobodys.submitted_at = b"2" * 32, "", now
        session.add_all([*messages, bundle, notice, nobodys])
        session.flush()
        member = BundleMember(bundle_id=bundle.id, idea_id=village.idea, added_at=now)
        session.add(member)
        session.flush()
        ids = (messages[0].id, messages[1].id, member.id, notice.id, nobodys.id)
    from_team, from_author, member_id, notice_id, nobodys_id = ids
    deliver(app, transact, MessageSent(from_team), MessageSent(from_author), IdeaBundled(member_id))
    with app.app_context():
        # The first decision was taken back, and another one was taken since.
        telling.of_notice(NoticeClosed(notice_id, 1))
    with database() as session:
        assert EntryKind.NOTICE not in {row[1] for row in told(session)}
    with app.app_context():
        for number in (notice_id, nobodys_id, notice_id):
            telling.of_notice(NoticeClosed(number, 2))
    with database() as session:
        assert sorted(told(session), key=lambda row: row[1].value) == [
            ("ada@example.org", EntryKind.BUNDLE, member_id),
            ("ada@example.org", EntryKind.MESSAGE, from_team),
            ("ben@example.org", EntryKind.NOTICE, notice_id),
        ]


def test_moderators_and_admins_hear_once_that_a_promise_is_broken_until_they_look(
    app: Flask, transact: Sessions, database: Sessions, village: Village
) -> None:
    with transact() as session:
        for role, process_id in ((Role.ADMIN, None), (Role.MODERATOR, make.process(session, "other").id)):
            make.actor(
                session, make.account(session, f"{role.value}@elsewhere.example.org"), role=role, process_id=process_id
            )
        for _ in range(3):
            make.idea(session, village.place, state=IdeaState.IN_REVIEW, at=clock.now() - timedelta(days=9))
        cases = session.scalars(select(Case.id).order_by(Case.id)).all()
    expected = [("moderator@example.org", EntryKind.ESCALATION, cases[0])]
    expected.insert(0, ("admin@elsewhere.example.org", EntryKind.ESCALATION, cases[0]))
    deliver(app, transact, *(CaseEscalated(case_id) for case_id in cases[:2]))
    with database() as session:
        assert sorted(told(session)[:2]) == expected
        assert len(told(session)) == 2
    with transact() as session:
        reader = make.actor(session, village.moderator)
        assert mark_read(session, reader, through=10**9, now=clock.now()) == 1
    deliver(app, transact, CaseEscalated(cases[2]))
    with database() as session:
        assert told(session)[2:] == [("moderator@example.org", EntryKind.ESCALATION, cases[2])]


def test_the_count_of_new_entries_is_kept_along_with_them(
    transact: Sessions, database: Sessions, village: Village
) -> None:
    with transact() as session:
        session.get_one(Account, village.ben).mail_rhythm = MailRhythm.NEVER
        everybody = [village.ada, village.ben, 10**6]
        for number in (1, 2, 2, 3):
            tell(session, everybody, EntryKind.COMMENT, number, process_id=village.place.id, now=clock.now())
        first = session.scalars(select(InboxEntry.id).where(InboxEntry.account_id == village.ada)).first()
        actor, other = make.actor(session, village.ada), make.actor(session, village.ben)
        assert mark_read(session, other, entry_ids=[first], now=clock.now()) == 0
        assert mark_read(session, actor, entry_ids=[first], now=clock.now()) == 1
        assert mark_read(session, actor, entry_ids=[first], now=clock.now()) == 0
    with database() as session:
        assert [session.get_one(Account, one).unread for one in (village.ada, village.ben)] == [2, 3]
        assert unread_breaks(session) == []
    with transact() as session:
        session.get_one(Account, village.ada).unread = 7
    with database() as session:
        assert unread_breaks(session) == [village.ada]


def test_system_decisions_reach_authors_as_well(
    app: Flask, transact: Sessions, database: Sessions, village: Village
) -> None:
    with transact() as session:
        decision_id = village.decision(session, DecisionKind.PUBLISH, decided_by=SYSTEM.account_id)
    deliver(app, transact, Decided(decision_id))
    with database() as session:
        assert [kind for _who, kind, _what in told(session)] == [EntryKind.DECISION]
