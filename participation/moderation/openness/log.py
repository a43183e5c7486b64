"""The public log of decisions: what, when, on what ground and how quickly; no text, no reason, nobody's name.

Decisions about contributions and about their translations stand in it in the order in which they were taken.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from participation.cases.models import SubjectKind
from participation.kit.db import read_rows
from participation.kit.permissions import found
from participation.moderation.models import Appeal, AppealOutcome, Automation, Decision, DecisionKind
from participation.moderation.openness.rewordings import Rewording, RewordingLine, is_settled, rewording_lines
from participation.wordings.models import Wording

PAGE = 50
AT_ONCE = 1000
WORDING = "w"
"""Begins the key of a decision about a translation: those have numbers of their own."""


@dataclass(frozen=True, slots=True)
class LogLine:
    """One decision as everybody may know it.

    ``language`` is the one into which a translation goes that it was about, and empty for all others, of which alone
    there are a ground, objections and a ``digest``. ``waited_seconds`` is how long the contribution had waited for it;
    ``has_appeal`` that its author objected, with the ``outcome`` once there is one. ``digest`` shows only to whoever
    has the decision's salt which text it was about.
    """

    number: int
    decided_at: datetime
    subject: SubjectKind
    kind: DecisionKind | Rewording
    ground: str
    automation: Automation
    waited_seconds: int | None
    has_appeal: bool
    outcome: AppealOutcome | None
    digest: str
    language: str = ""

    @property
    def key(self) -> str:
        """What the line is called in the addresses of pages that go on behind it."""
        return f"{WORDING}{self.number}" if self.language else str(self.number)


def log_lines(
    session: Session, process_id: int, *, settled_before: datetime, before: str | None = None, most: int = PAGE
) -> list[LogLine]:
    """Return up to ``most`` decisions of a process, the latest first, from behind the one with the key ``before``.

    Those that may still be taken back (later than ``settled_before``) or were taken back are left out. Raises
    ``Missing`` when ``before`` is none of them.
    """
    place = None if before is None else _place(session, process_id, before, settled_before)
    return _lines(session, process_id, settled_before=settled_before, place=place, most=most)


def whole_log(session: Session, process_id: int, *, settled_before: datetime) -> Iterator[list[LogLine]]:
    """Yield all decisions of a process, the latest first, a thousand at a time."""
    place: Place | None = None
    while lines := _lines(session, process_id, settled_before=settled_before, place=place, most=AT_ONCE):
        # Whoever reads slowly must keep no transaction open.
        session.rollback()
        yield lines
        place = _place_of(lines[-1])


def decision_log(session: Session, process_id: int, *, settled_before: datetime) -> Iterator[list[LogLine]]:
    """Yield the decisions about contributions alone, as ``whole_log`` does, in the running transaction."""
    public, place = _public(process_id, settled_before), None
    while lines := _decisions(session, _behind(Decision.decided_at, Decision.id, place, public), AT_ONCE):
        yield lines
        place = _place_of(lines[-1])


class Place(NamedTuple):
    """Where a line stands in the log; at the same moment those about contributions come before the others."""

    decided_at: datetime
    is_about_wording: bool
    number: int


def _place_of(line: LogLine) -> Place:
    return Place(line.decided_at, bool(line.language), line.number)


def _place(session: Session, process_id: int, key: str, settled_before: datetime) -> Place:
    is_about_wording = key.startswith(WORDING)
    number = int(key.removeprefix(WORDING))
    if is_about_wording:
        own = select(Wording.decided_at).where(Wording.id == number, *is_settled(process_id, settled_before))
    else:
        own = select(Decision.decided_at).where(Decision.id == number, *_public(process_id, settled_before))
    return Place(found(session.scalar(own)), is_about_wording, number)


def _lines(
    session: Session, process_id: int, *, settled_before: datetime, place: Place | None, most: int
) -> list[LogLine]:
    public, settled = _public(process_id, settled_before), is_settled(process_id, settled_before)
    decisions = _decisions(session, _behind(Decision.decided_at, Decision.id, place, public), most)
    about_wordings = _behind(Wording.decided_at, Wording.id, place, settled, is_about_wording=True)
    rewordings = [_reworded(one) for one in rewording_lines(session, about_wordings, most=most)]
    in_order = sorted(
        (*decisions, *rewordings), key=lambda line: (line.decided_at, not line.language, line.number), reverse=True
    )
    return in_order[:most]


def _behind(
    moment: Any,
    number: Any,
    place: Place | None,
    known: tuple[ColumnElement[bool], ...],
    *,
    is_about_wording: bool = False,
) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions ``known`` with that of standing behind ``place``, if there is one."""
    if place is None:
        return known
    if is_about_wording == place.is_about_wording:
        same_moment = and_(moment == place.decided_at, number < place.number)
        return (*known, or_(moment < place.decided_at, same_moment))
    return (*known, moment <= place.decided_at if is_about_wording else moment < place.decided_at)


def _decisions(session: Session, only: tuple[ColumnElement[bool], ...], most: int) -> list[LogLine]:
    # Columns alone: neither texts nor reasons ever leave the database for it.
    statement = (
        select(
            Decision.id,
            Decision.decided_at,
            Decision.comment_id,
            Decision.addendum_id,
            Decision.kind,
            Decision.ground,
            Decision.automation,
            Decision.waited_seconds,
            Appeal.id.is_not(None),
            Appeal.outcome,
            Decision.content_digest,
        )
        .outerjoin(Appeal, Appeal.decision_id == Decision.id)
        .where(*only)
        .order_by(Decision.decided_at.desc(), Decision.id.desc())
        .limit(most)
    )
    return [
        LogLine(number, decided_at, _subject(comment_id, addendum_id), *others)
        for number, decided_at, comment_id, addendum_id, *others in read_rows(session, statement)
    ]


def _reworded(line: RewordingLine) -> LogLine:
    return LogLine(
        number=line.number,
        decided_at=line.decided_at,
        subject=line.subject,
        kind=line.decision,
        ground="",
        automation=Automation.NONE,
        waited_seconds=line.waited_seconds,
        has_appeal=False,
        outcome=None,
        digest="",
        language=line.language,
    )


def _public(process_id: int, settled_before: datetime) -> tuple[ColumnElement[bool], ...]:
    return Decision.process_id == process_id, Decision.undone_at.is_(None), Decision.decided_at <= settled_before


def _subject(comment_id: int | None, addendum_id: int | None) -> SubjectKind:
    if comment_id is not None:
        return SubjectKind.COMMENT
    return SubjectKind.IDEA if addendum_id is None else SubjectKind.ADDENDUM
