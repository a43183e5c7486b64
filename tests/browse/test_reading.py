"""What a process publishes about the reading of contributions, on its page and wherever somebody writes."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from participation.ideas.models import Idea
from participation.moderation.grounds import GroundKind, grounds
from participation.processes.models import Phase
from tests import make
from tests.conftest import Sessions
from tests.make import Place
from tests.pages import PageClient

Member = Callable[..., PageClient]
NOW = datetime(2027, 3, 1, 8, tzinfo=UTC)
READ_FIRST = "Moderators read every contribution before it is published."
READ_AFTERWARDS = "Contributions are published at once; moderators read them afterwards."


@pytest.mark.parametrize(
    ("first", "hours", "itself", "says", "afterwards"),
    [
        (True, 72, False, (READ_FIRST, "3 days"), "The team is reminded, and everybody can see how much is late."),
        (True, 36, True, (READ_FIRST, "36 hours"), "It is published by itself"),
        (False, 1, False, (READ_AFTERWARDS, "1 hour"), "The team is reminded"),
    ],
)
def test_the_page_of_a_process(
    client: PageClient,
    place: Place,
    transact: Sessions,
    first: bool,
    hours: int,
    itself: bool,
    says: tuple[str, str],
    afterwards: str,
) -> None:
    with transact() as session:
        settings = {"review_first": first, "review_hours": hours, "publishes_itself": itself}
        session.execute(update(Phase).values(settings | {"review_rules": {"en": "No <b>photographs</b>."}}))
    page = client.get(place.url(language="en"))
    part = page.one("section[aria-labelledby=moderation]")
    for words in (*says, afterwards, "No <b>photographs</b>."):
        assert words in part
    rules = [ground.title["en"] for ground in grounds() if ground.kind is GroundKind.RULE]
    assert page.texts(".house-rules__title") == rules != []
    assert "/en/methods/signals" in page.links("section[aria-labelledby=moderation] a").values()


def test_between_phases_the_ordinary_promise_holds(client: PageClient, transact: Sessions) -> None:
    with transact() as session:
        place = make.process(session, starts_at=NOW, ends_at=NOW + timedelta(days=1))
    with time_machine.travel(NOW - timedelta(days=1)):
        part = client.get(place.url(language="en")).one("section[aria-labelledby=moderation]")
    assert READ_FIRST in part
    assert "3 days" in part


def test_whoever_writes_reads_until_when_it_is_read(member: Member, client: PageClient, transact: Sessions) -> None:
    with time_machine.travel(NOW, tick=False):
        author = member(email="author@example.org")
    with time_machine.travel(NOW, tick=False), transact() as session:
        place = make.process(session, review_first=True, starts_at=NOW, ends_at=NOW + timedelta(days=9))
        account_id = make.account(session, "author@example.org")
        idea_id = make.idea(session, place)
        own = make.participant(session, place, account_id=account_id)
        own_id = make.idea(session, place, author=own)
        session.get_one(Idea, own_id).frozen_at = NOW
        key = make.draft(session, place, account_id, title="Bänke", body="Mehr Bänke in den Parks, bitte.")
        session.scalars(select(Phase)).one().review_hours = 24
    rules = place.url("#moderation", language="en")
    addresses = (
        place.url(f"/ideas/{idea_id}", language="en"),
        place.url(f"/ideas/{idea_id}/comments/new", language="en"),
        place.url(f"/ideas/{own_id}/addenda/new", language="en"),
        place.url("/ideas/new", language="en"),
        place.url(f"/drafts/{key}/preview", language="en"),
    )
    with time_machine.travel(NOW, tick=False):
        for address in addresses:
            page = author.get(address)
            assert "at the latest by 2 March 2027, 09:00" in page.one("main"), address
            assert rules in page.links("main a").values(), address
        # Who cannot write is not told what would happen.
        assert "at the latest by" not in client.get(addresses[0]).one("main")
        with transact() as session:
            session.execute(update(Phase).values(publishes_itself=True))
        assert "After 2 March 2027, 09:00 it is published by itself" in author.get(addresses[0]).one("main")
        with transact() as session:
            session.execute(update(Phase).values(review_first=False))
        assert "It is published at once; moderators read it afterwards." in author.get(addresses[0]).one("main")
