"""Every page in a pseudo-locale: text that no catalogue can translate stands outside the markers and is found."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask, render_template
from lxml.html import document_fromstring
from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accessibility.pages import statement_said
from participation.accessibility.product import first_facts
from participation.accessibility.results import findings
from participation.accounts.actor import Role
from participation.browse.editorial import FOLDER, editorial_page
from participation.browse.explanations import SOS, WILSON
from participation.browse.framework_pages import LIVED
from participation.browse.functions import FUNCTIONS, function_page
from participation.browse.methods import METHODS, method_page
from participation.browse.words import topics
from participation.exports import wording
from participation.exports.opendata.dictionary import SOURCE as OPEN_DICTIONARY
from participation.exports.opendata.words import SOURCE as OPEN_WORDS
from participation.exports.writers import WRITERS
from participation.intake.models import ColumnMapping
from participation.kit.db import db
from participation.legal.models import LegalKind
from participation.legal.placeholders import settings_of
from participation.legal.product import product_text
from participation.moderation.grounds import grounds
from participation.multilingual import in_language, language_name
from participation.notifications.models import EntryKind
from participation.notifications.unsubscribing import unsubscribe_token
from participation.opinions.wording import LETTERS
from participation.signals.watching import built_in_lists
from participation.texts.language import KNOWN
from tests import make
from tests.databases import Databases, build_app
from tests.multilingual.addresses import EXPLAINING, LINKS, addresses, pages, token_for, values_of
from tests.multilingual.busy import BUSY, ELSEWHERE, fill
from tests.multilingual.pseudo import CLOSE, LANGUAGE, OPEN, Unbalanced, unmarked, write_catalogue
from tests.notifications.village import Village
from tests.pages import PageClient

WRITTEN = {
    *("interim", "uses", "wants", "page"),
    *("title", "text", "reason", "answer", "pseudonym", "email", "external_id", "reference", "department"),
    *("sha256", "matrix_sha256", "method", "file_name"),
}
# The same in every language.
RECORDS = {"RDF/XML", "Turtle", "JSON-LD"}
NAMES = {"SHA-256", "⌘", SOS, WILSON, "example.org", "www.example.org", ELSEWHERE, *LETTERS, *RECORDS}
LETTER_VALUES = (
    "subject",
    "label",
    "settings_url",
    "unsubscribe_url",
    "link",
    "lasts",
    "sign_in_url",
    "reset_url",
    "reason",
    "title",
    "text",
    "process",
    "url",
    "rules_url",
    "outcome",
    "office_says",
    "office_name",
    "office_contact",
    "office_url",
    "department",
    "site",
    "given",
    "answer_by",
    "ground",
    "code",
)


@pytest.fixture(scope="module")
def translations(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The settings that make an application speak the pseudo-locale."""
    folder = tmp_path_factory.mktemp("translations")
    write_catalogue(folder)
    return {"CATALOGUES": str(folder)}


@pytest.fixture
def app(databases: Databases, tmp_path: Path, translations: dict[str, str]) -> Flask:
    """The application in the pseudo-locale; on SQLite alone, since words do not depend on the database."""
    databases.copy_sqlite(tmp_path / "test.sqlite")
    return build_app(f"sqlite:///{tmp_path / 'test.sqlite'}", tmp_path / "data", **translations)


def test_no_page_has_text_that_cannot_be_translated(app: Flask, transact: Any, member: Any, new_client: Any) -> None:
    visitors = [new_client(), member(), member(Role.MODERATOR), member(Role.STAFF), member(Role.ADMIN)]
    with transact() as session:
        fill(session)
        values = values_of(session)
        tokens = {endpoint: token_for(session, purpose) for endpoint, purpose in LINKS.items()}
        tokens["notifications.unsubscribe"] = unsubscribe_token(make.account(session, language=LANGUAGE))
        known = frozenset(_known(session, app))
    found, unseen = set(), {rule.endpoint for rule in pages(app)}
    for rule in pages(app):
        # How algorithms and functions work is the same page for everybody and in every process.
        places, people = (values[:1], visitors[:1]) if rule.endpoint in EXPLAINING else (values, visitors)
        for address, visitor in _visits(addresses(app, rule, places, tokens), people):
            response = visitor.flask.get(address)
            if response.mimetype != "text/html" or 300 <= response.status_code < 400:
                continue
            if response.status_code == 200:
                unseen.discard(rule.endpoint)
            tree = document_fromstring(response.get_data(as_text=True))
            # A word that is explained is part of the text around it.
            for word in tree.xpath("//button[@class='word']"):
                word.drop_tag()
            found |= {f"{rule.endpoint}: {text}" for text in unmarked(tree, known)}
    assert sorted(found) == []
    assert unseen == set(), "nobody got to see these pages"


def test_no_letter_has_text_that_cannot_be_translated(app: Flask) -> None:
    letters = app.jinja_env.list_templates(filter_func=lambda name: name.startswith("mail/") and "/_" not in name)
    choices = product(("idea", "comment"), ("hide", "publish"))
    with app.app_context(), in_language(LANGUAGE):
        texts = [
            render_template(letter, **dict.fromkeys(LETTER_VALUES, "sample"), about=about, decision=decision)
            for letter, (about, decision) in product(letters, choices)
        ]
    known = frozenset({"sample", app.config["OPERATOR_NAME"], app.config["CONTACT_EMAIL"]})
    assert texts
    assert [strange for text in texts for strange in unmarked(document_fromstring(f"<pre>{text}</pre>"), known)] == []


