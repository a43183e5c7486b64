"""What the pages show on which statements are written, quoted in, signed off and compared."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from participation.accounts.actor import Actor
from participation.accounts.models import Account
from participation.kit.permissions import Permission
from participation.multilingual import Phrase, phrase, pick
from participation.principles.queries import fields_of, principles_of
from participation.processes.outline import ProcessOutline
from participation.processes.policies import may_see_results
from participation.processes.workplace import Workplace, workplace
from participation.strategy.models import RevisionState, SignOff, Statement, StatementRevision, StatementState
from participation.strategy.statements.basis import Basis, basis_of, ideas_of_basis
from participation.strategy.statements.comparing import Comparison, ShownQuote, compare, names_in, shown_quotes
from participation.strategy.statements.content import Content, content_from, content_in_force, content_json, digest_of
from participation.strategy.statements.losses import Loss, losses_of
from participation.strategy.statements.policies import (
    may_rewrite,
    may_send_back,
    may_sign_off,
    may_submit,
    may_withdraw,
)
from participation.strategy.statements.queries import Provenance, StatementLine, cluster_sources, provenance
from participation.strategy.statements.revisions import latest_and_signed, latest_revision, waiting_of, working_content

MOST_REVISIONS = 30


@dataclass(frozen=True, slots=True)
class RevisionFacts:
    """Who did what with a revision, and when; people are named by their addresses, which only the desk sees."""

    number: int
    state: RevisionState
    written_by: str
    written_at: datetime
    submitted_by: str = ""
    submitted_at: datetime | None = None
    sent_back_by: str = ""
    sent_back_at: datetime | None = None
    remark: str = ""
    signed_by: str = ""
    signed_at: datetime | None = None
    note: str = ""
    reopened_at: datetime | None = None
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Steps:
    """What may be done next with a statement; each "no" carries its reason."""

    rewrite: Permission
    submit: Permission
    sign_off: Permission
    send_back: Permission
    withdraw: Permission


@dataclass(frozen=True, slots=True)
class StatementPage:
    """The form for a statement; ``id`` and everything after it is empty for a new one.

    ``is_pending`` says that what is worked on differs from what is public.
    """

    workplace: Workplace
    departments: tuple[str, ...]
    has_clusters: bool
    id: int | None = None
    number: int = 0
    state: StatementState = StatementState.DRAFT
    text: Phrase | None = None
    written_at: datetime | None = None
    published_at: datetime | None = None
    reopened_at: datetime | None = None
    withdrawn_at: datetime | None = None
    withdrawn_for: Phrase | None = None
    in_force: int = 0
    is_signed: bool = False
    is_pending: bool = False
    latest: RevisionFacts | None = None
    steps: Steps | None = None
    quotes: tuple[ShownQuote, ...] = ()
    losses: tuple[Loss, ...] = ()
    provenance: Provenance | None = None


@dataclass(frozen=True, slots=True)
class RemovalPage:
    """Asks whether a cluster shall go; statements that rest on it stand in the way."""

    workplace: Workplace
    cluster_id: int
    title: Phrase
    statements: tuple[StatementLine, ...]


@dataclass(frozen=True, slots=True)
class BasisLine:
    """How many public ideas a cluster holds now, and how many it held when the statement was signed off last."""

    title: Phrase
    ideas: int
    signed: int | None


@dataclass(frozen=True, slots=True)
class Figures:
    """How many ideas and people stand behind a statement; votes are ``None`` while results are hidden."""

    ideas: int
    people: int | None
    agree: int | None
    disagree: int | None
    unsure: int | None


@dataclass(frozen=True, slots=True)
class SignOffPage:
    """What a second person agrees to: the whole content, what is new in it, and what it rests on."""

    workplace: Workplace
    id: int
    number: int
    state: StatementState
    seen: str
    content: Content
    text: Phrase
    reasoning: Phrase
    principles: tuple[Phrase, ...]
    fields: tuple[Phrase, ...]
    quotes: tuple[ShownQuote, ...]
    revision: RevisionFacts | None
    signed: RevisionFacts | None
    changes: Comparison
    basis: tuple[BasisLine, ...]
    figures: Figures
    losses: tuple[Loss, ...]
    steps: Steps
    results_reason: str


@dataclass(frozen=True, slots=True)
class RevisionItem:
    """A revision with what is new in it."""

    facts: RevisionFacts
    is_in_force: bool
    changes: Comparison | None


@dataclass(frozen=True, slots=True)
class RevisionsPage:
    """The revisions of a statement, the latest first; ``has_more`` says that earlier ones are left out."""

    workplace: Workplace
    id: int
    number: int
    text: Phrase
    revisions: tuple[RevisionItem, ...]
    has_more: bool


def offered(
    session: Session, process: ProcessOutline, language: str
) -> tuple[list[tuple[int, Phrase, int]], list[tuple[int, str]], list[tuple[int, str]]]:
    """Return the clusters (with how many ideas they hold), principles and fields that a statement can name."""
    clusters = [(one.id, one.title, one.ideas) for one in cluster_sources(session, process.id, language)]
    principles = [(one.id, pick(one.title, language)) for one in principles_of(session, process.framework_id)]
    fields = [(one.id, pick(one.title, language)) for one in fields_of(session, process.framework_id)]
    return clusters, principles, fields


def seen_of(session: Session, row: Statement) -> tuple[Content, str]:
    """Return what the writers of a statement work on, and its digest."""
    content = working_content(session, row, latest_revision(session, row.id))
    return content, digest_of(content_json(content))


def statement_page(
    session: Session,
    actor: Actor,
    process: ProcessOutline,
    row: Statement,
    *,
    departments: tuple[str, ...],
    has_clusters: bool,
    language: str,
    now: datetime,
) -> StatementPage:
    """Return a statement as its writers see it."""
    latest, signed = latest_and_signed(session, row.id)
    content = working_content(session, row, latest)
    facts = _facts(session, [latest] if latest else [])
    return StatementPage(
        workplace=workplace(actor, process, language),
        departments=departments,
        has_clusters=has_clusters,
        id=row.id,
        number=row.position,
        state=row.state,
        text=phrase(content.text, language),
        written_at=latest.written_at if latest else row.written_at,
        published_at=row.published_at,
        reopened_at=row.reopened_at,
        withdrawn_at=row.withdrawn_at,
        withdrawn_for=phrase(row.withdrawn_for, language) if row.withdrawn_at else None,
        in_force=row.revision,
        is_signed=signed is not None,
        is_pending=row.state is StatementState.PUBLISHED and content != _public_content(session, row, signed),
        latest=facts[0] if facts else None,
        steps=_steps(session, actor, row, latest, signed),
        quotes=shown_quotes(session, content.quotes),
        losses=losses_of(session, [row.id])[row.id] if row.state is StatementState.PUBLISHED else (),
        provenance=provenance(session, process, row.id, language=language, now=now),
    )


def sign_off_page(
    session: Session, actor: Actor, process: ProcessOutline, row: Statement, *, language: str, now: datetime
) -> SignOffPage:
    """Return what a second person reads before signing off."""
    latest, signed = latest_and_signed(session, row.id)
    content = working_content(session, row, latest)
    before = content_from(signed.content) if signed else None
    names = names_in(session, [content, before] if before else [content], language)
    quotes = shown_quotes(session, content.quotes)
    old_quotes = shown_quotes(session, before.quotes) if before else ()
    facts = {
        one.number: one for one in _facts(session, [revision for revision in (latest, signed) if revision is not None])
    }
    basis, results = basis_of(session, content.clusters), may_see_results(process, now=now)
    return SignOffPage(
        workplace=workplace(actor, process, language),
        id=row.id,
        number=row.position,
        state=row.state,
        seen=digest_of(content_json(content)),
        content=content,
        text=phrase(content.text, language),
        reasoning=phrase(content.reasoning, language),
        principles=tuple(names.principles[id_] for id_ in content.principles if id_ in names.principles),
        fields=tuple(names.fields[id_] for id_ in content.fields if id_ in names.fields),
        quotes=quotes,
        revision=facts[latest.revision] if latest else None,
        signed=facts[signed.revision] if signed else None,
        changes=compare(before, content, names, (*quotes, *old_quotes)) if before else Comparison(),
        basis=_basis_lines(basis, signed.basis if signed else None, language),
        figures=_figures(basis, shows_votes=bool(results)),
        losses=losses_of(session, [row.id])[row.id] if row.state is StatementState.PUBLISHED else (),
        steps=_steps(session, actor, row, latest, signed),
        results_reason="" if results else str(results.reason),
    )


def revisions_page(
    session: Session, actor: Actor, process: ProcessOutline, row: Statement, *, language: str, now: datetime
) -> RevisionsPage:
    """Return the revisions of a statement, each compared with the one before it.

    Digests are left out while results are hidden: they are made of the figures, too, and those could be tried out.
    """
    statement = (
        select(StatementRevision)
        # With thousands of ideas that alone would be megabytes.
        .options(defer(StatementRevision.basis))
        .where(StatementRevision.statement_id == row.id)
        .order_by(StatementRevision.revision.desc())
        .limit(MOST_REVISIONS + 1)
    )
    rows = list(session.scalars(statement))
    contents = [content_from(revision.content) for revision in rows]
    names = names_in(session, contents, language)
    places = {place: None for content in contents for place in content.quotes}
    quotes = shown_quotes(session, places)
    shows_digests = bool(may_see_results(process, now=now))
    items = [
        RevisionItem(
            facts=facts if shows_digests else replace(facts, digest=""),
            is_in_force=row.state is StatementState.PUBLISHED and facts.number == row.revision,
            changes=compare(contents[place + 1], contents[place], names, quotes) if place + 1 < len(rows) else None,
        )
        for place, facts in enumerate(_facts(session, rows))
    ]
    return RevisionsPage(
        workplace=workplace(actor, process, language),
        id=row.id,
        number=row.position,
        text=phrase(contents[0].text if contents else row.text, language),
        revisions=tuple(items[:MOST_REVISIONS]),
        has_more=len(items) > MOST_REVISIONS,
    )


def _public_content(session: Session, row: Statement, signed: StatementRevision | None) -> Content:
    """Return what a statement says as it holds: its signed revision, or its own words where there is none."""
    return content_from(signed.content) if signed else content_in_force(session, row)


def _steps(
    session: Session,
    actor: Actor,
    row: Statement,
    latest: StatementRevision | None,
    signed: StatementRevision | None,
) -> Steps:
    waiting = waiting_of(session, row, latest, signed)
    return Steps(
        rewrite=may_rewrite(actor, row.process_id, row.state),
        submit=may_submit(actor, waiting),
        sign_off=may_sign_off(actor, waiting),
        send_back=may_send_back(actor, waiting),
        withdraw=may_withdraw(actor, row.process_id, row.state),
    )


def _facts(session: Session, revisions: Iterable[StatementRevision]) -> tuple[RevisionFacts, ...]:
    """Return who did what with revisions of one statement, in their order."""
    rows = list(revisions)
    if not rows:
        return ()
    signed = {
        row.revision: row
        for row in session.scalars(select(SignOff).where(SignOff.statement_id == rows[0].statement_id))
    }
    people = _addresses(
        session,
        (
            *(id_ for row in rows for id_ in (row.written_by, row.submitted_by, row.sent_back_by)),
            *(row.signed_by for row in signed.values()),
        ),
    )
    return tuple(_fact(row, signed.get(row.revision), people) for row in rows)


def _fact(row: StatementRevision, signed: SignOff | None, people: Mapping[int | None, str]) -> RevisionFacts:
    return RevisionFacts(
        number=row.revision,
        state=row.state,
        written_by=people.get(row.written_by, ""),
        written_at=row.written_at,
        submitted_by=people.get(row.submitted_by, ""),
        submitted_at=row.submitted_at,
        sent_back_by=people.get(row.sent_back_by, ""),
        sent_back_at=row.sent_back_at,
        remark=row.remark,
        signed_by=people.get(signed.signed_by, "") if signed else "",
        signed_at=signed.signed_at if signed else None,
        note=signed.note if signed else "",
        reopened_at=signed.reopened_at if signed else None,
        digest=row.digest,
    )


def _addresses(session: Session, account_ids: Iterable[int | None]) -> dict[int | None, str]:
    ids = {account_id for account_id in account_ids if account_id is not None}
    rows = session.execute(select(Account.id, Account.email).where(Account.id.in_(ids)))
    return {row.id: row.email for row in rows}


def _basis_lines(basis: Basis, signed: Basis | None, language: str) -> tuple[BasisLine, ...]:
    before = {one["id"]: len(one["ideas"]) for one in signed["clusters"]} if signed else {}
    return tuple(
        BasisLine(phrase(one["title"], language), len(one["ideas"]), before.get(one["id"])) for one in basis["clusters"]
    )


def _figures(basis: Basis, *, shows_votes: bool) -> Figures:
    figures: dict[str, Any] = basis["figures"]
    votes = (figures[name] if shows_votes else None for name in ("people", "agree", "disagree", "unsure"))
    return Figures(len(ideas_of_basis(basis)), *votes)
