"""The opinion groups of a process on the command line."""

import json
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import delete, update

from participation.commands import main
from participation.processes.models import Participant
from participation.voting.models import Vote
from tests import make
from tests.conftest import Sessions
from tests.opinions.planted import FIRST_PERSON, put_votes, sides_of

HIDDEN = "Readers cannot see these results yet"


@pytest.fixture
def place(app: Flask, transact: Sessions) -> make.Place:
    with transact() as session:
        place = make.process(session, hides_results=True)
        put_votes(session, place, sides_of((40, 25))[0])
    return place


def groups(app: Flask, *options: str) -> dict[str, Any]:
    result = CliRunner().invoke(main, ["groups", "digital", "--json", *options], obj=app)
    assert result.exit_code == 0, result.output
    assert HIDDEN in result.stderr
    report: dict[str, Any] = json.loads(result.stdout)
    return report


def test_the_report_has_people_groups_and_what_they_hold(app: Flask, transact: Sessions, place: make.Place) -> None:
    with transact() as session:
        session.execute(update(Participant).where(Participant.id == FIRST_PERSON).values(external_key=None))
    first, second = groups(app), groups(app)
    assert (first["k"], [group["size"] for group in first["groups"]]) == (2, [40, 25])
    assert sorted(first["people"].values()) == [0] * 40 + [1] * 25
    new = [key for key in first["people"] if key.startswith("new-")]
    assert len(new) == 1
    assert new[0] not in second["people"]
    assert {**first, "people": None} == {**second, "people": None}
    assert {one["external_id"] for one in first["consensus"]} <= {f"s{number}" for number in range(10_010, 10_030)}
    assert first["consensus"]
    assert all(held["side"] == "disagree" for held in first["groups"][1]["against_majority"])


def test_another_number_of_groups_and_of_votes_can_be_asked_for(
    app: Flask, transact: Sessions, place: make.Place
) -> None:
    with transact() as session:
        session.execute(delete(Vote).where(Vote.participant_id == FIRST_PERSON, Vote.idea_id == 10_000))
    assert groups(app, "--k", "3")["k"] == 3
    report = groups(app, "--min-votes", "30")
    assert (report["people_grouped"], report["people_with_too_few_votes"]) == (64, 1)


def test_more_groups_than_people_differ_cannot_be_made(app: Flask, transact: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        make.votes(session, place, make.idea(session, place), agree=12)
    result = CliRunner().invoke(main, ["groups", place.slug, "--k", "2"], obj=app)
    assert result.exit_code != 0
    assert "2 groups cannot be made" in result.output


def test_the_report_for_people_says_the_same_in_sentences(app: Flask, place: make.Place) -> None:
    result = CliRunner().invoke(main, ["groups", "digital"], obj=app)
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[0].startswith("65 people in 2 groups, ")
    assert any(line.startswith("group 1: 25 people") for line in lines)
    assert any(line.startswith("groups differ on idea s100") for line in lines)
