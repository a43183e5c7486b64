"""The accessibility statement: what comes with the product, what admins say, and what the tests found."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from participation.accessibility import pages
from participation.accessibility.facts import Conformity, Facts, Gap, GapKind, read_facts, stored_facts
from participation.accessibility.models import AccessibilityStatement
from participation.accessibility.product import first_facts, statement_words
from participation.accessibility.results import RESULTS, findings, scores
from participation.accounts.actor import Role
from tests.conftest import Sessions
from tests.pages import PageClient

Member = Callable[..., PageClient]
FOUND: dict[str, Any] = {
    "day": "2026-11-20",
    "version": "0.1.0",
    "engine": "axe-core 4.10",
    "browser": "Chromium 140",
    "pages": 210,
    "states": 260,
    "looks": 4800,
    "interactions": 60,
    "modes": ["light", "dark", "forced", "narrow", "large", "rtl", "no-script"],
    "languages": ["de", "ar"],
    "rules": 92,
    "violations": {},
    "lighthouse": [
        {"page": "front page", "form": "mobile", "performance": 99, "accessibility": 100, "best_practices": 100},
    ],
}


@pytest.fixture
def found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let the tests have found something: ``found(violations={"label": 2})``."""

    def write(**values: Any) -> None:
        path = tmp_path / f"results-{len(list(tmp_path.iterdir()))}.json"
        path.write_text(json.dumps({**FOUND, **values}), encoding="utf-8")
        monkeypatch.setattr(pages, "findings", lambda: findings(path))
        monkeypatch.setattr(pages, "scores", lambda: scores(path))

    return write


def test_without_a_word_of_the_city_the_statement_says_so(client: PageClient) -> None:
    page = client.get("/en/accessibility", budget=2)
    assert page.one(".conformity") == statement_words()["partial"]["en"]
    assert "has not confirmed it for this platform yet" in page.text
    assert page.texts(".gap-list__gap > p:first-child") == [gap.text["en"] for gap in first_facts().gaps]
    assert "within 14 days" in page.text
    assert "42 days after your report" in page.text
    links = page.links("main a")
    assert links["Report a barrier"] == "/en/barriers/new"
    (ombuds,) = (url for text, url in links.items() if "Ombuds office" in text)
    assert ombuds == "https://www.lbbp.nrw.de/ombudsstelle"
    assert client.get("/de/accessibility").h1
    assert client.get("/ar/accessibility").h1


def test_admins_confirm_the_statement_and_say_what_is_missing(
    member: Member, client: PageClient, database: Sessions
) -> None:
    admin = member(Role.ADMIN)
    page = admin.get("/en/desk/accessibility")
    wrong = {"prepared_on": "2026-05-02", "reviewed_on": "2026-05-01", "ombuds_url": "example.org"}
    assert len(admin.submit(page, "facts-form", **wrong).errors) == 2
    fields = {"method": "external", "prepared_on": "2026-05-01", "reviewed_on": "2026-06-01"}
    fields |= {"assessor_en": "Barrier Testers", "assessor_de": "Prüfverein"}
    admin.submit(page, "facts-form", **fields, forge={"status": ["none"]}, status=303)
    gap = {"text_en": "Old plans are pictures.", "alternative_en": "We read them to you.", "until": "2027-03-31"}
    new = admin.get("/en/desk/accessibility/gaps/new")
    assert admin.submit(new, "gap-form").status == 422
    admin.submit(new, "gap-form", kind="burden", **gap, status=303)
    seen = client.get("/en/accessibility")
    assert seen.one(".conformity") == statement_words()["none"]["en"]
    for words in ("Barrier Testers", "1 June 2026", gap["text_en"], gap["alternative_en"], "31 March 2027"):
        assert words in seen.text
    assert "has not confirmed" not in seen.text
    change = admin.get("/en/desk/accessibility/gaps/5")
    words = {"text_en": "Some old plans are pictures.", "text_de": "Alte Pläne sind Bilder."}
    admin.submit(change, "gap-form", **words, status=303)
    assert "Some old plans are pictures." in client.get("/en/accessibility").text
    overview = admin.get("/en/desk/accessibility")
    admin.submit(overview, "form[action$='/gaps/5/removal']", status=303)
    assert "pictures" not in client.get("/en/accessibility").text
    admin.get("/en/desk/accessibility/gaps/5", status=404)
    with database() as session:
        said = [read_facts(row.facts) for row in session.scalars(select(AccessibilityStatement).order_by("id"))]
    assert [len(facts.gaps) for facts in said] == [4, 5, 5, 4], "every version stays"
    assert said[-1].assessor == {"en": "Barrier Testers", "de": "Prüfverein"}


