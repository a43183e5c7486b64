"""Provenance on the command line, and the check that names every break."""

import json
from collections.abc import Callable

import pytest
from sqlalchemy import update

from participation.strategy.models import Statement
from participation.voting.models import Tally
from tests import lineages, make
from tests.commands.conftest import Command
from tests.conftest import Sessions
from tests.lineages import COMMENT, SENTENCE, TITLE, Scene

Done = Callable[..., str]


@pytest.fixture
def around(transact: Sessions) -> Scene:
    with transact() as session:
        return lineages.scene(session)


def test_what_leads_to_what(done: Done, around: Scene) -> None:
    idea, other = around.ideas
    lines = done("provenance", "digital").splitlines()
    assert lines[0].startswith(f"Statement 1: {SENTENCE} (en) (Revision 1, signed off by a second person on ")
    assert [line.split("(")[0].split(",")[0].rstrip() for line in lines[1:]] == [
        "  Rests on:",
        "    Theme: Benches",
        f"      Idea {idea}: {TITLE}",
        f"        Comment {around.comment}: {COMMENT}",
        f"      Idea {other}: Mehr Bänke",
        "  What became of it:",
        "    Answer: Yes",
        "      Measure: Under way: Twelve benches",
        "        Planned",
        "        Under way",
    ]
    assert done("provenance", "digital", "--statement", str(around.statement)).splitlines() == lines
    assert done("provenance", "digital", "--idea", str(idea)).startswith(f"Idea {idea}: {TITLE}")


def test_as_data(done: Done, around: Scene) -> None:
    whole = json.loads(done("provenance", "digital", "--json"))
    statement = json.loads(done("provenance", "digital", "--statement", str(around.statement), "--json"))
    idea = json.loads(done("provenance", "digital", "--idea", str(around.ideas[0]), "--json"))
    assert f"p:idea-{around.other}" in whole["entity"]
    assert f"p:idea-{around.other}" not in {**statement["entity"], **idea["entity"]}
    assert all(f"p:measure-{around.measure}" in one["entity"] for one in (whole, statement, idea))


def test_what_is_not_there(refused: Done, transact: Sessions, around: Scene) -> None:
    with transact() as session:
        draft = make.statement(session, around.place, around.clusters, published=False)
    there_is_none = "there is no public"
    assert (
        refused("provenance", "digital", "--statement", str(draft))
        == f"{there_is_none} statement {draft} in this process"
    )
    assert refused("provenance", "digital", "--idea", "999") == f"{there_is_none} idea 999 in this process"
    assert refused("provenance", "nowhere").startswith("there is no process 'nowhere'")
    assert refused("provenance", "digital", "--idea", "1", "--statement", "1").startswith(
        "either a statement or an idea"
    )


def test_all_is_well(done: Done, around: Scene) -> None:
    assert done("provenance-verify", "digital", "--log").startswith("All is well")
    assert json.loads(done("provenance-verify", "digital", "--json")) == {"process": "digital", "breaks": []}


def test_breaks_are_named(command: Command, transact: Sessions, around: Scene) -> None:
    with transact() as session:
        session.execute(update(Tally).where(Tally.idea_id == around.ideas[0]).values(agree=40))
        session.execute(update(Statement).values(department="Office for something else"))
    said, about = command("provenance-verify", "digital"), f"statement {around.statement}, revision 1"
    assert said.exit_code == 1
    assert said.stdout.splitlines() == [
        f"differs-from-signed: {about}: what holds is not what was signed off: department",
        f"tally-differs: idea {around.ideas[0]}: its figures are not what its votes add up to",
    ]
    assert "2 breaks" in said.stderr
    found = json.loads(command("provenance-verify", "digital", "--json").stdout)["breaks"]
    assert [(one["break"], one["about"]) for one in found] == [
        ("differs-from-signed", {"statement": around.statement, "revision": 1}),
        ("tally-differs", {"idea": around.ideas[0]}),
    ]
