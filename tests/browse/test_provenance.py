"""The pages of provenance: lists, pictures and data of a statement and of an idea, and what stands in none of them."""

from datetime import timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from sqlalchemy import update

from participation.ideas.models import Idea, IdeaState
from participation.kit import clock
from participation.provenance import queries as provenance_queries
from participation.strategy.models import Statement, StatementState
from tests import lineages, make
from tests.conftest import Sessions
from tests.lineages import COMMENT, SENTENCE, TITLE, Scene
from tests.pages import PageClient

EVIL = '"><svg onload=alert(1)> & \u202e'
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def around(transact: Sessions) -> Scene:
    with transact() as session:
        return lineages.scene(session)


def of_statement(scene: Scene, ending: str = "") -> str:
    return f"/en/processes/digital/statements/{scene.statement}/provenance{ending}"


def of_idea(idea_id: int, ending: str = "") -> str:
    return f"/en/processes/digital/ideas/{idea_id}/provenance{ending}"


def names(page: Any, section: str) -> list[str]:
    return [" ".join(name.split()) for name in page.texts(f"[aria-labelledby={section}] .lineage__name")]


def test_a_statement_leads_down_to_votes_and_up_to_measures(client: PageClient, around: Scene) -> None:
    page = client.get(of_statement(around))
    idea, other = around.ideas
    assert page.h1 == "Where this statement comes from"
    assert SENTENCE in page.one(".page-head")
    assert names(page, "rests-on") == ["Theme", f"Idea {idea}", f"Comment {around.comment}", f"Idea {other}"]
    steps = ["Planned", "Under way"]
    became = names(page, "became")
    assert became[:2] == ["Answer: Yes, we will do this", "Measure: Under way"]
    assert [name.split(",")[0] for name in became[2:]] == steps
    facts = page.texts(".lineage__facts li")
    assert "4 agree · 0 unsure · 2 disagree" in facts
    links = page.links("main a")
    assert links[TITLE] == f"/en/processes/digital/ideas/{idea}"
    assert links[COMMENT] == f"/en/processes/digital/ideas/{idea}/comments/{around.comment}"
    assert len(page.one("code")) == 64


def test_an_idea_leads_up_to_measures(client: PageClient, around: Scene) -> None:
    page = client.get(of_idea(around.ideas[0]))
    assert page.h1 == "What became of this idea"
    became = names(page, "became")
    assert became[:4] == ["Theme", "Statement 1", "Answer: Yes, we will do this", "Measure: Under way"]
    assert names(page, "rests-on") == [
        "Votes",
        f"Comment {around.comment}",
        f"Bundle {around.bundle}",
        f"Idea {around.ideas[1]}",
    ]
    assert page.links("main a")[f"{SENTENCE} (en)"] == f"/en/processes/digital/statements/{around.statement}"


def test_an_idea_that_nothing_became_of_says_so(client: PageClient, transact: Sessions, around: Scene) -> None:
    with transact() as session:
        alone = make.idea(session, around.place)
    page = client.get(of_idea(alone))
    assert "not filed under a theme yet" in page.one("[aria-labelledby=became]")
    assert "no votes or comments" in page.one("[aria-labelledby=rests-on]")


def test_pictures_say_in_words_what_they_show(client: PageClient, around: Scene) -> None:
    page = client.get(of_statement(around))
    for picture in page.select("figure [role=img]"):
        said = [page.one(f"#{name}") for name in picture.get("aria-labelledby", "").split()]
        assert said == [
            "From what people say to what the city does: Statement 1",
            "Statement 1 hangs together with: 1 theme, 2 filed ideas, 1 answer, 1 measure.",
        ]
        assert page.select(f"#{picture.get('aria-details')}")
    assert len(page.select("figure [role=img]")) == 2


def test_a_picture_as_a_file_is_well_formed_whatever_people_write(
    client: PageClient, transact: Sessions, around: Scene
) -> None:
    with transact() as session:
        session.get_one(Idea, around.ideas[0]).title = EVIL
        session.get_one(Statement, around.statement).text = {"en": EVIL, "ar": "نص"}
    for address in (of_statement(around, ".svg"), of_idea(around.ideas[0], ".svg")):
        for language in ("en", "ar"):
            page = client.get(address.replace("/en/", f"/{language}/"))
            root = ET.fromstring(page.data)
            assert root.tag == f"{SVG}svg"
            used = {element.tag.removeprefix(SVG) for element in root.iter()}
            assert used <= {"svg", "title", "desc", "g", "rect", "path", "text"}
            assert page.headers["Content-Type"] == "image/svg+xml; charset=utf-8"
    assert EVIL not in client.get(of_statement(around)).text


