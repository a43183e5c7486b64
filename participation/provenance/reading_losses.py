"""Reading what public statements have lost: as things stand now, with the day where somebody noted it already."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.provenance.lineage import Loss
from participation.strategy.models import LostSource
from participation.strategy.statements.losses import losses_of


def read_losses(session: Session, statement_ids: Collection[int]) -> tuple[Loss, ...]:
    """Return the tombstones of public statements, by statement, kind and number of the source.

    What was hidden a moment ago is one of them, though its day is not noted yet.
    """
    rows = session.execute(
        select(LostSource.statement_id, LostSource.source_kind, LostSource.source_id, LostSource.lost_at).where(
            LostSource.statement_id.in_(list(statement_ids)), LostSource.returned_at.is_(None)
        )
    )
    noted = {(row.statement_id, row.source_kind, row.source_id): row.lost_at for row in rows}
    return tuple(
        Loss(statement_id, loss.kind, loss.source_id, loss.reason, noted.get((statement_id, loss.kind, loss.source_id)))
        for statement_id, losses in losses_of(session, statement_ids).items()
        for loss in losses
    )
