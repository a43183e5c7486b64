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
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from participation.accounts.actor import Role
from participation.accounts.models import LinkPurpose
from participation.accounts.service import issue_link
from participation.browse.editorial import FOLDER, editorial_page
from participation.browse.explanations import SOS, WILSON
from participation.browse.framework_pages import LIVED
from participation.browse.methods import METHODS, method_page
from participation.cases.models import Case
from participation.comments.models import Comment, CommentStance, CommentState
from participation.curation.models import Bundle, Cluster
from participation.exports import wording
from participation.exports.opendata.dictionary import SOURCE as OPEN_DICTIONARY
from participation.exports.opendata.words import SOURCE as OPEN_WORDS
from participation.exports.writers import WRITERS
from participation.ideas.models import Addendum, Idea
from participation.intake.models import ColumnMapping, IntakeRun
from participation.kit import clock
from participation.kit.db import db
from participation.moderation.grounds import grounds
from participation.moderation.models import Appeal, Decision, DecisionKind, Message, TextBlock
from participation.multilingual import in_language, language_name
from participation.notices.models import Evidence
from participation.notifications.models import EntryKind
from participation.notifications.unsubscribing import unsubscribe_token
from participation.opinions.wording import LETTERS
from participation.processes.models import Process
from participation.proposing.models import Draft
from participation.receipts.models import Receipt, ReceiptKind
from participation.signals.watching import built_in_lists
from participation.strategy.models import Answer, Measure, Statement
from participation.texts.language import KNOWN
from participation.voting.models import Vote
from tests import make
from tests.databases import Databases, build_app
from tests.multilingual.busy import BUSY, ELSEWHERE, fill
from tests.multilingual.pseudo import CLOSE, LANGUAGE, OPEN, Unbalanced, unmarked, write_catalogue
from tests.notifications.village import Village
from tests.pages import PageClient

# Answers for machines, and the developers' gallery with its made-up samples.
FOR_NOBODY = {"api", "feeds", "machine", "static"}
CHECK_FILES = {
    f"results.{name}" for name in ("figures", "own_proof_file", "roots", "tally_program", "vote_log", "vote_program")
}
# Endpoints that answer with a redirect or a file and so have no page.
NO_PAGE = {
    *(
        "browse.root",
        "interface.root",
        "desk.queue_state",
        "desk.board_state_now",
        "transparency.files",
        "mine.receipt_file",
    ),
    "receipts.key",
    *(f"provenance.{about}_{form}" for about in ("statement", "idea") for form in ("picture", "data")),
    *("exports.matrix", "results.groups_file", *CHECK_FILES),
    *("opendata.file", "opendata.process_record_file", "opendata.catalogue_record_file"),
    *("posters.process", "posters.statement", "short.process", "short.statement"),
}
WRITTEN = {
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
    "department",
    "site",
    "given",
    "answer_by",
    "ground",
    "code",
)
LINKS = {
    "accounts.confirm": LinkPurpose.CONFIRM,
    "accounts.reset": LinkPurpose.RESET,
    "accounts.accept_invitation": LinkPurpose.INVITE,
}
QUERIES = {
    "mine.contributions": ("?show=comments", "?show=votes", "?process=quiet"),
    "receipts.enter": ("?code=nonsense", "?code=0000-0000-0000-0000-0000"),
    "browse.ideas": (
        "?principle=innovation&language=de",
        "?principle=not-sure&answered=no",
        "?district=north&state=source",
        "?q=help&explain=1",
        *(f"?sort={sort}&explain=1" for sort in ("rotation", "newest", "agreement", "contested", "discussed")),
    ),
    "documents.document": ("?by=principle", "?by=field", "?by=order", "?since=0", "?version=1"),
    "matrix.overview": ("?statement=1",),
    "proposing.new": ("?principle=innovation&field=schools",),
    "browse.idea": ("?sort=helpful", "?stance=objects&sort=newest"),
    "results.ideas": ("?sort=contested&principle=innovation",),
    "voting.priorities": ("?q=telescope", "?q=nothing-like-this"),
    "desk.queue": ("?q=nothing-like-this", "?assigned=nobody&subject=comment&overdue=1"),
    "desk.board": ("?q=nothing-like-this", "?principle=not-sure", "?rest=without_main"),
    "desk.cluster": ("?q=nothing-like-this",),
}
VOTED = (Receipt.kind == ReceiptKind.VOTE) & (Receipt.subject_id == Vote.id)
JUDGED = Decision.kind.not_in([DecisionKind.PUBLISH, DecisionKind.KEEP])
# Of the many comments the changed one, and those at the start of a thread.
# One case of each sort, open or closed.
SORTS = (Case.kind, Case.subject_kind, Case.closed_at.is_(None))
FEW = Comment.edited_at.is_not(None) | (Comment.stance == CommentStance.ASKS) | (Comment.state == CommentState.HIDDEN)


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
        values = _values(session)
        tokens = {endpoint: _token(session, purpose) for endpoint, purpose in LINKS.items()}
        tokens["notifications.unsubscribe"] = unsubscribe_token(make.account(session, language=LANGUAGE))
        known = frozenset(_known(session, app))
    found, unseen = set(), {rule.endpoint for rule in _pages(app)}
    for rule in _pages(app):
        # How algorithms work is the same page for everybody and in every process.
        places, people = (values[:1], visitors[:1]) if rule.endpoint == "methods.method" else (values, visitors)
        for address, visitor in _visits(_addresses(app, rule, places, tokens), people):
            response = visitor.flask.get(address)
            if response.mimetype != "text/html" or 300 <= response.status_code < 400:
                continue
            if response.status_code == 200:
                unseen.discard(rule.endpoint)
            tree = document_fromstring(response.get_data(as_text=True))
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


