"""What is written with a vote: its secret number, skips, withdrawals, tallies that follow whatever comes at once."""

import http.client
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
import time_machine
from flask import Flask
from flask_wtf.csrf import generate_csrf
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from participation.accounts.actor import SYSTEM
from participation.accounts.models import SignIn
from participation.accounts.service import create_account, sign_in
from participation.ideas.models import Idea, Standing
from participation.ideas.standing import agreement, contested
from participation.kit import clock
from participation.kit.db import transaction
from participation.processes.models import Participant
from participation.receipts.models import Receipt
from participation.voting.bulk import ImportedVote, take_votes
from participation.voting.models import Skip, Stance, Tally, Vote, VoteChange
from participation.voting.queries import VoteFigures, tallies, tally_breaks
from participation.voting.service import put_vote
from tests import make
from tests.conftest import NewClient, Sessions
from tests.databases import CHEAP
from tests.live import serving
from tests.make import Place
from tests.pages import PageClient

Member = Callable[..., PageClient]
FORM = ".vote-buttons form"
PARALLEL = 50
START = datetime(2026, 5, 1, tzinfo=UTC)


def put(transact: Sessions, idea: int, person: int, stance: Stance | None) -> None:
    """Put one person's stance."""
    with transact() as session:
        put_vote(session, idea_id=idea, participant_id=person, stance=stance, revision=1, now=clock.now())


def nonce(database: Sessions) -> bytes:
    """Return the secret number of the only vote."""
    with database() as session:
        return session.scalars(select(Vote.nonce)).one()


def test_each_stance_has_a_secret_number_of_its_own(
    transact: Sessions, database: Sessions, place: Place, idea: int
) -> None:
    with transact() as session:
        person = make.participant(session, place)
    seen = []
    for stance in (Stance.AGREE, Stance.UNSURE, Stance.AGREE):
        put(transact, idea, person, stance)
        seen.append(nonce(database))
        put(transact, idea, person, stance)
        assert nonce(database) == seen[-1], "saying the same again changes nothing"
    assert len({*seen}) == 3
    assert {len(one) for one in seen} == {16}


