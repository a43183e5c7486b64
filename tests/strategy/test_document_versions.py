"""Versions of the living document: when there is a new one, what changed, in which order it stands, who read what."""

import threading
from collections.abc import Callable
from random import Random

import pytest
from flask import Flask
from sqlalchemy import select

from participation.accounts.actor import ANONYMOUS, Role
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.permissions import Missing, Refused
from participation.strategy.document.changes import changes_between, text_changes
from participation.strategy.document.forms import arranged
from participation.strategy.document.queries import Ref, Version, statements_in_order
from participation.strategy.document.service import OrderChanged, mark_seen, reorder_statements
from participation.strategy.document.versions import note_version
from participation.strategy.models import DocumentVersion, LastSeen, Statement
from participation.strategy.statements.service import sign_off
from participation.texts.differences import Change
from tests import documents, make
from tests.conftest import Sessions
from tests.make import Place
from tests.make.curated import team_member
from tests.pages import PageClient

Member = Callable[..., PageClient]
ORDER = "/en/desk/processes/digital/statements/order"


def contents(database: Sessions) -> list[list[tuple[int, int]]]:
    """Return statement and revision of each version, the oldest first."""
    with database() as session:
        rows = session.scalars(select(DocumentVersion.content).order_by(DocumentVersion.number))
        return [[(entry["id"], entry["revision"]) for entry in content["statements"]] for content in rows]


def test_each_change_of_what_holds_is_a_version(transact: Sessions, database: Sessions, place: Place) -> None:
    with transact() as session:
        one, two = documents.signed(session, place, "One"), documents.signed(session, place, "Two")
        make.statement(session, place, [make.cluster(session, place)], words="Nobody signed this")
        documents.reword(session, place, one, "One, better")
        documents.reword(session, place, two, "Not signed", signs=False)
        assert note_version(session, place.id, clock.now()) is None
    with transact() as session:
        documents.withdraw(session, place, two)
        documents.withdraw(session, place, one)
    assert contents(database) == [[(one, 1)], [(one, 1), (two, 1)], [(one, 2), (two, 1)], [(one, 2)], []]
    with database() as session:
        made = session.scalars(select(DocumentVersion.made_at).order_by(DocumentVersion.number)).all()
    assert sorted(made) == made


def version(*refs: tuple[int, int]) -> Version:
    """Return a version of statements and revisions."""
    return Version(1, None, tuple(Ref(*ref) for ref in refs))


def test_what_changed_between_two_versions() -> None:
    before = version((1, 1), (2, 1), (3, 1), (4, 2), (5, 1))
    after = version((5, 1), (1, 1), (3, 2), (6, 1), (4, 2))
    changes = changes_between(before, after)
    assert changes.added == (Ref(6, 1),)
    assert changes.removed == (Ref(2, 1),)
    assert changes.reworded == ((Ref(3, 1), Ref(3, 2)),)
    assert changes.moved == (Ref(5, 1),)
    assert changes.same == 2
    assert not changes_between(before, before).any


def test_as_few_as_possible_are_said_to_have_moved() -> None:
    chance = Random(7)
    for _round in range(50):
        ids = list(range(12))
        chance.shuffle(ids)
        moved = {
            ref.id
            for ref in changes_between(version(*((n, 1) for n in range(12))), version(*((n, 1) for n in ids))).moved
        }
        stayed = [id_ for id_ in ids if id_ not in moved]
        assert stayed == sorted(stayed)
        longest = [1] * 12
        for place in range(12):
            longest[place] += max((longest[k] for k in range(place) if ids[k] < ids[place]), default=0)
        assert len(stayed) == max(longest)


def test_only_languages_in_which_something_changed_are_compared() -> None:
    (change,) = text_changes({"de": "Eins", "en": "One"}, {"de": "Eins", "en": "One more"})
    assert change.language == "en"
    assert [(piece.change, piece.text) for piece in change.pieces] == [(Change.SAME, "One"), (Change.ADDED, " more")]
    assert [change.language for change in text_changes({"de": "x"}, {"en": "y"})] == ["en", "de"]


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ({}, (7, 8, 9)),
        ({7: 1, 8: 2, 9: 1}, (9, 7, 8)),
        ({7: 3, 8: 2, 9: 3}, (8, 9, 7)),
        ({7: 3, 8: 1, 9: 2}, (8, 9, 7)),
        ({7: 2, 8: None, 9: None}, (8, 7, 9)),
    ],
)
def test_numbers_say_where_statements_go(places: dict[int, int | None], expected: tuple[int, ...]) -> None:
    assert arranged((7, 8, 9), places) == expected