def _values(session: Session) -> list[dict[str, list[Any]]]:
    """Return what can stand in an address, process by process."""
    return [
        {
            "slug": [process.slug],
            "public_id": list(session.scalars(select(IntakeRun.public_id).where(IntakeRun.process_id == process.id))),
            "principle_key": list(make.PRINCIPLES[:2]),
            "criterion_key": ["rights"],
            "value_key": ["fairness"],
            "method": list(METHODS),
            "release": [7],
            "name": ["ideas.csv"],
            "record_format": ["ttl"],
            "file_format": ["json"],
            "subject": ["ideas", "comments", "addenda"],
            "about": ["ideas", "bundles", "statements"],
            "message_id": list(session.scalars(select(Message.id).where(Message.process_id == process.id).limit(1))),
            "key": list(session.scalars(select(Draft.key).where(Draft.process_id == process.id))),
            **_receipts(session, process.slug),
            "notice_code": make.notice_codes(session, process.id),
            "decision_id": list(session.scalars(select(Decision.id).where(Decision.process_id == process.id, JUDGED))),
            "case_id": list(session.scalars(_first_of_each_sort(process.id))),
            "appeal_id": list(session.scalars(select(Appeal.id).where(Appeal.process_id == process.id))),
            "block_id": list(session.scalars(select(TextBlock.id).where(TextBlock.process_id == process.id))),
            "evidence_id": list(session.scalars(select(Evidence.id).where(Evidence.process_id == process.id))),
            "addendum_id": list(session.scalars(_first_addenda(process.id))),
            "comment_id": list(session.scalars(select(Comment.id).where(Comment.process_id == process.id, FEW))),
            PAIRS: [*session.execute(select(Comment.idea_id, Comment.id).where(Comment.process_id == process.id))],
            **{
                name: list(session.scalars(select(model.id).where(model.process_id == process.id)))
                for name, model in (
                    ("idea_id", Idea),
                    ("cluster_id", Cluster),
                    ("statement_id", Statement),
                    ("bundle_id", Bundle),
                    ("answer_id", Answer),
                    ("measure_id", Measure),
                )
            },
        }
        for process in session.scalars(select(Process))
    ]


def _first_of_each_sort(process_id: int) -> Select[int]:
    return select(func.min(Case.id)).where(Case.process_id == process_id).group_by(*SORTS)


def _receipts(session: Session, slug: str) -> dict[str, list[Any]]:
    """Return the receipts there are; all of them are about contributions to the busy process."""
    kinds = [kind.value for kind in ReceiptKind] if slug == BUSY else []
    codes = list(session.scalars(select(Receipt.code))) if slug == BUSY else []
    numbers = set(session.scalars(select(Receipt.subject_id).where(Receipt.kind != ReceiptKind.VOTE)))
    numbers |= set(session.scalars(select(Vote.idea_id).join(Receipt, VOTED)))
    return {"kind": kinds, "code": codes, "number": sorted(numbers) if slug == BUSY else []}


def _token(session: Session, purpose: LinkPurpose) -> str:
    account = make.account(session, language=LANGUAGE)
    return issue_link(session, account_id=account, purpose=purpose, now=clock.now())


def _pages(app: Flask) -> Iterator[Rule]:
    for rule in app.url_map.iter_rules():
        package = rule.endpoint.partition(".")[0]
        if "GET" in (rule.methods or ()) and package not in FOR_NOBODY and rule.endpoint not in NO_PAGE:
            yield rule


PAIRS = "ideas with their comments"


def _first_addenda(process_id: int) -> Select[int]:
    return select(Addendum.id).where(Addendum.process_id == process_id).order_by(Addendum.id).limit(2)


def _addresses(app: Flask, rule: Rule, values: list[dict[str, list[Any]]], tokens: dict[str, str]) -> Iterator[str]:
    adapter = app.url_map.bind("localhost")
    wanted = sorted(rule.arguments - {"language", "token"})
    for place in values if wanted else [{}]:
        # A name that is not among the values is a new kind of address: say in ``_values`` what it leads to.
        for chosen in product(*(place[name] for name in wanted)):
            parts = dict(zip(wanted, chosen, strict=True)) | {"language": LANGUAGE}
            if {"idea_id", "comment_id"} <= parts.keys() and (parts["idea_id"], parts["comment_id"]) not in place[
                PAIRS
            ]:
                # Nothing but the same page that says there is nothing, hundreds of times.
                continue
            if "token" in rule.arguments:
                parts["token"] = tokens[rule.endpoint]
            address = adapter.build(rule.endpoint, parts)
            yield from (address + query for query in ("", *QUERIES.get(rule.endpoint, ())))


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
    settings = {
        "city": app.config["CITY_NAME"],
        "operator": app.config["OPERATOR_NAME"],
        "contact_email": app.config["CONTACT_EMAIL"],
        "contact_phone": app.config["CONTACT_PHONE"],
        "postal_address": app.config["POSTAL_ADDRESS"],
    }
    yield from session.scalars(select(ColumnMapping.name))
    yield from _leaves(built_in_lists())
    yield from _leaves([asdict(ground) for ground in grounds()])
    yield from _leaves(yaml.safe_load(LIVED.read_text(encoding="utf-8")))
    for path in (OPEN_WORDS, OPEN_DICTIONARY):
        yield from _leaves(yaml.safe_load(path.read_text(encoding="utf-8")))
    for path in FOLDER.glob("*.yaml"):
        yield from _leaves(asdict(editorial_page(path.stem, LANGUAGE, settings)))
    for name in METHODS:
        yield from _leaves(asdict(method_page(name, LANGUAGE)))


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for item in value.values() for text in _leaves(item))
    elif isinstance(value, (list, tuple)):
        yield from (text for item in value for text in _leaves(item))
