"""Checks of what was signed: the ideas behind a statement with their revisions, their filings, and the figures."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from participation.curation.models import BoardChange, Cluster, Filing
from participation.ideas.models import Idea, IdeaRevision
from participation.processes.models import Participant
from participation.provenance.reading import basis_by_cluster
from participation.provenance.verifying.breaks import Break, BreakKind
from participation.provenance.verifying.facts import Facts
from participation.strategy.models import LossReason, LostSource, SourceKind, StatementRevision
from participation.strategy.statements.basis import ideas_of_basis

FIGURES = ("ideas", "people", "agree", "disagree", "unsure")


class _Stay(NamedTuple):
    """How long an idea stood in a theme, and by which change of the board it left."""

    filed_at: datetime
    ended_at: datetime | None
    ended_in: int | None


def basis_breaks(session: Session, facts: Facts) -> Iterator[Break]:
    """Yield what is wrong with what the signed revisions of a process rest on."""
    signed = [revision for statement_id in facts.statements for revision in facts.signed(statement_id)]
    if not signed:
        return
    stays, changes = _stays(session, facts), _numbers(session, facts)
    known, erased = _known_revisions(session, facts), _erased(session)
    people = session.scalar(
        select(func.count()).select_from(Participant).where(Participant.process_id == facts.process.id)
    )
    signed_at = {(one.statement_id, one.revision): one.signed_at for row in facts.sign_offs.values() for one in row}
    for revision in signed:
        about = {"statement": revision.statement_id, "revision": revision.revision}
        yield from _themes(revision, about)
        yield from _figures(revision, about, people or 0)
        moment = signed_at.get((revision.statement_id, revision.revision))
        for cluster_id, ideas in basis_by_cluster(revision.basis).items():
            for idea_id, of_idea in ideas.items():
                where = {**about, "theme": cluster_id, "idea": idea_id}
                if idea_id not in facts.ideas:
                    if (revision.statement_id, idea_id) not in erased:
                        says = "it was signed off with an idea that is missing, or of another process"
                        yield Break(BreakKind.BASIS_IDEA_ELSEWHERE, where, says)
                    continue
                if not _left_in_order(stays.get((cluster_id, idea_id), ()), moment, changes):
                    says = "the idea stood there when it was signed off, is not filed there, and no change says why"
                    yield Break(BreakKind.BASIS_IDEA_VANISHED, where, says)
                if of_idea != facts.ideas[idea_id].revision and (idea_id, of_idea) not in known:
                    says = f"it was signed off with revision {of_idea} of the idea, which does not exist"
                    yield Break(BreakKind.BASIS_REVISION_UNKNOWN, where, says)


def _themes(revision: StatementRevision, about: Mapping[str, int]) -> Iterator[Break]:
    if set(basis_by_cluster(revision.basis)) != set(revision.content.get("clusters", ())):
        says = "the themes of its basis are not those that it names"
        yield Break(BreakKind.BASIS_OF_OTHER_THEMES, about, says)
    if not ideas_of_basis(revision.basis):
        yield Break(BreakKind.BASIS_EMPTY, about, "it was signed off without any idea behind it")


def _figures(revision: StatementRevision, about: Mapping[str, int], participants: int) -> Iterator[Break]:
    figures: Mapping[str, Any] = revision.basis.get("figures", {})
    counts = [figures.get(name) for name in FIGURES]
    if not all(isinstance(count, int) and count >= 0 for count in counts):
        yield Break(BreakKind.BASIS_FIGURES_IMPOSSIBLE, about, "its figures are missing, or no numbers")
        return
    ideas, people, *stances = (int(count) for count in counts if count is not None)
    if ideas != len(ideas_of_basis(revision.basis)):
        says = f"its figures speak of {ideas} ideas, its basis names {len(ideas_of_basis(revision.basis))}"
        yield Break(BreakKind.BASIS_FIGURES_IMPOSSIBLE, about, says)
    if not max(stances) <= people <= min(sum(stances), participants):
        says = f"{people} people cannot have taken these stances: {', '.join(map(str, stances))}"
        yield Break(BreakKind.BASIS_FIGURES_IMPOSSIBLE, about, says)


def _left_in_order(stays: tuple[_Stay, ...], signed_at: datetime | None, changes: frozenset[int]) -> bool:
    return any(
        stay.ended_at is None or stay.ended_in in changes
        for stay in stays
        if signed_at is None or (stay.filed_at <= signed_at and (stay.ended_at is None or stay.ended_at >= signed_at))
    )


def _stays(session: Session, facts: Facts) -> dict[tuple[int, int], tuple[_Stay, ...]]:
    rows = session.execute(
        select(Filing.cluster_id, Filing.idea_id, Filing.filed_at, Filing.ended_at, Filing.ended_in)
        .join(Cluster, Cluster.id == Filing.cluster_id)
        .where(Cluster.process_id == facts.process.id)
    )
    stays: dict[tuple[int, int], tuple[_Stay, ...]] = {}
    for row in rows:
        pair = (row.cluster_id, row.idea_id)
        stays[pair] = (*stays.get(pair, ()), _Stay(row.filed_at, row.ended_at, row.ended_in))
    return stays


def _numbers(session: Session, facts: Facts) -> frozenset[int]:
    wanted = select(BoardChange.number).where(BoardChange.process_id == facts.process.id)
    return frozenset(session.scalars(wanted))


def _known_revisions(session: Session, facts: Facts) -> set[tuple[int, int]]:
    rows = session.execute(
        select(IdeaRevision.idea_id, IdeaRevision.revision)
        .join(Idea, Idea.id == IdeaRevision.idea_id)
        .where(Idea.process_id == facts.process.id)
    )
    return {(row.idea_id, row.revision) for row in rows}


def _erased(session: Session) -> set[tuple[int, int]]:
    rows = session.execute(
        select(LostSource.statement_id, LostSource.source_id).where(
            LostSource.source_kind == SourceKind.IDEA, LostSource.reason == LossReason.ERASED
        )
    )
    return {(row.statement_id, row.source_id) for row in rows}
