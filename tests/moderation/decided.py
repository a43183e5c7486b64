"""A process in which something waits for a decision, for the tests of deciding and undoing."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from participation.accounts.actor import Actor, Role
from participation.cases.models import Case, CaseKind, SubjectKind
from participation.cases.service import CaseSubject, open_case
from participation.ideas.editing import edit_idea
from participation.ideas.models import Idea, IdeaState
from participation.ideas.service import IdeaDraft
from participation.kit import clock
from participation.moderation.models import Decision, DecisionKind
from participation.moderation.service import Subject, decide
from participation.notices.models import Notice, NoticeReason
from participation.processes.queries import process_by_id
from participation.signals.models import Signal, SignalKind
from tests import make
from tests.conftest import Sessions

NOW = clock.now()
HOUR = timedelta(hours=1)
WHY = {"ground": "rule-respect", "reason": "It insults a neighbour."}


class Scene:
    """Two moderators, and two ideas of an author with an account: one has waited for three hours, one is public."""

    def __init__(self, transact: Sessions) -> None:
        self.transact = transact
        with transact() as session:
            self.place = make.process(session, review_first=True)
            self.account = make.account(session, "author@example.org")
            self.author = make.participant(session, self.place, account_id=self.account)
            self.waiting = make.idea(
                session, self.place, author=self.author, state=IdeaState.IN_REVIEW, at=NOW - 3 * HOUR
            )
            self.public = make.idea(session, self.place, author=self.author)
            self.one, self.two = (
                make.actor(session, make.account(session), role=Role.MODERATOR, process_id=self.place.id)
                for _ in range(2)
            )

    def decide(self, kind: DecisionKind, idea: int = 0, *, by: Actor | None = None, **more: Any) -> int:
        """Return the id of a decision about an idea, the one that waits by default; ``more`` is for ``decide``."""
        with self.transact() as session:
            given: dict[str, Any] = {"now": NOW, **(WHY if kind is not DecisionKind.PUBLISH else {}), **more}
            subject = given.pop("subject", Subject("idea", idea or self.waiting))
            return decide(session, by or self.one, subject=subject, kind=kind, **given).id

    def decision(self, decision_id: int) -> Decision:
        """Return a decision as it stands."""
        with self.transact() as session:
            return session.get_one(Decision, decision_id)

    def notice(self, idea: int) -> int:
        """Return the id of a notice about an idea; a case and a signal go with it."""
        with self.transact() as session:
            about = CaseSubject(self.place.id, SubjectKind.IDEA, idea, idea, "de")
            case = open_case(session, CaseKind.NOTICE, about, due_at=NOW + HOUR, now=NOW - HOUR)
            case.notices, case.signals = 1, 1
            notice = Notice(
                process_id=self.place.id,
                subject_kind=SubjectKind.IDEA,
                subject_id=idea,
                reason=NoticeReason.INSULT,
                text="Look",
                language="de",
                code_hash=bytes([idea]) * 32,
                text_digest="0" * 64,
                submitted_at=NOW - HOUR,
            )
            signal = Signal(
                process_id=self.place.id,
                subject_kind=SubjectKind.IDEA,
                subject_id=idea,
                kind=SignalKind.WORDS,
                found_at=NOW - HOUR,
            )
            session.add_all([notice, signal])
            session.flush()
            return notice.id

    def cases(self, idea: int) -> dict[CaseKind, bool]:
        """Return which cases about an idea are open."""
        with self.transact() as session:
            rows = session.scalars(select(Case).where(Case.subject_id == idea, Case.subject_kind == SubjectKind.IDEA))
            return {case.kind: case.closed_at is None for case in rows}

    def case(self, idea: int = 0, kind: CaseKind = CaseKind.REVIEW) -> Case:
        """Return the case about an idea, the one that waits by default."""
        with self.transact() as session:
            return session.scalars(
                select(Case).where(Case.subject_id == (idea or self.waiting), Case.kind == kind)
            ).one()

    def edit(self, idea: int, *, process: int = 0, title: str = "Said politely", now: datetime = NOW) -> None:
        """Let the author change an idea."""
        with self.transact() as session:
            outline = process_by_id(session, process or self.place.id)
            row = session.get_one(Idea, idea)
            draft = IdeaDraft(title=title, text=row.text, language="de")
            edit_idea(
                session,
                Actor(self.account),
                process=outline,
                idea_id=idea,
                draft=draft,
                revision=row.revision,
                opened_at=None,
                now=now,
            )

    def principles(self) -> list[int]:
        """Return the principles that an idea can be moved to."""
        with self.transact() as session:
            return make.principle_ids(session, self.place, ["climate"])
