"""Every step on the board: who did what when, and which of it may be undone."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.curation.board.history import HISTORY_PAGE, History, history
from participation.desk.queries.board import BoardColumn, theme_columns
from participation.multilingual import Phrase
from participation.processes.outline import ProcessOutline
from participation.processes.workplace import Workplace, workplace


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """A page of steps, the latest first; ``theme`` or ``idea_id`` is what they are narrowed to."""

    workplace: Workplace
    history: History
    themes: tuple[BoardColumn, ...]
    cluster_id: int | None
    theme: Phrase | None
    idea_id: int | None
    before: int | None
    next_before: int | None


def changes_page(
    session: Session,
    actor: Actor,
    process: ProcessOutline,
    *,
    before: int | None,
    cluster_id: int | None,
    idea_id: int | None,
    language: str,
) -> ChangesPage:
    """Return a page of the steps on the board of ``process`` taken before step ``before``."""
    page = history(session, actor, process.id, before=before, size=HISTORY_PAGE, cluster_id=cluster_id, idea_id=idea_id)
    themes = theme_columns(session, process.id, language)
    return ChangesPage(
        workplace=workplace(actor, process, language),
        history=page,
        themes=themes,
        cluster_id=cluster_id,
        theme=next((theme.title for theme in themes if theme.id == cluster_id), None),
        idea_id=idea_id,
        before=before,
        next_before=page.lines[-1].number if page.has_more and page.lines else None,
    )
