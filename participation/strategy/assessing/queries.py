"""Reading assessments: those of one statement with what was said before, and the matrix of all statements."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, case, func, select
from sqlalchemy.orm import Session, aliased

from participation.accounts.models import Account
from participation.kit.permissions import found
from participation.kit.schema import Translated
from participation.multilingual import Phrase, phrase
from participation.principles.models import Criterion, Value
from participation.strategy.assessing.yardsticks import Yardstick, name_in, yardsticks
from participation.strategy.models import Assessment, Statement, StatementRevision, StatementState, Verdict


@dataclass(frozen=True, slots=True)
class Judged:
    """What was said at some time; ``is_outdated`` is true where the statement has another wording by now.

    ``by`` is the address of who said so, for colleagues; it is empty where everybody reads along.
    """

    verdict: Verdict
    reason: Phrase
    assessed_at: datetime
    is_outdated: bool
    by: str = ""


@dataclass(frozen=True, slots=True)
class Wording:
    """What an assessment of a statement is about: the revision in force, of a draft the latest, and since when."""

    revision: int
    written_at: datetime


@dataclass(frozen=True, slots=True)
class AssessmentLine:
    """One criterion or value of a statement: what holds (``None`` before anybody said so), and what was said before."""

    yardstick: Yardstick
    current: Judged | None
    earlier: tuple[Judged, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """What holds of a statement in one place, as its own page says it; ``name`` is that of the criterion or value."""

    name: str
    verdict: Verdict
    title: Phrase
    reason: Phrase


@dataclass(frozen=True, slots=True)
class Held:
    """What holds: the number of the newest assessment, 0 without any, and all wordings of the reasons by name."""

    newest: int
    reasons: dict[str, Translated]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many criteria and values have each verdict; ``missing`` have none."""

    fulfilled: int = 0
    open: int = 0
    conflict: int = 0
    missing: int = 0

    @property
    def made(self) -> int:
        """How many have a verdict."""
        return self.fulfilled + self.open + self.conflict


@dataclass(frozen=True, slots=True)
class Cell:
    """One statement and one criterion or value."""

    yardstick: Yardstick
    current: Judged | None


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A statement held against everything; ``cells`` stand in the order of the matrix's yardsticks."""

    id: int
    number: int
    text: Phrase
    state: StatementState
    cells: tuple[Cell, ...]
    tally: Tally


@dataclass(frozen=True, slots=True)
class Matrix:
    """Statements × criteria and values; ``tally`` is over all of it."""

    yardsticks: tuple[Yardstick, ...]
    rows: tuple[MatrixRow, ...]
    tally: Tally


def assessment_of(
    session: Session, framework_id: int, statement: Statement, language: str, *, for_everybody: bool
) -> tuple[AssessmentLine, ...]:
    """Return all criteria and values with what is said about a statement, what was said before the latest first.

    ``for_everybody`` leaves out who said so, and what was replaced before the statement was public.
    """
    rows = session.execute(
        select(Assessment, Account.email)
        .outerjoin(Account, Account.id == Assessment.assessed_by)
        .where(Assessment.statement_id == statement.id)
        .order_by(Assessment.id.desc())
    ).all()
    said: dict[str, list[Judged]] = {}
    wording = wording_of(session, statement.id)
    for row, email in rows:
        if for_everybody and not _was_public(row, statement):
            continue
        judged = _judged(row, wording, language, by="" if for_everybody else email or "")
        said.setdefault(name_in(row), []).append(judged)
    lines = []
    for yardstick in yardsticks(session, framework_id, language):
        history = said.get(yardstick.name, [])
        lines.append(AssessmentLine(yardstick, history[0] if history else None, tuple(history[1:])))
    return tuple(lines)


def wording_of(session: Session, statement_id: int) -> Wording:
    """Return which wording of a statement is assessed now; raises ``Missing``."""
    row = found(session.execute(_wordings().where(Statement.id == statement_id)).one_or_none())
    return Wording(row.revision, row.written_at)


def what_is_said(session: Session, statement_id: int) -> list[list[Any]]:
    """Return what holds of a statement as JSON: name of criterion or value, verdict and reason, in one order."""
    rows = session.scalars(
        select(Assessment).where(Assessment.statement_id == statement_id, Assessment.replaced_at.is_(None))
    )
    return sorted([name_in(row), row.verdict.value, dict(row.reason)] for row in rows)


def said_about(session: Session, statement_id: int, language: str) -> tuple[Said, ...]:
    """Return everything that holds of a statement, criteria before values, in one query."""
    rows = session.execute(
        select(Assessment, func.coalesce(Criterion.title, Value.title).label("title"))
        .outerjoin(Criterion, Criterion.id == Assessment.criterion_id)
        .outerjoin(Value, Value.id == Assessment.value_id)
        .where(Assessment.statement_id == statement_id, Assessment.replaced_at.is_(None))
        .order_by(Assessment.criterion_id.is_(None), Criterion.position, Value.position)
    )
    return tuple(
        Said(name_in(row), row.verdict, phrase(title, language), phrase(row.reason, language)) for row, title in rows
    )


