"""Bringing in votes from a table, and a whole Polis conversation: its statements as ideas, its votes as votes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from participation.accounts.actor import Actor
from participation.activity.service import record
from participation.comments.bulk import idea_ids
from participation.ideas.bulk import EXTERNAL_ID_LONGEST, ImportedIdea, add_ideas, contradicting, known_external_ids
from participation.ideas.models import IdeaState
from participation.ideas.policies import may_import
from participation.intake import fields
from participation.intake.ending import saying_when_over
from participation.intake.events import IdeasImported, VotesImported
from participation.intake.fields import FieldProblem
from participation.intake.ideas import DEFAULT_LANGUAGE, another_source
from participation.intake.layouts import layout_by_key
from participation.intake.models import IntakeKind
from participation.intake.reasons import Reason
from participation.intake.reasons import marked as _l
from participation.intake.report import ImportReport, Progress, silent
from participation.intake.rows import ImportProblem, Row, has_columns
from participation.intake.shapes import Shape, ShapedFile, Source
from participation.intake.tables import Table, TableFile
from participation.kit.db import db, transaction
from participation.kit.permissions import require
from participation.processes.bulk import KEY_LONGEST
from participation.processes.queries import process_by_id
from participation.texts import detect_language, excerpt
from participation.voting.bulk import ImportedVote, take_votes
from participation.voting.models import Stance

COMMENTS, VOTES = "comments.csv", "votes.csv"
COMMENT_COLUMNS = ("comment-id", "comment-body")
OPTIONAL_COLUMNS = ("moderated", "timestamp", "author-id")
VOTE_COLUMNS = {"idea": ["comment-id"], "voter": ["voter-id"], "vote": ["vote"], "created": ["timestamp"]}
NEEDED = ("idea", "voter", "vote")
MODERATED_OUT = "-1"
STANCES: Mapping[str, Stance] = {stance.value: stance for stance in Stance} | {
    "1": Stance.AGREE,
    "-1": Stance.DISAGREE,
    "0": Stance.UNSURE,
    "pass": Stance.UNSURE,
}
IDEA_BATCH = 500
VOTE_BATCH = 500


@dataclass(frozen=True, slots=True)
class VoteImport:
    """The folder of a Polis export and the process it goes into; a process takes one conversation."""

    process_id: int
    folder: Path
    dry_run: bool = False

    @property
    def votes(self) -> "VoteFile":
        """The file of votes."""
        shape = Shape(IntakeKind.VOTES, VOTE_COLUMNS, layout_by_key("polis-votes"))
        file = ShapedFile(TableFile(self.folder / VOTES), shape)
        return VoteFile(self.process_id, file, dry_run=self.dry_run, looks_up=not self.dry_run)

    def check(self) -> None:
        """Raise ``ImportProblem`` unless both files are there."""
        for name in (COMMENTS, VOTES):
            if not (self.folder / name).is_file():
                raise ImportProblem(f"{self.folder} has no file {name}")


@dataclass(frozen=True, slots=True)
class VoteFile:
    """A table of votes with the columns idea, voter, vote and perhaps created, and the process they go into.

    A dry run ``looks_up`` whether the ideas are there, unless they would have come just before.
    """

    process_id: int
    file: Source
    zone: tzinfo = UTC
    dry_run: bool = False
    looks_up: bool = True


def import_statements(actor: Actor, order: VoteImport, *, now: datetime, progress: Progress = silent) -> ImportReport:
    """Add the statements of the export as ideas and return what became of them; repeating it adds nothing.

    Statements that were moderated out there arrive hidden. Needs an application context; raises ``ImportProblem``, also
    when the process has other texts under the same ids, ``Refused`` for anybody but admins and staff, ``Missing``
    without the process.
    """
    order.check()
    require(may_import(actor, order.process_id))
    process_by_id(db.session(), order.process_id)
    _refuse_another_conversation(order, now)
    report = ImportReport(written=not order.dry_run)
    over = saying_when_over(actor, order.process_id, report, now=now)
    with TableFile(order.folder / COMMENTS).open(COMMENT_COLUMNS) as table, over:
        report.source = table.description
        for batch in _statements(table, report, now, progress):
            if order.dry_run:
                known = known_external_ids(db.session(), order.process_id, [idea.external_id for idea in batch])
                report.added += len(batch) - len(known)
                report.present += len(known)
                continue
            with transaction() as session:
                added = add_ideas(session, actor, process_id=order.process_id, ideas=batch, now=now)
                if added and not report.added:
                    record(session, IdeasImported(order.process_id), account_id=actor.account_id, now=now)
            report.added += len(added)
            report.present += len(batch) - len(added)
    db.session.rollback()
    return report


def import_votes(actor: Actor, order: VoteImport, *, now: datetime, progress: Progress = silent) -> ImportReport:
    """Take over the votes of the export on statements that are there already; as ``import_vote_file`` does."""
    order.check()
    return import_vote_file(actor, order.votes, now=now, progress=progress)


def import_vote_file(
    actor: Actor,
    order: VoteFile,
    *,
    now: datetime,
    progress: Progress = silent,
    report: ImportReport | None = None,
) -> ImportReport:
    """Take over votes on ideas that are there already, and return what became of them.

    A person's last vote on an idea counts. Memory does not grow with the file. A dry run tells which rows could
    be read, not how often somebody voted again. Needs an application context; raises as ``import_statements``.
    """
    require(may_import(actor, order.process_id))
    process_by_id(db.session(), order.process_id)
    db.session.rollback()
    report = ImportReport() if report is None else report
    report.written = not order.dry_run
    with order.file.open(NEEDED) as table:
        report.source = table.description
        for numbers, votes in _votes(table, order.zone, report, now, progress):
            if order.dry_run:
                unknown = _without_idea(order.process_id, votes) if order.looks_up else []
                report.added += len(votes) - len(unknown)
            else:
                with transaction() as session:
                    taken = take_votes(session, actor, process_id=order.process_id, votes=votes)
                    if taken.added and not report.added:
                        record(session, VotesImported(order.process_id), account_id=actor.account_id, now=now)
                report.added += taken.added
                report.changed += taken.changed
                report.present += taken.present
                unknown = taken.unknown
            for place in unknown:
                idea = votes[place].external_id
                report.refuse(numbers[place], Reason(_l("there is no idea “%(id)s” in the process"), id=idea))
    return report


def check_votes(columns: Mapping[str, Sequence[str]]) -> None:
    """Raise ``ImportProblem`` unless the mapping names the columns that votes need, each once."""
    missing = [name for name in NEEDED if len(columns.get(name, ())) != 1]
    if missing:
        raise ImportProblem(Reason(_l("these must be mapped to one column each: %(names)s"), names=", ".join(missing)))


def _without_idea(process_id: int, votes: list[ImportedVote]) -> list[int]:
    known = idea_ids(db.session(), process_id, {vote.external_id for vote in votes})
    # No read stays open while the file is read on.
    db.session.rollback()
    return [place for place, vote in enumerate(votes) if vote.external_id not in known]


def _refuse_another_conversation(order: VoteImport, now: datetime) -> None:
    # Every conversation counts its statements from 0: votes of a second one would land on the first one's statements.
    with TableFile(order.folder / COMMENTS).open(COMMENT_COLUMNS) as table:
        for batch in _statements(table, ImportReport(), now, silent):
            others = contradicting(db.session(), order.process_id, batch)
            if others:
                raise ImportProblem(another_source(min(others)))


def _statements(table: Table, report: ImportReport, now: datetime, progress: Progress) -> Iterator[list[ImportedIdea]]:
    names = [*COMMENT_COLUMNS, *(name for name in OPTIONAL_COLUMNS if has_columns(table.columns, [name]))]
    places = {name: table.place(name) for name in names}
    seen: set[str] = set()
    batch: list[ImportedIdea] = []
    for row in table.rows:
        report.read += 1
        try:
            idea = _statement(row, places, now)
        except FieldProblem as problem:
            report.refuse(row.number, problem.reason)
            continue
        if idea.external_id in seen:
            report.refuse(row.number, Reason(_l("the comment-id %(id)s is there twice"), id=idea.external_id))
            continue
        seen.add(idea.external_id)
        batch.append(idea)
        if len(batch) == IDEA_BATCH:
            yield batch
            batch = []
            progress(table.position(), report.read)
    if batch:
        yield batch
    progress(1.0, report.read)


def _statement(row: Row, places: Mapping[str, int], now: datetime) -> ImportedIdea:
    if row.problem is not None:
        raise FieldProblem(row.problem)
    cells = {name: row.cells[place].strip() for name, place in places.items()}
    external_id = fields.key("comment-id", cells["comment-id"], EXTERNAL_ID_LONGEST)
    if not external_id:
        raise FieldProblem(Reason(_l("has no comment-id")))
    title, text = fields.title_and_text("", cells["comment-body"])
    timestamp = cells.get("timestamp")
    return ImportedIdea(
        external_id=external_id,
        author_key=fields.key("author-id", cells.get("author-id", ""), KEY_LONGEST) or None,
        state=IdeaState.HIDDEN if cells.get("moderated") == MODERATED_OUT else IdeaState.PUBLISHED,
        title=title,
        text=text,
        language=detect_language(text, default=DEFAULT_LANGUAGE),
        submitted_at=fields.milliseconds(timestamp, now) if timestamp else now,
    )


def _votes(
    table: Table, zone: tzinfo, report: ImportReport, now: datetime, progress: Progress
) -> Iterator[tuple[list[int], list[ImportedVote]]]:
    places = {name: table.place(name) for name in table.columns}
    numbers: list[int] = []
    batch: list[ImportedVote] = []
    for row in table.rows:
        if report.passes(row):
            continue
        try:
            batch.append(_vote(row, places, zone, now))
        except FieldProblem as problem:
            report.refuse(row.number, problem.reason)
            continue
        numbers.append(row.number)
        if len(batch) == VOTE_BATCH:
            yield numbers, batch
            numbers, batch = [], []
            progress(table.position(), report.read)
    if batch:
        yield numbers, batch
    progress(1.0, report.read)


def _vote(row: Row, places: Mapping[str, int], zone: tzinfo, now: datetime) -> ImportedVote:
    if row.problem is not None:
        raise FieldProblem(row.problem)
    cells = {name: row.cells[place].strip() for name, place in places.items()}
    stance = STANCES.get(cells["vote"].casefold())
    if stance is None:
        raise FieldProblem(
            Reason(_l("the vote “%(cell)s” is none of 1, 0 and -1"), cell=excerpt(cells["vote"], fields.SHOWN))
        )
    idea = fields.key("idea", cells["idea"], EXTERNAL_ID_LONGEST)
    voter = fields.key("voter", cells["voter"], KEY_LONGEST)
    if not idea or not voter:
        raise FieldProblem(Reason(_l("does not say which idea or whose vote")))
    created = cells.get("created", "")
    return ImportedVote(idea, voter, stance, fields.moment(created, zone, now), is_dated=bool(created))
