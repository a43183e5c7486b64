"""An idea that was hidden, whose author objects, and those who answer."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor, Role
from participation.cases.models import Case, CaseKind
from participation.kit import clock
from participation.moderation.appeals.service import submit_appeal
from participation.moderation.models import Appeal, Decision, DecisionKind
from participation.moderation.service import Subject, decide
from tests import make
from tests.make import Place

TITLE, TEXT, FACTS, OBJECTION = "Mehr Bänke", "Am Hafen fehlen Bänke.", "Facts of the case", "Das war ein Zitat."
AUTHOR, DECIDER, OTHER = "author@example.org", "decider@example.org", "other@example.org"
TWO_WEEKS = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Scene:
    """An idea of ``AUTHOR`` that ``DECIDER`` decided about, in a process with or without another moderator."""

    place: Place
    idea: int
    decision: int
    now: datetime


def hidden_idea(session: Session) -> Scene:
    """Return an idea that was hidden an hour ago."""
    now = clock.now() - timedelta(hours=1)
    place = make.process(session)
    author = make.participant(session, place, account_id=make.account(session, AUTHOR, language="en"))
    idea = make.idea(session, place, author=author, title=TITLE, body=TEXT)
    decider = moderator(session, place, DECIDER)
    return Scene(place, idea, decided(session, decider, idea, now=now).id, now)


def moderator(session: Session, place: Place, email: str) -> Actor:
    """Return somebody who moderates the process."""
    return make.actor(session, make.account(session, email), role=Role.MODERATOR, process_id=place.id)


def decided(
    session: Session,
    actor: Actor,
    idea: int,
    kind: DecisionKind = DecisionKind.HIDE,
    *,
    now: datetime,
    **options: object,
) -> Decision:
    """Decide about an idea, with a ground and facts."""
    subject = Subject("idea", idea)
    return decide(session, actor, subject=subject, kind=kind, ground="rule-respect", reason=FACTS, now=now, **options)


def objected(session: Session, decision_id: int, *, text: str = OBJECTION, now: datetime | None = None) -> Appeal:
    """Object as the author."""
    author = make.actor(session, make.account(session, AUTHOR))
    moment = now or clock.now()
    return submit_appeal(
        session, author, decision_id=decision_id, text=text, language="de", answer_within=TWO_WEEKS, now=moment
    )


def open_cases(session: Session) -> list[tuple[CaseKind, int, int]]:
    """Return kind, subject and appealed decision of what waits."""
    rows = session.scalars(select(Case).where(Case.closed_at.is_(None)).order_by(Case.id))
    return [(case.kind, case.subject_id, case.about_id) for case in rows]
