"""What the newest run proposes for the board as a whole: places above a threshold, fresh clusters, outliers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.curation.board.places import positions_of
from participation.curation.board.queries import RestCounts, board_version, rest_counts
from participation.desk.queries.board import theme_columns
from participation.desk.queries.offers import OfferedTheme, percent
from participation.ideas.models import Idea, IdeaState
from participation.kit.db import in_batches
from participation.multilingual import Phrase
from participation.processes.outline import ProcessOutline
from participation.processes.workplace import Workplace, workplace
from participation.suggestions.queries import Outcome, Ranked, newest_run

THRESHOLDS = (90, 80, 70, 60, 50)
DEFAULT_THRESHOLD = 80
MOST_PER_STEP = 2000
"""How many proposals one step accepts at most."""
SHOWN = 50
MOST_FRESH = 12
FRESH_SHOWS = 6


@dataclass(frozen=True, slots=True)
class NamedIdea:
    """An idea with what it is called."""

    id: int
    title: str
    language: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """An idea that is not filed yet and the cluster proposed for it."""

    idea: NamedIdea
    theme: OfferedTheme


@dataclass(frozen=True, slots=True)
class FreshTheme:
    """Ideas that fit nowhere and belong together: all of them by id, the first by name, and the words they share."""

    idea_ids: tuple[int, ...]
    ideas: tuple[NamedIdea, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProposalsPage:
    """Places proposed above ``threshold`` per cent: the surest of them, and how many there are.

    ``per_threshold`` says how many each threshold would take; ``run`` is the number of the run, 0 without one.
    """

    workplace: Workplace
    version: int
    counts: RestCounts
    run: int
    finished_at: datetime | None
    threshold: int
    number: int
    per_threshold: tuple[tuple[int, int], ...]
    proposals: tuple[Proposal, ...]
    fresh: tuple[FreshTheme, ...]
    outliers: int
    has_themes: bool
    is_rough: bool


@dataclass(frozen=True, slots=True)
class OutlierLine:
    """An idea that seems out of place in its cluster, and where it may belong instead."""

    idea: NamedIdea
    cluster_id: int
    theme: Phrase
    better_id: int | None
    better: Phrase | None
    percent: int


@dataclass(frozen=True, slots=True)
class OutliersPage:
    """The ideas that seem out of place, the surest first; ``number`` is how many there are."""

    workplace: Workplace
    version: int
    finished_at: datetime | None
    lines: tuple[OutlierLine, ...]
    number: int
    counts: RestCounts


def proposals_page(
    session: Session, actor: Actor, process: ProcessOutline, *, threshold: int, language: str
) -> ProposalsPage:
    """Return what is proposed for the unfiled ideas of ``process``."""
    version = board_version(session, process.id)
    run = newest_run(session, process.id)
    titles = {theme.id: theme.title for theme in theme_columns(session, process.id, language)}
    known = _unfiled(session, process.id, [idea_id for idea_id, _best in run.best()] if run else ())
    sure = [(idea_id, best) for idea_id, best in (run.best() if run else ()) if idea_id in known]
    sure = sorted((one for one in sure if one[1].cluster_id in titles), key=lambda one: (-one[1].confidence, one[0]))
    wanted = [one for one in sure if percent(one[1].confidence) >= threshold]
    return ProposalsPage(
        workplace=workplace(actor, process, language),
        version=version,
        counts=rest_counts(session, process.id),
        run=run.number if run else 0,
        finished_at=run.finished_at if run else None,
        threshold=threshold,
        number=len(wanted),
        per_threshold=tuple(
            (least, sum(percent(best.confidence) >= least for _idea_id, best in sure)) for least in THRESHOLDS
        ),
        proposals=tuple(_proposal(known[idea_id], best, titles, run) for idea_id, best in wanted[:SHOWN]),
        fresh=_fresh(session, process.id, run),
        outliers=len(run.outliers) if run else 0,
        has_themes=bool(titles),
        is_rough=run.is_rough if run else False,
    )


def places_above(session: Session, process_id: int, run: Outcome, threshold: int) -> dict[int, int]:
    """Return the cluster proposed for each unfiled idea at or above ``threshold`` per cent, the surest first."""
    sure = [(idea_id, best) for idea_id, best in run.best() if percent(best.confidence) >= threshold]
    known = _unfiled(session, process_id, [idea_id for idea_id, _best in sure])
    order = sorted((one for one in sure if one[0] in known), key=lambda one: (-one[1].confidence, one[0]))
    return {idea_id: best.cluster_id for idea_id, best in order[:MOST_PER_STEP]}


def outliers_page(session: Session, actor: Actor, process: ProcessOutline, *, language: str) -> OutliersPage:
    """Return the ideas of ``process`` that seem out of place in the cluster they are filed in now."""
    version = board_version(session, process.id)
    run = newest_run(session, process.id)
    titles = {theme.id: theme.title for theme in theme_columns(session, process.id, language)}
    outliers = run.outliers if run else ()
    positions = positions_of(session, [one.idea_id for one in outliers])
    there = [one for one in outliers if one.cluster_id in {at.cluster_id for at in positions[one.idea_id]} & {*titles}]
    there.sort(key=lambda one: (-one.confidence, one.idea_id))
    ideas = _named(session, process.id, [one.idea_id for one in there])
    lines = [
        OutlierLine(
            idea=ideas[one.idea_id],
            cluster_id=one.cluster_id,
            theme=titles[one.cluster_id],
            better_id=one.better_cluster_id if one.better_cluster_id in titles else None,
            better=titles.get(one.better_cluster_id) if one.better_cluster_id else None,
            percent=percent(one.confidence),
        )
        for one in there
        if one.idea_id in ideas
    ]
    return OutliersPage(
        workplace=workplace(actor, process, language),
        version=version,
        finished_at=run.finished_at if run else None,
        lines=tuple(lines[:SHOWN]),
        number=len(lines),
        counts=rest_counts(session, process.id),
    )


def _proposal(idea: NamedIdea, best: Ranked, titles: Mapping[int, Phrase], run: Outcome | None) -> Proposal:
    is_rough = run is not None and run.is_rough
    return Proposal(idea, OfferedTheme(best.cluster_id, titles[best.cluster_id], percent(best.confidence), is_rough))


def _fresh(session: Session, process_id: int, run: Outcome | None) -> tuple[FreshTheme, ...]:
    groups = run.fresh[:MOST_FRESH] if run else ()
    public = _named(session, process_id, [idea_id for group in groups for idea_id in group.idea_ids])
    positions = positions_of(session, list(public))
    known = {id_: one for id_, one in public.items() if not any(position.is_main for position in positions[id_])}
    found = []
    for group in groups:
        ids = tuple(idea_id for idea_id in group.idea_ids if idea_id in known)
        if len(ids) > 1:
            # The words may be those of an idea that is not public any more.
            words = group.words if all(idea_id in public for idea_id in group.idea_ids) else ()
            found.append(FreshTheme(ids, tuple(known[one] for one in ids[:FRESH_SHOWS]), words))
    return tuple(found)


def _unfiled(session: Session, process_id: int, idea_ids: Sequence[int]) -> dict[int, NamedIdea]:
    """Return those of the ideas that are public and have no main cluster at this moment."""
    positions = positions_of(session, idea_ids)
    unfiled = [idea_id for idea_id in idea_ids if not any(position.is_main for position in positions[idea_id])]
    return _named(session, process_id, unfiled)


def _named(session: Session, process_id: int, idea_ids: Iterable[int]) -> dict[int, NamedIdea]:
    named: dict[int, NamedIdea] = {}
    for batch in in_batches(idea_ids):
        rows = session.execute(
            select(Idea.id, Idea.title, Idea.language).where(
                Idea.id.in_(batch), Idea.process_id == process_id, Idea.state == IdeaState.PUBLISHED
            )
        )
        named |= {idea_id: NamedIdea(idea_id, title, language) for idea_id, title, language in rows}
    return named
