"""Writing the strategy input of a process into a file."""

from pathlib import Path

import click
from flask import current_app

from participation.accounts.actor import SYSTEM
from participation.commands.group import in_application
from participation.commands.processes import process_named
from participation.kit import clock
from participation.kit.db import db

FORMATS = ["xlsx", "docx", "pdf", "csv", "json"]


@click.command()
@click.argument("process")
@click.option("--format", "format_", type=click.Choice(FORMATS), help="File format; without it, by the name of FILE.")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Where to.")
@click.option("--language", default="de", show_default=True, help="Language of headings and editorial texts.")
@in_application
def export(process: str, format_: str | None, out: Path, language: str) -> None:
    """Write the strategy input of a process to a file."""
    # Typesetting and spreadsheets are slow to load.
    from participation.exports.files import write_strategy_input
    from participation.exports.writers import WRITERS

    name = format_ or out.suffix.removeprefix(".").lower()
    if name not in WRITERS:
        raise click.ClickException(f"{out}: say which format with --format, one of {', '.join(WRITERS)}")
    offered = current_app.config["LANGUAGES"]
    if language not in offered:
        raise click.ClickException(f"there is no language {language!r}; there are: {', '.join(offered)}")
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
        progress=lambda _rows: None,
    )
    click.echo(f"{out}: {out.stat().st_size} bytes")
