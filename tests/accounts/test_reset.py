"""A new password: ends every sign-in, uses up every link, and confirms the address."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from participation.accounts.models import Account, LinkPurpose, OneTimeLink
from participation.accounts.service import LINK_LASTS, issue_link
from participation.kit import clock
from tests.accounts.people import ADDRESS, is_signed_in, joined, letters, link_for, sign_in, sign_up
from tests.conftest import NewClient, Sessions
from tests.pages import PageClient

NEW = "eleven green umbrellas"


def ask(client: PageClient, address: str = ADDRESS) -> None:
    """Ask for a link."""
    assert client.submit(client.get("/de/account/reset"), "request_reset-form", email=address).status == 303


def set_password(client: PageClient, link: str, password: str = NEW) -> int:
    """Set the password through a link and return the status of the answer."""
    return client.submit(client.get(link), "new_password-form", password=password).status


def test_a_new_password_ends_all_other_sign_ins(app: Flask, client: PageClient, new_client: NewClient) -> None:
    joined(app, client)
    phone, visitor = new_client(), new_client()
    sign_in(phone)
    ask(visitor)
    link = link_for(app)
    assert is_signed_in(phone), "asking changes nothing"
    assert set_password(visitor, link) == 303
    assert [is_signed_in(one) for one in (client, phone, visitor)] == [False, False, False]
    assert sign_in(new_client()).status == 422
    assert sign_in(new_client(), password=NEW).status == 303


def test_a_new_password_uses_up_every_link(
    app: Flask, client: PageClient, new_client: NewClient, transact: Sessions
) -> None:
    joined(app, client)
    with transact() as session:
        account_id = session.scalars(select(Account.id)).one()
        others = {
            purpose: issue_link(session, account_id=account_id, purpose=purpose, now=clock.now())
            for purpose in (LinkPurpose.CONFIRM, LinkPurpose.INVITE)
        }
    ask(client)
    link = link_for(app)
    client.get(f"/de/account/invitation/{others[LinkPurpose.INVITE]}")
    assert set_password(new_client(), link) == 303
    client.get(link, status=404)
    client.get(f"/de/account/confirm/{others[LinkPurpose.CONFIRM]}", status=404)
    client.get(f"/de/account/invitation/{others[LinkPurpose.INVITE]}", status=404)
    with transact() as session:
        assert session.scalars(select(OneTimeLink.id).where(OneTimeLink.used_at.is_(None))).all() == []


def test_a_newer_link_takes_the_place_of_an_older_one(app: Flask, client: PageClient) -> None:
    joined(app, client)
    ask(client)
    first = link_for(app)
    ask(client)
    second = link_for(app)
    client.get(first, status=404)
    assert set_password(client, second) == 303


def test_a_link_lasts_two_hours(app: Flask, client: PageClient) -> None:
    joined(app, client)
    ask(client)
    link = link_for(app)
    page = client.get(link)
    with time_machine.travel(clock.now() + LINK_LASTS[LinkPurpose.RESET] - timedelta(minutes=1)):
        client.get(link)
    with time_machine.travel(clock.now() + LINK_LASTS[LinkPurpose.RESET] + timedelta(seconds=1)):
        client.get(link, status=404)
        assert client.submit(page, "new_password-form", password=NEW).status == 404


@pytest.mark.parametrize("purpose", list(LinkPurpose))
def test_a_link_is_good_for_its_purpose_only(
    app: Flask, client: PageClient, transact: Sessions, purpose: LinkPurpose
) -> None:
    joined(app, client)
    with transact() as session:
        account_id = session.scalars(select(Account.id)).one()
        token = issue_link(session, account_id=account_id, purpose=purpose, now=clock.now())
    places = {LinkPurpose.CONFIRM: "confirm", LinkPurpose.RESET: "reset", LinkPurpose.INVITE: "invitation"}
    answers = {kind: client.get(f"/de/account/{place}/{token}", status=None).status for kind, place in places.items()}
    assert answers == {kind: 200 if kind is purpose else 404 for kind in LinkPurpose}


@pytest.mark.parametrize("password", ["", "short", "x" * 201])
def test_the_new_password_has_the_same_bounds(app: Flask, client: PageClient, password: str) -> None:
    joined(app, client)
    ask(client)
    link = link_for(app)
    assert set_password(client, link, password) == 422
    assert set_password(client, link) == 303, "the link is still good"


def test_receiving_the_link_confirms_the_address(app: Flask, client: PageClient, new_client: NewClient) -> None:
    sign_up(client)
    letters(app)
    ask(client)
    assert set_password(client, link_for(app)) == 303
    assert sign_in(new_client(), password=NEW).status == 303
