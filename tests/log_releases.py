"""Releases of the vote log as pages find them when their files are not kept any more."""

from sqlalchemy.orm import Session

from participation.kit import clock
from participation.tallies.models import Release
from tests.make import Place


def stored(session: Session, place: Place, *, number: int = 1, is_final: bool = False) -> None:
    """Add a release of the vote log, the files of which are not kept any more."""
    row = Release(
        process_id=place.id,
        number=number,
        leaves=1000 + number,
        changed_people=20,
        newest_vote=1_000_000,
        root=f"{number:064x}",
        file_sha256=f"{number + 1:064x}",
        is_final=is_final,
        made_at=clock.now(),
    )
    session.add(row)
    session.flush()