def test_data_come_in_parts(client: PageClient, around: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    page = client.get(of_statement(around, ".json"))
    assert page.response.json["entity"][f"p:idea-{around.ideas[1]}"]["t:number"] == around.ideas[1]
    monkeypatch.setattr(provenance_queries.part_of_statement, "__kwdefaults__", {"size": 1})
    first = client.get(of_statement(around, ".json")).response.json
    following = first["entity"][f"p:statement-{around.statement}"]["t:nextPart"]["$"]
    assert following.endswith(of_statement(around, f".json?after={around.ideas[0]}"))
    second = client.get(of_statement(around, f".json?after={around.ideas[0]}")).response.json
    assert f"p:idea-{around.ideas[1]}" in second["entity"]
    assert "t:nextPart" not in second["entity"][f"p:statement-{around.statement}"]
    client.get(of_statement(around, ".json?after=x"), status=400)
    assert client.get(of_idea(around.ideas[0], ".json")).response.json["agent"].keys() == {
        "p:residents",
        "p:moderation-team",
        "p:city",
    }


def test_what_is_not_public_has_no_page(client: PageClient, transact: Sessions, around: Scene) -> None:
    with transact() as session:
        draft = make.statement(session, around.place, around.clusters[1:], published=False)
        elsewhere = make.idea(session, make.process(session, "elsewhere"))
        session.execute(update(Idea).where(Idea.id == around.other).values(state=IdeaState.HIDDEN))
    for ending in ("", ".svg", ".json"):
        client.get(f"/en/processes/digital/statements/{draft}/provenance{ending}", status=404)
        client.get(f"/en/processes/elsewhere/statements/{around.statement}/provenance{ending}", status=404)
        client.get(of_idea(elsewhere, ending), status=404)
        client.get(of_idea(around.other, ending), status=404)


def test_what_is_hidden_leaves_a_tombstone_at_once(client: PageClient, transact: Sessions, around: Scene) -> None:
    with transact() as session:
        session.execute(update(Idea).where(Idea.id == around.ideas[0]).values(state=IdeaState.HIDDEN))
    page = client.get(of_statement(around))
    gone = page.texts(".lineage__item--gone .lineage__name")
    assert gone == [
        f"Comment {around.comment} was taken out by moderation",
        f"Idea {around.ideas[0]} was taken out by moderation",
    ]
    for ending in ("", ".svg", ".json"):
        said = client.get(of_statement(around, ending)).text
        assert [word for word in (TITLE, COMMENT, "A-17") if word in said] == []


def test_a_statement_that_was_withdrawn_is_a_trace(client: PageClient, transact: Sessions, around: Scene) -> None:
    with transact() as session:
        statement = session.get_one(Statement, around.statement)
        statement.state, statement.withdrawn_at = StatementState.WITHDRAWN, clock.now()
    client.get(of_statement(around), status=404)
    page = client.get(of_idea(around.ideas[0]))
    assert SENTENCE not in page.text
    assert page.texts(".lineage__item--gone .lineage__name") == ["Statement 1"]


def test_results_that_are_hidden_stay_hidden(client: PageClient, transact: Sessions) -> None:
    with transact() as session:
        place = make.process(session, hides_results=True, ends_at=clock.now() + timedelta(days=1))
        idea = make.idea(session, place)
        make.votes(session, place, idea, agree=37)
        statement = make.statement(session, place, [make.cluster(session, place, ideas=[idea])])
    for ending in ("", ".svg", ".json"):
        for address in (f"statements/{statement}", f"ideas/{idea}"):
            said = client.get(f"/en/processes/digital/{address}/provenance{ending}").text
            assert [word for word in ("37 agree", "37 people", "t:agree", "t:people") if word in said] == []


@pytest.mark.parametrize("more", [0, 2])
def test_pages_take_as_many_queries_for_many_as_for_one(
    client: PageClient, transact: Sessions, around: Scene, more: int
) -> None:
    with transact() as session:
        for number in range(more):
            idea = make.idea(session, around.place, title=f"One more {number}")
            make.comment(session, around.place, idea)
            cluster = make.cluster(session, around.place, title=f"More {number}", ideas=[idea, around.ideas[0]])
            make.answer(session, statement_id=lineages.signed(session, around.place, (cluster,), idea=around.ideas[0]))
            make.answer(session, idea_id=idea)
    client.get(of_statement(around), budget=30)
    client.get(of_idea(around.ideas[0]), budget=22)


def test_the_app_names_both_pages(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint.startswith("provenance.")}
    kinds = ("statement", "idea")
    assert endpoints == {f"provenance.{kind}{file}" for kind in kinds for file in ("", "_picture", "_data")}
