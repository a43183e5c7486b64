"""Commands about the database: bringing it up to date, and looking whether all is well."""

from collections.abc import Sequence

import click
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from participation.activity.models import Delivery, DeliveryState, Job, JobState
from participation.activity.routines import Trouble, troubles
from participation.commands.group import OUTDATED, in_application
from participation.commands.search import index_in_batches, index_wordings_in_batches
from participation.comments.marks import helpful_breaks
from participation.ideas.search import to_index
from participation.kit import clock
from participation.kit.db import db
from participation.listings.standings import standing_breaks
from participation.moderation.soundness import case_breaks, forgotten
from participation.notifications.service import unread_breaks
from participation.processes.queries import all_processes
from participation.suggestions.verifying import suggestion_breaks
from participation.tallies.verify import missing_files
from participation.voting.priority_queries import priority_breaks
from participation.voting.queries import tally_breaks
from participation.wordings import searching

MOST_COUNTED = 1000


def is_up_to_date() -> bool:
    """Return whether the database is at the newest migration."""
    with db.engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_heads()
    return set(current) == set(ScriptDirectory.from_config(_alembic()).get_heads())


def bring_up_to_date() -> None:
    """Run the migrations that are missing, and index ideas that the search does not know yet.

    Raises ``CommandError`` for a database from a later version.
    """
    command.upgrade(_alembic(), "head")
    index_in_batches(missing=True)
    index_wordings_in_batches(missing=True)


@click.command()
@in_application
def migrate() -> None:
    """Create the tables or bring them up to date."""
    already = is_up_to_date()
    # Even then: a start that broke off may have left ideas that the search does not know.
    bring_up_to_date()
    click.echo(f"The database is up to date{' already' if already else ''}.")


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
    from participation.handlers import ROUTINES

    session = db.session()
    found = _unknown_to_search(session)
    for process in all_processes(session, with_drafts=True):
        broken = tally_breaks(session, process.id)
        if broken:
            found.append(f"{process.slug}: the tally of {len(broken)} ideas differs from their votes: {_some(broken)}")
        miscounted = helpful_breaks(session, process.id)
        if miscounted:
            found.append(
                f"{process.slug}: the count of {len(miscounted)} comments differs from their marks: {_some(miscounted)}"
            )
        drifted = standing_breaks(session, process_id=process.id)
        if drifted:
            where = f"{process.slug}: {len(drifted)} ideas stand elsewhere than their votes and comments say"
            found.append(f"{where}: {_some(drifted)}")
        if points := priority_breaks(session, process.id):
            ideas = _some(sorted({idea_id for _phase_id, idea_id in points}))
            found.append(f"{process.slug}: the points of {len(points)} ideas are not what people gave: {ideas}")
        if gone := missing_files(session, process.id, now=clock.now()):
            found.append(f"{process.slug}: files of the vote log are missing: {', '.join(gone)}")
        if miscounted := case_breaks(session, process.id):
            found.append(f"{process.slug}: {len(miscounted)} cases count other signals or reports: {_some(miscounted)}")
        if unseen := forgotten(session, process.id):
            found.append(f"{process.slug}: {len(unseen)} things wait and are not in the queue: {_some(unseen)}")
        found += [f"{process.slug}: {sentence}" for sentence in suggestion_breaks(session, process.id)]
    if drifted := unread_breaks(session):
        found.append(f"the count of new entries differs from the inbox of {len(drifted)} accounts: {_some(drifted)}")
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
    found += [f"{count} failed jobs: {kind}" for kind, count in failed]
    return found + [_trouble(trouble) for trouble in troubles(ROUTINES, clock.now())]


def _unknown_to_search(session: Session) -> list[str]:
    """Return what the search index lacks, or has beyond what readers are shown."""
    cure = "run python -m participation reindex"
    lacking = (
        ("ideas", to_index(session, after=0, most=MOST_COUNTED, missing=True)),
        ("wordings", searching.to_index(session, after=0, most=MOST_COUNTED, missing=True)),
    )
    found = [f"the search does not know {_at_most(ids)} {things}: {cure}" for things, ids in lacking if ids]
    if strange := searching.left_over(session, most=MOST_COUNTED):
        found.append(f"the search knows {_at_most(strange)} wordings that are not shown: {cure}")
    return found


def _at_most(ids: Sequence[int]) -> str:
    return f"{len(ids)}{' or more' if len(ids) == MOST_COUNTED else ''}"


def _some(ids: Sequence[int | str]) -> str:
    return ", ".join(map(str, ids[:10])) + (" …" if len(ids) > 10 else "")


def _trouble(trouble: Trouble) -> str:
    if trouble.error:
        return f"routine failing: {trouble.name}: {trouble.error}"
    return f"routine not run since {trouble.due_at:%Y-%m-%d %H:%M} UTC: {trouble.name}; is the worker running?"


def _alembic() -> Config:
    configuration: Config = current_app.extensions["migrate"].migrate.get_config()
    return configuration
