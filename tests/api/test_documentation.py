"""The page that explains the interface: everything that it offers, in our own layout, found from every page."""

from participation.api.documentation import FEEDS, PROBLEM_WORDS
from participation.api.problems import KINDS
from participation.api.words import SUMMARIES
from tests.api.world import World
from tests.pages import PageClient


def test_the_short_address_leads_to_the_page_in_ones_language(program: PageClient) -> None:
    page = program.get("/api", status=302)
    assert page.location == "/en/api"
    assert "Accept-Language" in page.headers["Vary"]
    assert program.follow(page).h1 == "Interface for programs"
    assert program.get("/en/rules").links("footer a")["Interface for programs"] == "/en/api"


def test_it_explains_every_address_and_every_problem(program: PageClient) -> None:
    page = program.get("/en/api", budget=0)
    assert {section.get("id") for section in page.select(".operation")} == set(SUMMARIES)
    assert len(page.select(".operation .code-sample")) == len(SUMMARIES)
    assert PROBLEM_WORDS.keys() == set(KINDS.values())
    assert all(page.select(f"#{name}") for name in PROBLEM_WORDS)
    assert "600 requests in 60 seconds" in page.one("main")
    assert page.links()["The description for programs (OpenAPI 3.1.0)"] == "http://127.0.0.1:8000/api/v1/openapi.json"


def test_the_feeds_that_it_names_are_there(program: PageClient, world: World) -> None:
    values = {"slug": world.scene.place.slug, "idea_id": world.scene.ideas[0]}
    for _label, path in FEEDS:
        page = program.get(f"/en{path.format(**values)}")
        assert page.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
