"""Services fail in every way; errands wait, go alone, are given up, and other texts never wait for them."""

import logging
import threading
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from participation.accounts.actor import SYSTEM
from participation.ideas.service import hide_idea
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.wordings.jobs import ask_providers, queue_wordings
from participation.wordings.models import Errand, ErrandState, ProviderHealth, Wording, WordingState
from participation.wordings.sending import claim, do_next, keep, send
from participation.wordings.service import try_again
from tests import make
from tests.conftest import Sessions
from tests.stand_in import StandIn, saying, settings, status
from tests.wordings.asking import BODY, TITLE, new_idea, provider_of, shown, states
from tests.wordings.conftest import Work


def test_failures_wait_longer_and_longer_then_the_service_gets_a_break(
    app: Flask,
    transact: Sessions,
    database: Sessions,
    translated: make.Place,
    server: StandIn,
    work: Work,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    begun = clock.now().replace(microsecond=0)
    with time_machine.travel(begun, tick=False) as traveller:
        new_idea(transact, translated)
        server.next = ["fault", "page", "half", "fault"]
        work()
        # One request for each of both languages: 10 seconds for either.
        with database() as session:
            rows = session.execute(select(Errand.attempts, Errand.next_at, Errand.problem).order_by(Errand.id)).all()
            assert [row.attempts for row in rows] == [1, 1]
            assert {row.next_at - begun for row in rows} == {timedelta(seconds=10)}
            assert {row.problem for row in rows} == {"server", "answer"}
            health = session.get_one(ProviderHealth, "libretranslate")
            assert (health.failures, health.resumes_at) == (2, None)
        traveller.shift(11)
        with app.app_context():
            ask_providers(lambda: None)
        work()
        with database() as session:
            health = session.get_one(ProviderHealth, "libretranslate")
            assert (health.failures, health.problem) == (3, "answer")
            assert health.resumes_at == begun + timedelta(seconds=21)
        assert len(server.received) == 3
        traveller.shift(5)
        with app.app_context():
            ask_providers(lambda: None)
        work()
        assert len(server.received) == 3
        server.next = ["busy"]
        traveller.shift(6)
        with app.app_context():
            ask_providers(lambda: None)
        work()
        with database() as session:
            health = session.get_one(ProviderHealth, "libretranslate")
            assert (health.problem, health.resumes_at) == ("too_many", begun + timedelta(seconds=142))
        traveller.shift(600)
        with app.app_context():
            ask_providers(lambda: None)
        work()
    with database() as session:
        assert set(states(session).values()) == {ErrandState.DONE}
        health = session.get_one(ProviderHealth, "libretranslate")
        assert (health.failures, health.problem, health.resumes_at) == (0, "", None)
    said = "\n".join(record.getMessage() for record in caplog.records)
    assert not any(words in said for words in (TITLE, BODY, "secret-key"))


def test_bad_answers_for_one_text_do_not_stop_the_others(
    app: Flask, transact: Sessions, database: Sessions, translated: make.Place, server: StandIn, work: Work
) -> None:
    app.config["LANGUAGES"] = ("de", "tr")
    with transact() as session:
        bad = make.idea(session, translated, title="Hier nicht", body=BODY)
        good = [make.idea(session, translated, title=f"Nummer {number}", body=BODY) for number in range(3)]
        queue_wordings(session, translated.id)

    def injected(said: str, text: str) -> str:
        return f"{said} https://evil.example.org" if text == "Hier nicht" else said

    server.next = [saying(injected)] * 10
    with time_machine.travel(clock.now(), tick=False) as traveller:
        for _ in range(4):
            work()
            traveller.shift(3600)
            with app.app_context():
                ask_providers(lambda: None)
    with database() as session:
        assert sorted(row[1] for row in shown(session)) == good
        row = session.scalars(select(Errand).where(Errand.subject_id == bad)).one()
        assert (row.state, row.problem, row.attempts) == (ErrandState.FAILED, "link", 3)
        assert session.get_one(ProviderHealth, "libretranslate").failures == 0
    # Together at first, then alone.
    assert [len(one.texts) for one in server.received] == [8, 2, 2]
    server.next.clear()
    with transact() as session:
        assert try_again(session, SYSTEM, process_id=translated.id, now=clock.now()) == 1
    work()
    with database() as session:
        assert len(shown(session)) == 4


def test_a_text_that_is_refused_is_given_up_at_once_and_an_outage_is_not(
    app: Flask, transact: Sessions, database: Sessions, translated: make.Place, server: StandIn, work: Work
) -> None:
    app.config["LANGUAGES"] = ("de", "tr")
    new_idea(transact, translated)
    server.next = ["no"]
    work()
    with database() as session:
        assert session.execute(select(Errand.state, Errand.problem)).all() == [(ErrandState.FAILED, "refused")]
        assert session.get_one(ProviderHealth, "libretranslate").failures == 0
    with transact() as session:
        try_again(session, SYSTEM, process_id=translated.id, now=clock.now())
    with time_machine.travel(clock.now(), tick=False) as traveller:
        # Ten days without an answer.
        for _ in range(20):
            server.next = [status(503)] * 3
            work()
            traveller.shift(12 * 3600)
            with app.app_context():
                ask_providers(lambda: None)
        server.next.clear()
        work()
    with database() as session:
        assert states(session) == {"tr": ErrandState.DONE}


def test_the_characters_of_a_month_are_limited(
    app: Flask, transact: Sessions, database: Sessions, translated: make.Place, server: StandIn, work: Work
) -> None:
    app.config["LANGUAGES"] = ("de", "tr")
    app.config["TRANSLATORS"] = settings(server, monthly_characters=100)
    with time_machine.travel("2026-11-23T12:00:00Z", tick=False) as traveller:
        for number in range(2):
            new_idea(transact, translated, title=f"Nummer {number}")
            work()
        assert len(server.received) == 1
        # Trying again lifts the limit for nobody.
        with transact() as session:
            try_again(session, SYSTEM, process_id=translated.id, now=clock.now())
        work()
        assert len(server.received) == 1
        with database() as session:
            health = session.get_one(ProviderHealth, "libretranslate")
            assert (health.problem, health.characters) == ("month", len("Nummer 0") + len(BODY))
            assert f"{health.resumes_at:%Y-%m-%d %H:%M}" == "2026-11-30 23:00"
        traveller.move_to("2026-12-01T00:00:10Z", tick=False)
        with app.app_context():
            ask_providers(lambda: None)
        work()
        assert len(server.received) == 2
        new_idea(transact, translated, title="Nummer 3")
        work()
        assert len(server.received) == 2
        # Whoever ordered more does not wait for the next month.
        app.config["TRANSLATORS"] = settings(server, monthly_characters=200)
        with transact() as session:
            try_again(session, SYSTEM, process_id=translated.id, now=clock.now())
        work()
    assert len(server.received) == 3


def test_a_crashed_worker_and_two_workers_do_no_harm(
    app: Flask, transact: Sessions, database: Sessions, translated: make.Place, server: StandIn, work: Work
) -> None:
    app.config["LANGUAGES"] = ("de", "tr")
    with transact() as session:
        make.idea(session, translated, title=TITLE, body=BODY)
        queue_wordings(session, translated.id)
    app.config["TRANSLATORS"], own = {}, app.config["TRANSLATORS"]
    work()
    app.config["TRANSLATORS"] = own
    with app.app_context():
        with transaction() as session:
            first = claim(session, provider_of(app), zone="UTC", now=clock.now())
        with transaction() as session:
            assert claim(session, provider_of(app), zone="UTC", now=clock.now()) is None
        late = clock.now() + timedelta(minutes=10)
        with transaction() as session:
            second = claim(session, provider_of(app), zone="UTC", now=late)
        assert first is not None
        assert second is not None
        assert first.errand_ids == second.errand_ids
        outcome = send(second, provider_of(app))
        # The first one's lease is over: what it brings is not kept.
        for claimed in (first, second):
            with transaction() as session:
                keep(session, claimed, outcome, now=late)
        db.session.rollback()
        assert not do_next(provider_of(app), "UTC")
    with database() as session:
        assert len(shown(session)) == 1
        assert session.scalars(select(Wording.state)).all() == [WordingState.SHOWN]


def test_a_text_that_is_hidden_while_its_wording_is_kept_has_none_in_the_end(
    app: Flask, transact: Sessions, database: Sessions, translated: make.Place, server: StandIn, work: Work
) -> None:
    app.config["LANGUAGES"] = ("de", "tr")
    idea_id = new_idea(transact, translated)
    begun, done = threading.Event(), threading.Event()

    def hide_meanwhile() -> None:
        with app.app_context(), transaction() as session:
            hide_idea(session, SYSTEM, idea_id=idea_id, now=clock.now())
            begun.set()
            # The other one is on the way to keeping its wording, and has to wait for us.
            done.wait(0.2)

    hiding = threading.Thread(target=hide_meanwhile)

    def start() -> None:
        hiding.start()
        begun.wait(5)

    server.before = start
    work()
    done.set()
    hiding.join()
    work()
    assert len(server.received) == 1
    with database() as session:
        assert session.scalars(select(Wording.id)).all() == []
        assert states(session) == {"tr": ErrandState.VOID}
