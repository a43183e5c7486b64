"""The data of provenance against the rules of PROV-JSON, and what must not be in them."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from participation.accounts.actor import SYSTEM
from participation.accounts.models import Account
from participation.curation.board.filing import file_ideas
from participation.ideas.models import Idea, IdeaState
from participation.kit import clock
from participation.processes.models import Participant
from participation.processes.queries import process_by_slug
from participation.provenance.prov import places_of, prov_document
from participation.provenance.queries import (
    lineage_of_idea,
    lineage_of_process,
    lineage_of_statement,
    part_of_statement,
)
from participation.strategy.statements.losses import review_sources
from tests import lineages, make
from tests.conftest import Sessions
from tests.lineages import BODY, COMMENT, TITLE, Scene

PLACES = places_of("https://mitmachen.example.org", "en", "digital")
ELEMENTS = {"entity", "activity", "agent"}
# What each relation needs, and what else it may have, by section 3 of the submission.
RELATIONS = {
    "wasGeneratedBy": ({"entity"}, {"activity", "time"}),
    "used": ({"activity"}, {"entity", "time"}),
    "wasInvalidatedBy": ({"entity"}, {"activity", "time"}),
    "wasDerivedFrom": ({"generatedEntity", "usedEntity"}, {"activity", "generation", "usage", "type"}),
    "wasAttributedTo": ({"entity", "agent"}, {"type"}),
    "wasAssociatedWith": ({"activity"}, {"agent", "plan"}),
    "specializationOf": ({"specificEntity", "generalEntity"}, set()),
    "hadMember": ({"collection", "entity"}, set()),
}
NAME = re.compile(r"[a-z][a-z0-9-]*:[A-Za-z][\w-]*")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@pytest.fixture
def around(transact: Sessions) -> Scene:
    with transact() as session:
        return lineages.scene(session)


def complaints(document: dict[str, Any]) -> list[str]:
    """Return what about a document is against the format; empty when all is well."""
    wrong = [f"unknown part {part}" for part in document.keys() - {"prefix", *ELEMENTS, *RELATIONS}]
    wrong += [f"{name} is no address" for name, uri in document["prefix"].items() if not uri.startswith("http")]
    declared = {name for part in ELEMENTS for name in document.get(part, {})}
    names = set(declared)
    for part in ELEMENTS:
        for name, attributes in document.get(part, {}).items():
            wrong += [f"{name}: {key} is not well formed" for key, value in attributes.items() if not _is_value(value)]
    for part, (needed, more) in RELATIONS.items():
        for name, relation in document.get(part, {}).items():
            ends = {key.removeprefix("prov:") for key in relation}
            wrong += [f"{part} {name}: {ends}"] if not needed <= ends <= needed | more else []
            names |= {value for key, value in relation.items() if key not in {"prov:time", "prov:type"}}
            wrong += (
                [f"{part} {name}: time"]
                if not MOMENT.fullmatch(relation.get("prov:time", "2026-01-01T00:00:00Z"))
                else []
            )
    wrong += [f"{name} is named and not declared" for name in names - declared]
    wrong += [f"{name} has an unknown prefix" for name in names if name.split(":")[0] not in document["prefix"]]
    return wrong + [f"{name} is no name" for name in names if not NAME.fullmatch(name)]


def _is_value(value: Any) -> bool:
    if isinstance(value, list):
        return all(_is_value(one) for one in value)
    if isinstance(value, dict):
        return isinstance(value.get("$"), str) and value.keys() <= {"$", "type", "lang"}
    return isinstance(value, str | int | float | bool)


def documents(session: Session, scene: Scene) -> dict[str, dict[str, Any]]:
    process, now = process_by_slug(session, scene.place.slug), clock.now()
    lineages = {
        "statement": lineage_of_statement(session, process, scene.statement, now=now),
        "idea": lineage_of_idea(session, process, scene.ideas[0], now=now),
        "process": lineage_of_process(session, process, now=now),
    }
    return {name: prov_document(lineage, PLACES) for name, lineage in lineages.items()}


def test_documents_follow_the_format(database: Sessions, around: Scene) -> None:
    with database() as session:
        found = {name: complaints(document) for name, document in documents(session, around).items()}
    assert found == {"statement": [], "idea": [], "process": []}


def test_the_checks_themselves_find_something() -> None:
    broken = {
        "prefix": {"p": "/"},
        "entity": {"p:a b": {"x": None}},
        "used": {"_:1": {"prov:time": "noon"}},
        "other": {},
    }
    assert len(complaints(broken)) == 6


def test_a_statement_derives_from_ideas_through_themes(database: Sessions, around: Scene) -> None:
    with database() as session:
        document = documents(session, around)["statement"]
    derived = {(one["prov:generatedEntity"], one["prov:usedEntity"]) for one in document["wasDerivedFrom"].values()}
    statement, theme, idea = (
        f"p:statement-{around.statement}",
        f"p:theme-{around.clusters[0]}",
        f"p:idea-{around.ideas[0]}",
    )
    filing = next(name for name in document["entity"] if name.startswith("p:filing-") and (name, idea) in derived)
    chain = {(statement, theme), (theme, filing), (filing, idea), (statement, idea), (f"{statement}-r1", f"{idea}-r1")}
    chain |= {(f"p:answer-{around.answer}", statement), (f"p:measure-{around.measure}", f"p:answer-{around.answer}")}
    assert chain - derived == set()
    assert document["entity"][idea]["t:externalId"] == "A-17"
    assert document["entity"][f"p:votes-{around.ideas[0]}"] | {} == {
        "prov:type": {"$": "t:VoteFigures", "type": "xsd:QName"},
        "t:agree": 4,
        "t:disagree": 2,
        "t:unsure": 0,
    }
    assert f"p:votes-{around.other}" not in document["entity"], "one vote is too few to tell"


def test_nobody_is_named(database: Sessions, around: Scene) -> None:
    with database() as session:
        said = json.dumps(documents(session, around), ensure_ascii=False)
        secrets = [*session.scalars(select(Participant.pseudonym)), *session.scalars(select(Account.email))]
    assert len(secrets) > 4
    assert [secret for secret in secrets if secret in said] == []
    assert set(re.findall(r'"prov:agent": "([^"]+)"', said)) == {"p:residents", "p:moderation-team", "p:city"}


def test_what_is_hidden_is_a_tombstone_without_words(transact: Sessions, database: Sessions, around: Scene) -> None:
    with transact() as session:
        session.execute(update(Idea).where(Idea.id == around.ideas[0]).values(state=IdeaState.HIDDEN))
        review_sources(session, now=clock.now())
    with database() as session:
        process, now = process_by_slug(session, "digital"), clock.now()
        lineages = [
            lineage_of_statement(session, process, around.statement, now=now),
            lineage_of_process(session, process, now=now),
        ]
        for document in (prov_document(lineage, PLACES) for lineage in lineages):
            assert complaints(document) == []
            said = json.dumps(document, ensure_ascii=False)
            assert [word for word in (TITLE, BODY, COMMENT, "A-17") if word in said] == []
            gone = {one["prov:entity"] for one in document["wasInvalidatedBy"].values()}
            assert gone == {f"p:idea-{around.ideas[0]}", f"p:comment-{around.comment}"}


def test_results_that_are_hidden_are_in_no_data(transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place = make.process(session, hides_results=True)
        idea = make.idea(session, place)
        make.votes(session, place, idea, agree=9)
        statement = make.statement(session, place, [make.cluster(session, place, ideas=[idea])])
    with database() as session:
        process = process_by_slug(session, "digital")
        lineage = lineage_of_statement(session, process, statement, now=clock.now())
        signed = lineage.statements[statement].signed[0]
        assert (lineage.ideas[idea].figures, signed.people) == (None, None)
        shown = lineage_of_statement(session, process, statement, now=clock.now() + timedelta(days=30))
        assert shown.ideas[idea].figures is not None
        assert shown.statements[statement].signed[0].people is not None


def test_a_large_statement_comes_in_parts(transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        ideas = [make.idea(session, place, title=f"Idea {number}") for number in range(7)]
        statement = make.statement(session, place, [make.cluster(session, place, ideas=ideas)])
    with database() as session:
        process, now = process_by_slug(session, "digital"), clock.now()
        seen, after = list[int](), 0
        while after is not None:
            part = part_of_statement(session, process, statement, after=after, size=3, now=now)
            assert complaints(prov_document(part.lineage, PLACES)) == []
            seen += part.lineage.ideas
            after = part.next_after
    assert seen == ideas


def test_an_idea_that_left_its_theme_still_leads_to_what_was_signed(transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        idea, other = make.idea(session, place), make.idea(session, place)
        first, second = (
            make.cluster(session, place, title="First", ideas=[idea, other]),
            make.cluster(session, place, title="Second"),
        )
        signed = make.statement(session, place, [first])
        file_ideas(
            session, SYSTEM, process_id=place.id, idea_ids=[idea], cluster_id=second, out_of=first, now=clock.now()
        )
        later = make.statement(session, place, [first])
    with database() as session:
        process = process_by_slug(session, "digital")
        lineage = lineage_of_idea(session, process, idea, now=clock.now())
        assert (list(lineage.statements), sorted(lineage.clusters)) == ([signed], [first, second])
        assert list(lineage_of_idea(session, process, other, now=clock.now()).statements) == [signed, later]
        shifts = lineage_of_statement(session, process, signed, now=clock.now()).shifts
        assert [(shift.came, shift.left) for shift in shifts.values()] == [(0, 1)]
