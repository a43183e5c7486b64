"""What is said about the public statements, criteria and values, as rows of an export."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.exports.document import AssessmentRow, Texts
from participation.exports.moments import to_the_second
from participation.exports.wording import Words
from participation.principles.models import Criterion, Value
from participation.processes.outline import ProcessOutline
from participation.strategy.assessing.queries import matrix
from participation.strategy.assessing.yardsticks import Yard, name_in, name_of
from participation.strategy.models import Assessment


def assessment_rows(session: Session, process: ProcessOutline, said: Words, language: str) -> tuple[AssessmentRow, ...]:
    """Return a row for each verdict on a public statement, in ``language``."""
    shown = matrix(session, process.id, process.framework_id, language)
    reasons = _reasons(session, [row.id for row in shown.rows])
    titles = _titles(session, process.framework_id)
    return tuple(
        AssessmentRow(
            statement_id=str(row.id),
            number=row.number,
            kind=cell.yardstick.kind.value,
            about=cell.yardstick.title.text,
            about_in=titles[cell.yardstick.name],
            verdict=said.verdicts[cell.current.verdict],
            verdict_code=cell.current.verdict.value,
            reason=cell.current.reason.text,
            reason_in=reasons[row.id, cell.yardstick.name],
            assessed_at=to_the_second(cell.current.assessed_at),
            is_outdated=cell.current.is_outdated,
        )
        for row in shown.rows
        for cell in row.cells
        if cell.current
    )


def _reasons(session: Session, statement_ids: Iterable[int]) -> dict[tuple[int, str], Texts]:
    holds = Assessment.statement_id.in_(list(statement_ids)), Assessment.replaced_at.is_(None)
    return {(row.statement_id, name_in(row)): row.reason for row in session.scalars(select(Assessment).where(*holds))}


def _titles(session: Session, framework_id: int) -> dict[str, Texts]:
    tables: tuple[tuple[Yard, Any], ...] = ((Yard.CRITERION, Criterion), (Yard.VALUE, Value))
    return {
        name_of(kind, row[0]): row[1]
        for kind, table in tables
        for row in session.execute(select(table.id, table.title).where(table.framework_id == framework_id))
    }
