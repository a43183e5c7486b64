"""Bringing in the discussions of ideas from a table: rows in any order, tied to threads, batch after batch."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.activity.service import record
from participation.comments.bulk import ImportedComment, add_comments, idea_ids, ideas_of_comments, known_comments
from participation.comments.models import COMMENT_LONGEST, CommentStance, CommentState
from participation.ideas.bulk import EXTERNAL_ID_LONGEST
from participation.ideas.policies import may_import
from participation.intake import fields
from participation.intake.ending import saying_when_over
from participation.intake.events import CommentsImported
from participation.intake.fields import PROBLEMS, FieldProblem
from participation.intake.ideas import DEFAULT_LANGUAGE
from participation.intake.reasons import Reason
from participation.intake.reasons import marked as _l
from participation.intake.report import ImportReport, Progress, silent
from participation.intake.rows import ImportProblem, Row
from participation.intake.shapes import Source
from participation.intake.threads import Node, first_named, in_order
from participation.intake.verdicts import Verdict, Verdicts, check_decisions, verdict
from participation.kit.db import db, transaction
from participation.kit.permissions import require
from participation.processes.bulk import KEY_LONGEST
from participation.processes.queries import process_by_id
from participation.texts import detect_language, excerpt, normalise, text_problem

FIELDS = ("id", "parent", "idea", "text", "author", "created", "helpful", "stance", "language", "state", "decision")
NEEDED = ("id", "idea", "text")
# How sources say that a comment answers none, as long as no comment is called that.
NO_PARENT = {"", "-1", "0", "null", "none", "nan"}
STANCES: Mapping[str, CommentStance | None] = {stance.value: stance for stance in CommentStance} | {
    "": None,
    "0": None,
    "1": CommentStance.SUPPORTS,
    "-1": CommentStance.OBJECTS,
}
STANCE_NAMES = [stance.value for stance in CommentStance]
BATCH = 500
# Which part of the way is reading; the rest is writing.
READING = 0.5
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CommentImport:
    """What shall be imported, and how.

    ``columns`` says which column of the table holds which field. With ``keeps_orphans`` an answer to a comment that is
    nowhere begins a thread of its own. ``meant`` says what the cells of a column of decisions mean; with that, or with
    ``waits``, everything comes in for review.
    """

    process_id: int
    file: Source
    columns: Mapping[str, str]
    zone: ZoneInfo
    dry_run: bool = False
    all_or_nothing: bool = False
    keeps_orphans: bool = False
    meant: Verdicts = field(default_factory=dict)
    waits: bool = False


@dataclass(frozen=True, slots=True)
class _Reader:
    """Turns rows into comments."""

    places: Mapping[str, int]
    zone: ZoneInfo
    now: datetime
    meant: Verdicts
    waits: bool
    verdicts: dict[str, Verdict] = field(default_factory=dict)

    def comment(self, row: Row) -> ImportedComment:
        """Return the comment in a row, a deleted one where it has no words; raises ``FieldProblem``."""
        if row.problem is not None:
            raise FieldProblem(row.problem)
        external_id = fields.key("id", self._cell(row, "id"), EXTERNAL_ID_LONGEST)
        if not external_id:
            raise FieldProblem(Reason(_l("has no id")))
        text = _text(self._cell(row, "text"))
        language = fields.language_code(self._cell(row, "language"))
        decided = verdict(self._cell(row, "decision"), self.meant)
        comment = ImportedComment(
            external_id=external_id,
            parent=fields.key("parent", self._cell(row, "parent"), EXTERNAL_ID_LONGEST) or None,
            idea=fields.key("idea", self._cell(row, "idea"), EXTERNAL_ID_LONGEST),
            author_key=fields.key("author", self._cell(row, "author"), KEY_LONGEST) or None,
            state=self._state(row) if text else CommentState.WITHDRAWN,
            stance=_stance(self._cell(row, "stance")),
            text=text,
            language=language or detect_language(text, default=DEFAULT_LANGUAGE),
            submitted_at=fields.moment(self._cell(row, "created"), self.zone, self.now),
            helpful=_count(self._cell(row, "helpful")),
        )
        if text:
            self.verdicts[external_id] = decided
        return comment

    def _state(self, row: Row) -> CommentState:
        if self.meant or self.waits:
            return CommentState.IN_REVIEW
        return CommentState(fields.state(self._cell(row, "state")).value)

    def _cell(self, row: Row, name: str) -> str:
        return row.cells[self.places[name]].strip() if name in self.places else ""


def import_comments(
    actor: Actor,
    order: CommentImport,
    *,
    now: datetime,
    progress: Progress = silent,
    report: ImportReport | None = None,
) -> ImportReport:
    """Add the comments of a file to the ideas of a process and return what became of its rows.

    Rows may stand in any order; the whole file is held in memory. An empty comment that others answered becomes a
    deleted one. Rows that cannot be taken, and the answers to them, are reported and the others kept, unless the order
    says all or nothing. Repeating an import adds nothing. A ``report`` that is handed in is filled on the way. Needs
    an application context; raises ``ImportProblem`` when the file cannot be read, ``Refused`` for anybody but admins
    and staff, ``Missing`` without the process.
    """
    check_mapping({name: [column] for name, column in order.columns.items()})
    check_decisions(order.columns, meant=order.meant, waits=order.waits)
    require(may_import(actor, order.process_id))
    process_by_id(db.session(), order.process_id)
    report = ImportReport() if report is None else report
    report.written = not order.dry_run
    comments = _taken(order, report, now, progress)
    if order.dry_run or (order.all_or_nothing and report.refused):
        return _only_counted(order, report, comments)
    if order.all_or_nothing:
        with transaction() as session:
            for batch in _batches(comments):
                _write(session, actor, order, batch, report, now)
    else:
        with saying_when_over(actor, order.process_id, report, now=now):
            for number, batch in enumerate(_batches(comments), start=1):
                with transaction() as session:
                    _write(session, actor, order, batch, report, now)
                progress(READING + (1 - READING) * min(number * BATCH / len(comments), 1.0), report.read)
    progress(1.0, report.read)
    return report


def check_mapping(columns: Mapping[str, Sequence[str]]) -> None:
    """Raise ``ImportProblem`` unless the mapping names known fields, each once, and all that a comment needs."""
    for name, sources in columns.items():
        if name not in FIELDS:
            raise ImportProblem(
                Reason(_l("“%(name)s” cannot be imported; possible are %(names)s"), name=name, names=", ".join(FIELDS))
            )
        if len(sources) > 1:
            raise ImportProblem(Reason(_l("only one column can be mapped to %(name)s"), name=name))
    missing = [name for name in NEEDED if name not in columns]
    if missing:
        raise ImportProblem(Reason(_l("these must be mapped to columns as well: %(names)s"), names=", ".join(missing)))


def _taken(order: CommentImport, report: ImportReport, now: datetime, progress: Progress) -> list[ImportedComment]:
    """Return the comments that can be taken, each behind the one it answers, and report the others."""
    numbers: dict[str, int] = {}
    comments: dict[str, ImportedComment] = {}
    for row, comment in _rows(order, report, now, progress):
        before = numbers.setdefault(comment.external_id, row)
        if before != row:
            report.refuse(
                row, Reason(_l("the id “%(id)s” stands in row %(row)s already"), id=comment.external_id, row=before)
            )
            continue
        comments[comment.external_id] = comment
    _mark_parents(comments)
    _complete_ideas(order, comments)
    ideas = _looked_up(order, {comment.idea for comment in comments.values()}, idea_ids)
    wanted = {comment.parent for comment in comments.values() if comment.parent is not None} - comments.keys()
    known = {key: found.idea_id for key, found in _looked_up(order, wanted, known_comments).items()}
    answered = {comment.parent for comment in comments.values()}
    nodes, refused = [], set()
    for key, comment in comments.items():
        reason = _refusal(comment, ideas, is_answered=key in answered)
        if reason:
            report.refuse(numbers[key], reason)
            refused.add(key)
        else:
            idea_id = ideas[comment.idea]
            nodes.append(Node(key, comment.parent, idea_id, comment.submitted_at, numbers[key]))
    placed, problems = in_order(nodes, known, refused=frozenset(refused), keeps_orphans=order.keeps_orphans)
    for node, reason in problems:
        report.refuse(node.row, reason)
    return [replace(comments[node.key], parent=node.parent) for node in placed]


def _rows(
    order: CommentImport, report: ImportReport, now: datetime, progress: Progress
) -> Iterator[tuple[int, ImportedComment]]:
    with order.file.open(list(order.columns.values())) as table:
        report.source = table.description
        places = {name: table.place(column) for name, column in order.columns.items()}
        reader = _Reader(places, order.zone, now, order.meant, order.waits)
        for row in table.rows:
            if report.passes(row):
                continue
            try:
                yield row.number, reader.comment(row)
            except FieldProblem as problem:
                report.refuse(row.number, problem.reason)
            if report.read % BATCH == 0:
                progress(READING * table.position(), report.read)
        if order.meant:
            report.verdicts.update(reader.verdicts)


def _mark_parents(comments: dict[str, ImportedComment]) -> None:
    """Leave the parent out where the source has a sign there for "none", unless a comment is called like that."""
    for key, comment in comments.items():
        parent = comment.parent
        if parent is not None and parent.lower() in NO_PARENT and parent not in comments:
            comments[key] = replace(comment, parent=None)


def _complete_ideas(order: CommentImport, comments: dict[str, ImportedComment]) -> None:
    """Let an answer that names no idea be about the idea of the comment it answers."""
    lacking = {key: comment.parent for key, comment in comments.items() if not comment.idea and comment.parent}
    if not lacking:
        return
    elsewhere = {parent for parent in lacking.values() if parent not in comments}
    named = {key: comment.idea for key, comment in comments.items() if comment.idea}
    named |= _looked_up(order, elsewhere, ideas_of_comments)
    for key in lacking:
        comments[key] = replace(comments[key], idea=first_named(key, lacking, named))


def _refusal(comment: ImportedComment, ideas: Mapping[str, int], *, is_answered: bool) -> str:
    if not comment.idea:
        return Reason(_l("names no idea, and answers no comment that does"))
    if comment.idea not in ideas:
        return Reason(_l("there is no idea “%(id)s” in the process"), id=comment.idea)
    return "" if comment.text or is_answered else Reason(_l("has no text, and nobody answered it"))


def _looked_up(
    order: CommentImport, keys: Collection[str], look_up: Callable[[Session, int, Collection[str]], dict[str, T]]
) -> dict[str, T]:
    found: dict[str, T] = {}
    for some in _batches(sorted(keys)):
        found |= look_up(db.session(), order.process_id, some)
    # No read stays open until the first batch is written.
    db.session.rollback()
    return found


def _only_counted(order: CommentImport, report: ImportReport, comments: Sequence[ImportedComment]) -> ImportReport:
    known = _looked_up(order, [comment.external_id for comment in comments], known_comments)
    report.written = False
    report.present = len(known)
    report.added = len(comments) - len(known)
    return report


def _write(
    session: Session,
    actor: Actor,
    order: CommentImport,
    batch: Sequence[ImportedComment],
    report: ImportReport,
    now: datetime,
) -> None:
    added = add_comments(session, actor, process_id=order.process_id, comments=batch, now=now)
    if added and not report.added:
        record(session, CommentsImported(order.process_id), account_id=actor.account_id, now=now)
    report.added += len(added)
    report.present += len(batch) - len(added)


def _batches(things: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(things), BATCH):
        yield things[start : start + BATCH]


def _text(cell: str) -> str:
    text = normalise(cell)
    problem = text_problem(text, longest=COMMENT_LONGEST) if text else None
    if problem is not None and problem in PROBLEMS:
        raise FieldProblem(fields.wrong("text", problem))
    if problem:
        raise FieldProblem(fields.too_long(text, COMMENT_LONGEST))
    return text


def _stance(cell: str) -> CommentStance | None:
    try:
        return STANCES[cell.lower()]
    except KeyError:
        raise FieldProblem(
            Reason(
                _l("unknown stance “%(cell)s”; possible are %(names)s"),
                cell=excerpt(cell, fields.SHOWN),
                names=", ".join(STANCE_NAMES),
            )
        ) from None


def _count(cell: str) -> int:
    if not cell:
        return 0
    if not (cell.isascii() and cell.isdigit() and len(cell) < 9):
        raise FieldProblem(
            Reason(_l("“%(cell)s” is no number of people who found it helpful"), cell=excerpt(cell, fields.SHOWN))
        )
    return int(cell)
