"""The demo: a filled process on this machine, running after one command."""

import os
import time
import urllib.error
import urllib.request
from pathlib import Path

import click
from flask import current_app

from participation.commands.database import bring_up_to_date
from participation.commands.group import application, in_application
from participation.commands.serve import check_start, parts
from participation.commands.supervisor import port_is_free, say, supervise
from participation.demo.accounts import DEMO_ACCOUNTS, DEMO_PASSWORD
from participation.kit import clock
from participation.kit.db import transaction
from participation.multilingual.catalogues import compile_all
from participation.tallies.releases import release_daily

PORTS_TRIED = 20
START_SECONDS = 60.0


@click.group()
def demo() -> None:
    """A demo process with known passwords, on this machine only."""


@demo.command("run")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Processes that serve pages.")
def run(workers: int) -> None:
    """Prepare and run everything with a demo process."""
    from participation.app.start import DEMO_SECRET, check_address

    os.environ["DEMO"] = "1"
    os.environ.setdefault("SECRET_KEY", DEMO_SECRET)
    _choose_port()
    with application() as app:
        check_address(app.config, app.config["HOST"])
        say(f"compiling catalogues … {', '.join(compile_all()) or 'nothing to do'}")
        _prepare()
        url, spool = app.config["BASE_URL"], Path(app.config["MAIL_SPOOL"])
        sends_mail = bool(app.config["SMTP_URL"])
        greeting = _greeting(url, None if sends_mail else spool)
        here = f"http://{app.config['HOST']}:{app.config['PORT']}"
    say("starting …")
    supervise(parts(workers), on_start=lambda: _greet(here, greeting))


@demo.command("seed")
@in_application
def seed() -> None:
    """Fill an empty database with the demo process."""
    _seed()


def _choose_port() -> None:
    """Take the next free port when the usual one is taken and nobody asked for a certain one."""
    if os.environ.get("PORT"):
        return
    host = os.environ.get("HOST", "127.0.0.1")
    free = (port for port in range(8000, 8000 + PORTS_TRIED) if port_is_free(host, port))
    os.environ["PORT"] = str(next(free, 8000))


def _prepare() -> None:
    say("migrating the database …")
    bring_up_to_date()
    check_start()
    _seed()


def _seed() -> None:
    from participation.app.start import StartRefused
    from participation.demo.seed import NotEmpty, seed_demo

    started = time.monotonic()
    say("looking for the demo process …")
    if not current_app.config["DEMO"]:
        raise StartRefused("The demo has accounts with known passwords: set DEMO=1 to say that this is one.")
    try:
        with transaction() as session:
            made = seed_demo(session, now=clock.now(), zone=clock.zone(current_app.config["TIMEZONE"]))
    except NotEmpty as problem:
        raise click.ClickException(str(problem)) from None
    if made:
        # The worker would only do so at night.
        release_daily(lambda: None)
    say(f"  filled in {time.monotonic() - started:.1f} s: {made}" if made else "  there already")


def _greet(url: str, greeting: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=2):  # noqa: S310  # our own http address
                break
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    click.echo(greeting)


def _greeting(url: str, spool: Path | None) -> str:
    width = max(len(one.email) for one in DEMO_ACCOUNTS)
    people = [f"  {one.email:<{width}}  {one.what}" for one in DEMO_ACCOUNTS]
    mail = [f"Mails are not sent but written to {_short(spool)}"] if spool else []
    lines = [
        "",
        f"The demo is running: {url}/",
        "",
        f"Sign in with the password {DEMO_PASSWORD} as",
        *people,
        "",
        *mail,
        "Stop it with Ctrl-C.",
        "",
    ]
    return "\n".join(lines)


def _short(path: Path) -> str:
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
