"""What the command line of imports is told about one file: how it is read, and which column holds what."""

import codecs
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from participation.intake.choices import Choices, first_choices, fits
from participation.intake.ideas import check_columns
from participation.intake.layouts import layout_by_key, platforms, recognise
from participation.intake.models import IntakeKind
from participation.intake.queries import mapping_named
from participation.intake.reasons import Reason
from participation.intake.reasons import marked as _l
from participation.intake.rows import ImportProblem
from participation.intake.shapes import ShapedFile, Source
from participation.intake.tables import TableFile
from participation.kit.db import db
from participation.kit.permissions import Missing

DELIMITER_NAMES = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "bar": "|"}
Command = Callable[..., None]
Check = Callable[[Mapping[str, Sequence[str]]], None]
EXISTING_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def of_table(command: Command) -> Command:
    """Add the options of imports from one table: how it is read, and whether anything is written."""
    for option in (
        click.option("--sheet", help="The sheet of an XLSX file; otherwise the first one that has the columns."),
        click.option(
            "--encoding", help="The encoding of a CSV file, for example windows-1252; found out when left away."
        ),
        click.option(
            "--delimiter", help="What stands between two cells of a CSV file (also: tab); found out when left away."
        ),
        click.option("--all-or-nothing", is_flag=True, help="Write nothing when a single row cannot be taken."),
        click.option("--dry-run", is_flag=True, help="Check every row, write nothing."),
    ):
        command = option(command)
    return command


def columns_of(pairs: Sequence[str], check: Check = check_columns) -> dict[str, list[str]]:
    """Return the columns of each field from pairs like FIELD=COLUMN; raises ``UsageError``."""
    columns: dict[str, list[str]] = {}
    for pair in pairs:
        name, sign, column = pair.partition("=")
        if not sign or not column.strip():
            raise click.UsageError(f"--map needs FIELD=COLUMN, not “{pair}”")
        columns.setdefault(name.strip().lower(), []).append(column.strip())
    try:
        check(columns)
    except ImportProblem as problem:
        raise click.UsageError(f"--map: {problem}") from None
    return columns


def table_of(
    file: Path, *, delimiter: str | None = None, encoding: str | None = None, sheet: str | None = None
) -> TableFile:
    """Return the file to read with what is known about it; raises ``UsageError``."""
    return TableFile(file, delimiter=_delimiter(delimiter), encoding=_encoding(encoding), sheet=sheet)


def _delimiter(value: str | None) -> str | None:
    delimiter = DELIMITER_NAMES.get(value.lower(), value) if value else None
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n'):
        raise click.UsageError("--delimiter must be one character, or: tab")
    return delimiter


def _encoding(value: str | None) -> str | None:
    if value is None:
        return None
    try:
        return codecs.lookup(value).name
    except LookupError:
        raise click.UsageError(f"--encoding: there is no encoding called “{value}”") from None


@contextmanager
def one_line_errors() -> Iterator[None]:
    """Let a file that cannot be read be an error of one line."""
    try:
        yield
    except ImportProblem as problem:
        raise click.ClickException(" ".join(str(problem).split())) from None


@dataclass(frozen=True, slots=True)
class ChosenFile:
    """A file ready to be imported: its columns by field, and whether its ids may mean one thing only."""

    file: Source
    columns: Mapping[str, Sequence[str]]
    one_source: bool = False


def of_platform(command: Command) -> Command:
    """Add the options that say what a file looks like, instead of naming each column."""
    for option in (
        click.option(
            "--from", "platform", type=click.Choice([*platforms()]), help="The platform whose export the file is."
        ),
        click.option("--mapping", metavar="NAME", help="A column mapping that was saved at the desk."),
        click.option(
            "--with-left-out", is_flag=True, help="Also take what was rejected, withdrawn or hidden on the platform."
        ),
    ):
        command = option(command)
    return command


def chosen_file(
    kind: IntakeKind,
    path: Path,
    pairs: Sequence[str],
    check: Check,
    *,
    platform: str | bool | None = None,
    mapping: str | bool | None = None,
    with_left_out: str | bool | None = False,
    waits: str | bool | None = False,
    **reading: str | bool | None,
) -> ChosenFile:
    """Return the file with the columns named one by one, those of its platform, or those of a saved mapping.

    Raises ``ImportProblem`` for a file that fits none, ``UsageError`` for options that contradict each other.
    """
    table = table_of(path, **{name: str(value) for name, value in reading.items() if value})
    if pairs:
        if platform or mapping or with_left_out:
            raise click.UsageError("--map names the columns; --from, --mapping and --with-left-out do not go with it")
        columns = columns_of(pairs, check)
        if kind is not IntakeKind.VOTES:
            return ChosenFile(table, columns)
        file = ShapedFile(table, Choices(columns).shape(kind))
        return ChosenFile(file, columns)
    choices = _saved(kind, str(mapping), table) if mapping else _recognised(kind, str(platform or ""), table)
    choices = Choices(choices.columns, choices.layout, bool(with_left_out), bool(waits), choices.keeps_orphans)
    file = ShapedFile(table, choices.shape(kind))
    layout = layout_by_key(choices.layout)
    columns = file.columns()
    check(columns)
    return ChosenFile(file, columns, one_source=layout.one_source if layout else False)


def _recognised(kind: IntakeKind, platform: str, table: TableFile) -> Choices:
    with table.open() as opened:
        layout = recognise(opened.columns, platform=platform, kind=kind)
        if layout is None:
            raise ImportProblem(
                Reason(
                    _l("%(name)s does not look like %(kind)s of a platform that is known; name its columns with --map"),
                    name=table.name,
                    kind=Reason(kind.value),
                )
            )
        click.echo(f"Recognised as {layout.title['en']}.", err=True)
        return first_choices(layout, opened.columns, kind)


def _saved(kind: IntakeKind, name: str, table: TableFile) -> Choices:
    try:
        saved = mapping_named(db.session(), name)
    except Missing:
        raise click.UsageError(f"there is no saved mapping “{name}”") from None
    finally:
        db.session.rollback()
    if saved.kind is not kind:
        raise click.UsageError(f"the mapping “{name}” is for {saved.kind.value}")
    choices = Choices.read(saved.columns)
    wanted = [column for columns in choices.columns.values() for column in columns if not column.endswith("/*")]
    with table.open(wanted) as opened:
        if not fits(choices.columns, choices.layout, opened.columns):
            raise ImportProblem(
                Reason(_l("%(name)s has not the columns of the mapping “%(mapping)s”"), name=table.name, mapping=name)
            )
    return choices
