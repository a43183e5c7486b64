"""Who comes with numbers of another process, or with a role in another one, finds and changes nothing anywhere."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from participation.accounts.actor import SYSTEM, Role
from participation.curation.board.clusters import note_on_cluster
from participation.curation.models import BundleMember, ClusterNote
from participation.kit import clock
from participation.kit.db import db
from tests import lineages, make
from tests.conftest import Sessions
from tests.databases import Databases
from tests.lineages import Scene
from tests.pages import PageClient

Member = Callable[..., PageClient]
HERE, THERE = "digital", "elsewhere"
FAR = 10**17
GOOD_FOR_MANY = {
    "label": "L",
    "text": "Enough words to be taken",
    "remark": "Enough words to be taken",
    "words": lineages.QUOTED,
    "department": "Office",
    "due_on": (clock.now() + timedelta(days=30)).date().isoformat(),
    "outcome": "yes",
    "state": "running",
    **{f"{name}_{code}": "Words" for name in ("title", "text", "reason", "description") for code in ("de", "en", "ar")},
}
"""What many forms of the desk take, so that it is not they that refuse."""
# Numbers in these addresses are of parts that have tests of their own.
ELSEWHERE = {"appeal_id", "case_id", "evidence_id", "grant_id", "block_id", "word_id", "decision_id", "addendum_id"}


@pytest.fixture
def app(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The application on one kind of database only, and without tokens, which are asked for elsewhere."""
    app = databases.fresh_app("sqlite")
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    return app


@pytest.fixture
def there(transact: Sessions) -> Scene:
    """Return the other process; both have everything."""
    with transact() as session:
        lineages.scene(session, HERE)
        return lineages.scene(session, THERE)


def _numbers(session: Session, there: Scene) -> dict[str, Any]:
    """Return a number of the other process for each kind of argument; ``FAR`` where it would be one of here, too."""
    note = note_on_cluster(session, SYSTEM, cluster_id=there.clusters[0], text="A note", now=clock.now()).id
    assert session.scalars(select(ClusterNote.id)).all() == [note]
    return {
        "idea_id": there.ideas[0],
        "comment_id": there.comment,
        "cluster_id": there.clusters[0],
        "note_id": note,
        "statement_id": there.statement,
        "bundle_id": there.bundle,
        "member_id": session.scalars(select(BundleMember.id).where(BundleMember.idea_id == there.ideas[0])).one(),
        "answer_id": there.answer,
        "measure_id": there.measure,
        "referral_id": there.referral,
        "number": there.statement,
        "about": "statements",
        "change": "remove",
    }


def _rules(app: Flask, known: set[str], method: str) -> Iterator[Rule]:
    """Yield the rules that name a process and something in it by its number."""
    for rule in app.url_map.iter_rules():
        named = rule.arguments - {"language", "slug"}
        is_numbered = "slug" in rule.arguments and "<int:" in rule.rule
        if is_numbered and method in (rule.methods or ()) and named <= known - ELSEWHERE:
            yield rule


def _addresses(app: Flask, values: dict[str, Any], method: str) -> Iterator[str]:
    adapter = app.url_map.bind("localhost")
    for rule in _rules(app, set(values), method):
        own = {name: values[name] for name in rule.arguments if name in values} | {"slug": HERE, "language": "en"}
        if rule.endpoint == "desk.undo_step":
            own["number"] = FAR
        yield adapter.build(rule.endpoint, own, method=method)


def test_numbers_of_another_process_lead_nowhere(app: Flask, member: Member, transact: Sessions, there: Scene) -> None:
    with transact() as session:
        values = _numbers(session, there)
    admin = member(Role.ADMIN)
    before = everything(app)
    found, asked = {}, 0
    for method in ("GET", "POST"):
        for address in _addresses(app, values, method):
            status = admin.flask.open(address, method=method, data=GOOD_FOR_MANY).status_code
            asked += 1
            if status not in (404, 400):
                found[f"{method} {address}"] = status
    assert (found, asked > 80) == ({}, True), asked
    assert everything(app) == before


