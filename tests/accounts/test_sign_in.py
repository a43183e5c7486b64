"""Signing in and out: the same words for every way to fail, and nothing that outlives a sign-out."""

import statistics
import time
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update

from participation.accounts import passwords
from participation.accounts.models import Account, SignIn
from participation.accounts.service import SIGN_IN_LASTS
from participation.kit import clock
from tests.accounts.people import ADDRESS, PASSWORD, is_signed_in, joined, letters, sign_in, sign_up
from tests.conftest import NewClient, Sessions
from tests.kit.test_destinations import FOREIGN, OWN
from tests.pages import PageClient

UNKNOWN = "unknown@example.org"


def cookie(client: PageClient) -> str:
    """Return the value of the session cookie."""
    found = client.flask.get_cookie("participation")
    return found.value if found else ""


def test_signing_out_ends_the_session_on_the_server(app: Flask, client: PageClient, new_client: NewClient) -> None:
    joined(app, client)
    stolen = new_client()
    stolen.flask.set_cookie("participation", cookie(client))
    assert is_signed_in(stolen)
    other_browser = new_client()
    sign_in(other_browser)
    answer = client.submit(client.get("/de/account"), 'form[action="/de/sign-out"]')
    assert (answer.status, answer.location) == (303, "/de/")
    assert [is_signed_in(visitor) for visitor in (client, stolen, other_browser)] == [False, False, True]


def test_signing_out_needs_a_post_with_a_token(app: Flask, client: PageClient) -> None:
    joined(app, client)
    client.get("/de/sign-out", status=405)
    assert client.post("/de/sign-out").status == 400
    assert is_signed_in(client)


def test_a_sign_in_expires(app: Flask, client: PageClient) -> None:
    joined(app, client)
    with time_machine.travel(clock.now() + SIGN_IN_LASTS - timedelta(minutes=1)):
        assert is_signed_in(client)
    with time_machine.travel(clock.now() + SIGN_IN_LASTS + timedelta(seconds=1)):
        assert not is_signed_in(client)


def test_the_cookie_holds_a_random_token_and_the_database_its_hash(
    app: Flask, client: PageClient, database: Sessions
) -> None:
    joined(app, client)
    with client.flask.session_transaction() as session:
        token = session["_user_id"]
    assert len(token) >= 43
    with database() as looking:
        row = looking.scalars(select(SignIn)).one()
    assert row.token_hash != token.encode()
    with client.flask.session_transaction() as session:
        session["_user_id"] = str(row.account_id)
    assert not is_signed_in(client)


def test_a_session_from_before_is_not_carried_into_a_sign_in(
    app: Flask, client: PageClient, new_client: NewClient
) -> None:
    joined(app, client)
    attacker, victim = new_client(), new_client()
    attacker.get("/de/sign-in")
    planted = cookie(attacker)
    assert planted
    victim.flask.set_cookie("participation", planted)
    with victim.flask.session_transaction() as session:
        session["planted"] = "yes"
        before = dict(session)
    sign_in(victim)
    assert is_signed_in(victim)
    assert not is_signed_in(attacker)
    with victim.flask.session_transaction() as session:
        assert "planted" not in session
        assert session.get("csrf_token") != before["csrf_token"]


def test_known_and_unknown_addresses_fail_in_the_same_words(
    app: Flask, client: PageClient, new_client: NewClient
) -> None:
    joined(app, client)
    sign_up(new_client(), "unconfirmed@example.org")
    answers = set()
    for address in (ADDRESS, UNKNOWN, "unconfirmed@example.org"):
        visitor = new_client()
        page = sign_in(visitor, address, "not the password", where="/en/sign-in")
        assert page.errors == ["Address and password do not fit together."]
        text = page.text.replace(address, "ADDRESS")
        for token in page.select("input[name=csrf_token]"):
            text = text.replace(token.get("value"), "TOKEN")
        answers.add((page.status, text))
    assert len(answers) == 1
    assert next(iter(answers))[0] == 422


