"""Checks of quotes and of lost sources: words against originals, tombstones against what is public."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from participation.comments.models import Comment
from participation.curation.models import Cluster, Filing
from participation.ideas.models import Idea
from participation.moderation.models import Decision
from participation.provenance.verifying.breaks import Break, BreakKind
from participation.provenance.verifying.facts import Facts
from participation.strategy.models import LossReason, LostSource, SourceKind, Statement
from participation.strategy.statements.basis import ideas_of_basis
from participation.strategy.statements.content import QuotePlace
from participation.strategy.statements.losses import Loss, losses_of
from participation.strategy.statements.quotes import Key, Original, key_of, originals, words_digest

UNNOTED = timedelta(minutes=20)
"""What changed since less than that may not have been looked at yet: the worker does so every ten minutes."""
Source = tuple[SourceKind, int]


def loss_breaks(session: Session, facts: Facts) -> Iterator[Break]:
    """Yield where quotes are not what originals say, and where tombstones are missing or too many."""
    public = facts.public
    if not public:
        return
    ids = [statement.id for statement in public]
    lost, traces = losses_of(session, ids), _traces(session, ids)
    quoted = [quote for id_ in ids for quote in facts.contents[id_].quotes]
    readable, filed = originals(session, quoted), _filed_ideas(session, facts)
    doubtful = {(loss.kind, loss.source_id) for losses in lost.values() for loss in losses}
    doubtful |= {source for of_statement in traces.values() for source in of_statement}
    doubtful |= {(quote.kind, quote.source_id) for quote in quoted}
    fresh = _touched_lately(session, doubtful, facts.now - UNNOTED)
    for statement in public:
        own = traces.get(statement.id, {})
        inside = _ideas_inside(facts, statement, filed)
        yield from _quotes(facts, statement, readable, inside, settled=own.keys() | fresh)
        yield from _tombstones(statement, lost[statement.id], own, fresh)
        yield from _reopening(facts, statement, own)


def _quotes(
    facts: Facts,
    statement: Statement,
    readable: Mapping[Key, Original],
    inside: Collection[int],
    *,
    settled: Collection[Source],
) -> Iterator[Break]:
    quotes = facts.contents[statement.id].quotes
    for place, quote in enumerate(quotes, start=1):
        about = {"statement": statement.id, "quote": place, quote.kind.value: quote.source_id}
        original = readable.get(key_of(quote))
        if original is None:
            if (quote.kind, quote.source_id) not in settled:
                says = "it quotes something that is not public, or a revision that cannot be read"
                yield Break(BreakKind.QUOTE_OF_HIDDEN, about, says)
        elif original.idea_id not in inside:
            yield Break(
                BreakKind.QUOTE_OUTSIDE_SOURCES, about, "what it quotes is from an idea that it does not rest on"
            )
        elif not _holds(quote, original) and (quote.kind, quote.source_id) not in settled:
            yield Break(BreakKind.QUOTE_DIFFERS, about, "its words are not those that stand in the original")


def _tombstones(
    statement: Statement, losses: tuple[Loss, ...], traces: dict[Source, LostSource], fresh: Collection[Source]
) -> Iterator[Break]:
    lost = {(loss.kind, loss.source_id): loss for loss in losses}
    # Words that differ have been named already, as those of a quote.
    named = {source for source, loss in lost.items() if loss.was_quoted and loss.reason is LossReason.CHANGED}
    for source in sorted(lost.keys() - traces.keys() - named - set(fresh), key=_in_order):
        about = {"statement": statement.id, source[0].value: source[1]}
        says = f"it is gone ({lost[source].reason.value}) and left no tombstone"
        yield Break(BreakKind.LOSS_WITHOUT_TOMBSTONE, about, says)
    for source in sorted(traces.keys() - lost.keys() - set(fresh), key=_in_order):
        about = {"statement": statement.id, source[0].value: source[1]}
        yield Break(BreakKind.TOMBSTONE_WITHOUT_LOSS, about, "it has a tombstone, though it is there")


def _reopening(facts: Facts, statement: Statement, traces: dict[Source, LostSource]) -> Iterator[Break]:
    """A source that was lost after the last sign-off reopens both the statement and the sign-off."""
    sign_off = facts.last_sign_off(statement.id)
    if sign_off is None or (statement.reopened_at and sign_off.reopened_at):
        return
    for source in sorted(traces, key=_in_order):
        if traces[source].lost_at > sign_off.signed_at:
            about = {"statement": statement.id, source[0].value: source[1]}
            says = "it was lost after the sign-off, which is not reopened"
            yield Break(BreakKind.LOSS_WITHOUT_REOPENING, about, says)


def _holds(quote: QuotePlace, original: Original) -> bool:
    words = original.text[quote.start : quote.end]
    return bool(words) and words_digest(words) == quote.sha256


def _ideas_inside(facts: Facts, statement: Statement, filed: Mapping[int, set[int]]) -> frozenset[int]:
    """Return the ideas that a statement rests on: those it was signed off with, and those of its themes now."""
    signed = facts.signed(statement.id)
    now = (filed.get(cluster_id, set()) for cluster_id in facts.contents[statement.id].clusters)
    return frozenset(ideas_of_basis(signed[-1].basis) if signed else ()).union(*now)


def _filed_ideas(session: Session, facts: Facts) -> dict[int, set[int]]:
    """Return the ideas that are filed in each theme of a process."""
    filed: dict[int, set[int]] = {}
    rows = select(Filing.cluster_id, Filing.idea_id).join(Cluster, Cluster.id == Filing.cluster_id)
    for row in session.execute(rows.where(Cluster.process_id == facts.process.id, Filing.ended_at.is_(None))):
        filed.setdefault(row.cluster_id, set()).add(row.idea_id)
    return filed


def _traces(session: Session, statement_ids: list[int]) -> dict[int, dict[Source, LostSource]]:
    traces: dict[int, dict[Source, LostSource]] = {}
    rows = select(LostSource).where(LostSource.statement_id.in_(statement_ids), LostSource.returned_at.is_(None))
    for row in session.scalars(rows):
        traces.setdefault(row.statement_id, {})[row.source_kind, row.source_id] = row
    return traces


def _touched_lately(session: Session, sources: Collection[Source], since: datetime) -> set[Source]:
    """Return those of the sources that somebody decided about, changed or withdrew since then."""
    ideas = [id_ for kind, id_ in sources if kind is SourceKind.IDEA]
    comments = [id_ for kind, id_ in sources if kind is SourceKind.COMMENT]
    lately: set[Source] = set()
    if ideas:
        changed = or_(Idea.withdrawn_at > since, Idea.revised_at > since, _decided(Decision.idea_id == Idea.id, since))
        rows = session.scalars(select(Idea.id).where(Idea.id.in_(ideas), changed))
        lately |= {(SourceKind.IDEA, id_) for id_ in rows}
    if comments:
        above = or_(Decision.comment_id == Comment.id, Decision.idea_id == Comment.idea_id)
        changed = or_(Comment.edited_at > since, _decided(above, since))
        rows = session.scalars(select(Comment.id).where(Comment.id.in_(comments), changed))
        lately |= {(SourceKind.COMMENT, id_) for id_ in rows}
    return lately


def _decided(about: ColumnElement[bool], since: datetime) -> ColumnElement[bool]:
    decided = or_(Decision.decided_at > since, Decision.undone_at > since)
    return select(Decision.id).where(about, decided).exists()


def _in_order(source: Source) -> tuple[str, int]:
    return source[0].value, source[1]
