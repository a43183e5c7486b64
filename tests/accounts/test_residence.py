"""Codes from letters: each counts once, wrong ones all look the same, and nobody can try many of them."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from participation.accounts.actor import Actor
from participation.accounts.models import Account, ResidenceCode
from participation.accounts.residence import MOST_TRIES, TRIES_COUNT, TooManyTries, make_codes, use_code
from participation.activity.models import LogEntry
from participation.kit import clock
from participation.kit.db import transaction
from participation.receipts.codes import new_code
from tests import make
from tests.conftest import Sessions
from tests.pages import Page, PageClient

Member = Callable[..., PageClient]
DAYS = timedelta(days=90)
WRONG = "Code from the letter: This code is not known, has been used or is too old. Please look at the letter again."


@pytest.fixture
def codes(transact: Sessions) -> list[str]:
    """Three codes that are good."""
    with transact() as session:
        return make_codes(session, number=3, lasts=DAYS, now=clock.now())


def enter(client: PageClient, code: str, *, where: str = "/en/my/residence", status: int = 303) -> Page:
    """Return the answer to the code."""
    return client.submit(client.get(where), "residence-form", status=status, code=code)


def verified(database: Sessions) -> int:
    """Return how many accounts are verified, after checking that as many codes are used."""
    with database() as session:
        accounts = session.scalar(select(func.count()).where(Account.verified_at.is_not(None))) or 0
        assert accounts == session.scalar(select(func.count()).where(ResidenceCode.used_at.is_not(None)))
        return accounts


def test_a_code_is_entered_and_leads_back(member: Member, database: Sessions, codes: list[str]) -> None:
    visitor = member()
    assert "not confirmed" in visitor.get("/en/account").text
    where = "/en/my/residence?next=/en/processes/digital/priorities"
    answer = enter(visitor, codes[0].lower().replace("-", " "), where=where)
    assert answer.location == "/en/processes/digital/priorities"
    assert verified(database) == 1
    assert "confirmed by a code from a letter" in visitor.get("/en/account").text
    assert visitor.get("/en/my/residence").select("form#residence-form") == []


def test_no_other_site_is_led_to(member: Member, codes: list[str]) -> None:
    answer = enter(member(), codes[0], where="/en/my/residence?next=//example.org/")
    assert answer.location == "/en/my/residence"


def test_wrong_used_and_old_codes_look_the_same(
    member: Member, database: Sessions, transact: Sessions, codes: list[str]
) -> None:
    enter(member(email="first@example.org"), codes[0])
    with transact() as session:
        (old,) = make_codes(session, number=1, lasts=timedelta(0), now=clock.now())
    visitor = member()
    for wrong in (codes[0], new_code(), old, codes[1][:-1], "x", "\u202e", "🂡" * 20):
        answer = enter(visitor, wrong, status=422)
        assert len(answer.errors) == 1
        assert answer.errors == [WRONG] or "characters" in answer.errors[0] or "invisible" in answer.errors[0]
    assert verified(database) == 1


def test_the_account_and_the_letter_cannot_be_put_together(
    member: Member, database: Sessions, codes: list[str]
) -> None:
    enter(member(), codes[0])
    with database() as session:
        account = session.scalars(select(Account)).one()
        used = session.scalars(select(ResidenceCode).where(ResidenceCode.used_at.is_not(None))).one()
        assert account.verified_at == used.used_at == clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
        (entry,) = session.scalars(select(LogEntry))
        assert (entry.action, entry.payload) == ("ResidenceVerified", {"account_id": account.id})
        assert codes[0].encode() not in used.code_hash


def test_tries_are_bounded(member: Member, database: Sessions, codes: list[str]) -> None:
    visitor = member()
    with time_machine.travel(clock.now(), tick=False) as travel:
        for _ in range(MOST_TRIES):
            assert enter(visitor, new_code(), status=422).errors == [WRONG]
        answer = enter(visitor, codes[0], status=422)
        assert answer.errors == ["You have tried many codes today. Please try again tomorrow."]
        assert verified(database) == 0
        travel.shift(TRIES_COUNT)
        enter(visitor, codes[0])
    assert verified(database) == 1


def test_a_code_counts_once_however_many_come_at_once(
    app: Flask, transact: Sessions, database: Sessions, codes: list[str]
) -> None:
    with transact() as session:
        people = [make.account(session) for _ in range(6)]
    barrier, taken = threading.Barrier(6), list[bool]()

    def enter_it(account: int) -> None:
        barrier.wait(30)
        with app.app_context(), transaction() as session:
            taken.append(use_code(session, Actor(account), typed=codes[0], now=clock.now()))

    threads = [threading.Thread(target=enter_it, args=(account,)) for account in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(taken) == [False] * 5 + [True]
    assert verified(database) == 1


def test_tries_that_come_at_once_are_bounded_too(app: Flask, transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        actor = Actor(make.account(session))
    sent = MOST_TRIES + 6
    barrier, ends = threading.Barrier(sent), list[str]()

    def try_one() -> None:
        barrier.wait(30)
        try:
            with app.app_context(), transaction() as session:
                ends.append(str(use_code(session, actor, typed=new_code(), now=clock.now())))
        except TooManyTries:
            ends.append("too many")

    threads = [threading.Thread(target=try_one) for _ in range(sent)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(ends) == ["False"] * MOST_TRIES + ["too many"] * 6
    with database() as session:
        assert session.scalars(select(Account.code_tries)).all() == [MOST_TRIES]
