"""A small process with people who take part, for everything that tells them something."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from participation.accounts.actor import Role
from participation.cases.models import SubjectKind
from participation.curation.models import Bundle, BundleExit, BundleMember
from participation.ideas.models import IdeaState
from participation.kit import clock
from participation.moderation.models import Appeal, AppealOutcome, Decision, DecisionKind, Message
from participation.notices.models import Notice, NoticeReason
from participation.notifications.models import EntryKind
from participation.notifications.service import tell
from participation.strategy.models import MeasureState, SignOff, StatementRevision
from tests import make


class Village:
    """Two residents with an idea each, one comment, and a moderator."""

    def __init__(self, session: Session) -> None:
        self.place = make.process(session)
        self.ada, self.ben = (make.account(session, f"{name}@example.org", language="en") for name in ("ada", "ben"))
        self.ada_there = make.participant(session, self.place, account_id=self.ada, pseudonym="Stille Weide")
        self.ben_there = make.participant(session, self.place, account_id=self.ben, pseudonym="Fleißige Biene")
        self.idea = make.idea(session, self.place, author=self.ada_there, title="Benches & trees", language="en")
        self.moderator = make.account(session, "moderator@example.org")
        make.actor(session, self.moderator, role=Role.MODERATOR, process_id=self.place.id)

    def decision(self, session: Session, kind: DecisionKind = DecisionKind.HIDE, **values: Any) -> int:
        """Return a decision about the idea."""
        values = {"reason": "Because", "participant_id": self.ada_there, "decided_at": clock.now(), **values}
        row = Decision(process_id=self.place.id, idea_id=self.idea, kind=kind, **values)
        session.add(row)
        session.flush()
        return row.id

    def tell_one_of_each(self, session: Session) -> None:
        """Tell Ada of one thing of each kind, a decision first."""
        now = clock.now()
        about = {"process_id": self.place.id, "subject_kind": SubjectKind.IDEA, "subject_id": self.idea}
        decision = self.decision(session, DecisionKind.MOVE)
        appeal = Appeal(process_id=self.place.id, decision_id=decision, participant_id=self.ada_there, text="No")
        appeal.language, appeal.submitted_at, appeal.due_at = "en", now, now
        appeal.outcome, appeal.answer = AppealOutcome.UPHELD, "It stays"
        notice = Notice(**about, reason=NoticeReason.SPAM, text="secret notice", language="en", account_id=self.ada)
        notice.code_hash, notice.text_digest, notice.submitted_at, notice.decision_id = b"1" * 32, "", now, decision
        notice.closed_at = now
        message = Message(**about, participant_id=self.ada_there, from_team=True, text="Hello there", language="en")
        message.written_at = now
        bundle = Bundle(process_id=self.place.id, made_at=now)
        session.add_all([appeal, notice, message, bundle])
        session.flush()
        others = [make.idea(session, self.place) for _ in range(2)]
        members = [BundleMember(bundle_id=bundle.id, idea_id=idea, added_at=now) for idea in (self.idea, *others)]
        apart = make.idea(session, self.place, author=self.ada_there, title="Seats")
        members += [BundleMember(bundle_id=bundle.id, idea_id=apart, added_at=now, ended_at=now)]
        members[-1].ended_for = BundleExit.MODERATION
        session.add_all(members)
        session.flush()
        comment = make.comment(session, self.place, self.idea, author=self.ben_there, body="More shade")
        overdue = make.idea(session, self.place, state=IdeaState.IN_REVIEW, at=now - timedelta(days=9))
        answer = make.answer(session, idea_id=self.idea, words="Half of it")
        theme = make.cluster(session, self.place, ideas=[self.idea, *others])
        signed = make.statement(session, self.place, [theme])
        waiting = make.submitted_statement(session, self.place, [theme])
        near = clock.today("Europe/Berlin")
        told = {
            EntryKind.DECISION: decision,
            EntryKind.APPEAL: appeal.id,
            EntryKind.NOTICE: notice.id,
            EntryKind.MESSAGE: message.id,
            EntryKind.ANSWER: answer,
            EntryKind.MEASURE: make.step(session, make.measure(session, answer, due_on=near), MeasureState.RUNNING),
            EntryKind.STATEMENT: signed,
            EntryKind.SIGN_OFF: session.scalars(_latest(StatementRevision, waiting)).one(),
            EntryKind.REOPENED: session.scalars(_latest(SignOff, signed)).one(),
            EntryKind.REFERRAL_DUE: make.referral(session, idea_id=others[0], due_on=near),
            EntryKind.PROMISE_DUE: make.answer(session, idea_id=others[1], due_on=near),
            EntryKind.MEASURE_DUE: 1,
            EntryKind.BUNDLE: members[0].id,
            EntryKind.UNBUNDLED: members[-1].id,
            EntryKind.COMMENT: comment,
            EntryKind.REPLY: comment,
            EntryKind.ESCALATION: overdue,
            EntryKind.BARRIER: make.barrier(session, days=1),
            EntryKind.BARRIER_DUE: 1,
            EntryKind.WORDING: make.wording(session, self.idea, title="Banklar", author=self.ada_there),
        }
        for kind, subject_id in told.items():
            tell(session, [self.ada], kind, subject_id, process_id=self.place.id, now=now)


def _latest(table: type[StatementRevision] | type[SignOff], statement_id: int) -> Select[int]:
    return select(table.id).where(table.statement_id == statement_id)
