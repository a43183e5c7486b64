"""Bringing ideas in from a table: which column is what, one row after the other, batch after batch."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.activity.service import record
from participation.ideas.bulk import EXTERNAL_ID_LONGEST, ImportedIdea, add_ideas, contradicting, known_external_ids
from participation.ideas.models import IdeaState
from participation.ideas.policies import may_import
from participation.ideas.service import MOST_PRINCIPLES
from participation.intake import fields
from participation.intake.ending import saying_when_over
from participation.intake.events import IdeasImported
from participation.intake.fields import Entries, FieldProblem
from participation.intake.reasons import Reason
from participation.intake.reasons import marked as _l
from participation.intake.report import ImportReport, Progress, silent
from participation.intake.rows import ImportProblem, Row
from participation.intake.shapes import Source
from participation.intake.tables import Table
from participation.intake.verdicts import Verdict, Verdicts, check_decisions, verdict
from participation.kit.db import db, transaction
from participation.kit.permissions import require
from participation.principles.queries import districts_of, fields_of, principles_of
from participation.processes.bulk import KEY_LONGEST
from participation.processes.queries import process_by_id
from participation.texts import detect_language

FIELDS = (
    *("title", "text", "id", "author", "principles", "district", "field", "language", "created"),
    *("state", "decision", "link"),
)
REPEATABLE = "text"
BATCH = 500
DEFAULT_LANGUAGE = "de"


@dataclass(frozen=True, slots=True)
class IdeaImport:
    """What shall be imported, and how.

    ``columns`` says which columns of the table hold which field; only a text may come from several. ``meant`` says what
    the cells of a column of decisions mean; with that, or with ``waits``, everything comes in for review. With
    ``one_source`` nothing is taken from a file whose ids mean other ideas than those the process has.
    """

    process_id: int
    file: Source
    columns: Mapping[str, Sequence[str]]
    zone: ZoneInfo
    dry_run: bool = False
    all_or_nothing: bool = False
    meant: Verdicts = field(default_factory=dict)
    waits: bool = False
    one_source: bool = False


@dataclass(slots=True)
class _Reader:
    """Turns rows into ideas; remembers which ids have passed, so that no row is taken for another."""

    places: Mapping[str, Sequence[int]]
    principles: Entries
    districts: Entries
    fields_of_action: Entries
    zone: ZoneInfo
    now: datetime
    meant: Verdicts
    waits: bool
    seen: dict[str, int] = field(default_factory=dict)
    alike: Counter[bytes] = field(default_factory=Counter)
    verdicts: dict[str, Verdict] = field(default_factory=dict)

    def idea(self, row: Row) -> ImportedIdea:
        """Return the idea in a row; raises ``FieldProblem``."""
        if row.problem is not None:
            raise FieldProblem(row.problem)
        title, text = self._cell(row, "title"), self._cell(row, "text")
        # Counted even for rows that are refused: corrected later, they must not move the numbers of the others.
        own_id = self._own_id(row) or self._derived_id(title, text)
        shown_title, shown_text = fields.title_and_text(title, text)
        language = fields.language_code(self._cell(row, "language"))
        decided = verdict(self._cell(row, "decision"), self.meant)
        idea = ImportedIdea(
            external_id=own_id,
            author_key=fields.key("author", self._cell(row, "author"), KEY_LONGEST) or None,
            state=IdeaState.IN_REVIEW if self.meant or self.waits else fields.state(self._cell(row, "state")),
            title=shown_title,
            text=shown_text,
            language=language or detect_language(f"{shown_title}\n{shown_text}", default=DEFAULT_LANGUAGE),
            submitted_at=fields.moment(self._cell(row, "created"), self.zone, self.now),
            principle_ids=self.principles.several(self._cell(row, "principles"), MOST_PRINCIPLES),
            district_id=self.districts.one(self._cell(row, "district")),
            field_id=self.fields_of_action.one(self._cell(row, "field")),
            source_url=fields.web_address(self._cell(row, "link")),
        )
        self.verdicts[own_id] = decided
        return idea

    def _cell(self, row: Row, name: str) -> str:
        cells = (row.cells[place].strip() for place in self.places.get(name, ()))
        return "\n\n".join(cell for cell in cells if cell)

    def _own_id(self, row: Row) -> str:
        own_id = fields.key("id", self._cell(row, "id"), EXTERNAL_ID_LONGEST)
        if own_id:
            before = self.seen.setdefault(own_id, row.number)
            if before != row.number:
                raise FieldProblem(Reason(_l("the id “%(id)s” stands in row %(row)s already"), id=own_id, row=before))
        return own_id

    def _derived_id(self, title: str, text: str) -> str:
        digest = hashlib.blake2b(f"{title}\0{text}".encode("utf-8", "surrogatepass"), digest_size=12).digest()
        self.alike[digest] += 1
        count = self.alike[digest]
        return f"row-{digest.hex()}" + (f"-{count}" if count > 1 else "")


def import_ideas(
    actor: Actor,
    order: IdeaImport,
    *,
    now: datetime,
    progress: Progress = silent,
    report: ImportReport | None = None,
) -> ImportReport:
    """Add the ideas of a file to a process and return what became of its rows; needs an application context.

    Rows that cannot be taken are reported and the others kept, unless the order says all or nothing: then the file is
    checked first, and written in one transaction. Repeating an import adds nothing. A ``report`` that is handed in is
    filled on the way. Raises ``ImportProblem`` when the
    file cannot be read, ``Refused`` for anybody but admins and staff, ``Missing`` without the process.
    """
    check_columns(order.columns)
    check_decisions(order.columns, meant=order.meant, waits=order.waits)
    require(may_import(actor, order.process_id))
    if order.one_source:
        _refuse_another_source(order, now)
    report = ImportReport() if report is None else report
    if not (order.dry_run or order.all_or_nothing):
        return _write_in_batches(actor, order, report, now, progress)
    checked = report if order.dry_run else ImportReport()
    _check(order, checked, now, progress)
    if order.dry_run:
        return checked
    if checked.refused:
        return report.becomes(checked)
    with transaction() as session:
        _write_all(session, actor, order, report, now, progress, expected=checked.read)
    return report


def check_columns(columns: Mapping[str, Sequence[str]]) -> None:
    """Raise ``ImportProblem`` unless the mapping names known fields, a title or a text, and each but text once."""
    for name, sources in columns.items():
        if name not in FIELDS:
            raise ImportProblem(
                Reason(_l("“%(name)s” cannot be imported; possible are %(names)s"), name=name, names=", ".join(FIELDS))
            )
        if len(sources) > 1 and name != REPEATABLE:
            raise ImportProblem(
                Reason(_l("only %(one)s can come from several columns, not %(name)s"), one=REPEATABLE, name=name)
            )
    if not {"title", "text"} & set(columns):
        raise ImportProblem(Reason(_l("a title or a text must be mapped to a column")))


def another_source(external_id: str) -> Reason:
    """Return the sentence that says that the ids of a file mean other ideas than those the process has."""
    return Reason(
        _l("the process has another text under the id %(id)s; a process takes one conversation only"), id=external_id
    )


def _refuse_another_source(order: IdeaImport, now: datetime) -> None:
    with order.file.open(_wanted(order)) as table:
        reader = _reader(db.session(), order, table, now)
        for batch in _batches(table, reader, ImportReport(), silent):
            others = contradicting(db.session(), order.process_id, batch)
            db.session.rollback()
            if others:
                raise ImportProblem(another_source(min(others)))


def _wanted(order: IdeaImport) -> list[str]:
    return [column for sources in order.columns.values() for column in sources]


def _reader(session: Session, order: IdeaImport, table: Table, now: datetime) -> _Reader:
    framework_id = process_by_id(session, order.process_id).framework_id
    return _Reader(
        places={name: [table.place(column) for column in sources] for name, sources in order.columns.items()},
        principles=Entries(_l("principle"), principles_of(session, framework_id)),
        districts=Entries(_l("district"), districts_of(session, framework_id)),
        fields_of_action=Entries(_l("field of action"), fields_of(session, framework_id)),
        zone=order.zone,
        now=now,
        meant=order.meant,
        waits=order.waits,
    )


def _batches(table: Table, reader: _Reader, report: ImportReport, progress: Progress) -> Iterator[list[ImportedIdea]]:
    batch: list[ImportedIdea] = []
    for row in table.rows:
        if report.passes(row):
            continue
        try:
            batch.append(reader.idea(row))
        except FieldProblem as problem:
            report.refuse(row.number, problem.reason)
        if len(batch) == BATCH:
            yield batch
            batch = []
            progress(table.position(), report.read)
    if batch:
        yield batch
    if reader.meant:
        report.verdicts.update(reader.verdicts)
    progress(1.0, report.read)


def _check(order: IdeaImport, report: ImportReport, now: datetime, progress: Progress) -> None:
    report.written = False
    with order.file.open(_wanted(order)) as table:
        report.source = table.description
        reader = _reader(db.session(), order, table, now)
        for batch in _batches(table, reader, report, progress):
            known = known_external_ids(db.session(), order.process_id, [idea.external_id for idea in batch])
            report.other_texts += len(contradicting(db.session(), order.process_id, batch)) if known else 0
            # No read stays open while the file is read on.
            db.session.rollback()
            report.present += len(known)
            report.added += len(batch) - len(known)


def _write_in_batches(
    actor: Actor, order: IdeaImport, report: ImportReport, now: datetime, progress: Progress
) -> ImportReport:
    with order.file.open(_wanted(order)) as table, saying_when_over(actor, order.process_id, report, now=now):
        report.source = table.description
        reader = _reader(db.session(), order, table, now)
        for batch in _batches(table, reader, report, progress):
            with transaction() as session:
                _write(session, actor, order, batch, report, now)
    return report


def _write_all(  # what all of them need
    session: Session,
    actor: Actor,
    order: IdeaImport,
    report: ImportReport,
    now: datetime,
    progress: Progress,
    *,
    expected: int,
) -> None:
    with order.file.open(_wanted(order)) as table:
        report.source = table.description
        reader = _reader(session, order, table, now)
        for batch in _batches(table, reader, report, progress):
            _write(session, actor, order, batch, report, now)
    if report.refused or report.read != expected:
        raise ImportProblem(
            Reason(_l("%(name)s has changed while it was read; nothing was kept"), name=order.file.name)
        )


def _write(
    session: Session, actor: Actor, order: IdeaImport, batch: list[ImportedIdea], report: ImportReport, now: datetime
) -> None:
    added = add_ideas(session, actor, process_id=order.process_id, ideas=batch, now=now)
    if added and not report.added:
        record(session, IdeasImported(order.process_id), account_id=actor.account_id, now=now)
    report.added += len(added)
    report.present += len(batch) - len(added)
    if len(added) < len(batch):
        report.other_texts += len(contradicting(session, order.process_id, batch))
