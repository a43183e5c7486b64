"""How the command line behaves: one list of everything, errors as one line, and commands inside the application."""

import functools
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ParamSpec, TypeVar

import click
from alembic.util import CommandError
from flask import Flask, g
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from participation.kit.permissions import Refused
from participation.principles.service import CatalogueError
from participation.receipts.keyring import KeyUnusable

P = ParamSpec("P")
R = TypeVar("R")

OUTDATED = "the database is not up to date: run python -m participation migrate"
MISSING_PARTS = ("no such table", "no such column", "undefinedtable", "undefinedcolumn", "does not exist")
INTERRUPTED = 130


class Commands(click.Group):
    """A group whose help lists the commands below its groups too, and whose errors are one line on stderr."""

    def main(  # type: ignore[override]  # the two overloads differ only in what comes back
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        *,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run the command line; ends the process with a status unless ``standalone_mode`` is off."""
        if not standalone_mode:
            return super().main(args, prog_name, standalone_mode=False, **extra)
        try:
            status = super().main(args, prog_name, standalone_mode=False, **extra)
        except click.exceptions.Abort:
            sys.exit(INTERRUPTED)
        except Exception as problem:
            sentence = explain(problem)
            if sentence is None:
                raise
            click.echo(f"error: {' '.join(sentence.split())}", err=True)
            sys.exit(problem.exit_code if isinstance(problem, click.ClickException) else 1)
        sys.exit(status if isinstance(status, int) else 0)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  # click's
        """List every command with one line, those of groups by their full name."""
        leaves = list(_leaves(self))
        room = max(formatter.width - max(len(name) for name, _ in leaves) - 4, 20)
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.get_short_help_str(limit=room)) for name, command in leaves])


def explain(problem: Exception) -> str | None:
    """Return the sentence for a problem that somebody at the keyboard can solve; ``None`` for one of ours."""
    from participation.app.start import StartRefused

    if isinstance(problem, click.UsageError) and problem.ctx:
        return f"{problem.format_message()} Try: {problem.ctx.command_path} --help"
    if isinstance(problem, click.ClickException):
        return problem.format_message()
    if isinstance(problem, StartRefused | CatalogueError | CommandError | KeyUnusable):
        return str(problem)
    if isinstance(problem, SQLAlchemyError):
        return explain_database(problem)
    if isinstance(problem, OSError) and problem.strerror:
        return f"{problem.filename}: {problem.strerror}" if problem.filename else problem.strerror
    return None


def explain_database(problem: SQLAlchemyError) -> str | None:
    """Return what is wrong with the database itself; ``None`` when our statement was wrong."""
    if not isinstance(problem, DBAPIError) or problem.orig is None:
        return f"DATABASE_URL cannot be used: {problem}" if "URL" in str(problem) else None
    said = f"{type(problem.orig).__name__}: {problem.orig}"
    if any(part in said.lower() for part in MISSING_PARTS):
        return OUTDATED
    if type(problem).__name__ == "OperationalError":
        return f"the database cannot be used: {str(problem.orig).strip().splitlines()[0]}"
    return None


@contextmanager
def application() -> Iterator[Flask]:
    """Yield the application with its context open, speaking English; refusals become errors of the command line."""
    from participation.app import create_app

    # Tests hand theirs in; everybody else gets one made from the settings.
    given = click.get_current_context().find_object(Flask)
    app = given or create_app()
    with app.app_context():
        g.language = "en"
        try:
            yield app
        except Refused as problem:
            raise click.ClickException(str(problem.reason)) from None


def in_application(function: Callable[P, R]) -> Callable[P, R]:
    """Return ``function`` running inside the application's context."""

    @functools.wraps(function)
    def inside(*args: P.args, **kwargs: P.kwargs) -> R:
        with application():
            return function(*args, **kwargs)

    return inside


def _leaves(group: click.Group, prefix: str = "") -> Iterator[tuple[str, click.Command]]:
    for name in sorted(group.commands):
        command = group.commands[name]
        if isinstance(command, click.Group):
            yield from _leaves(command, f"{prefix}{name} ")
        elif not command.hidden:
            yield f"{prefix}{name}", command
