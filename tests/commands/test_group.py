"""The list of commands, and problems as one line."""

import sqlite3
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from sqlalchemy.exc import ArgumentError, IntegrityError, OperationalError

from participation.app import StartRefused
from participation.commands import main
from participation.commands.group import OUTDATED, Commands, explain
from participation.commands.serve import parts
from participation.principles.service import CatalogueError


def leaves(group: click.Group, prefix: str = "") -> list[tuple[str, click.Command]]:
    """Return every command with its full name."""
    found = []
    for name, one in group.commands.items():
        if isinstance(one, click.Group):
            found += leaves(one, f"{prefix}{name} ")
        else:
            found.append((f"{prefix}{name}", one))
    return found


def test_help_lists_everything_with_one_line_each() -> None:
    result = CliRunner().invoke(main, ["--help"], prog_name="participation")
    assert result.exit_code == 0
    _, _, listed = result.output.partition("Commands:\n")
    rows = [line.strip().split("  ", 1) for line in listed.splitlines()]
    assert sorted(row[0] for row in rows) == sorted(name for name, _ in leaves(main))
    assert all(row[1].strip() for row in rows)


@pytest.mark.parametrize("name", [name for name, _ in leaves(main)])
def test_every_command_explains_itself_without_settings(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    result = CliRunner().invoke(main, [*name.split(), "--help"], prog_name="participation")
    assert result.exit_code == 0
    assert result.output.startswith(f"Usage: participation {name}")


def test_the_parts_of_the_product_are_commands() -> None:
    known = {name for name, _ in leaves(main)}
    assert {part.arguments[0] for part in parts(2)} == {"serve", "work"} <= known


def failing(problem: Exception) -> click.Group:
    """Return a command line whose only command raises ``problem``."""

    @click.group(cls=Commands)
    def group() -> None:
        """Nothing."""

    @group.command()
    def fail() -> None:
        """Fail."""
        raise problem

    return group


def database_error(kind: type, text: str) -> Exception:
    """Return what SQLAlchemy raises when the driver says ``text``."""
    return kind("SELECT 1", {}, sqlite3.OperationalError(text))


@pytest.mark.parametrize(
    ("problem", "line"),
    [
        (StartRefused("SECRET_KEY is not set."), "SECRET_KEY is not set."),
        (CatalogueError("x.yaml:\n  'key' is missing"), "x.yaml: 'key' is missing"),
        (FileNotFoundError(2, "No such file or directory", "x.yaml"), "x.yaml: No such file or directory"),
        (database_error(OperationalError, "no such table: idea"), OUTDATED),
        (database_error(OperationalError, "no such column: idea.x"), OUTDATED),
        (database_error(OperationalError, "disk full\nmore"), "the database cannot be used: disk full"),
        (ArgumentError("Could not parse URL"), "DATABASE_URL cannot be used: Could not parse URL"),
    ],
)
def test_a_problem_is_one_line(problem: Exception, line: str) -> None:
    result = CliRunner().invoke(failing(problem), ["fail"])
    assert (result.exit_code, result.stderr, result.stdout) == (1, f"error: {line}\n", "")


@pytest.mark.parametrize("problem", [ValueError("ours"), database_error(IntegrityError, "UNIQUE constraint failed")])
def test_a_mistake_of_ours_keeps_its_trace(problem: Exception) -> None:
    assert explain(problem) is None
    assert CliRunner().invoke(failing(problem), ["fail"]).exception is problem


def test_wrong_usage_names_the_help() -> None:
    result = CliRunner().invoke(main, ["process", "create"], prog_name="participation")
    assert (result.exit_code, result.stderr) == (
        2,
        "error: Missing argument 'SLUG'. Try: participation process create --help\n",
    )


def test_an_interrupted_command_ends_quietly() -> None:
    result = CliRunner().invoke(failing(click.Abort()), ["fail"])
    assert (result.exit_code, result.stderr) == (130, "")


def test_without_a_secret_nothing_starts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    result = CliRunner().invoke(main, ["process", "list"])
    assert result.exit_code == 1
    assert result.stderr.startswith("error: SECRET_KEY is not set")
