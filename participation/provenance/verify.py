"""Verifying the provenance of a process: every check there is, each break by name."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from types import MappingProxyType

from sqlalchemy.orm import Session

from participation.processes.outline import ProcessOutline
from participation.provenance.queries import WINDOW
from participation.provenance.verifying.basis import basis_breaks
from participation.provenance.verifying.board import board_breaks
from participation.provenance.verifying.breaks import Break, BreakKind
from participation.provenance.verifying.bundles import bundle_breaks
from participation.provenance.verifying.city import city_breaks
from participation.provenance.verifying.document import assessment_breaks, document_breaks
from participation.provenance.verifying.facts import read_facts
from participation.provenance.verifying.losses import UNNOTED, loss_breaks
from participation.provenance.verifying.statements import statement_breaks
from participation.tallies.verify import release_breaks
from participation.voting.queries import FEWEST_VOTES, tally_breaks

METHOD = "provenance 1.0"
NUMBERS: Mapping[str, object] = MappingProxyType(
    {"kinds": len(BreakKind), "minutes": int(UNNOTED.total_seconds() // 60), "ideas": WINDOW, "fewest": FEWEST_VOTES}
)
"""What the page about the method names."""


def provenance_breaks(
    session: Session, process: ProcessOutline, *, now: datetime, with_log: bool = False
) -> Iterator[Break]:
    """Yield every break in the provenance of a process, from statements down to votes and up to measures.

    ``BreakKind`` says which there are. ``with_log`` also holds the votes against the log that was released, which
    takes as long as making it.
    """
    facts = read_facts(session, process, now=now)
    yield from statement_breaks(facts)
    yield from basis_breaks(session, facts)
    yield from loss_breaks(session, facts)
    yield from board_breaks(session, facts)
    yield from bundle_breaks(session, facts)
    yield from assessment_breaks(session, facts)
    yield from document_breaks(session, facts)
    yield from city_breaks(session, facts)
    for idea_id in tally_breaks(session, process.id):
        says = "its figures are not what its votes add up to"
        yield Break(BreakKind.TALLY_DIFFERS, {"idea": idea_id}, says)
    if with_log:
        for sentence in release_breaks(session, process.id, now=now):
            yield Break(BreakKind.LOG_DIFFERS, {"process": process.id}, sentence)