def test_asking_for_a_reset_says_the_same_for_everybody(app: Flask, client: PageClient, new_client: NewClient) -> None:
    joined(app, client)
    answers = set()
    for address in (ADDRESS, UNKNOWN):
        visitor = new_client()
        answer = visitor.submit(visitor.get("/de/account/reset"), "request_reset-form", email=address)
        answers.add((answer.status, answer.location, answer.data, visitor.follow(answer).text))
    assert len(answers) == 1
    assert [letter["To"] for letter in letters(app)] == [ADDRESS]


def test_known_and_unknown_addresses_take_as_long(app: Flask, client: PageClient, new_client: NewClient) -> None:
    """With the production cost of hashing, an address without an account must not answer much sooner."""
    passwords.configure(2, 19 * 1024)
    try:
        joined(app, client)
        spent: dict[str, list[float]] = {ADDRESS: [], UNKNOWN: []}
        visitor = new_client()
        form = visitor.get("/de/sign-in")
        for _ in range(7):
            for address, times in spent.items():
                start = time.perf_counter()
                visitor.submit(form, "sign_in-form", email=address, password="not the password")
                times.append(time.perf_counter() - start)
    finally:
        passwords.configure(app.config["ARGON2_TIME_COST"], app.config["ARGON2_MEMORY_KIB"])
    known, unknown = (statistics.median(times) for times in spent.values())
    assert 0.5 < known / unknown < 2


@pytest.mark.parametrize("password", ["", "x", "x" * 1000, "x" * 100_000, "\x00" * 20, "ä" * 50])
def test_odd_passwords_are_just_wrong(app: Flask, client: PageClient, new_client: NewClient, password: str) -> None:
    joined(app, client)
    page = sign_in(new_client(), password=password)
    assert page.status == 422
    assert len(page.errors) == 1
    assert password not in page.text or len(password) < 2


def test_an_account_without_a_password_cannot_be_signed_in_to(
    app: Flask, client: PageClient, new_client: NewClient, transact: Sessions
) -> None:
    joined(app, client)
    with transact() as session:
        session.execute(update(Account).values(password_hash=None))
    for password in ("no account has this password", PASSWORD, "None"):
        assert sign_in(new_client(), password=password).status == 422


def test_signing_in_leads_back_to_where_one_was(app: Flask, client: PageClient, new_client: NewClient) -> None:
    joined(app, client)
    for target in OWN:
        visitor = new_client()
        form = visitor.flask.get("/de/sign-in", query_string={"next": target})
        assert form.status_code == 200
        page = visitor.get(f"/de/sign-in?{_query(target)}")
        answer = visitor.submit(page, "sign_in-form", email=ADDRESS, password=PASSWORD)
        assert answer.status == 303
        assert answer.location in {target, target.replace("ä", "%C3%A4")}


def test_signing_in_never_leads_elsewhere(app: Flask, client: PageClient, new_client: NewClient) -> None:
    joined(app, client)
    visitor = new_client()
    for target in FOREIGN:
        if target is None:
            continue
        page = visitor.get(f"/de/sign-in?{_query(target)}")
        assert page.select("input[name=next]")[0].get("value") in {"", None}
        # Sent by a form that was tampered with it is not believed either.
        answer = visitor.submit(page, "sign_in-form", email=ADDRESS, password=PASSWORD, forge={"next": target})
        assert (answer.status, answer.headers["Location"]) == (303, "/de/"), target


def _query(target: str) -> str:
    from urllib.parse import urlencode

    return urlencode({"next": target})


def test_a_page_for_members_asks_to_sign_in_and_comes_back(
    app: Flask, client: PageClient, new_client: NewClient
) -> None:
    joined(app, client)
    visitor = new_client()
    asked = visitor.get("/en/account?x=1", status=302)
    assert asked.location == "/en/sign-in?next=/en/account?x%3D1"
    page = visitor.follow(asked)
    answer = visitor.submit(page, "sign_in-form", email=ADDRESS, password=PASSWORD)
    assert answer.location == "/en/account?x=1"
