"""What the checks of one process rest on, read once: its ideas, themes, statements, revisions and sign-offs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.curation.models import Cluster
from participation.ideas.models import Idea, IdeaState
from participation.processes.outline import ProcessOutline
from participation.strategy.models import (
    RevisionState,
    SignOff,
    Statement,
    StatementRevision,
    StatementState,
)
from participation.strategy.statements.content import Content, contents_in_force


@dataclass(frozen=True, slots=True)
class IdeaFacts:
    """How an idea stands, up to which revision it has come, and whether it ever was public."""

    state: IdeaState
    revision: int
    was_public: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """One process as the checks see it; ``signed`` and ``sign_offs`` are in the order in which people signed.

    ``ideas`` and ``clusters`` are those of the process; a theme's value is since when it is removed.
    """

    process: ProcessOutline
    now: datetime
    ideas: Mapping[int, IdeaFacts]
    clusters: Mapping[int, datetime | None]
    statements: Mapping[int, Statement]
    contents: Mapping[int, Content]
    revisions: Mapping[int, tuple[StatementRevision, ...]]
    sign_offs: Mapping[int, tuple[SignOff, ...]]

    def signed(self, statement_id: int) -> list[StatementRevision]:
        """Return the revisions of a statement that were signed off, the last one at the end."""
        return [one for one in self.revisions.get(statement_id, ()) if one.state is RevisionState.SIGNED]

    @property
    def public(self) -> list[Statement]:
        """The statements that everybody can read."""
        return [one for one in self.statements.values() if one.state is StatementState.PUBLISHED]

    def last_sign_off(self, statement_id: int) -> SignOff | None:
        """Return the sign-off of a statement that counts."""
        return (self.sign_offs.get(statement_id) or (None,))[-1]


def read_facts(session: Session, process: ProcessOutline, *, now: datetime) -> Facts:
    """Return what the checks of a process rest on."""
    own = Statement.process_id == process.id
    statements = {row.id: row for row in session.scalars(select(Statement).where(own).order_by(Statement.id))}
    ours = select(Statement.id).where(own)
    revisions: dict[int, tuple[StatementRevision, ...]] = {}
    for revision in session.scalars(
        select(StatementRevision)
        .where(StatementRevision.statement_id.in_(ours))
        .order_by(StatementRevision.statement_id, StatementRevision.revision)
    ):
        revisions[revision.statement_id] = (*revisions.get(revision.statement_id, ()), revision)
    sign_offs: dict[int, tuple[SignOff, ...]] = {}
    for sign_off in session.scalars(
        select(SignOff).where(SignOff.statement_id.in_(ours)).order_by(SignOff.statement_id, SignOff.id)
    ):
        sign_offs[sign_off.statement_id] = (*sign_offs.get(sign_off.statement_id, ()), sign_off)
    ideas = session.execute(
        select(Idea.id, Idea.state, Idea.revision, Idea.published_at).where(Idea.process_id == process.id)
    )
    clusters = session.execute(select(Cluster.id, Cluster.removed_at).where(Cluster.process_id == process.id))
    return Facts(
        process=process,
        now=now,
        ideas={row.id: IdeaFacts(row.state, row.revision, row.published_at is not None) for row in ideas},
        clusters={row.id: row.removed_at for row in clusters},
        statements=statements,
        contents=contents_in_force(session, statements.values()) if statements else {},
        revisions=revisions,
        sign_offs=sign_offs,
    )
