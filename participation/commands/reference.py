"""Command that brings in how the whole city is made up."""

from pathlib import Path

import click

from participation.accounts.actor import SYSTEM
from participation.commands.group import in_application
from participation.demographics.reference import import_reference, read_reference
from participation.kit.db import transaction


@click.group()
def reference() -> None:
    """How the whole city is made up, to hold against who takes part."""


@reference.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@in_application
def import_(file: Path) -> None:
    """Import shares of residents by age, gender, district and so on.

    FILE is YAML or JSON: format 1, the key of the framework, and for each characteristic its source and, per option,
    residents (numbers of people) or percent. Options that it leaves out are not known.
    """
    content = read_reference(file)
    with transaction() as session:
        import_reference(session, SYSTEM, content=content)
    counts = ", ".join(f"{one.characteristic} ({len(one.millionths)} options)" for one in content.references)
    click.echo(f"{content.framework}: {counts}")
