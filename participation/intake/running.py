"""Importing one file as staff chose: which import it is, and what it is told."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from participation.accounts.actor import Actor
from participation.intake.choices import Choices
from participation.intake.comments import CommentImport, import_comments
from participation.intake.ideas import IdeaImport, import_ideas
from participation.intake.layouts import layout_by_key
from participation.intake.models import IntakeKind
from participation.intake.report import ImportReport, Progress
from participation.intake.shapes import ShapedFile
from participation.intake.tables import TableFile
from participation.intake.votes import VoteFile, import_vote_file
from participation.kit import clock

PER_MILLE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A file, what staff chose for it, and on whose behalf it goes into which process."""

    actor: Actor
    process_id: int
    kind: IntakeKind
    file: TableFile
    choices: Choices
    zone: ZoneInfo
    most_rows: int | None = None
    is_trial: bool = False
    all_or_nothing: bool = False


def run_import(order: Order, report: ImportReport, progress: Progress) -> None:
    """Import the file, or only try it out, and put into ``report`` what became of its rows.

    Needs an application context; raises ``ImportProblem``, ``Refused`` and ``Missing`` as the imports do.
    """
    file = ShapedFile(order.file, order.choices.shape(order.kind), order.most_rows)
    now = clock.now()
    match order.kind:
        case IntakeKind.IDEAS:
            layout = layout_by_key(order.choices.layout)
            ideas = IdeaImport(
                process_id=order.process_id,
                file=file,
                columns=file.columns(),
                zone=order.zone,
                dry_run=order.is_trial,
                all_or_nothing=order.all_or_nothing,
                waits=order.choices.waits,
                one_source=layout.one_source if layout else False,
            )
            import_ideas(order.actor, ideas, now=now, progress=progress, report=report)
        case IntakeKind.COMMENTS:
            comments = CommentImport(
                process_id=order.process_id,
                file=file,
                columns={name: names[0] for name, names in file.columns().items()},
                zone=order.zone,
                dry_run=order.is_trial,
                all_or_nothing=order.all_or_nothing,
                keeps_orphans=order.choices.keeps_orphans,
                waits=order.choices.waits,
            )
            import_comments(order.actor, comments, now=now, progress=progress, report=report)
        case IntakeKind.VOTES:
            votes = VoteFile(order.process_id, file, order.zone, dry_run=order.is_trial)
            import_vote_file(order.actor, votes, now=now, progress=progress, report=report)
