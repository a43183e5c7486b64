"""The command line as somebody at a terminal meets it."""

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from participation.commands import main

Command = Callable[..., Result]


@pytest.fixture
def command(app: Flask) -> Command:
    """Run a command on the test's database; ``command("process", "list")``."""

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(main, list(arguments), obj=app, prog_name="participation")

    return run


@pytest.fixture
def done(command: Command) -> Callable[..., str]:
    """Run a command that has to succeed, and return what it printed."""

    def run(*arguments: str) -> str:
        result = command(*arguments)
        assert result.exit_code == 0, result.output
        return result.output

    return run


@pytest.fixture
def refused(command: Command) -> Callable[..., str]:
    """Run a command that has to fail with one line on the error output, and return that line without ``error: ``."""

    def run(*arguments: str) -> str:
        result = command(*arguments)
        assert result.exit_code != 0
        lines = result.stderr.splitlines()
        assert len(lines) == 1, result.stderr
        assert lines[0].startswith("error: ")
        return lines[0].removeprefix("error: ")

    return run
