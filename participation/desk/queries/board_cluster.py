"""One cluster of the board with all its ideas, the notes about it and the statements that rest on it."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.curation.board.places import positions_of
from participation.curation.board.queries import NoteView, Search, board_version, column, notes_on
from participation.desk.queries.board import BoardCard, BoardColumn, elsewhere, tagged, theme_columns, worded_cards
from participation.desk.queries.offers import percent
from participation.desk.queries.queue import principle_choices
from participation.kit.permissions import found
from participation.listings.translated import wordings_for, written_idea
from participation.multilingual import Phrase, base_language
from participation.processes.outline import ProcessOutline
from participation.processes.workplace import Workplace, workplace
from participation.strategy.statements.queries import StatementLine, statements_from
from participation.suggestions.queries import newest_run


@dataclass(frozen=True, slots=True)
class OutOfPlace:
    """Why an idea seems out of place in its cluster; ``better`` is where it may belong."""

    better_id: int | None
    better: Phrase | None
    percent: int


@dataclass(frozen=True, slots=True)
class ClusterPage:
    """One cluster with a page of its ideas, the latest first."""

    workplace: Workplace
    version: int
    theme: BoardColumn
    others: tuple[BoardColumn, ...]
    cards: tuple[BoardCard, ...]
    out_of_place: dict[int, OutOfPlace]
    notes: tuple[NoteView, ...]
    statements: tuple[StatementLine, ...]
    words: str
    after: int | None
    next_after: int | None


def cluster_page(
    session: Session,
    actor: Actor,
    process: ProcessOutline,
    *,
    cluster_id: int,
    words: str,
    after: int | None,
    language: str,
) -> ClusterPage:
    """Return one cluster of ``process`` with a page of its ideas from behind the idea ``after``; raises ``Missing``."""
    version = board_version(session, process.id)
    themes = theme_columns(session, process.id, language)
    theme = found(next((one for one in themes if one.id == cluster_id), None))
    window = column(session, cluster_id, search=Search(words=words, reader=base_language(language)), before=after)
    titles = {one.id: one.title for one in themes}
    tags = tagged(session, window.ideas, principle_choices(session, process, language))
    shown = wordings_for(session, language, (written_idea(idea.id, idea.language) for idea in window.ideas))
    positions = positions_of(session, [idea.id for idea in window.ideas])
    return ClusterPage(
        workplace=workplace(actor, process, language),
        version=version,
        theme=theme,
        others=tuple(one for one in themes if one.id != cluster_id),
        cards=worded_cards(
            (
                BoardCard(idea, tags[idea.id], elsewhere(positions[idea.id], titles, cluster_id))
                for idea in window.ideas
            ),
            shown,
        ),
        out_of_place=_out_of_place(session, process.id, cluster_id, titles),
        notes=notes_on(session, cluster_id),
        statements=tuple(statements_from(session, cluster_id, language)),
        words=words,
        after=after,
        next_after=window.ideas[-1].id if window.has_more and window.ideas else None,
    )


def _out_of_place(
    session: Session, process_id: int, cluster_id: int, titles: dict[int, Phrase]
) -> dict[int, OutOfPlace]:
    run = newest_run(session, process_id)
    return {
        one.idea_id: OutOfPlace(
            better_id=one.better_cluster_id if one.better_cluster_id in titles else None,
            better=titles.get(one.better_cluster_id) if one.better_cluster_id else None,
            percent=percent(one.confidence),
        )
        for one in (run.outliers if run else ())
        if one.cluster_id == cluster_id
    }
