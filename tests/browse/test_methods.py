"""The pages of the methods: complete, in every language, and filled in with numbers from the code."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
import yaml

from participation.browse.methods import FOLDER, LAST_RUNS, METHODS, last_run, method_lines, method_page
from participation.ideas.models import Draw
from participation.kit.permissions import Missing
from participation.voting.next_idea import SAMPLE
from tests import make
from tests.conftest import Sessions
from tests.pages import PageClient

KEYS = {"title", "purpose", "how", "formulas", "sources", "inputs", "limits", "misuse", "without"}

DRAWN = datetime(2026, 9, 1, 3, 10, tzinfo=UTC)


def leaves(value: Any) -> list[dict[str, str]]:
    """Return every text of a method that exists in several languages."""
    if isinstance(value, dict):
        return [value] if set(value) <= {"de", "en"} else [leaf for item in value.values() for leaf in leaves(item)]
    return [leaf for item in value for leaf in leaves(item)] if isinstance(value, list) else []


def test_every_file_is_a_method_and_every_method_has_a_file() -> None:
    assert {path.stem for path in FOLDER.glob("*.yaml")} == set(METHODS)


@pytest.mark.parametrize("name", METHODS)
def test_a_method_is_complete(name: str) -> None:
    data = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    assert set(data) == KEYS
    assert all(set(leaf) == {"de", "en"} and all(leaf.values()) for leaf in leaves(data))
    for language in ("de", "en"):
        page = method_page(name, language)
        assert page.version == METHODS[name].version != ""
        assert all((page.how, page.sources, page.inputs, page.limits, page.misuse))
        assert not re.search(r"\{\w*\}", repr(page))


def test_the_pages(client: PageClient) -> None:
    overview = client.get("/en/methods")
    pages = {client.get(url).h1 for url in overview.links("main li a").values()}
    assert pages == {line.title for line in method_lines("en")}
    page = client.get("/de/methods/next-idea")
    assert f"Zuerst werden {SAMPLE} Ideen gelost" in page.one("main")
    assert "/en/methods" in client.get("/en/imprint").links("footer a").values()
    client.get("/en/methods/no-such-method", status=404)
    with pytest.raises(Missing):
        method_page("no-such-method", "en")


def test_when_a_method_was_last_run(database: Sessions, transact: Sessions, client: PageClient) -> None:
    assert set(LAST_RUNS) < set(METHODS)
    with transact() as session:
        assert {last_run(session, name) for name in METHODS} == {None}
        process_id = make.process(session).id
        session.add(Draw(process_id=process_id, number=2, seed="", begun_at=DRAWN, done_at=DRAWN))
    with database() as session:
        assert last_run(session, "orders") == DRAWN
    assert "Computed" in client.get("/en/methods/orders").one("main")
    assert "Computed" not in client.get("/en/methods/search").one("main")
