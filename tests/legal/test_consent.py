"""Whoever has yet to agree to something new reads and objects, but writes and votes nothing; agreeing is one form."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from participation.accounts.actor import Actor
from participation.accounts.agreeing import ids_in
from participation.accounts.models import Account
from participation.activity.models import LogEntry
from participation.comments.models import CommentState
from participation.comments.policies import CommentFacts, may_delete_comment, may_mark_helpful
from participation.ideas.models import IdeaState
from participation.ideas.policies import IdeaFacts, may_add, may_edit, may_withdraw
from participation.kit import clock
from participation.legal.models import Consent, LegalKind
from participation.legal.queries import consents_of, owed, owed_texts, places_in
from participation.legal.service import agree
from participation.processes.models import Capability, PhaseKind, ProcessState
from participation.processes.outline import PhaseOutline, ProcessOutline
from participation.processes.policies import may_contribute, may_take_part, may_write
from participation.voting.models import Stance, Vote
from tests import make
from tests.accounts.people import ADDRESS, joined, letters, sign_up
from tests.conftest import Sessions
from tests.make import Place
from tests.pages import PageClient, queries

Member = Callable[..., PageClient]
DAY = timedelta(days=1)
HERE = 1
ASKS = "The rules or the privacy notice are new."
READ = "Read what is new"


def outline(starts_at: datetime, ends_at: datetime, state: ProcessState = ProcessState.PUBLISHED) -> ProcessOutline:
    """Return a process with one phase in which everything is possible."""
    phase = PhaseOutline(1, PhaseKind.DISCUSS, {}, {}, starts_at, ends_at, frozenset(Capability), review_first=False)
    return ProcessOutline(HERE, "p", 1, state, {}, {}, {}, {}, {}, {}, False, 1, (phase,))


@pytest.mark.parametrize("state", ProcessState)
@pytest.mark.parametrize("phase", [(1, 9), (-1, 9), (-9, -1)], ids=["before", "open", "ended"])
@pytest.mark.parametrize("owes", [(), (None,), (HERE,), (HERE + 1,), (HERE + 1, None)])
def test_what_owing_takes_away(owes: tuple[int | None, ...], phase: tuple[int, int], state: ProcessState) -> None:
    now, (starts, ends) = clock.now(), phase
    process = outline(now + starts * DAY, now + ends * DAY, state)
    actor = Actor(7, owes=frozenset(owes))
    is_open = phase == (-1, 9) and state is ProcessState.PUBLISHED
    keeps = bool({None, HERE} & set(owes))
    assert bool(may_write(actor, HERE, now=now)) is not keeps
    for capability in Capability:
        permission = may_contribute(actor, process, capability, now=now)
        assert bool(permission) is (is_open and not keeps), capability
        if is_open and keeps:
            assert ASKS in str(permission.reason)
        assert bool(may_take_part(actor, process, capability, now=now)) is is_open


def test_what_stays_possible() -> None:
    now = clock.now()
    process = outline(now - DAY, now + DAY)
    idea = IdeaFacts(IdeaState.PUBLISHED, is_author=True, is_frozen=False)
    frozen = IdeaFacts(IdeaState.PUBLISHED, is_author=True, is_frozen=True)
    own = CommentFacts(CommentState.PUBLISHED, True, now, 0, has_answers=False)
    others = CommentFacts(CommentState.PUBLISHED, False, now, 0, has_answers=False)
    for actor, writes in ((Actor(7), True), (Actor(7, owes=frozenset({HERE})), False)):
        assert bool(may_edit(actor, process, idea, now=now)) is writes
        assert bool(may_add(actor, process, frozen, now=now)) is writes
        # These are no writing.
        assert may_withdraw(actor, process, idea)
        assert may_delete_comment(actor, own)
        assert may_mark_helpful(actor, process, IdeaState.PUBLISHED, others, now=now)


def test_what_is_owed(database: Sessions, transact: Sessions, place: Place) -> None:
    with transact() as session:
        account, other = (make.account(session, f"{name}@example.org") for name in "ab")
        make.participant(session, place, account_id=account)
        quiet = make.process(session, slug="quiet")
        first = make.legal_text(session, asks_consent=True)
        make.legal_text(session)
        make.legal_text(session, kind=LegalKind.PRIVACY)
        here = make.legal_text(session, place, kind=LegalKind.PRIVACY, asks_consent=True)
        there = make.legal_text(session, quiet, asks_consent=True)
        later = make.legal_text(session, quiet, asks_consent=True)
        # A draft asks nobody.
        make.consent(session, other, first)
        make.consent(session, other, there)

    def owing(account_id: int) -> frozenset[int | None]:
        with database() as session:
            return places_in(session.scalar(select(owed()).select_from(Account).where(Account.id == account_id)))

    assert owing(account) == {None, place.id, quiet.id}
    # Who agreed to the version that asked owes nothing for a later one that did not.
    assert owing(other) == {place.id, quiet.id}
    with database() as session:

        def shown(account_id: int, process_id: int | None = None) -> list[tuple[str, int]]:
            texts = owed_texts(session, account_id, process_id=process_id)
            return [(one.slug, one.version.number) for one in texts]

        # Only where somebody takes part or asks for it, and always what holds now.
        assert shown(account) == [("", 2), (place.slug, 1)]
        assert shown(other) == []
        assert shown(other, quiet.id) == [("quiet", 2)]
    with transact() as session:
        for _again in range(2):
            agree(session, account_id=account, text_ids=[first, here, later, 99], now=clock.now())
    assert owing(account) == set()
    with database() as session:
        assert len(consents_of(session, account)) == 3
        log = select(LogEntry.payload).where(LogEntry.action == "ConsentGiven").order_by(LogEntry.id)
        assert [payload["legal_text_id"] for payload in session.scalars(log)] == [first, here, later]
        assert consents_of(session, other)[0].kind is LegalKind.RULES


def test_a_person_is_asked_and_goes_on(app: Flask, member: Member, transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        idea = make.idea(session, place)
    person, url = member(), place.url(f"/ideas/{idea}", language="en")
    before = person.get(url)
    with queries(app) as usual:
        person.get(url)
    with transact() as session:
        make.legal_text(session, place, changes={"en": "Be kinder"}, asks_consent=True)
    page = person.get(url)
    assert page.one(".messages a") == READ
    assert ASKS in page.one(".vote-buttons")
    assert page.select(".vote-buttons form, #comment-form") == []
    link = page.links(".vote-buttons a")[READ]
    assert page.links(".alert a")[READ] == link
    assert link == f"/en/my/consent?process={place.slug}&next=/en/processes/{place.slug}/ideas/{idea}"
    refused = person.submit(before, ".vote-buttons form", press="agree", status=403)
    assert ASKS in refused.one("main")
    assert f"{READ} (opens a new window)" in refused.links("main a")
    answer = person.submit(before, "#comment-form", text="I must say this", status=422)
    assert ASKS in answer.errors[0]
    assert "I must say this" in answer.one("[name=text]")
    for address in (place.url("/ideas/new", language="en"), place.url(f"/vote/{idea}", language="en")):
        assert READ in person.get(address).links("main a"), address
    # Reporting stays possible, and so do other processes and reading.
    assert person.get(f"{url}/notice").select("main form") != []
    consent = person.get(link, budget=6)
    assert "Be kinder" in consent.one("main")
    assert consent.select(".messages a") == []
    missed = person.submit(consent, "consent-form", agrees=False, status=422)
    assert missed.errors == [
        "I have read these texts and agree to them.: Please confirm that you have read them and agree."
    ]
    done = person.submit(missed, "consent-form", agrees=True, status=303)
    assert done.location == url
    with queries(app) as now:
        page = person.follow(done)
    assert len(now) == len(usual), "what is owed comes with the sign-in"
    person.submit(page, ".vote-buttons form", press="agree", status=303)
    person.submit(page, "#comment-form", text="I must say this", status=303)
    assert "nothing new" in person.get(link).one("main")
    account = person.get("/en/account")
    assert "Rules for fair discussion, version 1 (" in account.one("main section")
    assert list(account.links("main section a").values()) == [place.url("/rules/versions/1", language="en")]
    with database() as session:
        assert session.scalars(select(Vote.stance)).all() == [Stance.AGREE]


def test_who_signs_up_agrees_to_what_was_shown(
    app: Flask, client: PageClient, new_client: Callable[[], PageClient], transact: Sessions, database: Sessions
) -> None:
    def agreed() -> list[int]:
        with database() as session:
            return list(session.scalars(select(Consent.legal_text_id).order_by(Consent.id)))

    with transact() as session:
        rules = make.legal_text(session, asks_consent=True)
        privacy = make.legal_text(session, kind=LegalKind.PRIVACY)
        make.legal_text(session, kind=LegalKind.IMPRINT)
    form = client.get("/de/sign-up")
    with transact() as session:
        newer = make.legal_text(session, asks_consent=True)
    values: dict[str, Any] = {"email": ADDRESS, "password": "seven quiet bicycles", "agrees": True}
    client.submit(form, "sign_up-form", status=303, **values)
    assert agreed() == [rules, privacy]
    letters(app)
    person = joined(app, new_client())
    assert agreed() == [rules, privacy, newer]
    assert person.get("/en/").select(".messages .alert--warning") == []
    # Nobody agrees to anything in the name of somebody else.
    with transact() as session:
        latest = make.legal_text(session, asks_consent=True)
    sign_up(new_client())
    assert agreed() == [rules, privacy, newer]
    assert READ in person.get("/en/account").links("main a")
    person.submit(
        person.get("/en/my/consent"), "consent-form", agrees=True, forge={"shown": f"{latest},x,-1,{'9' * 30}"}
    )
    assert agreed() == [rules, privacy, newer, latest]


def test_a_form_names_no_more_texts_than_there_can_be() -> None:
    assert ids_in(None) == ids_in("") == ids_in(",x,-1,") == []
    assert ids_in("3,1") == [3, 1]
    assert len(ids_in("1," * 200_000)) == 1000