def test_what_tests_found_is_part_of_it_and_errors_stand_against_full_conformity(
    member: Member, client: PageClient, found: Callable[..., None]
) -> None:
    admin = member(Role.ADMIN)
    page = admin.get("/en/desk/accessibility")
    days = {"prepared_on": "2026-05-01", "reviewed_on": "2026-06-01"}
    admin.submit(page, "facts-form", **days, forge={"status": ["full"]}, status=303)
    assert "does not fit with" in admin.get("/en/desk/accessibility").text
    found()
    clean = client.get("/en/accessibility")
    assert clean.one(".conformity") == statement_words()["full"]["en"]
    for words in ("20 November 2026", "4,800", "axe-core 4.10", "high contrast (forced colours)", "Arabic"):
        assert words in clean.text
    assert clean.texts("#scores-caption ~ tbody tr > *") == ["Start page · phone", "100", "100", "99"]
    found(violations={"label": 2, "region": 1}, lighthouse=[])
    broken = client.get("/en/accessibility")
    assert broken.one(".conformity") == statement_words()["partial"]["en"]
    assert "has stated “in full”" in broken.text
    assert broken.texts("#violations-caption ~ tbody th") == ["label", "region"]
    assert broken.select("#scores") == []


@pytest.mark.parametrize("content", ["", "[]", "{}", json.dumps({**FOUND, "pages": None}), "\x00"])
def test_unusable_results_count_as_none(tmp_path: Path, content: str) -> None:
    path = tmp_path / "results.json"
    assert (findings(path), scores(path)) == (None, ())
    path.write_text(content, encoding="utf-8")
    assert findings(path) is None
    path.write_text(json.dumps({"lighthouse": FOUND["lighthouse"]}), encoding="utf-8")
    assert (findings(path), len(scores(path))) == (None, 1), "each half counts by itself"


def test_results_that_come_with_the_product_can_be_read() -> None:
    if RESULTS.exists():
        content = json.loads(RESULTS.read_text(encoding="utf-8"))
        assert len(scores()) == len(content.get("lighthouse", []))
        assert (findings() is not None) is ("pages" in content)


def test_facts_survive_being_kept() -> None:
    facts = first_facts()
    gap = Gap(facts.next_gap, GapKind.BURDEN, {"en": "x"}, {}, date(2027, 1, 1))
    for one in (facts, facts.with_gap(gap), facts.with_gap(gap).without_gap(1)):
        assert read_facts(json.loads(json.dumps(stored_facts(one)))) == one


@pytest.mark.parametrize(
    ("status", "kinds", "contradictory"),
    [
        (Conformity.FULL, [], False),
        (Conformity.FULL, [GapKind.EXEMPT], False),
        (Conformity.FULL, [GapKind.EXEMPT, GapKind.NOT_YET], True),
        (Conformity.FULL, [GapKind.BURDEN], True),
        (Conformity.PARTIAL, [GapKind.NOT_YET], False),
        (Conformity.NONE, [], False),
    ],
)
def test_full_conformity_and_gaps_contradict_each_other(
    status: Conformity, kinds: list[GapKind], contradictory: bool
) -> None:
    first = first_facts()
    gaps = tuple(Gap(number, kind, {}, {}) for number, kind in enumerate(kinds, 1))
    facts = Facts(status, first.method, {}, "", None, None, gaps, first.offices)
    assert facts.is_contradictory is contradictory


def test_every_word_can_be_filled_in(app: Flask) -> None:
    with app.test_request_context("/de/accessibility"):
        app.preprocess_request()
        assert [name for name, said in pages.statement_said().items() if not said.text or "{" in said.text] == []
