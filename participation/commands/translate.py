"""Putting what residents wrote into other languages, on the command line."""

from datetime import datetime

import click
from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import SYSTEM
from participation.commands.group import in_application
from participation.commands.processes import process_named
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.multilingual import language_name
from participation.processes.models import Process
from participation.processes.outline import ProcessOutline
from participation.wordings.jobs import fill_process
from participation.wordings.problems import words_for
from participation.wordings.progress import failures_of, health_seen, progress_of
from participation.wordings.providers.registry import configured, title_of
from participation.wordings.sending import do_next
from participation.wordings.service import try_again

OFF = "no service is switched on for this process: an admin does that at its desk, under Translations"


@click.command()
@click.argument("process")
@click.option("--status", is_flag=True, help="Only say how far it is, what failed and how the service behaves.")
@click.option("--again", is_flag=True, help="Try what failed again, and end a break of the service.")
@in_application
def translate(process: str, *, status: bool, again: bool) -> None:
    """Have the service of a process translate every public text that is not translated yet, now.

    The worker does the same by itself. Nothing is sent where no service is switched on.
    """
    session = db.session()
    outline = process_named(session, process)
    chosen = session.scalar(select(Process.translator).where(Process.id == outline.id)) or ""
    session.rollback()
    if not status:
        _work(outline, chosen, again=again)
    for line in _lines(db.session(), outline, chosen, clock.now()):
        click.echo(line)


def _work(process: ProcessOutline, chosen: str, *, again: bool) -> None:
    if not chosen:
        raise click.ClickException(OFF)
    provider = configured(current_app.config["TRANSLATORS"]).get(chosen)
    if provider is None:
        raise click.ClickException(f"{title_of(chosen)} is not set up on this server: see TRANSLATORS in config.py")
    if again:
        with transaction() as session:
            try_again(session, SYSTEM, process_id=process.id, now=clock.now())
    fill_process(process.id, lambda looked: click.echo(f"{process.slug}: texts looked at: {looked} …", err=True))
    requests = 0
    while do_next(provider, current_app.config["TIMEZONE"]):
        requests += 1
        click.echo(f"{process.slug}: request {requests} …", err=True)


def _lines(session: Session, process: ProcessOutline, chosen: str, now: datetime) -> list[str]:
    month = f"{now.astimezone(clock.zone(current_app.config['TIMEZONE'])):%Y-%m}"
    lines = [f"service: {title_of(chosen) or 'none'}"]
    if chosen:
        health = health_seen(session, chosen, month=month)
        lines.append(f"characters this month: {health.characters}")
        if health.problem:
            lines.append(f"last failure: {words_for(health.problem)}")
        if health.resumes_at and health.resumes_at > now:
            lines.append(f"taking a break until {health.resumes_at:%Y-%m-%d %H:%M} UTC")
    lines += [
        f"{language_name(one.language, shown_in='en')}: {one.by_machine + one.by_people} of {one.texts}"
        f" ({one.by_people} by people), {one.waiting} waiting, {one.failed} failed"
        for one in progress_of(session, process.id, current_app.config["LANGUAGES"])
    ]
    lines += [f"failed {count} times: {words_for(code)}" for code, count in failures_of(session, process.id).by_problem]
    return lines
