"""Which legal text holds where, which ones held before, and who agreed to what."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, String, and_, cast, func, or_, select
from sqlalchemy.orm import Session, aliased

from participation.accounts.models import Account
from participation.kit.db import read_rows
from participation.kit.dialect import with_commas
from participation.kit.permissions import found
from participation.kit.schema import Translated
from participation.legal.models import Consent, LegalKind, LegalText
from participation.processes.models import Participant, Process, ProcessState

EVERYWHERE = 0
"""Stands for "in all processes" among the ids of processes, which begin at 1."""
NOTHING = "{}"
"""A text in no language, as the database has it."""


@dataclass(frozen=True, slots=True)
class LegalVersion:
    """A published version of a legal text; ``process_id`` is empty for one that holds everywhere.

    Without ``text`` it leads back to what holds everywhere.
    """

    id: int
    kind: LegalKind
    process_id: int | None
    number: int
    text: Translated
    changes: Translated
    asks_consent: bool
    published_at: datetime


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A published version in a list, without its text."""

    number: int
    changes: Translated
    asks_consent: bool
    published_at: datetime
    agreed: int
    leads_back: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """What will be the next version; ``stamp`` changes whenever it is saved."""

    text: Translated
    changes: Translated
    asks_consent: bool
    written_at: datetime

    @property
    def stamp(self) -> str:
        return self.written_at.isoformat()


@dataclass(frozen=True, slots=True)
class GivenConsent:
    """Somebody agreed to a version; slug and title of the process are empty for one that holds everywhere."""

    kind: LegalKind
    number: int
    given_at: datetime
    slug: str
    process_title: Translated


@dataclass(frozen=True, slots=True)
class OwedText:
    """The version that somebody has yet to agree to, and where it holds."""

    version: LegalVersion
    slug: str
    process_title: Translated


def holding_text(session: Session, kind: LegalKind, process_id: int | None) -> LegalVersion | None:
    """Return the version that holds in a process, else everywhere; ``None`` where the text of the product does."""
    here = or_(LegalText.process_id.is_(None), LegalText.process_id == (process_id or EVERYWHERE))
    statement = _published(kind).where(here).order_by(LegalText.process_id.is_(None), LegalText.number.desc()).limit(1)
    row = session.scalar(statement)
    if row is not None and row.process_id is not None and not row.text:
        return holding_text(session, kind, None)
    return _version(row) if row else None


def own_version(session: Session, kind: LegalKind, process_id: int | None, number: int) -> LegalVersion:
    """Return the version with this number of the text of one place; raises ``Missing``."""
    statement = _published(kind).where(_in_place(process_id), LegalText.number == number)
    return _version(found(session.scalar(statement)))


def version_before(session: Session, version: LegalVersion) -> LegalVersion | None:
    """Return the version that held in the same place before."""
    statement = _published(version.kind).where(_in_place(version.process_id), LegalText.number < version.number)
    row = session.scalar(statement.order_by(LegalText.number.desc()).limit(1))
    return _version(row) if row else None


def version_lines(session: Session, kind: LegalKind, process_id: int | None) -> tuple[VersionLine, ...]:
    """Return the published versions of the text of one place, the latest first."""
    agreed = select(func.count()).where(Consent.legal_text_id == LegalText.id).scalar_subquery()
    columns = (LegalText.number, LegalText.changes, LegalText.asks_consent, LegalText.published_at)
    statement = (
        select(*columns, agreed, _leads_back(LegalText))
        .where(LegalText.kind == kind, _in_place(process_id), LegalText.number.is_not(None))
        .order_by(LegalText.number.desc())
    )
    return tuple(VersionLine(*row) for row in session.execute(statement))


def draft_of(session: Session, kind: LegalKind, process_id: int | None) -> Draft | None:
    """Return the draft of the text of one place."""
    row = session.scalar(drafts(kind, process_id))
    return Draft(row.text, row.changes, row.asks_consent, row.written_at) if row else None


def drafts(kind: LegalKind, process_id: int | None) -> Select[LegalText]:
    """Return the statement that finds the only draft of the text of one place."""
    return select(LegalText).where(LegalText.kind == kind, _in_place(process_id), LegalText.number.is_(None))


def last_number(session: Session, kind: LegalKind, process_id: int | None) -> int:
    """Return the number of the version of one place that was published last; 0 where there is none."""
    statement = select(func.max(LegalText.number)).where(LegalText.kind == kind, _in_place(process_id))
    return session.scalar(statement) or 0


def published_count(session: Session) -> int:
    """Return how many versions of all texts there are; it grows whenever any text changes, and never shrinks."""
    statement = select(func.count()).select_from(LegalText).where(LegalText.number.is_not(None))
    return read_rows(session, statement).scalar() or 0


def owed() -> ScalarSelect[str | None]:
    """Return where an account has yet to agree: ids of processes with commas, ``EVERYWHERE``, or nothing at all.

    It stands as a column in statements that select from ``Account``.
    """
    asking = aliased(LegalText)
    place = cast(_place(asking), String)
    return select(with_commas(place)).where(_is_owed(asking, Account.id)).correlate(Account).scalar_subquery()


