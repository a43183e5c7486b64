"""Sources that a statement loses: traces of what was hidden, withdrawn, changed or erased, and reopened sign-offs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import Session

from participation.activity.service import record
from participation.comments.models import Comment, CommentState
from participation.curation.models import Filing
from participation.ideas.models import Idea, IdeaRevision, IdeaState
from participation.kit.db import in_batches
from participation.kit.dialect import locked
from participation.processes.service import touch
from participation.strategy.events import StatementReopened
from participation.strategy.models import (
    LossReason,
    LostSource,
    RevisionState,
    SignOff,
    SourceKind,
    Statement,
    StatementQuote,
    StatementRevision,
    StatementSource,
    StatementState,
)
from participation.strategy.statements.basis import ideas_of_basis
from participation.strategy.statements.content import QuotePlace, quotes_in_force
from participation.strategy.statements.quotes import Key, Original, originals, quoted_words

Named = tuple[SourceKind, int]


@dataclass(frozen=True, slots=True)
class Loss:
    """A source that a statement rested on or quoted and that cannot be read any more as it was."""

    statement_id: int
    kind: SourceKind
    source_id: int
    was_quoted: bool
    reason: LossReason


@dataclass(frozen=True, slots=True)
class Trace:
    """What is told of a source that is gone, in public, too: never a word of it; ``since`` may not be known yet."""

    kind: SourceKind
    source_id: int
    was_quoted: bool
    reason: LossReason
    since: datetime | None


@dataclass(slots=True)
class _Source:
    """What a statement needs of a source: the revision it was signed with, if any, and the words it quotes."""

    revision: int | None = None
    quotes: list[QuotePlace] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Standing:
    """How the sources of some statements stand now."""

    ideas: Mapping[int, tuple[IdeaState, int]]
    comments: Mapping[int, tuple[CommentState, IdeaState]]
    earlier: set[tuple[int, int]]
    readable: dict[Key, Original]


def losses_of(session: Session, statement_ids: Iterable[int]) -> dict[int, tuple[Loss, ...]]:
    """Return what each statement has lost as things stand now, whatever was written down about it, by kind and id.

    What counts are the ideas of the last signed basis and the quotes in force, and what was lost before and is still
    gone.
    """
    ids = list(statement_ids)
    return _losses(session, ids, _open_traces(session, ids))


def traces_of(session: Session, statement_id: int) -> tuple[Trace, ...]:
    """Return what a statement has lost as things stand now, with the day where it has been written down already."""
    traces = _open_traces(session, [statement_id])
    since = {(trace.source_kind, trace.source_id): trace.lost_at for trace in traces[statement_id]}
    return tuple(
        Trace(loss.kind, loss.source_id, loss.was_quoted, loss.reason, since.get((loss.kind, loss.source_id)))
        for loss in _losses(session, [statement_id], traces)[statement_id]
    )


def review_sources(
    session: Session,
    *,
    now: datetime,
    kind: SourceKind | None = None,
    source_id: int | None = None,
    process_id: int | None = None,
) -> int:
    """Write down what public statements have lost and what came back; return how many were reopened.

    Looks at all of them, or at those of a process, or at those that may rest on a source. Twice is the same as once.
    """
    chosen = _public(kind, source_id, process_id)
    statements = {row.id: row for row in session.scalars(locked(chosen))}
    traces = _open_traces(session, statements)
    losses = _losses(session, list(statements), traces)
    reopened = 0
    for statement_id, statement in statements.items():
        lost = {(loss.kind, loss.source_id): loss for loss in losses[statement_id]}
        known = {(trace.source_kind, trace.source_id): trace for trace in traces[statement_id]}
        changed = {name for name, trace in known.items() if name not in lost or trace.reason is not lost[name].reason}
        for name in changed:
            if name in lost:
                known[name].reason = lost[name].reason
            else:
                known[name].returned_at = now
        fresh = [loss for name, loss in lost.items() if name not in known]
        session.add_all(
            LostSource(
                statement_id=statement_id,
                source_kind=loss.kind,
                source_id=loss.source_id,
                was_quoted=loss.was_quoted,
                reason=loss.reason,
                lost_at=now,
            )
            for loss in fresh
        )
        if fresh:
            reopened += 1
            _reopen(session, statement, now)
        if fresh or changed:
            touch(session, statement.process_id)
    session.flush()
    return reopened


def has_news(
    session: Session,
    *,
    kind: SourceKind | None = None,
    source_id: int | None = None,
    process_id: int | None = None,
) -> bool:
    """Return whether ``review_sources`` would write anything, without making anybody wait."""
    ids = list(session.scalars(_public(kind, source_id, process_id).with_only_columns(Statement.id)))
    traces = _open_traces(session, ids)
    losses = _losses(session, ids, traces)
    return any(
        {(loss.kind, loss.source_id, loss.reason) for loss in losses[statement_id]}
        != {(trace.source_kind, trace.source_id, trace.reason) for trace in traces[statement_id]}
        for statement_id in ids
    )


def _public(kind: SourceKind | None, source_id: int | None, process_id: int | None) -> Select[Statement]:
    """Return the public statements, only those of a process, or that may rest on a source."""
    chosen = select(Statement).where(Statement.state == StatementState.PUBLISHED).order_by(Statement.id)
    if process_id is not None:
        chosen = chosen.where(Statement.process_id == process_id)
    if kind is not None and source_id is not None:
        chosen = chosen.where(Statement.id.in_(_may_rest_on(kind, source_id)))
    return chosen


def _may_rest_on(kind: SourceKind, source_id: int) -> Any:
    """Return the statements that rest on a source or quote it; for an idea also those that quote its comments."""
    quoted = (StatementQuote.source_kind == kind) & (StatementQuote.source_id == source_id)
    lost = (LostSource.source_kind == kind) & (LostSource.source_id == source_id)
    found = [select(LostSource.statement_id).where(lost)]
    if kind is SourceKind.IDEA:
        below = select(Comment.id).where(Comment.idea_id == source_id)
        quoted |= (StatementQuote.source_kind == SourceKind.COMMENT) & StatementQuote.source_id.in_(below)
        # Filings that have ended count, too: the idea may have been there when the statement was signed off.
        filed = select(StatementSource.statement_id).join(Filing, Filing.cluster_id == StatementSource.cluster_id)
        found.append(filed.where(Filing.idea_id == source_id))
        lost_below = (LostSource.source_kind == SourceKind.COMMENT) & LostSource.source_id.in_(below)
        found.append(select(LostSource.statement_id).where(lost_below))
    found.append(select(StatementQuote.statement_id).where(quoted))
    first, *rest = found
    return first.union(*rest)


def _reopen(session: Session, statement: Statement, now: datetime) -> None:
    statement.reopened_at = statement.reopened_at or now
    latest = select(SignOff).where(SignOff.statement_id == statement.id).order_by(SignOff.id.desc()).limit(1)
    signed = session.scalar(latest)
    if signed is not None and signed.reopened_at is None:
        signed.reopened_at = now
        record(session, StatementReopened(statement.id), account_id=None, now=now)


def _open_traces(session: Session, statement_ids: Iterable[int]) -> dict[int, list[LostSource]]:
    traces: dict[int, list[LostSource]] = {statement_id: [] for statement_id in statement_ids}
    rows = select(LostSource).where(LostSource.statement_id.in_(list(traces)), LostSource.returned_at.is_(None))
    for row in session.scalars(rows.order_by(LostSource.id)):
        traces[row.statement_id].append(row)
    return traces


def _losses(
    session: Session, statement_ids: list[int], traces: Mapping[int, list[LostSource]]
) -> dict[int, tuple[Loss, ...]]:
    sources = _sources(session, statement_ids, traces)
    standing = _standing(session, sources.values())
    losses: dict[int, tuple[Loss, ...]] = {}
    for statement_id, own in sources.items():
        quoted_before = {(row.source_kind, row.source_id) for row in traces[statement_id] if row.was_quoted}
        lost = (
            Loss(statement_id, *name, bool(source.quotes) or name in quoted_before, reason)
            for name, source in own.items()
            if (reason := _reason(name, source, standing)) is not None
        )
        losses[statement_id] = tuple(sorted(lost, key=lambda loss: (loss.kind.value, loss.source_id)))
    return losses


def _sources(
    session: Session, statement_ids: list[int], traces: Mapping[int, list[LostSource]]
) -> dict[int, dict[Named, _Source]]:
    sources: dict[int, dict[Named, _Source]] = {statement_id: {} for statement_id in statement_ids}
    for statement_id, revisions in _signed_ideas(session, statement_ids).items():
        for idea_id, revision in revisions.items():
            sources[statement_id][SourceKind.IDEA, idea_id] = _Source(revision)
    for statement_id, places in quotes_in_force(session, statement_ids).items():
        for place in places:
            sources[statement_id].setdefault((place.kind, place.source_id), _Source()).quotes.append(place)
    for statement_id, rows in traces.items():
        for row in rows:
            sources[statement_id].setdefault((row.source_kind, row.source_id), _Source())
    return sources


def _signed_ideas(session: Session, statement_ids: list[int]) -> dict[int, dict[int, int]]:
    """Return the ideas, with their revisions, of the basis that was signed last for each statement."""
    latest = (
        select(StatementRevision.statement_id, func.max(StatementRevision.revision))
        .where(StatementRevision.statement_id.in_(statement_ids), StatementRevision.state == RevisionState.SIGNED)
        .group_by(StatementRevision.statement_id)
    )
    rows = session.execute(
        select(StatementRevision.statement_id, StatementRevision.basis).where(
            tuple_(StatementRevision.statement_id, StatementRevision.revision).in_(latest)
        )
    )
    return {statement_id: ideas_of_basis(basis) for statement_id, basis in rows}


def _standing(session: Session, sources: Iterable[Mapping[Named, _Source]]) -> _Standing:
    needed = [(name, source) for own in sources for name, source in own.items()]
    idea_ids = {name[1] for name, _source in needed if name[0] is SourceKind.IDEA}
    comment_ids = {name[1] for name, _source in needed if name[0] is SourceKind.COMMENT}
    ideas = {
        row.id: (row.state, row.revision)
        for some in in_batches(idea_ids)
        for row in session.execute(select(Idea.id, Idea.state, Idea.revision).where(Idea.id.in_(some)))
    }
    comments = {
        row[0]: (row[1], row[2])
        for some in in_batches(comment_ids)
        for row in session.execute(
            select(Comment.id, Comment.state, Idea.state)
            .join(Idea, Idea.id == Comment.idea_id)
            .where(Comment.id.in_(some))
        )
    }
    signed = {(name[1], source.revision) for name, source in needed if source.revision is not None}
    revised = {idea_id for idea_id, revision in signed if idea_id in ideas and ideas[idea_id][1] != revision}
    earlier = {
        (row.idea_id, row.revision)
        for some in in_batches(revised)
        for row in session.execute(
            select(IdeaRevision.idea_id, IdeaRevision.revision).where(
                IdeaRevision.idea_id.in_(some), IdeaRevision.closed_at.is_(None)
            )
        )
    }
    readable = originals(session, [place for _name, source in needed for place in source.quotes])
    return _Standing(ideas, comments, earlier, readable)


def _reason(name: Named, source: _Source, standing: _Standing) -> LossReason | None:
    """Return why a source is lost; ``None`` for one that can be read as it was."""
    kind, source_id = name
    if kind is SourceKind.IDEA:
        gone = _idea_gone(standing.ideas.get(source_id), source_id, source.revision, standing.earlier)
    else:
        gone = _comment_gone(standing.comments.get(source_id))
    if gone is None and any(quoted_words(place, standing.readable) is None for place in source.quotes):
        return LossReason.CHANGED
    return gone


def _idea_gone(
    idea: tuple[IdeaState, int] | None, idea_id: int, signed: int | None, earlier: set[tuple[int, int]]
) -> LossReason | None:
    if idea is None:
        return LossReason.ERASED
    state, revision = idea
    if state is IdeaState.WITHDRAWN:
        return LossReason.WITHDRAWN
    if state is not IdeaState.PUBLISHED:
        return LossReason.HIDDEN
    still_there = signed is None or signed == revision or (idea_id, signed) in earlier
    return None if still_there else LossReason.CHANGED


def _comment_gone(comment: tuple[CommentState, IdeaState] | None) -> LossReason | None:
    if comment is None:
        return LossReason.ERASED
    state, idea = comment
    if state is CommentState.WITHDRAWN or idea is IdeaState.WITHDRAWN:
        return LossReason.WITHDRAWN
    return None if state is CommentState.PUBLISHED and idea is IdeaState.PUBLISHED else LossReason.HIDDEN
