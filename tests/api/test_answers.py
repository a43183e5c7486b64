"""What the interface says: the same as the pages, page after page, in the reader's language, to whoever asks."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from participation.accounts.actor import Role
from participation.ideas.models import Idea, IdeaState
from participation.kit.db import db
from participation.kit.limits import EXTENSION
from tests import make
from tests.api.world import NASTY, ROOT, SECRET, World
from tests.conftest import Sessions
from tests.databases import build_app
from tests.lineages import COMMENT, QUOTED, SENTENCE, TITLE
from tests.make import Place
from tests.pages import PageClient

Read = Callable[..., dict[str, Any]]
EVERYWHERE = "/api/v1/openapi.json"


def walked(read: Read, address: str) -> Iterator[dict[str, Any]]:
    """Yield the items of a list, page after page, each by the address that the page before it names."""
    following: str | None = address
    while following:
        page = read(following.partition("127.0.0.1:8000")[2] or following)
        yield from page["items"]
        following = page["next"]


def test_processes(read: Read, world: World) -> None:
    found = read(ROOT)["items"]
    assert {one["slug"]: one["state"] for one in found} == {
        "digital": "published",
        "quiet": "published",
        "archived": "archived",
    }
    process = read(f"{ROOT}/digital?language=de")
    assert process["title"] == {"text": "Process digital (de)", "language": "de"}
    assert [entry["key"] for entry in process["districts"]] == list(make.DISTRICTS)
    assert (process["data_licence"], process["results_hidden"]) == ("dl-de-by-2.0", False)
    assert process["page_url"] == "http://127.0.0.1:8000/de/processes/digital"
    for address in process["links"].values():
        read(address.partition("127.0.0.1:8000")[2])
    assert [one["key"] for one in read(process["links"]["principles"].partition(":8000")[2])["items"]] == list(
        make.PRINCIPLES
    )
    assert world.address == f"{ROOT}/digital"


def test_an_idea_with_everything_around_it(read: Read, world: World) -> None:
    scene = world.scene
    idea = read(world.idea())
    assert (idea["title"], idea["field"], idea["district"]) == (TITLE, "mobility", "north")
    assert idea["votes"] == {"agree": 4, "unsure": 0, "disagree": 2, "people": 6, "withheld": None}
    assert idea["points"] == {"points": None, "people": None, "withheld": "too_few"}
    assert (idea["clusters"], idea["bundle_id"], idea["statements"]) == (
        [scene.clusters[0]],
        scene.bundle,
        [scene.statement],
    )
    assert [one["text"] for one in idea["addenda"]] == ["Added later"]
    assert [(one["about"], len(one["measures"])) for one in idea["answers"]] == [("idea", 0), ("statement", 1)]
    assert "pseudonym" not in str(idea).lower()
    other = read(f"{world.address}/ideas/{scene.ideas[1]}")
    assert (other["referrals"][0]["about"], other["referrals"][0]["about_id"]) == ("idea", scene.ideas[1])
    prov = read(world.idea("/provenance"))
    assert f"p:idea-{scene.ideas[0]}" in prov["entity"]
    assert read(world.idea("/votes"))["votes"] == idea["votes"]


def test_a_statement_with_everything_it_rests_on(read: Read, world: World) -> None:
    assert [one["text"]["text"] for one in read(f"{world.address}/statements")["items"]] == [f"{SENTENCE} (en)"]
    statement = read(world.statement())
    assert [quote["text"] for quote in statement["quotes"]] == [QUOTED, COMMENT]
    assert statement["ideas"] == 2
    assert statement["people"] == {"people": 6, "agree": 4, "disagree": 2, "withheld": None}
    assert [one["text"] for one in statement["objections"]] == [f"Too dear {NASTY}"]
    assert [one["outcome"] for one in statement["answers"]] == ["yes"]
    assert statement["signed"]["ideas"] == 2
    prov = read(world.statement("/provenance"))
    assert f"p:statement-{world.scene.statement}" in prov["entity"]


def test_themes_and_bundles(read: Read, world: World) -> None:
    themes = {one["title"]["text"]: one for one in read(f"{world.address}/clusters")["items"]}
    assert {name: one["ideas"] for name, one in themes.items()} == {"Benches (en)": 2, "Light (en)": 1, "Open (en)": 0}
    benches = themes["Benches (en)"]
    assert benches["statements"] == [world.scene.statement]
    filed = read(benches["ideas_url"].partition(":8000")[2])["items"]
    assert {one["id"] for one in filed} == set(world.scene.ideas)
    (bundle,) = read(f"{world.address}/bundles")["items"]
    assert [one["id"] for one in bundle["ideas"]] == list(world.scene.ideas)
    assert bundle["people"] == {"people": 6, "agree": 4, "disagree": 2, "withheld": None}


def test_pages_repeat_and_skip_nothing(read: Read, program: PageClient, world: World) -> None:
    whole = [one["id"] for one in read(f"{world.address}/ideas?limit=100")["items"]]
    assert len(whole) == 9
    for query in ("limit=2", "limit=4&sort=agreement", "limit=1&sort=discussed", "limit=2&sort=contested"):
        assert sorted(one["id"] for one in walked(read, f"{world.address}/ideas?{query}")) == sorted(whole)
    assert [one["id"] for one in walked(read, f"{world.address}/ideas?limit=2")] == whole
    assert [one["idea_id"] for one in walked(read, f"{world.address}/votes?limit=5")] == whole
    comments = [one["id"] for one in read(f"{world.address}/comments?limit=100")["items"]]
    assert len(comments) == 7
    assert [one["id"] for one in walked(read, f"{world.address}/comments?limit=3")] == comments
    on_other = f"{world.address}/ideas/{world.scene.other}/comments"
    assert [one["text"] for one in walked(read, f"{on_other}?limit=1")] == [f"Comment {number}" for number in range(4)]
    page = program.get(f"{world.address}/ideas?limit=2&q=Bare")
    (link,) = page.headers.getlist("Link")
    assert link == f'<{page.response.get_json()["next"]}>; rel="next"'
    assert "Link" not in program.get(f"{world.address}/ideas?limit=100").headers


def test_filters(read: Read, world: World) -> None:
    def ids(query: str) -> set[int]:
        return {one["id"] for one in read(f"{world.address}/ideas?{query}")["items"]}

    scene = world.scene
    assert ids("principle=climate") == {world.nasty}
    assert ids("field=mobility") == ids("district=north") == ids("answered=yes&q=fluss") == {scene.ideas[0]}
    assert ids("q=b%C3%A4nke") == set(scene.ideas)
    assert ids(f"theme={scene.clusters[1]}") == {scene.other}
    assert ids("written_in=tr") == set(world.bare)
    assert ids("since=2026-03-05T00:00:00Z&written_in=tr") == set(world.bare[3:])
    assert ids("since=9999-12-31T23:59:59%2B14:00") == set()
    assert len(ids("since=0001-01-01T00:00:00%2B14:00")) == 9
    assert ids("q=%00%E2%80%AEfluss") == {scene.ideas[0]}
    assert read(f"{world.address}/comments?since=2999-01-01T00:00:00Z")["items"] == []


@pytest.mark.parametrize(
    ("query", "status", "parameter"),
    [
        ("limit=0", 400, "limit"),
        ("limit=101", 400, "limit"),
        ("limit=-1", 400, "limit"),
        ("limit=٣", 400, "limit"),
        ("limit=1e3", 400, "limit"),
        ("after=%00", 400, "after"),
        ("after=bjE3", 404, "after"),
        ("since=yesterday", 400, "since"),
        ("sort=random", 400, "sort"),
        ("email_start=a", 400, "email_start"),
        ("language=tlh", 400, "language"),
        ("principle=unknown", 404, "principle"),
        ("theme=999999", 404, "theme"),
        ("theme=99999999999999999999", 400, "theme"),
        (f"q={'x' * 201}", 400, "q"),
    ],
)
def test_what_is_not_on_offer_is_named(
    program: PageClient, world: World, query: str, status: int, parameter: str
) -> None:
    page = program.get(f"{world.address}/ideas?{query}", status=status)
    assert page.headers["Content-Type"] == "application/problem+json"
    said = page.response.get_json()
    assert (said["status"], [one["parameter"] for one in said["errors"]]) == (status, [parameter])
    assert said["type"].startswith("http://127.0.0.1:8000/de/api#")
    assert page.headers["Access-Control-Allow-Origin"] == "*"


def test_problems_are_problems_everywhere(program: PageClient, world: World) -> None:
    for address, method, status in (
        ("/api/v1/nothing", "GET", 404),
        ("/api/v2/processes", "GET", 404),
        (f"{ROOT}/unknown", "GET", 404),
        (f"{ROOT}/draft/ideas", "GET", 404),
        (f"{ROOT}/closed", "GET", 404),
        (f"{world.address}/ideas/999999", "GET", 404),
        (f"{ROOT}/quiet/ideas/{world.scene.ideas[0]}/comments", "GET", 404),
        (f"{ROOT}/quiet/statements/{world.scene.statement}", "GET", 404),
        (f"{ROOT}/quiet/ideas?sort=agreement", "GET", 403),
        (ROOT, "POST", 405),
        (ROOT, "DELETE", 405),
    ):
        page = program.open(method, address, status=status)
        assert page.headers["Content-Type"] == "application/problem+json", address
        said = page.response.get_json()
        assert said.keys() == {"type", "title", "status", "detail", "errors"}
        assert (said["status"], page.headers["Content-Language"]) == (status, "en")
    assert program.get("/de/api").select(f"#{said['type'].partition('#')[2]}")


def test_hidden_results_are_withheld(read: Read, world: World) -> None:
    (idea,) = read(f"{ROOT}/quiet/ideas")["items"]
    withheld = {"agree": None, "unsure": None, "disagree": None, "people": None, "withheld": "results_hidden"}
    assert idea["votes"] == withheld
    assert read(f"{ROOT}/quiet/ideas/{world.quiet_idea}/votes")["votes"] == withheld
    assert read(f"{ROOT}/quiet")["results_hidden"] is True


def test_texts_are_harmless_and_whole(program: PageClient, world: World) -> None:
    page = program.get(f"{world.address}/ideas/{world.nasty}")
    assert page.response.get_json()["title"] == f"Nasty {NASTY}"
    assert not {"<", ">", "&"} & set(page.text)
    assert page.headers["X-Content-Type-Options"] == "nosniff"


def test_nothing_that_is_not_public(full: Flask, program: PageClient, world: World) -> None:
    ideas, statements = range(1, 25), range(1, 5)
    addresses = [
        *(f"{ROOT}{rest}" for rest in ("", "/draft", "/closed/ideas")),
        *(f"{world.address}{rest}?limit=100" for rest in ("/ideas", "/comments", "/votes", "/bundles", "/statements")),
        f"{world.address}/clusters",
        *(f"{world.address}{rest}?limit=100&language=fr" for rest in ("/ideas", "/comments")),
        f"{world.address}/ideas?q={SECRET}",
        f"{world.address}/ideas?q={SECRET}&language=fr",
        *(f"{world.address}/ideas/{id_}{rest}" for id_ in ideas for rest in ("", "/comments", "/votes", "/provenance")),
        *(f"{world.address}/statements/{id_}{rest}" for id_ in statements for rest in ("", "/provenance")),
    ]
    read = {address: program.get(address, status=None) for address in addresses}
    assert {address for address, page in read.items() if SECRET in page.text} == set()
    assert sum(page.status == 200 for page in read.values()) > 40


def test_languages(program: PageClient, world: World) -> None:
    for address, accepted, language in (
        (f"{world.address}", "de-DE,de;q=0.9", "de"),
        (f"{world.address}", "tlh", "de"),
        (f"{world.address}?language=en", "de", "en"),
        (f"{world.address}?language=ar", "de", "ar"),
    ):
        page = program.get(address, headers={"Accept-Language": accepted})
        assert (page.headers["Content-Language"], page.headers["Vary"].split(", ")[0]) == (language, "Accept-Language")
        assert f"/{language}/" in page.response.get_json()["page_url"]
    said = program.get(f"{ROOT}/unknown", status=404, headers={"Accept-Language": "de"}).response.get_json()
    assert said["title"] == "Seite nicht gefunden"


def test_texts_of_residents_come_in_the_language_that_is_asked_for(read: Read, world: World) -> None:
    plain = {"original": None, "translation": None}
    address = f"{world.address}/ideas/{world.bare[0]}"
    original = read(address)
    assert original | plain == original
    assert read(f"{address}?language=de") | plain == read(f"{address}?language=de")
    idea = read(f"{address}?language=fr")
    assert (idea["title"], idea["text"], idea["language"]) == ("Bibliothèques", "Le soir", "fr")
    assert idea["original"] == {"title": original["title"], "text": original["text"], "language": "tr"}
    assert idea["translation"] == {"origin": "machine", "provider": "LibreTranslate", "from": "tr"}
    listed = {one["id"]: one for one in walked(read, f"{world.address}/ideas?language=fr&limit=2")}
    assert listed[world.bare[0]] == {name: idea[name] for name in listed[world.bare[0]]}
    assert [one["id"] for one in listed.values() if one["translation"]] == [world.bare[0]]
    (addendum,) = read(f"{world.idea()}?language=fr")["addenda"]
    assert (addendum["text"], addendum["original"]["text"]) == ("Ajouté après", "Added later")
    assert addendum["translation"] == {"origin": "human", "provider": None, "from": "en"}
    comments = read(f"{world.idea('/comments')}?language=fr")["items"]
    assert [one["text"] for one in comments if one["translation"]] == ["Trop sombre"]
    assert [one["original"] for one in comments if one["translation"]] == [
        {"title": None, "text": COMMENT, "language": comments[0]["translation"]["from"]}
    ]
    # Who asks in a language finds by what is shown in it.
    assert [one["id"] for one in read(f"{world.address}/ideas?language=fr&q=bibliothèque")["items"]] == [world.bare[0]]
    assert read(f"{world.address}/ideas?language=de&q=bibliothèque")["items"] == []


def test_validators(program: PageClient, world: World) -> None:
    page = program.get(world.idea())
    etag = page.headers["ETag"]
    assert etag.startswith('W/"')
    for value in (etag, f'"x", {etag}', "*"):
        again = program.get(world.idea(), status=304, headers={"If-None-Match": value})
        assert (again.data, again.headers["ETag"]) == (b"", etag)
    program.get(f"{world.idea()}?language=de", headers={"If-None-Match": etag})
    assert program.open("HEAD", world.idea(), status=200).headers["ETag"] == etag
    assert page.headers["Cache-Control"] == "no-cache"


def test_a_vote_and_an_edit_change_the_validator(client: PageClient, place: Place, transact: Sessions) -> None:
    with transact() as session:
        idea = make.idea(session, place)
        make.votes(session, place, idea, agree=5)
    address = f"{ROOT}/{place.slug}/ideas/{idea}"
    seen = [client.get(address).headers["ETag"]]
    with transact() as session:
        make.votes(session, place, idea, disagree=1)
    seen.append(client.get(address).headers["ETag"])
    with transact() as session:
        session.get_one(Idea, idea).title = "Better words"
    seen.append(client.get(address).headers["ETag"])
    assert len(set(seen)) == 3


def test_no_cookie_is_read_or_set(
    app: Flask, member: Callable[..., PageClient], place: Place, transact: Sessions
) -> None:
    with transact() as session:
        hidden = make.idea(session, place, title=SECRET)
        session.get_one(Idea, hidden).state = IdeaState.HIDDEN
    for visitor in (PageClient(app), member(Role.ADMIN)):
        visitor.get(f"{ROOT}/{place.slug}/ideas/{hidden}", status=404)
        page = visitor.get(f"{ROOT}/{place.slug}/ideas")
        assert "Set-Cookie" not in page.headers
        assert page.headers["Vary"].split(", ")[0] == "Accept-Language"
        assert page.response.get_json()["items"] == []


def test_pages_of_other_sites_may_read(program: PageClient, world: World) -> None:
    page = program.get(world.address, headers={"Origin": "https://www.example.org"})
    assert page.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in page.headers
    asked = program.open("OPTIONS", world.address, status=204, headers={"Origin": "https://www.example.org"})
    assert asked.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert "If-None-Match" in asked.headers["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Origin" not in program.open("POST", world.address, status=405).headers
    assert "Access-Control-Allow-Origin" not in program.get("/de/api").headers


def test_how_often(app: Flask, place: Place, tmp_path: Any) -> None:
    limits = {**app.config["LIMITS"], "api": "3/minute"}
    limited = build_app(app.config["DATABASE_URL"], tmp_path, RATELIMIT_ENABLED=True, LIMITS=limits)
    program = PageClient(limited)
    left = []
    for _ in range(3):
        page = program.get(f"{ROOT}/{place.slug}")
        left.append(page.headers["RateLimit-Remaining"])
        assert (page.headers["RateLimit-Limit"], page.headers["RateLimit-Policy"]) == ("3", "3;w=60")
    assert left == ["2", "1", "0"]
    # One limit for all addresses, and for whoever is signed in as well.
    refused = program.get(ROOT, status=429)
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert 0 < int(refused.headers["Retry-After"]) <= 61
    assert refused.headers["RateLimit-Remaining"] == "0"
    program.get("/de/api")
    limited.extensions[EXTENSION].storage.close()
    with limited.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("number", [1, 3])
def test_query_budgets(client: PageClient, place: Place, transact: Sessions, number: int) -> None:
    with transact() as session:
        ideas = [make.idea(session, place, principles=["climate"]) for _ in range(2 * number)]
        for idea in ideas:
            make.votes(session, place, idea, agree=5)
            make.comment(session, place, idea)
            make.answer(session, idea_id=idea)
        clusters = [make.cluster(session, place, ideas=[idea]) for idea in ideas]
        statements = [make.statement(session, place, [cluster]) for cluster in clusters]
        for pair in zip(ideas[::2], ideas[1::2], strict=True):
            make.bundle(session, pair)
    address = f"{ROOT}/{place.slug}"
    for rest, budget in (
        ("", 3),
        ("/principles", 3),
        ("/ideas", 5),
        (f"/ideas?q=idea&theme={clusters[0]}&sort=agreement", 6),
        (f"/ideas/{ideas[0]}", 12),
        (f"/ideas/{ideas[0]}/votes", 4),
        (f"/ideas/{ideas[0]}/comments", 4),
        ("/comments", 3),
        ("/votes", 4),
        ("/clusters", 4),
        ("/bundles", 5),
        ("/statements", 3),
        (f"/statements/{statements[0]}", 30),
    ):
        client.get(f"{address}{rest}", budget=budget)
    client.get(ROOT, budget=2)
    client.get(EVERYWHERE, budget=0)
