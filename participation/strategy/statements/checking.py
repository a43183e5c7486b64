"""What keeps a statement from being submitted and signed off: missing or foreign sources, quotes that do not hold."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.curation.models import Board, Cluster
from participation.kit.dialect import locked
from participation.kit.permissions import Refused
from participation.multilingual import lazily
from participation.multilingual import lazy as _l
from participation.principles.models import FieldOfAction, Principle
from participation.processes.models import Process
from participation.strategy.statements.content import Content
from participation.strategy.statements.quotes import ideas_among, key_of, originals, quoted_words


def require_sources(session: Session, process_id: int, content: Content) -> None:
    """Refuse content without clusters, or with anything that is not of the process; the board is locked."""
    if not content.clusters:
        raise Refused(_l("A statement needs at least one theme as its source."))
    # Whoever wants to change the board meanwhile waits, and then finds its themes used.
    session.execute(locked(select(Board.version).where(Board.process_id == process_id), shared=True))
    clusters = select(Cluster.id).where(
        Cluster.process_id == process_id, Cluster.id.in_(content.clusters), Cluster.removed_at.is_(None)
    )
    _require_all(session, clusters, content.clusters, _l("This theme does not exist any more."))
    framework = select(Process.framework_id).where(Process.id == process_id).scalar_subquery()
    principles = select(Principle.id).where(Principle.framework_id == framework, Principle.id.in_(content.principles))
    _require_all(session, principles, content.principles, _l("This principle is not one of this process."))
    fields = select(FieldOfAction.id).where(
        FieldOfAction.framework_id == framework, FieldOfAction.id.in_(content.fields)
    )
    _require_all(session, fields, content.fields, _l("This field of action is not one of this process."))


def require_quotes(session: Session, content: Content) -> None:
    """Refuse content with a quote that its original does not say, that is not public or not from its clusters."""
    readable = originals(session, content.quotes)
    ideas = {original.idea_id for original in readable.values()}
    inside = ideas_among(session, ideas, content.clusters) if ideas else set()
    for number, quote in enumerate(content.quotes, start=1):
        if quoted_words(quote, readable) is None:
            raise Refused(
                lazily(
                    _l("Quote %(number)s cannot be read in its original any more. Please take it out."), number=number
                )
            )
        if readable[key_of(quote)].idea_id not in inside:
            raise Refused(
                lazily(_l("Quote %(number)s is not from an idea of these themes. Please take it out."), number=number)
            )


def _require_all(session: Session, statement: Any, wanted: Iterable[int], reason: Any) -> None:
    ids = set(wanted)
    if ids and set(session.scalars(statement)) != ids:
        raise Refused(reason)
