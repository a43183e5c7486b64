"""Writing the strategy input of a process into a file."""

from pathlib import Path
from typing import Any, cast

import click
from flask import current_app

from participation.accounts.actor import SYSTEM
from participation.commands.group import in_application
from participation.commands.processes import process_named
from participation.kit import clock
from participation.kit.db import db

FORMATS = ["xlsx", "ods", "docx", "pdf", "csv", "tables", "json", "jsonl"]
DELIMITERS = {"semicolon": ";", "comma": ","}


@click.command()
@click.argument("process")
@click.option("--format", "format_", type=click.Choice(FORMATS), help="File format; without it, by the name of FILE.")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Where to.")
@click.option("--language", default="de", show_default=True, help="Language of headings and editorial texts.")
@click.option(
    "--delimiter",
    type=click.Choice([*DELIMITERS, *DELIMITERS.values()]),
    default="semicolon",
    show_default=True,
    help="What ends a cell of CSV.",
)
@click.option(
    "--bom/--no-bom", default=True, show_default=True, help="Begin CSV with a mark by which Excel knows UTF-8."
)
@click.option("--number", metavar="TEXT", help="Number of the council paper; without it, that of the process.")
@in_application
def export(
    process: str, format_: str | None, out: Path, language: str, delimiter: str, bom: bool, number: str | None
) -> None:
    """Write the strategy input of a process to a file.

    "tables" is a ZIP of one CSV for each sheet of the workbook, "jsonl" one JSON object a line.
    """
    # Typesetting and spreadsheets are slow to load.
    from participation.exports.files import write_strategy_input
    from participation.exports.options import NUMBER_LONGEST, Delimiter, Options
    from participation.exports.writers import WRITERS

    name = format_ or _format_of(out)
    if name not in WRITERS:
        raise click.ClickException(f"{out}: say which format with --format, one of {', '.join(WRITERS)}")
    offered = current_app.config["LANGUAGES"]
    if language not in offered:
        raise click.ClickException(f"there is no language {language!r}; there are: {', '.join(offered)}")
    if number is not None and len(number) > NUMBER_LONGEST:
        raise click.ClickException(f"the number of a council paper has at most {NUMBER_LONGEST} characters")
    if not out.resolve().parent.is_dir():
        raise click.ClickException(f"there is no folder {out.parent}")
    process_id = process_named(db.session(), process).id
    write_strategy_input(
        SYSTEM,
        process_id=process_id,
        file_format=name,
        language=language,
        path=out,
        now=clock.now(),
        options=Options(delimiter=cast("Delimiter", DELIMITERS.get(delimiter, delimiter)), bom=bom, number=number),
        progress=_shown(),
    )
    click.echo(f"{out}: {out.stat().st_size} bytes")


def _format_of(out: Path) -> str:
    suffix = out.suffix.removeprefix(".").lower()
    return "tables" if suffix == "zip" else suffix


def _shown() -> Any:
    """Return what shows how far it is: to people at a terminal, not in logs."""
    import sys

    from participation.exports.jobs import now_and_then

    if not sys.stderr.isatty():
        return lambda _rows: None
    return now_and_then(lambda rows: click.echo(f"\r{rows} rows read and written", nl=False, err=True))
