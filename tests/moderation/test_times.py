"""How long decisions take: counted in spans, never by person, and only where that is switched on."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from statistics import median

import pytest
from sqlalchemy import select

from participation.accounts.actor import Role
from participation.kit import clock
from participation.moderation.models import DecisionKind, DecisionTime
from participation.moderation.openness.times import FEWEST_TIMES, LONGEST, median_of, median_times, note_time, span_of
from participation.processes.models import Process
from participation.processes.queries import process_by_id
from tests import make
from tests.conftest import Sessions
from tests.pages import PageClient

Member = Callable[..., PageClient]
PUBLISH, HIDE = DecisionKind.PUBLISH, DecisionKind.HIDE
ADDRESS = "/en/desk/processes/digital/staff-time"


@pytest.mark.parametrize(
    ("seconds", "span"), [(0.2, 0), (1, 0), (1.18, 0), (1.19, 1), (2, 4), (60, 23), (64, 24), (1800, 43)]
)
def test_spans_double_every_four(seconds: float, span: int) -> None:
    assert span_of(seconds) == span


def test_the_median_of_spans_is_near_the_true_one() -> None:
    chance = Random(4)
    for _round in range(50):
        taken = [chance.lognormvariate(3.5, 1.2) for _number in range(chance.randrange(FEWEST_TIMES, 400))]
        counted: dict[int, int] = {}
        for seconds in taken:
            counted[span_of(seconds)] = counted.get(span_of(seconds), 0) + 1
        assert median_of(sorted(counted.items())) == pytest.approx(median(taken), rel=0.19)
    assert median_of([(8, FEWEST_TIMES - 1)]) is None


def test_only_where_it_is_measured_and_only_in_sum(transact: Sessions, database: Sessions) -> None:
    now = clock.now()
    with transact() as session:
        place = make.process(session)
        note_time(session, process_by_id(session, place.id), PUBLISH, timedelta(seconds=9), now=now)
        session.get_one(Process, place.id).measures_time = True
        session.flush()
        process = process_by_id(session, place.id)
        for seconds in (4, 4.5, 0, -3, LONGEST.total_seconds() + 1):
            note_time(session, process, PUBLISH, timedelta(seconds=seconds), now=now)
        note_time(session, process, HIDE, timedelta(seconds=64), now=now)
    with database() as session:
        rows = session.scalars(select(DecisionTime).order_by(DecisionTime.kind)).all()
        assert [(row.kind, row.month, row.span, row.decisions) for row in rows] == [
            (HIDE, f"{now:%Y-%m}", 24, 1),
            (PUBLISH, f"{now:%Y-%m}", 8, 2),
        ]
        assert [(one.kind, one.decisions, one.seconds) for one in median_times(session, process.id)] == [
            (PUBLISH, 2, None),
            (HIDE, 1, None),
        ]
    # Neither the table nor anything in it could say whose time it was.
    assert set(DecisionTime.__table__.columns.keys()) == {"process_id", "month", "kind", "span", "decisions"}


def test_the_page_shows_medians_and_admins_switch_it_on(member: Member, transact: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
    admin = member(Role.ADMIN, process_id=place.id)
    assert "Nothing is counted at the moment" in admin.get(ADDRESS, budget=5).one("main")
    admin.submit(admin.get("/en/desk/processes/digital/edit"), press="Save", status=303, measures_time=True)
    with transact() as session:
        process = process_by_id(session, place.id)
        for _number in range(FEWEST_TIMES):
            note_time(session, process, PUBLISH, timedelta(seconds=16), now=clock.now())
        note_time(session, process, HIDE, timedelta(seconds=300), now=clock.now())
    page = admin.get(ADDRESS, budget=5)
    assert "Nothing is counted at the moment" not in page.one("main")
    assert page.texts("tbody th, tbody td") == ["Published", "10", "17 seconds", "Hidden", "1", "–"]
    resident = member(email="resident@example.org")
    resident.get(ADDRESS, status=403)
