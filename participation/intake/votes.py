"""Bringing in a Polis conversation: its statements as ideas, its votes as votes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from participation.accounts.actor import Actor
from participation.activity.service import record
from participation.ideas.bulk import EXTERNAL_ID_LONGEST, ImportedIdea, add_ideas, contradicting, known_external_ids
from participation.ideas.models import IdeaState
from participation.ideas.policies import may_import
from participation.intake import fields
from participation.intake.events import IdeasImported, VotesImported
from participation.intake.fields import FieldProblem
from participation.intake.ideas import DEFAULT_LANGUAGE
from participation.intake.report import ImportReport, Progress, silent
from participation.intake.rows import ImportProblem, Row, has_columns
from participation.intake.tables import Table, TableFile
from participation.kit.db import db, transaction
from participation.kit.permissions import require
from participation.processes.bulk import KEY_LONGEST
from participation.processes.queries import process_by_id
from participation.texts import detect_language
from participation.voting.bulk import ImportedVote, take_votes
from participation.voting.models import Stance

COMMENTS, VOTES = "comments.csv", "votes.csv"
COMMENT_COLUMNS = ("comment-id", "comment-body")
OPTIONAL_COLUMNS = ("moderated", "timestamp", "author-id")
VOTE_COLUMNS = ("timestamp", "comment-id", "voter-id", "vote")
MODERATED_OUT = "-1"
STANCES: Mapping[str, Stance] = {"1": Stance.AGREE, "-1": Stance.DISAGREE, "0": Stance.UNSURE}
IDEA_BATCH = 500
VOTE_BATCH = 500


@dataclass(frozen=True, slots=True)
class VoteImport:
    """The folder of a Polis export and the process it goes into; a process takes one conversation."""

    process_id: int
    folder: Path
    dry_run: bool = False

    def check(self) -> None:
        """Raise ``ImportProblem`` unless both files are there."""
        for name in (COMMENTS, VOTES):
            if not (self.folder / name).is_file():
                raise ImportProblem(f"{self.folder} has no file {name}")


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
    with TableFile(order.folder / COMMENTS).open(COMMENT_COLUMNS) as table:
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
    """Take over the votes of the export on statements that are there already, and return what became of them.

    A person's last vote on a statement counts. Memory does not grow with the file. A dry run tells which rows could
    be read, not how often somebody voted again. Needs an application context; raises as ``import_statements``.
    """
    order.check()
    require(may_import(actor, order.process_id))
    report = ImportReport(written=not order.dry_run)
    with TableFile(order.folder / VOTES).open(VOTE_COLUMNS) as table:
        report.source = table.description
        for numbers, votes in _votes(table, report, now, progress):
            if order.dry_run:
                report.added += len(votes)
                continue
            with transaction() as session:
                taken = take_votes(session, actor, process_id=order.process_id, votes=votes)
                if taken.added and not report.added:
                    record(session, VotesImported(order.process_id), account_id=actor.account_id, now=now)
            report.added += taken.added
            report.changed += taken.changed
            report.present += taken.present
            for place in taken.unknown:
                report.refuse(numbers[place], f"there is no statement {votes[place].external_id}")
    return report


def _refuse_another_conversation(order: VoteImport, now: datetime) -> None:
    # Every conversation counts its statements from 0: votes of a second one would land on the first one's statements.
    with TableFile(order.folder / COMMENTS).open(COMMENT_COLUMNS) as table:
        for batch in _statements(table, ImportReport(), now, silent):
            others = contradicting(db.session(), order.process_id, batch)
            if others:
                raise ImportProblem(
                    f"the process has another text under the id {min(others)}; a process takes one conversation only"
                )


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
            report.refuse(row.number, str(problem))
            continue
        if idea.external_id in seen:
            report.refuse(row.number, f"the comment-id {idea.external_id} is there twice")
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
        raise FieldProblem("has no comment-id")
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
    table: Table, report: ImportReport, now: datetime, progress: Progress
) -> Iterator[tuple[list[int], list[ImportedVote]]]:
    places = [table.place(name) for name in VOTE_COLUMNS]
    numbers: list[int] = []
    batch: list[ImportedVote] = []
    for row in table.rows:
        report.read += 1
        try:
            batch.append(_vote(row, places, now))
        except FieldProblem as problem:
            report.refuse(row.number, str(problem))
            continue
        numbers.append(row.number)
        if len(batch) == VOTE_BATCH:
            yield numbers, batch
            numbers, batch = [], []
            progress(table.position(), report.read)
    if batch:
        yield numbers, batch
    progress(1.0, report.read)


def _vote(row: Row, places: list[int], now: datetime) -> ImportedVote:
    if row.problem is not None:
        raise FieldProblem(row.problem)
    timestamp, comment_id, voter_id, vote = (row.cells[place].strip() for place in places)
    if vote not in STANCES:
        raise FieldProblem(f"the vote “{vote[:20]}” is none of 1, 0 and -1")
    if not comment_id or not voter_id:
        raise FieldProblem("has no comment-id or no voter-id")
    if len(comment_id) > EXTERNAL_ID_LONGEST or len(voter_id) > KEY_LONGEST:
        raise FieldProblem("has a comment-id or voter-id that is too long")
    return ImportedVote(comment_id, voter_id, STANCES[vote], fields.milliseconds(timestamp, now))
