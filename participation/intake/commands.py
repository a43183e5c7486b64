"""The command line of imports: ``import ideas``, ``import comments`` and ``import votes``."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import current_app

from participation.accounts.actor import SYSTEM
from participation.cases.models import SubjectKind
from participation.intake import comments
from participation.intake.command_files import (
    EXISTING_FILE,
    Command,
    chosen_file,
    of_platform,
    of_table,
    one_line_errors,
)
from participation.intake.deciding import CarryOut, VerdictOrder
from participation.intake.ideas import FIELDS, REPEATABLE, IdeaImport, check_columns, import_ideas
from participation.intake.models import IntakeKind
from participation.intake.report import ImportReport, Progress
from participation.intake.verdicts import meanings
from participation.intake.votes import (
    VoteFile,
    VoteImport,
    check_votes,
    import_statements,
    import_vote_file,
    import_votes,
)
from participation.kit import clock
from participation.kit.db import db
from participation.processes.queries import process_id_by_slug

SECONDS_BETWEEN_LINES = 5
BAR_STEPS = 1000
EXISTING = click.Path(exists=True, path_type=Path)


def _of_decisions(command: Command) -> Command:
    """Add the options for what comes in with decisions that were taken elsewhere, or waits for moderators here."""
    for option in (
        click.option(
            "--decisions",
            metavar="CELL=DECISION,…",
            default="",
            help="What the cells of the column decision mean, for example 1=publish,-1=hide,0=wait.",
        ),
        click.option("--ground", default="", help="The ground for what is hidden: the key of a rule or law."),
        click.option("--reason", default="", help="The facts for what is hidden; its authors read them."),
        click.option("--waiting", is_flag=True, help="Let everything wait for moderators."),
    ):
        command = option(command)
    return command


@click.group("import")
def import_group() -> None:
    """Bring in ideas, comments or votes from files; repeating an import adds nothing twice."""


@import_group.command("ideas")
@click.argument("process")
@click.argument("file", type=EXISTING_FILE)
@click.option(
    "--map",
    "pairs",
    metavar="FIELD=COLUMN",
    multiple=True,
    help=f"Which column holds what: {', '.join(FIELDS)}. Several columns may be joined to one {REPEATABLE}.",
)
@of_platform
@_of_decisions
@of_table
def ideas_command(
    process: str,
    file: Path,
    pairs: tuple[str, ...],
    dry_run: bool,
    all_or_nothing: bool,
    decisions: str,
    ground: str,
    reason: str,
    waiting: bool,
    carry_out: CarryOut | None = None,
    **others: str | bool | None,
) -> None:
    """Add the ideas of a CSV or XLSX file to a process.

    PROCESS is named as in its address. Without a title the first sentence of the text becomes one. Without principles
    an idea counts as "not sure". With --map id=COLUMN ideas keep the ids of their source. Without --map the file must
    be an export of a platform that is known, or fit a saved mapping.
    """
    with one_line_errors():
        chosen = chosen_file(IntakeKind.IDEAS, file, pairs, check_columns, waits=waiting, **others)
        order = IdeaImport(
            process_id=process_id_of(process),
            file=chosen.file,
            columns=chosen.columns,
            one_source=chosen.one_source,
            zone=clock.zone(current_app.config["TIMEZONE"]),
            dry_run=dry_run,
            all_or_nothing=all_or_nothing,
            meant=meanings(decisions),
            waits=waiting,
        )
        with show_progress("ideas") as progress:
            report = import_ideas(SYSTEM, order, now=clock.now(), progress=progress)
    show_report(report)
    end_report(report, dry_run=dry_run, all_or_nothing=all_or_nothing)
    _carry_out(carry_out, VerdictOrder(order.process_id, SubjectKind.IDEA, report.verdicts, ground, reason), report)


@import_group.command("comments")
@click.argument("process")
@click.argument("file", type=EXISTING_FILE)
@click.option(
    "--map",
    "pairs",
    metavar="FIELD=COLUMN",
    multiple=True,
    help=f"Which column holds what: {', '.join(comments.FIELDS)}.",
)
@of_platform
@click.option("--keep-orphans", is_flag=True, help="Let an answer to a comment that is nowhere begin a thread.")
@_of_decisions
@of_table
def comments_command(
    process: str,
    file: Path,
    pairs: tuple[str, ...],
    dry_run: bool,
    all_or_nothing: bool,
    keep_orphans: bool,
    decisions: str,
    ground: str,
    reason: str,
    waiting: bool,
    carry_out: CarryOut | None = None,
    **others: str | bool | None,
) -> None:
    """Add the discussions of a CSV or XLSX file to the ideas of a process.

    PROCESS is named as in its address. The column of the idea holds the id under which the idea was imported, that of
    the parent the id of the comment that is answered. The rows may stand in any order. Without --map the file must be
    an export of a platform that is known, or fit a saved mapping.
    """
    with one_line_errors():
        chosen = chosen_file(IntakeKind.COMMENTS, file, pairs, comments.check_mapping, waits=waiting, **others)
        order = comments.CommentImport(
            process_id=process_id_of(process),
            file=chosen.file,
            columns={name: sources[-1] for name, sources in chosen.columns.items()},
            zone=clock.zone(current_app.config["TIMEZONE"]),
            dry_run=dry_run,
            all_or_nothing=all_or_nothing,
            keeps_orphans=keep_orphans,
            meant=meanings(decisions),
            waits=waiting,
        )
        with show_progress("comments") as progress:
            report = comments.import_comments(SYSTEM, order, now=clock.now(), progress=progress)
    show_report(report)
    end_report(report, dry_run=dry_run, all_or_nothing=all_or_nothing)
    _carry_out(carry_out, VerdictOrder(order.process_id, SubjectKind.COMMENT, report.verdicts, ground, reason), report)


@import_group.command("votes")
@click.argument("process")
@click.argument("source", metavar="FOLDER|FILE", type=EXISTING)
@click.option(
    "--map",
    "pairs",
    metavar="FIELD=COLUMN",
    multiple=True,
    help="Which column of a FILE holds idea, voter, vote, created.",
)
@of_platform
@click.option("--dry-run", is_flag=True, help="Check every row, write nothing.")
def votes_command(
    process: str, source: Path, pairs: tuple[str, ...], dry_run: bool, **others: str | bool | None
) -> None:
    """Add statements and votes of a Polis export, or the votes of one file.

    PROCESS is named as in its address, FOLDER holds comments.csv and votes.csv. The last vote of a person on a
    statement counts. A process takes the exports of one conversation only: in others the same numbers stand for other
    statements and people. A FILE is a votes.csv or participants-votes.csv of Polis, or a table with --map.
    """
    if source.is_file():
        _votes_of_file(process, source, pairs, dry_run=dry_run, **others)
        return
    folder = source
    with one_line_errors():
        order = VoteImport(process_id=process_id_of(process), folder=folder, dry_run=dry_run)
        order.check()
        with show_progress("statements") as progress:
            statements = import_statements(SYSTEM, order, now=clock.now(), progress=progress)
        show_report(statements, "statements: ")
        with show_progress("votes") as progress:
            votes = import_votes(SYSTEM, order, now=clock.now(), progress=progress)
    show_report(votes, "votes: ")
    if dry_run:
        click.echo("Dry run: nothing was written.", err=True)


def _votes_of_file(
    process: str, source: Path, pairs: tuple[str, ...], *, dry_run: bool, **others: str | bool | None
) -> None:
    with one_line_errors():
        chosen = chosen_file(IntakeKind.VOTES, source, pairs, check_votes, **others)
        order = VoteFile(
            process_id_of(process), chosen.file, clock.zone(current_app.config["TIMEZONE"]), dry_run=dry_run
        )
        with show_progress("votes") as progress:
            report = import_vote_file(SYSTEM, order, now=clock.now(), progress=progress)
    show_report(report, "votes: ")
    end_report(report, dry_run=dry_run, all_or_nothing=False)


def end_report(report: ImportReport, *, dry_run: bool, all_or_nothing: bool) -> None:
    """Say that nothing was written by a dry run; raise ``ClickException`` where it was all or nothing, and not all."""
    if all_or_nothing and report.refused:
        raise click.ClickException("nothing was kept, because not every row could be taken")
    if dry_run:
        click.echo("Dry run: nothing was written.", err=True)


def _carry_out(carry_out: CarryOut | None, order: VerdictOrder, imported: ImportReport) -> None:
    """Have the decisions of a column carried out, also those that an earlier run did not come to."""
    if not order.verdicts or not imported.written or carry_out is None:
        return
    with show_progress("decisions") as progress:
        report = carry_out(order, progress)
    for external_id, problem in report.problems:
        click.echo(f"{external_id}: {problem}", err=True)
    click.echo(f"decisions: {report.summary()}")


def process_id_of(slug: str) -> int:
    """Return the process with this slug; raises ``ClickException``."""
    process_id = process_id_by_slug(db.session(), slug)
    if process_id is None:
        raise click.ClickException(f"there is no process “{slug}”")
    return process_id


@contextmanager
def show_progress(label: str) -> Iterator[Progress]:
    """Yield what shows progress on the error output: a bar in a terminal, elsewhere a line every few seconds."""
    if sys.stderr.isatty():
        with click.progressbar(length=BAR_STEPS, label=label, file=sys.stderr) as bar:
            yield lambda share, _rows: bar.update(int(share * BAR_STEPS) - bar.pos)
        return
    last = time.monotonic()

    def line(share: float, rows: int) -> None:
        nonlocal last
        if time.monotonic() - last >= SECONDS_BETWEEN_LINES:
            last = time.monotonic()
            click.echo(f"{label}: {rows:,} rows, {share:.0%}", err=True)

    yield line


def show_report(report: ImportReport, label: str = "") -> None:
    """Print what became of the rows: the refused ones on the error output, the figures on the other one."""
    for problem in report.problems:
        click.echo(str(problem), err=True)
    if report.refused > len(report.problems):
        click.echo(f"… and {report.refused - len(report.problems):,} more", err=True)
    click.echo(f"Read as {report.source}.", err=True)
    click.echo(f"{label}{report.summary()}")
