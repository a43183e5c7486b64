"""The command line of the board: ``import filings``."""

from pathlib import Path

import click
from flask import current_app

from participation.accounts.actor import SYSTEM
from participation.curation.board.imports import (
    FIELDS,
    SEPARATORS,
    SEVERAL,
    FilingImport,
    FilingReport,
    check_columns,
    import_filings,
)
from participation.intake.command_files import EXISTING_FILE, columns_of, of_table, one_line_errors, table_of
from participation.intake.commands import end_report, process_id_of, show_progress, show_report
from participation.kit import clock

THEMES_SHOWN = 20


@click.command("filings")
@click.argument("process")
@click.argument("file", type=EXISTING_FILE)
@click.option(
    "--map",
    "pairs",
    metavar="FIELD=COLUMN",
    multiple=True,
    required=True,
    help=f"Which column holds what: {', '.join(FIELDS)}. Several columns may hold a {SEVERAL}.",
)
@click.option(
    "--separators",
    default=SEPARATORS,
    show_default=True,
    help="Characters that stand between several themes in one cell; |; also cuts at semicolons.",
)
@click.option(
    "--make-missing/--no-make-missing", default=True, help="Make themes that are not there yet, or refuse their rows."
)
@click.option("--language", help="The language of the titles of new themes; otherwise that of the city.")
@of_table
def filings_command(
    process: str,
    file: Path,
    pairs: tuple[str, ...],
    separators: str,
    make_missing: bool,
    language: str | None,
    dry_run: bool,
    all_or_nothing: bool,
    **reading: str | None,
) -> None:
    """File the ideas of a process under themes, as a CSV or XLSX file says.

    PROCESS is named as in its address. An idea is named by the id under which it was imported or by its number, a
    theme by its title in any language. An idea belongs to several themes where it has several rows, several columns or
    several titles in a cell; its main theme is the one that the column main says, otherwise the first. All of it is one
    step on the board, which can be undone there.
    """
    columns = columns_of(pairs, check_columns)
    table = table_of(file, **reading)
    with one_line_errors():
        order = FilingImport(
            process_id=process_id_of(process),
            file=table,
            columns=columns,
            language=_language(language),
            separators=separators,
            makes_missing=make_missing,
            dry_run=dry_run,
            all_or_nothing=all_or_nothing,
        )
        with show_progress("filings") as progress:
            report = import_filings(SYSTEM, order, now=clock.now(), progress=progress)
    show_report(report)
    _show_step(report)
    end_report(report, dry_run=dry_run, all_or_nothing=all_or_nothing)


def _show_step(report: FilingReport) -> None:
    if report.themes:
        rest = " …" if len(report.themes) > THEMES_SHOWN else ""
        titles = ", ".join(f"“{title}”" for title in report.themes[:THEMES_SHOWN])
        click.echo(f"{len(report.themes)} new themes: {titles}{rest}")
    if report.number is not None:
        click.echo(f"{report.moved:,} ideas moved; this is step {report.number} of the board.")


def _language(code: str | None) -> str:
    languages: list[str] = list(current_app.config["LANGUAGES"])
    if code is None:
        return languages[0]
    if code not in languages:
        raise click.BadParameter(f"possible are {', '.join(languages)}", param_hint="--language")
    return code
