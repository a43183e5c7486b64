"""The command line of imports, as the city's IT uses it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from participation.intake.commands import import_group
from tests import make
from tests.conftest import Sessions
from tests.intake import platform_files as files

Write = Callable[..., Path]
Invoke = Callable[..., Result]


@pytest.fixture
def invoke(app: Flask, process_id: int) -> Invoke:
    """Run ``import …``."""

    def run(*arguments: object) -> Result:
        # The command line opens the application itself; a test hands its own in.
        with app.app_context():
            return CliRunner().invoke(import_group, [str(argument) for argument in arguments], obj=app)

    return run


def test_ideas_are_imported_and_bad_rows_named(invoke: Invoke, write: Write) -> None:
    path = write("Titel;Wunsch\nBänke;mehr davon\n;\x07\n")
    result = invoke("ideas", "test", path, "--map", "title=Titel", "--map", "text=Wunsch")
    assert (result.exit_code, result.stdout) == (0, "2 read · 1 added · 0 already there · 1 refused\n")
    assert result.stderr == "row 3: the text contains control characters\nRead as CSV, semicolon, utf-8.\n"
    again = invoke("ideas", "test", path, "--map", "title=Titel", "--map", "text=Wunsch", "--dry-run")
    assert again.stdout == "2 read · 0 could be added · 1 already there · 1 refused\n"
    assert again.stderr.endswith("Dry run: nothing was written.\n")


def test_all_or_nothing_ends_with_an_error(invoke: Invoke, write: Write) -> None:
    path = write("a,b\nx,y\n,\x07\n")
    result = invoke("ideas", "test", path, "--map", "title=a", "--map", "text=b", "--all-or-nothing")
    assert (result.exit_code, result.stdout) == (1, "2 read · 1 could be added · 0 already there · 1 refused\n")
    assert result.stderr.endswith("Error: nothing was kept, because not every row could be taken\n")


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (["test", "--map", "title=b"], 1, "there is no column “b”; the columns are “a”"),
        (["nowhere", "--map", "title=a"], 1, "there is no process “nowhere”"),
        (["test", "--map", "title"], 2, "--map needs FIELD=COLUMN, not “title”"),
        (["test", "--map", "name=a"], 2, "--map: “name” cannot be imported; possible are"),
        (["test", "--map", "title=a", "--encoding", "klingon"], 2, "--encoding: there is no encoding called “klingon”"),
        (["test", "--map", "title=a", "--delimiter", "ab"], 2, "--delimiter must be one character, or: tab"),
        (["test"], 1, "table.csv does not look like ideas of a platform that is known; name its columns with --map"),
    ],
)
def test_mistakes_are_one_sentence(
    invoke: Invoke, write: Write, arguments: list[str], status: int, sentence: str
) -> None:
    result = invoke("ideas", arguments[0], write("a\nx\n"), *arguments[1:])
    assert (result.exit_code, result.stdout) == (status, "")
    assert result.stderr.splitlines()[-1].startswith(f"Error: {sentence}")


def test_options_for_files_are_used(invoke: Invoke, write: Write) -> None:
    path = write("größe\twer\nä\tö\n".encode("cp1252"))
    result = invoke(
        "ideas",
        "test",
        path,
        "--map",
        "title=GRÖSSE",
        "--map",
        "author=wer",
        "--delimiter",
        "tab",
        "--encoding",
        "cp1252",
    )
    assert (result.exit_code, result.stdout) == (0, "1 read · 1 added · 0 already there · 0 refused\n")
    assert result.stderr == "Read as CSV, tab, cp1252.\n"


def test_votes_are_imported(invoke: Invoke, write: Write) -> None:
    comments = "timestamp,comment-id,author-id,moderated,comment-body\n1651071094558,0,5,1,Weniger Lärm\n"
    write("timestamp,comment-id,voter-id,vote\n1651071094559,0,5,1\n1651071094560,0,5,-1\n", "polis/votes.csv")
    folder = write(comments, "polis/comments.csv").parent
    result = invoke("votes", "test", folder)
    assert (result.exit_code, result.stdout.splitlines()) == (
        0,
        [
            "statements: 1 read · 1 added · 0 already there · 0 refused",
            "votes: 2 read · 1 added · 1 changed by a later row · 0 already there · 0 refused",
        ],
    )
    missing = invoke("votes", "test", folder.parent)
    assert (missing.exit_code, missing.stderr) == (1, f"Error: {folder.parent} has no file comments.csv\n")


def test_exports_of_platforms_need_no_columns(invoke: Invoke, write: Write) -> None:
    result = invoke("ideas", "test", write(files.CONSUL_PROPOSALS), "--from", "consul")
    assert (result.exit_code, result.stdout) == (
        0,
        "3 read · 1 added · 0 already there · 0 refused · 2 left out (1 hidden, 1 withdrawn)\n",
    )
    assert result.stderr.startswith("Recognised as CONSUL: proposals.\n")
    again = invoke("ideas", "test", write(files.CONSUL_PROPOSALS), "--with-left-out")
    assert again.stdout == "3 read · 2 added · 1 already there · 0 refused\n"
    assert invoke("ideas", "test", write(files.CONSUL_DEBATES), "--waiting").stdout.startswith("1 read · 1 added")
    comments = invoke("comments", "test", write(files.CONSUL_COMMENTS), "--from", "consul")
    assert comments.stdout == ("5 read · 3 added · 0 already there · 0 refused · 2 left out (1 elsewhere, 1 hidden)\n")
    assert invoke("ideas", "test", write(files.POLIS_COMMENTS), "--from", "polis").exit_code == 0
    votes = invoke("votes", "test", write(files.POLIS_ACROSS))
    assert votes.stdout == "votes: 3 read · 3 added · 0 already there · 0 refused\n"
    votes = invoke("votes", "test", write(files.POLIS_VOTES), "--from", "polis", "--dry-run")
    assert votes.stdout == "votes: 3 read · 3 could be added · 0 already there · 0 refused\n"
    own = write("idea;who;what\n0;8;agree\n0;8;maybe\n9;8;1\n")
    votes = invoke("votes", "test", own, "--map", "idea=idea", "--map", "voter=who", "--map", "vote=what")
    assert votes.stdout == "votes: 3 read · 1 added · 0 already there · 2 refused\n"


def test_saved_mappings_are_named(invoke: Invoke, write: Write, transact: Sessions) -> None:
    with transact() as session:
        make.column_mapping(session, name="Yearly survey")
    path = write("Nr;Title\n1;More trees\n")
    assert invoke("ideas", "test", path, "--mapping", "Yearly survey").stdout.startswith("1 read · 1 added")
    for arguments, sentence in (
        (["--mapping", "nothing"], "there is no saved mapping “nothing”"),
        (["--mapping", "Yearly survey", "--map", "title=Title"], "--map names the columns; --from, --mapping and"),
    ):
        result = invoke("ideas", "test", path, *arguments)
        assert result.exit_code == 2
        assert result.stderr.splitlines()[-1].startswith(f"Error: {sentence}")
    result = invoke("comments", "test", path, "--mapping", "Yearly survey")
    assert result.stderr.splitlines()[-1] == "Error: the mapping “Yearly survey” is for ideas"
    result = invoke("ideas", "test", write("a\nx\n"), "--mapping", "Yearly survey")
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (
        1,
        "Error: there is no column “Title”; the columns are “a”",
    )
    result = invoke("comments", "test", write(files.ADHOCRACY_IDEAS), "--from", "adhocracy")
    assert "does not look like comments of a platform that is known" in result.stderr