def test_no_news_in_an_inbox_has_text_that_cannot_be_translated(app: Flask, transact: Any, member: Any) -> None:
    with transact() as session:
        village = Village(session)
        village.tell_one_of_each(session)
        known = frozenset(_known(session, app))
    page = member(email="ada@example.org").flask.get(f"/{LANGUAGE}/my/inbox").get_data(as_text=True)
    assert page.count('class="inbox-item ') == len(EntryKind)
    assert sorted(unmarked(document_fromstring(page), known)) == []


def test_no_heading_of_an_export_is_left_untranslated(app: Flask) -> None:
    with app.app_context():
        headings = dict(_texts(asdict(wording.labels(LANGUAGE))))
    assert [name for name, text in headings.items() if not (text.startswith(OPEN) and text.endswith(CLOSE))] == []


def _texts(said: Mapping[str, Any], place: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text with where it stands."""
    for name, value in said.items():
        if isinstance(value, Mapping):
            yield from _texts(value, f"{place}{name}.")
        else:
            yield f"{place}{name}", value


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f"<p>{OPEN}Ideas{CLOSE}</p>", []),
        (f"<p>{OPEN}Until {OPEN}today{CLOSE}{CLOSE}, 12 %</p>", []),
        (f"<p>{OPEN}Read <a href='/'>the rules</a>{CLOSE}</p>", []),
        (f"<p>{OPEN}Ideas{CLOSE} by Stille Weide, 3 May 2026, 18:00</p>", ["by"]),
        ("<p>Stille Weidenkätzchen</p>", ["Stille Weidenkätzchen"]),
        ("<button aria-label='Close'>×</button>", ["Close"]),
        ("<input placeholder='Search'>", ["Search"]),
        ("<p data-left='Characters left: {count}' data-component='character-count'></p>", ["Characters left {count}"]),
        ("<svg><title>Logo</title></svg>", ["Logo"]),
        ("<script>const word = 1</script><kbd>j</kbd>", []),
        ("<span translate='no'>example.com/p/<wbr>busy</span><span>quiet</span>", ["quiet"]),
    ],
)
def test_text_outside_the_markers_is_found(body: str, expected: list[str]) -> None:
    assert (
        list(unmarked(document_fromstring(f"<!doctype html><title>1</title>{body}"), frozenset({"Stille Weide"})))
        == expected
    )


@pytest.mark.parametrize("body", [f"<p>{OPEN}Ideas</p>", f"<p>Ideas{CLOSE}</p>"])
def test_half_a_text_is_found(body: str) -> None:
    with pytest.raises(Unbalanced):
        list(unmarked(document_fromstring(f"<!doctype html><title>1</title>{body}"), frozenset()))


def _visits(addresses: Iterator[str], visitors: list[PageClient]) -> Iterator[tuple[str, PageClient]]:
    """Yield who goes where: all of them to the busy process, only the first and the last to the plainer ones."""
    for address in addresses:
        plain = "/processes/" in address and f"/{BUSY}" not in address
        yield from ((address, visitor) for visitor in (visitors[::4] if plain else visitors))


def _known(session: Session, app: Flask) -> Iterator[str]:
    """Yield everything that is not the interface's own: contents of the database, editorial pages and names."""
    yield from NAMES
    yield from (app.config[name] for name in ("CITY_NAME", "OPERATOR_NAME", "CONTACT_EMAIL"))
    yield from (writer.label for writer in WRITERS.values())
    for code in {*KNOWN, *app.config["LANGUAGES"]}:
        yield from (language_name(code), language_name(code, shown_in=LANGUAGE), code.upper())
    for table in db.metadata.tables.values():
        for row in session.execute(select(table)).mappings():
            for name, value in row.items():
                if isinstance(value, dict):
                    yield from (text for text in _leaves(value))
                elif name in WRITTEN and isinstance(value, str) and value:
                    yield value
    settings = settings_of(app.config)
    yield from (" ".join(text.split()) for kind in LegalKind for text in product_text(kind).values())
    yield from session.scalars(select(ColumnMapping.name))
    yield from _leaves(built_in_lists())
    yield from _leaves([asdict(ground) for ground in grounds()])
    yield from _leaves(yaml.safe_load(LIVED.read_text(encoding="utf-8")))
    for path in (OPEN_WORDS, OPEN_DICTIONARY):
        yield from _leaves(yaml.safe_load(path.read_text(encoding="utf-8")))
    for path in FOLDER.glob("*.yaml"):
        yield from _leaves(asdict(editorial_page(path.stem, LANGUAGE, settings)))
    with app.test_request_context(f"/{LANGUAGE}/"):
        app.preprocess_request()
        yield from (said.text for said in statement_said().values())
    yield from _leaves([asdict(first_facts()), asdict(tested) if (tested := findings()) else {}])
    for name in METHODS:
        yield from _leaves(asdict(method_page(name, LANGUAGE)))
    for name in FUNCTIONS:
        yield from _leaves(asdict(function_page(name, LANGUAGE)))
    for topic in topics(LANGUAGE):
        yield from _leaves(asdict(topic))


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for item in value.values() for text in _leaves(item))
    elif isinstance(value, (list, tuple)):
        yield from (text for item in value for text in _leaves(item))
