"""Looking at contributions that wait, keeping what programs see in them, and ending it when people have decided."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session, aliased

from participation.cases.models import Case, CaseKind, SubjectKind
from participation.kit.dialect import locked
from participation.signals.contributions import (
    Contribution,
    Key,
    age_of_account,
    by_the_same,
    contribution_at,
    written_between,
)
from participation.signals.findings import HOURS, Circumstances, Finding, findings_in
from participation.signals.models import Signal, WatchedWord
from participation.signals.similar import find_alike, place

LOOKED_AT = frozenset({CaseKind.REVIEW, CaseKind.HINT, CaseKind.NOTICE})
"""Cases in which a text is read; in the others people write to each other about a decision."""


def look_at(session: Session, case_id: int, *, now: datetime) -> Case | None:
    """Look at the text of an open case as it stands, and return the case, locked; ``None`` when it is over.

    Open signals become those that are seen now. What people have decided about since the text was written is not
    brought up again.
    """
    case = _locked(session, case_id)
    if case is None or case.kind not in LOOKED_AT:
        return case
    key = (case.subject_kind, case.subject_id)
    contribution = contribution_at(session, key)
    if contribution is None:
        return case
    alike = find_alike(session, case, contribution.text, now=now)
    place(session, case, alike)
    others = {one.key for one in alike.cases}
    around = _circumstances(session, contribution, others, more=alike.more)
    findings = findings_in(
        contribution.text, contribution.language, around, own_words(session, case.process_id, contribution.language)
    )
    count = _keep(session, case.process_id, key, findings, written_at=contribution.written_at, now=now)
    case.looked_at = now
    session.flush()
    about = (Case.subject_kind == case.subject_kind) & (Case.subject_id == case.subject_id)
    session.execute(
        update(Case)
        .where(about, Case.closed_at.is_(None), Case.kind.in_(LOOKED_AT), Case.signals != count)
        .values(signals=count)
        .execution_options(synchronize_session="fetch")
    )
    return case


def settle_signals(
    session: Session, subject_kind: SubjectKind, subject_ids: Collection[int], *, now: datetime
) -> list[int]:
    """End the open signals about some contributions and return their ids, in order: somebody has decided."""
    if not subject_ids:
        return []
    ids = list(subject_ids)
    settled = session.scalars(
        update(Signal)
        .where(Signal.subject_kind == subject_kind, Signal.subject_id.in_(ids), Signal.settled_at.is_(None))
        .values(settled_at=now)
        .returning(Signal.id)
        .execution_options(synchronize_session="fetch")
    ).all()
    if settled:
        session.execute(
            update(Case)
            .where(Case.subject_kind == subject_kind, Case.subject_id.in_(ids), Case.closed_at.is_(None))
            .values(signals=0)
            .execution_options(synchronize_session="fetch")
        )
    return sorted(settled)


def forget_signals(session: Session, *, before: datetime, most: int) -> int:
    """Delete signals that were settled before a moment, ``most`` of them at a time; return how many."""
    old = select(Signal.id).where(Signal.settled_at < before).order_by(Signal.id).limit(most)
    ids = session.scalars(old).all()
    session.execute(delete(Signal).where(Signal.id.in_(ids)))
    return len(ids)


def own_words(session: Session, process_id: int, language: str) -> tuple[str, ...]:
    """Return the words that moderators watch in a process in this language, those for all processes among them."""
    return tuple(
        session.scalars(
            select(WatchedWord.word)
            .where(
                or_(WatchedWord.process_id == process_id, WatchedWord.process_id.is_(None)),
                WatchedWord.language == language,
            )
            .order_by(WatchedWord.word, WatchedWord.id)
        )
    )


def _locked(session: Session, case_id: int) -> Case | None:
    """Return an open case, with all open ones about the same text locked in the order in which deciding locks them."""
    named = aliased(Case)
    about = (named.subject_kind == Case.subject_kind) & (named.subject_id == Case.subject_id)
    together = select(Case).join(named, about).where(named.id == case_id, Case.closed_at.is_(None)).order_by(Case.id)
    cases = session.scalars(locked(together, only=Case).execution_options(populate_existing=True)).all()
    return next((case for case in cases if case.id == case_id), None)


def _circumstances(session: Session, written: Contribution, others: Collection[Key], *, more: bool) -> Circumstances:
    own = by_the_same(session, written.participant_id, others)
    if written.registered_at is None:
        # Imports bring a thousand texts of one moment; only people who are here can be in a hurry.
        return Circumstances(at=written.submitted_at, alike=len(others), alike_own=own, alike_more=more)
    moments = written_between(
        session,
        written.participant_id,
        after=written.submitted_at - timedelta(hours=HOURS),
        until=written.submitted_at,
    )
    return Circumstances(
        at=written.submitted_at,
        written=tuple(moments),
        account_age=age_of_account(written),
        alike=len(others),
        alike_own=own,
        alike_more=more,
    )


def _keep(
    session: Session,
    process_id: int,
    key: Key,
    findings: Iterable[Finding],
    *,
    written_at: datetime,
    now: datetime,
) -> int:
    """Make ``findings`` the open signals about a contribution and return how many there are."""
    about = (Signal.subject_kind == key[0]) & (Signal.subject_id == key[1])
    rows = session.scalars(select(Signal).where(about, or_(Signal.settled_at.is_(None), Signal.found_at >= written_at)))
    stored = {row.kind: row for row in sorted(rows, key=lambda row: (row.settled_at is None, row.id))}
    seen = {finding.kind: finding for finding in findings}
    gone = [row.id for kind, row in stored.items() if row.settled_at is None and kind not in seen]
    session.execute(delete(Signal).where(Signal.id.in_(gone)))
    for kind, finding in seen.items():
        row = stored.get(kind)
        if row is None:
            row = Signal(process_id=process_id, subject_kind=key[0], subject_id=key[1], kind=kind, found_at=now)
            row.details = finding.details
            session.add(row)
            stored[kind] = row
        elif row.settled_at is None and (row.details != finding.details or row.found_at < written_at):
            row.details, row.found_at = finding.details, now
    return sum(row.settled_at is None for kind, row in stored.items() if kind in seen)