def test_imported_votes_renew_their_number_as_well(transact: Sessions, database: Sessions, place: Place) -> None:
    with transact() as session:
        make.idea(session, place, external_id="a")
    seen = []
    for day, stance in enumerate((Stance.AGREE, Stance.AGREE, Stance.DISAGREE)):
        vote = ImportedVote("a", "key", stance, START + timedelta(days=day // 2))
        with transact() as session:
            take_votes(session, SYSTEM, process_id=place.id, votes=[vote])
        seen.append(nonce(database))
    assert seen[0] == seen[1] != seen[2]


def test_only_a_withdrawal_is_noted_as_a_change(
    transact: Sessions, database: Sessions, place: Place, idea: int
) -> None:
    with transact() as session:
        other, person = make.idea(session, place), make.participant(session, place)
    for stance in (None, Stance.AGREE, Stance.DISAGREE, Stance.DISAGREE):
        put(transact, idea, person, stance)
    put(transact, other, person, Stance.UNSURE)
    with database() as session:
        assert session.scalars(select(VoteChange)).all() == []
    for one in (idea, other):
        put(transact, one, person, None)
    with database() as session:
        assert session.execute(select(VoteChange.participant_id, VoteChange.process_id)).all() == [(person, place.id)]


def test_whoever_votes_has_not_skipped(transact: Sessions, database: Sessions, place: Place, idea: int) -> None:
    with transact() as session:
        other, people = make.idea(session, place), [make.participant(session, place) for _ in range(2)]
        session.add_all(
            Skip(participant_id=person, idea_id=one, skipped_at=START) for person in people for one in (idea, other)
        )
    put(transact, idea, people[0], None)
    put(transact, idea, people[0], Stance.UNSURE)
    with database() as session:
        left = session.execute(select(Skip.participant_id, Skip.idea_id).order_by(Skip.participant_id, Skip.idea_id))
        assert left.all() == [(people[0], other), (people[1], idea), (people[1], other)]


@pytest.mark.parametrize("over", ["ended_at", "expires_at"])
def test_a_sign_in_that_is_over_casts_no_vote(
    member: Member, transact: Sessions, database: Sessions, place: Place, idea: int, over: str
) -> None:
    voter = member()
    page = voter.get(place.url(f"/ideas/{idea}", language="en"))
    with transact() as session:
        session.execute(update(SignIn).values({over: clock.now()}))
    assert voter.submit(page, FORM, press="agree", status=401).h1 == "Please sign in"
    with database() as session:
        assert session.scalars(select(Vote)).all() == []


def test_a_vote_takes_few_questions_to_the_database(
    member: Member, transact: Sessions, place: Place, idea: int
) -> None:
    with transact() as session:
        make.votes(session, place, idea, agree=1)
    voter = member()
    page = voter.get(place.url(f"/ideas/{idea}"))
    voter.submit(page, FORM, press="agree")
    # BEGIN, all that a vote depends on, the process and its phases (remembered outside tests), vote, tally, standing.
    voter.submit(page, FORM, press="disagree", budget=7)


def test_the_receipt_says_on_which_day_the_vote_was_cast(
    member: Member, transact: Sessions, database: Sessions
) -> None:
    with time_machine.travel(START, tick=False) as travel:
        with transact() as session:
            place = make.process(session)
            idea = make.idea(session, place)
        voter, other = member(email="voter@example.org"), member(email="other@example.org")
        voter.submit(voter.get(place.url(f"/ideas/{idea}", language="en")), FORM, press="agree")
        travel.shift(timedelta(days=2))
        with database() as session:
            assert session.scalars(select(Receipt)).all() == []
        offer = voter.get(f"/en/my/receipts/vote/{idea}")
        with database() as session:
            assert session.scalars(select(Receipt)).all() == [], "looking writes nothing"
        codes = {voter.follow(voter.submit(offer, "main form", status=303)).one(".receipt-code") for _ in range(2)}
        assert len(codes) == 1
        with database() as session:
            assert session.scalars(select(Receipt.issued_at)).all() == [START]
        token = other.get(place.url(f"/ideas/{idea}", language="en")).select("[name=csrf_token]")[0].get("value")
        other.post(f"/en/my/receipts/vote/{idea}/new", {"csrf_token": token}, status=404)


STEPS = st.lists(
    st.tuples(st.booleans(), st.integers(0, 2), st.integers(0, 1), st.sampled_from([*Stance, None])), max_size=20
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_any_order_by_any_way_counts_the_same(app: Flask, steps: list[tuple[bool, int, int, Stance | None]]) -> None:
    """Votes, changes and withdrawals one by one and in batches from elsewhere: tally = rows = standing."""
    with app.app_context(), transaction() as session:
        for table in (Vote, VoteChange, Tally):
            session.execute(delete(table))
        session.execute(update(Standing).values(agreement=0, contested=0))
        ideas, process_id = _two_ideas(session)
        expected: dict[tuple[int, int], Stance] = {}
        for number, (imported, person, at, stance) in enumerate(steps):
            moment = START + timedelta(minutes=number)
            if imported and stance is not None:
                vote = ImportedVote(f"idea-{at}", f"voter-{person}", stance, moment)
                take_votes(session, SYSTEM, process_id=process_id, votes=[vote])
            else:
                voter = _voter(session, process_id, f"voter-{person}")
                put_vote(session, idea_id=ideas[at], participant_id=voter, stance=stance, revision=1, now=moment)
            expected.pop((person, at), None)
            expected |= {(person, at): stance} if stance else {}
        for at, idea in enumerate(ideas):
            counted = Counter(stance for (_person, place_), stance in expected.items() if place_ == at)
            figures = VoteFigures(*(counted[one] for one in (Stance.AGREE, Stance.DISAGREE, Stance.UNSURE)))
            assert tallies(session, [idea])[idea] == figures
            sides = counted[Stance.AGREE], counted[Stance.DISAGREE]
            order = session.execute(select(Standing.agreement, Standing.contested).where(Standing.idea_id == idea))
            assert tuple(order.one()) == (agreement(*sides), contested(*sides))
        assert tally_breaks(session, process_id) == []


def _two_ideas(session: Session) -> tuple[list[int], int]:
    known = list(session.scalars(select(Idea.id).order_by(Idea.id)))
    if not known:
        place = make.process(session)
        known = [make.idea(session, place, external_id=f"idea-{at}") for at in range(2)]
    return known, session.scalars(select(Idea.process_id).limit(1)).one()


def _voter(session: Session, process_id: int, key: str) -> int:
    known = session.scalar(select(Participant.id).where(Participant.external_key == key))
    if known is not None:
        return known
    row = Participant(process_id=process_id, external_key=key, pseudonym=key, joined_at=START)
    session.add(row)
    session.flush()
    return row.id


def test_fifty_at_once_through_the_real_server(
    app: Flask, transact: Sessions, database: Sessions, new_client: NewClient, tmp_path: Path
) -> None:
    """Fifty times the same vote is one vote; fifty people on one idea are fifty votes, whatever they change."""
    moment = clock.now()
    with transact() as session:
        place = make.process(session)
        same, shared = make.idea(session, place), make.idea(session, place)
        tokens = []
        for number in range(PARALLEL):
            account = create_account(session, email=f"voter-{number}@example.org", language="de", now=moment)
            tokens.append(sign_in(session, account_id=account.id, now=moment))
    people = [_signed_in(app, token) for token in tokens]
    with serving(str(app.config["DATABASE_URL"]), tmp_path, SECRET_KEY=str(CHEAP["SECRET_KEY"])) as live:
        address = urlsplit(live.url).netloc

        def send(idea: int, votes: Iterable[tuple[tuple[str, str], str]]) -> list[int]:
            return _at_once(address, place.url(f"/ideas/{idea}/vote"), list(votes))

        assert send(same, [(people[0], "agree")] * PARALLEL) == [303] * PARALLEL
        assert send(shared, [(person, "agree") for person in people]) == [303] * PARALLEL
        stances = ("disagree", "unsure", "none", "agree", "disagree")
        changed = [(person, stances[number % 5]) for number, person in enumerate(people)]
        assert send(shared, changed) == [303] * PARALLEL
    with database() as session:
        assert tallies(session, [same, shared]) == {same: VoteFigures(1, 0, 0), shared: VoteFigures(10, 20, 10)}
        assert tally_breaks(session, place.id) == []
        order = session.execute(select(Standing.agreement, Standing.contested).where(Standing.idea_id == shared)).one()
        assert tuple(order) == (agreement(10, 20), contested(10, 20))
        assert session.scalar(select(func.count()).select_from(VoteChange)) == 10
        assert session.scalar(select(func.count(Participant.account_id))) == PARALLEL


def _signed_in(app: Flask, token: str) -> tuple[str, str]:
    """Return the cookie of somebody signed in, and the token of a form made for them."""
    from flask import session as cookie

    with app.test_request_context("/"):
        form_token = generate_csrf()
        cookie.update({"_user_id": token, "_fresh": True})
        signer: Any = app.session_interface
        return signer.get_signing_serializer(app).dumps(dict(cookie)), form_token


def _at_once(address: str, path: str, votes: list[tuple[tuple[str, str], str]]) -> list[int]:
    """Send all votes at the same moment, each over a connection of its own; return the statuses."""
    barrier, statuses = threading.Barrier(len(votes)), list[int]()

    def send(cookie: str, form_token: str, stance: str) -> None:
        connection = http.client.HTTPConnection(address, timeout=60)
        body = urlencode({"csrf_token": form_token, "stance": stance, "revision": "1"})
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"participation={cookie}"}
        connection.connect()
        barrier.wait(60)
        connection.request("POST", path, body, headers)
        statuses.append(connection.getresponse().status)
        connection.close()

    threads = [threading.Thread(target=send, args=(*person, stance)) for person, stance in votes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(90)
    return statuses