def places_in(column: str | None) -> frozenset[int | None]:
    """Return what ``owed`` says as an ``Actor`` has it: ids of processes, ``None`` for everywhere."""
    if not column:
        return frozenset()
    return frozenset(int(place) or None for place in column.split(","))


def owed_texts(session: Session, account_id: int, *, process_id: int | None) -> tuple[OwedText, ...]:
    """Return the versions an account has yet to agree to: everywhere, in that process, and where it takes part.

    Each is the latest of its place, also where an earlier one asked.
    """
    asking = aliased(LegalText)
    asked = select(asking.kind, _place(asking)).where(_is_owed(asking, account_id)).distinct()
    places = {(kind, place) for kind, place in session.execute(asked)}
    if not places:
        return ()
    own = select(Participant.process_id).where(Participant.account_id == account_id)
    takes_part = {EVERYWHERE, process_id, *session.scalars(own)}
    latest = (
        select(func.max(LegalText.id))
        .where(LegalText.number.is_not(None))
        .group_by(LegalText.kind, func.coalesce(LegalText.process_id, EVERYWHERE))
    )
    rows = session.execute(
        select(LegalText, Process.slug, Process.title)
        .outerjoin(Process, Process.id == LegalText.process_id)
        .where(LegalText.id.in_(latest), or_(Process.id.is_(None), Process.state != ProcessState.DRAFT))
        .order_by(LegalText.process_id.is_not(None), LegalText.process_id, LegalText.kind)
    )
    return tuple(
        OwedText(_version(row), slug or "", title or {})
        for row, slug, title in rows
        if (row.kind, row.process_id or EVERYWHERE) in places and (row.process_id or EVERYWHERE) in takes_part
    )


def general_versions(session: Session) -> tuple[int, ...]:
    """Return the ids of the versions of rules and privacy notice that hold everywhere: who signs up agrees to them."""
    latest = (holding_text(session, kind, None) for kind in (LegalKind.RULES, LegalKind.PRIVACY))
    return tuple(version.id for version in latest if version)


def consents_of(session: Session, account_id: int) -> tuple[GivenConsent, ...]:
    """Return what an account agreed to, the latest first."""
    statement = (
        select(LegalText.kind, LegalText.number, Consent.given_at, Process.slug, Process.title)
        .join(LegalText, LegalText.id == Consent.legal_text_id)
        .outerjoin(Process, Process.id == LegalText.process_id)
        .where(Consent.account_id == account_id)
        .order_by(Consent.given_at.desc(), Consent.id.desc())
    )
    return tuple(
        GivenConsent(kind, number or 0, given_at, slug or "", title or {})
        for kind, number, given_at, slug, title in session.execute(statement)
    )


def published_among(session: Session, ids: Iterable[int]) -> list[int]:
    """Return those of ``ids`` that are published versions."""
    statement = select(LegalText.id).where(LegalText.id.in_(set(ids)), LegalText.number.is_not(None))
    return list(session.scalars(statement.order_by(LegalText.id)))


def _is_owed(asking: Any, account_id: Any) -> ColumnElement[bool]:
    """Return whether a version asks for consent and neither it nor a later one of its place was agreed to.

    What a process asked for before it went back to the text that holds everywhere nobody owes.
    """
    agreed = aliased(LegalText)
    given = (
        select(Consent.id)
        .join(agreed, agreed.id == Consent.legal_text_id)
        .where(
            Consent.account_id == account_id,
            agreed.kind == asking.kind,
            _place(agreed) == _place(asking),
            agreed.number >= asking.number,
        )
        .correlate(Account, asking)
        .exists()
    )
    later = aliased(LegalText)
    is_over = (
        select(later.id)
        .where(
            later.kind == asking.kind,
            later.process_id == asking.process_id,
            later.number > asking.number,
            _leads_back(later),
        )
        .correlate(asking)
        .exists()
    )
    return and_(asking.asks_consent, asking.number.is_not(None), ~given, ~is_over)


def _leads_back(text: Any) -> ColumnElement[bool]:
    # Drafts may be empty as well.
    return and_(text.process_id.is_not(None), text.number.is_not(None), cast(text.text, String) == NOTHING)


def _place(text: Any) -> ColumnElement[int]:
    place: ColumnElement[int] = func.coalesce(text.process_id, EVERYWHERE)
    return place


def _in_place(process_id: int | None) -> ColumnElement[bool]:
    return LegalText.process_id.is_(None) if process_id is None else LegalText.process_id == process_id


def _published(kind: LegalKind) -> Select[LegalText]:
    return select(LegalText).where(LegalText.kind == kind, LegalText.number.is_not(None))


def _version(row: LegalText) -> LegalVersion:
    assert row.number is not None
    assert row.published_at is not None
    return LegalVersion(
        row.id, row.kind, row.process_id, row.number, row.text, row.changes, row.asks_consent, row.published_at
    )
