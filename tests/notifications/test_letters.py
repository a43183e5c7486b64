"""Letters about the account: who gets one, in which language, with which link; nothing is mailed to nobody."""

import re
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from participation.accounts.events import AccountCreated, PasswordResetRequested, SignUpRepeated
from participation.accounts.models import Account, LinkPurpose, OneTimeLink
from participation.accounts.service import LINK_LASTS, find_link, sign_up
from participation.activity.models import RecordedEvent
from participation.activity.worker import work_once
from participation.kit import clock
from participation.kit.links import page_url
from participation.notifications import letters
from tests import make
from tests.mailbox import spooled


@pytest.fixture(autouse=True)
def known_address(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Links in letters lead to a known place, whatever the environment says."""
    monkeypatch.setitem(app.config, "BASE_URL", "http://127.0.0.1:8000")


@pytest.fixture
def person(transact: Callable) -> Callable[..., int]:
    """Make an account that waits for confirmation, or a confirmed one."""

    def build(language: str = "en", *, confirmed: bool = False) -> int:
        with transact() as session:
            row = Account(email="person@example.org", language=language, created_at=clock.now())
            row.confirmed_at = clock.now() if confirmed else None
            session.add(row)
            session.flush()
            return row.id

    return build


def only_letter(app: Flask) -> EmailMessage:
    """Return the one message in the spool folder."""
    (letter,) = spooled(app)
    return letter


def token_in(letter: EmailMessage, page: str) -> str:
    """Return the token of the link to ``page`` in a letter."""
    (token,) = re.findall(rf"http://127\.0\.0\.1:8000{page}/(\S+)", letter.get_content())
    return token


def test_a_new_account_gets_a_link_that_works(app: Flask, person: Callable[..., int], database: Callable) -> None:
    account_id = person()
    with app.app_context():
        letters.ask_for_confirmation(AccountCreated(account_id))
    letter = only_letter(app)
    assert (letter["To"], letter["Subject"]) == ("person@example.org", "Please confirm your e-mail address")
    assert letter["Content-Language"] == "en"
    assert "3 days" in letter.get_content()
    token = token_in(letter, "/en/account/confirm")
    with database() as session:
        link = find_link(session, token=token, purpose=LinkPurpose.CONFIRM, now=clock.now())
        assert link is not None
        assert link.account_id == account_id
        assert link.expires_at - link.created_at == LINK_LASTS[LinkPurpose.CONFIRM]


def test_the_link_is_made_when_the_letter_is_sent(app: Flask, transact: Callable, database: Callable) -> None:
    with transact() as session:
        sign_up(session, email="person@example.org", password_hash="hash", language="en", now=clock.now())
    with database() as session:
        assert session.scalars(select(OneTimeLink)).all() == []
        assert [sorted(event.payload) for event in session.scalars(select(RecordedEvent))] == [["account_id"]]
    with app.app_context():
        assert work_once({}) == 1
        assert work_once({}) == 0
    assert len(spooled(app)) == 1


def test_a_repeated_delivery_makes_the_earlier_link_useless(
    app: Flask, person: Callable[..., int], database: Callable
) -> None:
    event = AccountCreated(person())
    with app.app_context():
        letters.ask_for_confirmation(event)
        letters.ask_for_confirmation(event)
    first, second = (token_in(letter, "/en/account/confirm") for letter in spooled(app))
    with database() as session:
        moment = clock.now() + timedelta(seconds=1)
        assert find_link(session, token=first, purpose=LinkPurpose.CONFIRM, now=moment) is None
        assert find_link(session, token=second, purpose=LinkPurpose.CONFIRM, now=moment)


def test_nobody_is_asked_to_confirm_twice(app: Flask, person: Callable[..., int]) -> None:
    account_id = person(confirmed=True)
    with app.app_context():
        letters.ask_for_confirmation(AccountCreated(account_id))
        letters.ask_for_confirmation(AccountCreated(account_id + 1))
    assert spooled(app) == []


def test_a_language_we_do_not_speak_becomes_the_default(app: Flask, person: Callable[..., int]) -> None:
    account_id = person("nl")
    with app.app_context():
        letters.send_reset_link(PasswordResetRequested(account_id))
    letter = only_letter(app)
    assert letter["Content-Language"] == "de"
    assert token_in(letter, "/de/account/reset")


def test_a_reset_link_works_for_two_hours(app: Flask, person: Callable[..., int], database: Callable) -> None:
    account_id = person(confirmed=True)
    with app.app_context():
        letters.send_reset_link(PasswordResetRequested(account_id))
    letter = only_letter(app)
    assert "2 hours" in letter.get_content()
    with database() as session:
        assert find_link(
            session, token=token_in(letter, "/en/account/reset"), purpose=LinkPurpose.RESET, now=clock.now()
        )


def test_signing_up_again_is_answered_by_mail_only(app: Flask, person: Callable[..., int], database: Callable) -> None:
    account_id = person(confirmed=True)
    with app.app_context():
        letters.hint_at_existing_account(SignUpRepeated(account_id))
    text = only_letter(app).get_content()
    assert "http://127.0.0.1:8000/en/sign-in" in text
    assert "http://127.0.0.1:8000/en/account/reset" in text
    with database() as session:
        assert session.scalars(select(OneTimeLink)).all() == []


def test_letters_of_one_worker_do_not_share_a_language(app: Flask, transact: Callable) -> None:
    with transact() as session:
        people = [make.account(session, f"{code}@example.org", language=code) for code in ("en", "de")]
    with app.app_context():
        for account_id in people:
            letters.hint_at_existing_account(SignUpRepeated(account_id))
    pages = {
        str(letter["To"]): "/de/sign-in" if "/de/sign-in" in letter.get_content() else "/en/sign-in"
        for letter in spooled(app)
    }
    assert pages == {"en@example.org": "/en/sign-in", "de@example.org": "/de/sign-in"}


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000/en/sign-in"),
        ("http://[::1]:8000", "http://[::1]:8000/en/sign-in"),
        ("https://take-part.example.org/", "https://take-part.example.org/en/sign-in"),
        ("https://city.example.org/take-part", "https://city.example.org/take-part/en/sign-in"),
    ],
)
def test_links_begin_where_the_settings_say(
    app: Flask, monkeypatch: pytest.MonkeyPatch, base: str, expected: str
) -> None:
    monkeypatch.setitem(app.config, "BASE_URL", base)
    with app.app_context():
        assert page_url("accounts.sign_in", language="en") == expected


def test_letters_hold_no_other_addresses_than_ours(app: Flask, person: Callable[..., int]) -> None:
    account_id = person()
    with app.app_context():
        letters.ask_for_confirmation(AccountCreated(account_id))
    letter = only_letter(app)
    assert letter.get_content_type() == "text/plain"
    hosts = {urlsplit(url).netloc for url in re.findall(r"https?://\S+", letter.get_content())}
    assert hosts == {"127.0.0.1:8000"}
