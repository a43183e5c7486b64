"""Commands about the database: bringing it up to date, and looking whether all is well."""

import click
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import func, select

from participation.activity.models import Delivery, DeliveryState, Job, JobState
from participation.commands.group import OUTDATED, in_application
from participation.kit.db import db
from participation.processes.queries import all_processes
from participation.voting.queries import tally_breaks


def is_up_to_date() -> bool:
    """Return whether the database is at the newest migration."""
    with db.engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_heads()
    return set(current) == set(ScriptDirectory.from_config(_alembic()).get_heads())


def bring_up_to_date() -> None:
    """Run the migrations that are missing; raises ``CommandError`` for a database from a later version."""
    command.upgrade(_alembic(), "head")


@click.command()
@in_application
def migrate() -> None:
    """Create the tables or bring them up to date."""
    if is_up_to_date():
        click.echo("The database is up to date already.")
        return
    bring_up_to_date()
    click.echo("The database is up to date.")


@click.command()
@in_application
def check() -> None:
    """Look for wrong tallies, dead deliveries, failed jobs."""
    if not is_up_to_date():
        raise click.ClickException(OUTDATED)
    found = _findings()
    for sentence in found:
        click.echo(sentence)
    if found:
        raise click.ClickException(f"{len(found)} finding{'s' if len(found) > 1 else ''}")
    click.echo("All is well.")


def _findings() -> list[str]:
    session = db.session()
    found = []
    for process in all_processes(session, with_drafts=True):
        broken = tally_breaks(session, process.id)
        if broken:
            ids = ", ".join(map(str, broken[:10])) + (" …" if len(broken) > 10 else "")
            found.append(f"{process.slug}: the tally of {len(broken)} ideas differs from their votes: {ids}")
    dead = session.execute(
        select(Delivery.handler, func.count())
        .where(Delivery.state == DeliveryState.DEAD)
        .group_by(Delivery.handler)
        .order_by(Delivery.handler)
    )
    found += [f"{count} dead deliveries to {handler}" for handler, count in dead]
    failed = session.execute(
        select(Job.kind, func.count()).where(Job.state == JobState.FAILED).group_by(Job.kind).order_by(Job.kind)
    )
    return found + [f"{count} failed jobs: {kind}" for kind, count in failed]


def _alembic() -> Config:
    configuration: Config = current_app.extensions["migrate"].migrate.get_config()
    return configuration
