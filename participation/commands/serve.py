"""Commands that keep the product running: the web server and the worker."""

import logging
import os

import click
from flask import current_app

from participation.activity.worker import work as work_until
from participation.activity.worker import work_once
from participation.commands.database import is_up_to_date
from participation.commands.group import OUTDATED, application, in_application
from participation.commands.supervisor import Part, end_with_parent, port_is_free, say, stop_on_signals, supervise
from participation.multilingual.catalogues import compile_all
from participation.receipts.keyring import keyring

PARENT = click.option("--parent", type=int, hidden=True, help="Process that this one ends with.")


@click.command()
@click.option("--host", help="Address to listen on; HOST or 127.0.0.1.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on; PORT or 8000.")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Processes that serve pages.")
@click.option("--no-worker", is_flag=True, help="Only the web server; run 'work' beside it.")
@PARENT
def serve(host: str | None, port: int | None, workers: int, no_worker: bool, parent: int | None) -> None:
    """Run web server and worker together."""
    # The environment is how the processes below learn their settings.
    if host:
        os.environ["HOST"] = host
    if port:
        os.environ["PORT"] = str(port)
    if parent:
        end_with_parent(parent)
        _web(workers)
        return
    with application() as app:
        check_start()
        host, port = app.config["HOST"], app.config["PORT"]
    if no_worker:
        say(f"Serving on http://{host}:{port}")
        _web(workers)
    else:
        say(f"Serving on http://{host}:{port}, with {workers} web processes and a worker")
        supervise(parts(workers))


@click.command()
@click.option("--once", is_flag=True, help="Handle what is waiting, then stop.")
@PARENT
@in_application
def work(once: bool, parent: int | None) -> None:
    """Run the worker: send mails, write exports."""
    from participation.handlers import JOBS, ROUTINES

    logging.basicConfig(format="%(asctime)s %(name)s %(levelname)s %(message)s")
    if not is_up_to_date():
        raise click.ClickException(OUTDATED)
    if once:
        click.echo(f"{work_once(JOBS, ROUTINES)} handled")
        return
    stop = stop_on_signals()
    if parent:
        end_with_parent(parent)
    else:
        say("The worker is running.")
    work_until(JOBS, stop, ROUTINES)


def parts(workers: int) -> list[Part]:
    """Return the processes that make up the whole product."""
    return [Part("web server", ("serve", "--workers", str(workers))), Part("worker", ("work",))]


def check_start() -> None:
    """Raise ``StartRefused`` or ``ClickException`` when the product must not, or cannot, start with these settings."""
    from participation.app.start import StartRefused, check_address, is_loopback
    from participation.demo.accounts import known_passwords

    config = current_app.config
    host, port = config["HOST"], config["PORT"]
    check_address(config, host)
    compile_all()
    if not is_up_to_date():
        raise click.ClickException(OUTDATED)
    # Better no start than contributions that fail for want of a receipt.
    keyring().signing_key()
    if not is_loopback(host):
        found = known_passwords()
        if found:
            raise StartRefused(f"{', '.join(found)} still has the demo's known password: use another database.")
    if not port_is_free(host, port):
        raise click.ClickException(f"port {port} on {host} is taken or not allowed: set PORT to another one")


def _web(workers: int) -> None:
    from participation.commands.web import run_web

    with application() as app:
        host, port = app.config["HOST"], app.config["PORT"]
    run_web(host, port, workers)
