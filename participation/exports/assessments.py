"""What is said about the public statements, criteria and values, as rows of an export."""

from sqlalchemy.orm import Session

from participation.exports.document import AssessmentRow
from participation.exports.wording import Words
from participation.processes.outline import ProcessOutline
from participation.strategy.assessing.queries import matrix


def assessment_rows(session: Session, process: ProcessOutline, said: Words, language: str) -> tuple[AssessmentRow, ...]:
    """Return a row for each verdict on a public statement, in ``language``."""
    return tuple(
        AssessmentRow(
            statement_id=str(row.id),
            number=row.number,
            kind=cell.yardstick.kind.value,
            about=cell.yardstick.title.text,
            verdict=said.verdicts[cell.current.verdict],
            reason=cell.current.reason.text,
            assessed_at=cell.current.assessed_at,
            is_outdated=cell.current.is_outdated,
        )
        for row in matrix(session, process.id, process.framework_id, language).rows
        for cell in row.cells
        if cell.current
    )