def test_statements_are_brought_into_order(
    member: Member, transact: Sessions, database: Sessions, place: Place
) -> None:
    with transact() as session:
        one, two = documents.signed(session, place, "One"), documents.signed(session, place, "Two")
        draft = make.statement(session, place, [make.cluster(session, place)], words="Draft", published=False)
        gone = documents.signed(session, place, "Gone")
        documents.withdraw(session, place, gone)
    author = member(Role.MODERATOR, process_id=place.id)
    page = author.get(ORDER, budget=6)
    assert page.texts(".desk-order__what strong") == ["Statement 1", "Statement 2", "Statement 3"]
    answer = author.submit(page, "order-form", **{f"place-{draft}": "1"}, status=303)
    assert contents(database)[-1] == [(one, 1), (two, 1)]
    page = author.follow(answer)
    assert page.texts(".desk-order__what strong") == ["Statement 3", "Statement 1", "Statement 2"]
    author.submit(page, "order-form", **{f"place-{two}": "1"}, status=303)
    with database() as session:
        assert [row.id for row in statements_in_order(session, place.id)] == [two, draft, one]
        numbers = dict(session.execute(select(Statement.id, Statement.position)).all())
    assert numbers == {one: 1, two: 2, draft: 3, gone: 4}
    assert contents(database)[-1] == [(two, 1), (one, 1)]
    answer = author.submit(page, "order-form", status=409)
    assert "A colleague changed the list meanwhile." in answer.errors[0]
    assert answer.texts(".desk-order__what strong") == ["Statement 2", "Statement 3", "Statement 1"]
    assert "Nothing was changed." in author.follow(author.submit(author.get(ORDER), "order-form", status=303)).text
    answer = author.submit(author.get(ORDER), "order-form", **{f"place-{two}": "4", f"place-{one}": "x"}, status=422)
    assert answer.errors == [
        "Place of statement 2: This is not one of the places.",
        "Place of statement 1: Please enter a whole number.",
    ]


def test_only_the_team_reorders(transact: Sessions, place: Place) -> None:
    with transact() as session:
        ids = [documents.signed(session, place), documents.signed(session, place)]
        elsewhere = documents.signed(session, make.process(session, "elsewhere"))
        asked = {"process_id": place.id, "seen": ids, "now": clock.now()}
        with pytest.raises(Refused):
            reorder_statements(session, ANONYMOUS, wanted=ids[::-1], **asked)
        actor = team_member(session, place, "writer")
        for wanted in ([ids[0]], [ids[0], ids[0]], [elsewhere, ids[0]], [*ids, elsewhere]):
            with pytest.raises(OrderChanged):
                reorder_statements(session, actor, wanted=wanted, **asked)
        with pytest.raises(OrderChanged):
            reorder_statements(session, actor, wanted=ids, **{**asked, "seen": ids[::-1]})


def test_somebody_says_what_was_read(transact: Sessions, database: Sessions, member: Member, place: Place) -> None:
    with transact() as session:
        documents.signed(session, place, "One")
    reader = member()
    page = reader.get(place.url("/strategy", language="en"))
    token = page.select("main input[name=csrf_token]")[0].get("value")
    reader.submit(page, 'form[action$="/seen"]', status=303)
    for forged, status in (("2", 404), ("0", 404), ("-1", 404), ("x", 404), ("9" * 30, 404), ("1", 303)):
        reader.post(place.url("/strategy/seen"), {"csrf_token": token, "number": forged}, status=status)
    with database() as session:
        assert session.scalars(select(LastSeen.number)).all() == [1]
    with transact() as session:
        actor = team_member(session, place, "writer")
        with pytest.raises(Missing):
            mark_seen(session, ANONYMOUS, process_id=place.id, number=1, now=clock.now())
        mark_seen(session, actor, process_id=place.id, number=1, now=clock.now())
        assert sorted(session.scalars(select(LastSeen.number))) == [1, 1]


def test_two_who_sign_at_once_make_two_versions(
    app: Flask, transact: Sessions, database: Sessions, place: Place
) -> None:
    with transact() as session:
        ids = []
        for words in ("One", "Two"):
            idea = make.idea(session, place, title=words)
            ids.append(make.submitted_statement(session, place, [make.cluster(session, place, ideas=[idea])]))
        signer = team_member(session, place, "signer")
    together = threading.Barrier(2)
    failures: list[BaseException] = []

    def sign(statement_id: int) -> None:
        try:
            with app.app_context():
                together.wait()
                with transaction() as session:
                    sign_off(session, signer, statement_id=statement_id, now=clock.now())
                db.session.remove()
        except BaseException as problem:  # noqa: BLE001  # shown by the thread that waits
            failures.append(problem)

    threads = [threading.Thread(target=sign, args=(id_,)) for id_ in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    first, second = contents(database)
    assert len(first) == 1
    assert second == [(ids[0], 1), (ids[1], 1)]