def everything(app: Flask) -> list[str]:
    """Return all that the database holds, as statements."""
    with app.app_context():
        connection = db.engine.raw_connection()
    try:
        return list(connection.driver_connection.iterdump())  # type: ignore[union-attr]  # of the driver
    finally:
        connection.close()


def test_numbers_that_no_database_holds_lead_nowhere(
    app: Flask, member: Member, transact: Sessions, there: Scene
) -> None:
    with transact() as session:
        values = _numbers(session, there)
    for big in (2**31, 2**63 - 1, 2**63, 10**30):
        numbers = {name: big if isinstance(value, int) else value for name, value in values.items()}
        admin = member(Role.ADMIN, email=f"admin-{big}@example.org")
        for method in ("GET", "POST"):
            for address in _addresses(app, numbers, method):
                status = admin.flask.open(address, method=method, data=GOOD_FOR_MANY).status_code
                assert status in (404, 400), f"{method} {address}"


def test_roles_end_where_their_process_does(app: Flask, member: Member, transact: Sessions, there: Scene) -> None:
    with transact() as session:
        values = _numbers(session, there)
    strangers = {
        "resident": member(),
        **{role.value: member(role, process_id=there.place.id) for role in (Role.MODERATOR, Role.STAFF)},
    }
    values |= {"file_format": "csv", "slug": HERE, "language": "en", "key": "k"}
    adapter = app.url_map.bind("localhost")
    let_in, asked, before = {}, 0, everything(app)
    for rule in app.url_map.iter_rules():
        if "/desk/processes/<slug>" not in rule.rule or rule.arguments & ELSEWHERE or not rule.arguments <= set(values):
            continue
        for method in {"GET", "POST"} & (rule.methods or set()):
            address = adapter.build(rule.endpoint, {name: values[name] for name in rule.arguments}, method=method)
            for name, visitor in strangers.items():
                status = visitor.flask.open(address, method=method, data=GOOD_FOR_MANY).status_code
                asked += 1
                if status not in (403, 404):
                    let_in[f"{name} {method} {address}"] = status
    assert (let_in, asked > 200) == ({}, True), asked
    assert everything(app) == before


MARK = "=1+1<img src=x>&\"'"


def test_words_stay_words(app: Flask, member: Member, transact: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        idea = make.idea(session, place, title=MARK, body=MARK)
        cluster = make.cluster(session, place, title=MARK, ideas=[idea])
        note_on_cluster(session, SYSTEM, cluster_id=cluster, text=MARK, now=clock.now())
        statement = make.statement(session, place, [cluster], words=MARK)
        make.referral(session, statement_id=statement, department=MARK)
        answered = make.answer(session, idea_id=idea, words=MARK, department=MARK)
        measure = make.measure(session, answered)
        values = {
            "slug": place.slug,
            "language": "en",
            "idea_id": idea,
            "cluster_id": cluster,
            "statement_id": statement,
            "answer_id": answered,
            "measure_id": measure,
            "about": "statements",
            "number": statement,
            "file_format": "csv",
        }
    admin = member(Role.ADMIN)
    adapter = app.url_map.bind("localhost")
    seen = 0
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or "slug" not in rule.arguments or not rule.arguments <= set(values):
            continue
        address = adapter.build(rule.endpoint, {name: values[name] for name in rule.arguments})
        answer = admin.flask.get(address)
        text = answer.get_data().decode("utf-8", errors="replace")
        assert answer.status_code < 500, address
        seen += "img src=x" in text
        if answer.mimetype not in ("application/json", "application/pdf", "text/csv"):
            assert "<img src=x" not in text, address
        if answer.mimetype == "text/csv":
            assert ",=1+1" not in text, address
            assert not text.startswith("=1+1"), address
    assert seen > 20