def what_holds(session: Session, statement_id: int) -> Held:
    """Return what holds of a statement, for a form."""
    rows = session.scalars(
        select(Assessment).where(Assessment.statement_id == statement_id, Assessment.replaced_at.is_(None))
    ).all()
    return Held(max((row.id for row in rows), default=0), {name_in(row): row.reason for row in rows})


def matrix(
    session: Session,
    process_id: int,
    framework_id: int,
    language: str,
    *,
    with_drafts: bool = False,
    only: Sequence[int] | None = None,
) -> Matrix:
    """Return the matrix of the public statements of a process, or of ``only`` some of them, in their order.

    The number of queries does not depend on how many there are.
    """
    wanted = _wordings().add_columns(Statement.position, Statement.text, Statement.state)
    wanted = wanted.where(Statement.process_id == process_id, Statement.state.in_(_shown(with_drafts)))
    if only is not None:
        wanted = wanted.where(Statement.id.in_(only))
    statements = session.execute(wanted.order_by(Statement.place, Statement.id)).all()
    against = yardsticks(session, framework_id, language)
    current: dict[tuple[int, str], Assessment] = {
        (row.statement_id, name_in(row)): row
        for row in session.scalars(
            select(Assessment).where(
                Assessment.statement_id.in_([row.id for row in statements]), Assessment.replaced_at.is_(None)
            )
        )
    }
    rows = []
    for row in statements:
        wording = Wording(row.revision, row.written_at)
        cells = tuple(
            Cell(one, _judged(held, wording, language) if (held := current.get((row.id, one.name))) else None)
            for one in against
        )
        tally = tally_of(cell.current for cell in cells)
        rows.append(MatrixRow(row.id, row.position, phrase(row.text, language), row.state, cells, tally))
    return Matrix(against, tuple(rows), tally_of(cell.current for row in rows for cell in row.cells))


def matrix_ids(session: Session, process_id: int, *, with_drafts: bool = False) -> list[int]:
    """Return the statements of the matrix of a process in their order, whether assessed or not."""
    statement = select(Statement.id).where(Statement.process_id == process_id, Statement.state.in_(_shown(with_drafts)))
    return list(session.scalars(statement.order_by(Statement.place, Statement.id)))


def tallies_of(session: Session, framework_id: int, statement_ids: Iterable[int]) -> dict[int, Tally]:
    """Return how often each statement has each verdict."""
    wanted = list(statement_ids)
    against = len(yardsticks(session, framework_id, ""))
    counted: dict[int, list[Verdict]] = {statement_id: [] for statement_id in wanted}
    rows = session.execute(
        select(Assessment.statement_id, Assessment.verdict).where(
            Assessment.statement_id.in_(wanted), Assessment.replaced_at.is_(None)
        )
    )
    for statement_id, verdict in rows:
        counted[statement_id].append(verdict)
    return {statement_id: _tally(verdicts, against) for statement_id, verdicts in counted.items()}


def tally_of(judged: Iterable[Judged | None]) -> Tally:
    """Return how many of these have each verdict."""
    everything = list(judged)
    return _tally([one.verdict for one in everything if one], len(everything))


def conflicts_in(everything: Matrix) -> Iterator[tuple[MatrixRow, Cell, Judged]]:
    """Yield every place of a matrix where a statement is in conflict with a criterion or value."""
    for row in everything.rows:
        for cell in row.cells:
            if cell.current and cell.current.verdict is Verdict.CONFLICT:
                yield row, cell, cell.current


def _tally(verdicts: Sequence[Verdict], everything: int) -> Tally:
    counted = Counter(verdicts)
    return Tally(
        counted[Verdict.FULFILLED],
        counted[Verdict.OPEN],
        counted[Verdict.CONFLICT],
        everything - len(verdicts),
    )


def _shown(with_drafts: bool) -> tuple[StatementState, ...]:
    return (StatementState.DRAFT, StatementState.PUBLISHED) if with_drafts else (StatementState.PUBLISHED,)


def _wordings() -> Select[*tuple[Any, ...]]:
    """Return each statement's id with the revision that is assessed and the moment it was written."""
    every = aliased(StatementRevision)
    latest = (
        select(func.max(every.revision))
        .where(every.statement_id == Statement.id)
        .correlate(Statement)
        .scalar_subquery()
    )
    assessed = case((Statement.state == StatementState.DRAFT, latest), else_=Statement.revision)
    return select(
        Statement.id,
        func.coalesce(StatementRevision.revision, Statement.revision).label("revision"),
        func.coalesce(StatementRevision.written_at, Statement.written_at).label("written_at"),
    ).outerjoin(
        StatementRevision,
        and_(StatementRevision.statement_id == Statement.id, StatementRevision.revision == assessed),
    )


def _judged(row: Assessment, wording: Wording, language: str, *, by: str = "") -> Judged:
    is_outdated = row.revision != wording.revision or row.assessed_at < wording.written_at
    return Judged(row.verdict, phrase(row.reason, language), row.assessed_at, is_outdated, by)


def _was_public(row: Assessment, statement: Statement) -> bool:
    return row.replaced_at is None or (statement.published_at is not None and row.replaced_at > statement.published_at)
