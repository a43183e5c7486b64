"""From the form to the first signed-in page, and everything that can go wrong on the way."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from participation.accounts.models import Account, OneTimeLink, SignIn
from participation.accounts.passwords import verify_password
from participation.accounts.service import LINK_LASTS, LinkPurpose
from participation.kit import clock
from tests.accounts.people import (
    ADDRESS,
    PASSWORD,
    is_signed_in,
    joined,
    letters,
    link_for,
    link_in,
    sign_in,
    sign_up,
)
from tests.conftest import NewClient, Sessions
from tests.pages import PageClient


def accounts(database: Sessions) -> list[tuple[str, bool]]:
    """Return address and whether it is confirmed of all accounts."""
    with database() as session:
        return [(row.email, row.confirmed_at is not None) for row in session.scalars(select(Account))]


def test_signing_up_takes_a_letter_and_the_press_of_a_button(
    app: Flask, client: PageClient, database: Sessions, new_client: NewClient
) -> None:
    answer = sign_up(client, "  Person@Example.org ")
    assert (answer.status, answer.location) == (303, "/de/account/check-mail")
    client.follow(answer)
    assert accounts(database) == [(ADDRESS, False)]
    assert sign_in(client).status == 422, "not before the address is confirmed"
    letter = letters(app)[0]
    assert (letter["To"], letter["Content-Language"]) == (ADDRESS, "de")
    assert PASSWORD not in letter.as_string()
    link = link_in(letter)
    # Mail scanners and previews open links: that confirms nothing, however often.
    for _ in range(3):
        page = new_client().get(link)
    assert new_client().flask.head(link).status_code == 200
    assert accounts(database) == [(ADDRESS, False)]
    done = client.submit(client.get(link), "confirm-form", password=PASSWORD)
    assert (done.status, done.location) == (303, "/de/")
    assert accounts(database) == [(ADDRESS, True)]
    assert is_signed_in(client)
    assert not is_signed_in(new_client())
    assert client.get(link, status=404).h1
    assert new_client().submit(page, "confirm-form", password=PASSWORD).status in {400, 404}
    assert sign_in(new_client()).status == 303
    with database() as session:
        account = session.scalars(select(Account)).one()
        assert account.password_hash.startswith("$argon2id$")
        assert verify_password(account.password_hash, PASSWORD)


def test_a_link_confirms_once(app: Flask, client: PageClient, new_client: NewClient, database: Sessions) -> None:
    sign_up(client)
    link = link_for(app)
    first, second = new_client(), new_client()
    pages = [visitor.get(link) for visitor in (first, second)]
    assert first.submit(pages[0], "confirm-form", password=PASSWORD).status == 303
    assert second.submit(pages[1], "confirm-form", password=PASSWORD).status == 404
    assert not is_signed_in(second)
    with database() as session:
        assert session.scalar(select(func.count()).select_from(SignIn)) == 1


def test_a_link_expires(app: Flask, client: PageClient, database: Sessions) -> None:
    sign_up(client)
    link = link_for(app)
    page = client.get(link)
    with time_machine.travel(clock.now() + LINK_LASTS[LinkPurpose.CONFIRM] - timedelta(minutes=1)):
        client.get(link)
    with time_machine.travel(clock.now() + LINK_LASTS[LinkPurpose.CONFIRM] + timedelta(seconds=1)):
        client.get(link, status=404)
        # The form's own token is over by then as well, which is no way around.
        assert client.submit(page, "confirm-form", password=PASSWORD).status in {400, 404}
    assert accounts(database) == [(ADDRESS, False)]


@pytest.mark.parametrize("token", ["x", "x" * 43, "../x", "%00", "ä", "a b", "'--"])
def test_an_invented_link_leads_nowhere(client: PageClient, token: str) -> None:
    for kind in ("confirm", "reset", "invitation"):
        assert client.get(f"/de/account/{kind}/{token}", status=404).h1


def test_no_token_is_kept_in_the_clear(app: Flask, client: PageClient, database: Sessions) -> None:
    sign_up(client)
    token = link_for(app).rpartition("/")[2]
    with database() as session:
        link = session.scalars(select(OneTimeLink)).one()
        assert token.encode() not in link.token_hash
        assert len(link.token_hash) == 32
    assert len(token) >= 43


def test_a_second_sign_up_takes_the_place_of_an_unconfirmed_one(app: Flask, client: PageClient) -> None:
    sign_up(client, password="the first password")
    first = link_for(app)
    sign_up(client, password="the second password")
    second = link_for(app)
    client.get(first, status=404)
    client.submit(client.get(second), "confirm-form", password="the second password")
    assert sign_in(client, password="the first password").status == 422


def test_nobody_confirms_an_account_that_somebody_else_made(
    app: Flask, client: PageClient, database: Sessions, new_client: NewClient
) -> None:
    sign_up(new_client(), password="chosen by a stranger")
    page = client.get(link_for(app))
    answer = client.submit(page, "confirm-form", password="what the owner types")
    assert answer.status == 422
    assert accounts(database) == [(ADDRESS, False)]
    assert not is_signed_in(client)


def test_known_and_unknown_addresses_get_the_same_answer(
    app: Flask, client: PageClient, new_client: NewClient, database: Sessions
) -> None:
    joined(app, client)
    answers = []
    for address in (ADDRESS, "unknown@example.org"):
        visitor = new_client()
        answer = sign_up(visitor, address, "another password")
        shown = visitor.follow(answer)
        answers.append((answer.status, answer.location, answer.data, shown.text, sorted(answer.headers.keys())))
    assert answers[0] == answers[1]
    known, unknown = letters(app)
    assert (known["To"], unknown["To"]) == (ADDRESS, "unknown@example.org")
    assert "/account/confirm/" not in known.get_content()
    assert "/account/confirm/" in unknown.get_content()
    assert sign_in(new_client(), password="another password").status == 422, "the password did not change"
    assert sign_in(new_client()).status == 303


def test_programs_that_fill_in_everything_are_asked_again_politely(
    app: Flask, client: PageClient, database: Sessions
) -> None:
    answer = sign_up(client, website="https://example.org")
    assert answer.status == 422
    assert len(answer.errors) == 1
    assert accounts(database) == []
    assert letters(app) == []
    # A browser may have filled in what its owner cannot see: sent again, it works.
    assert client.submit(answer, "sign_up-form", password="ein langes Passwort").status == 303
    assert len(accounts(database)) == 1


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"password": "x" * 9}, ["password"]),
        ({"password": "x" * 201}, ["password"]),
        ({"password": "x" * 1000}, ["password"]),
        ({"password": ""}, ["password"]),
        ({"email": ""}, ["email"]),
        ({"email": "person"}, ["email"]),
        ({"email": "person@"}, ["email"]),
        ({"email": "a@b@example.org"}, ["email"]),
        ({"email": "person@example.org\x00"}, ["email"]),
        ({"email": "person@example.org\nBcc: x@example.org"}, ["email"]),
        ({"email": "x" * 1000 + "@example.org"}, ["email"]),
        ({"email": "<svg onload=x>@example.org"}, ["email"]),
        ({"agrees": False}, ["agrees"]),
        ({"email": "", "password": "", "agrees": False}, ["email", "password", "agrees"]),
    ],
)
def test_bad_entries_come_back_with_a_reason(
    client: PageClient, database: Sessions, fields: dict[str, object], wrong: list[str]
) -> None:
    values = {"email": ADDRESS, "password": PASSWORD, "agrees": True, **fields}
    page = client.submit(client.get("/de/sign-up"), "sign_up-form", **values)
    assert page.status == 422
    assert list(dict.fromkeys(link.get("href") for link in page.select(".error-summary a"))) == [
        f"#{name}" for name in wrong
    ]
    kept = page.select("input[name=email]")[0].get("value")
    assert kept == str(values["email"]).strip().replace("\x00", "\ufffd")
    assert [field.get("value") for field in page.select("input[type=password]")] in ([None], [""])
    assert accounts(database) == []


@pytest.mark.parametrize("length", [10, 200])
def test_passwords_at_the_bounds(app: Flask, client: PageClient, new_client: NewClient, length: int) -> None:
    password = ("pässwörd " * 30)[:length]
    assert len(password) == length
    joined(app, client, password=password)
    assert sign_in(new_client(), password=password).status == 303
    assert sign_in(new_client(), password=password[:-1]).status == 422
