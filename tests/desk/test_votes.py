"""What staff see of the voting: bursts, people who vote alike, runs, the last failure, and the button for a new run."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from participation.accounts.actor import Role
from participation.activity.models import Job, JobState
from participation.activity.service import enqueue
from participation.kit import clock
from participation.opinions.queries import GROUPS_JOB
from tests import group_runs, make
from tests.conftest import Sessions
from tests.make import Place
from tests.pages import PageClient

Member = Callable[..., PageClient]
VOTES = "/en/desk/processes/digital/votes"
BUDGET = 10


def run(transact: Sessions, place: Place, *, number: int = 1) -> None:
    with transact() as session:
        ideas = [make.idea(session, place) for _ in range(4)]
        group_runs.stored(session, place, group_runs.two_groups(ideas), group_runs.shaken(ideas), number=number)


def jobs(transact: Sessions) -> list[Job]:
    with transact() as session:
        return list(session.scalars(select(Job).where(Job.state == JobState.WAITING)))


def test_who_gets_in(member: Member, client: PageClient, place: Place) -> None:
    assert (client.get(VOTES, status=302).location or "").startswith("/en/sign-in")
    for visitor, status in (
        (member(), 403),
        (member(Role.MODERATOR, process_id=place.id), 403),
        (member(Role.STAFF, process_id=place.id), 200),
        (member(Role.ADMIN), 200),
    ):
        visitor.get(VOTES, status=status)


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_keeps_to_its_budget(member: Member, place: Place, transact: Sessions, number: int) -> None:
    for count in range(1, number + 1):
        run(transact, place, number=count)
    page = member(Role.STAFF).get(VOTES, budget=BUDGET)
    assert len(page.select("#run-table-caption ~ tbody tr")) == number


def test_groups_and_numbers_never_people(member: Member, place: Place, transact: Sessions) -> None:
    run(transact, place)
    page = member(Role.STAFF).get(VOTES)
    bursts, alike = (page.texts(f"#{name}-caption ~ tbody tr > *") for name in ("burst-table", "alike-table"))
    assert bursts == ["3 May 2026, 20:00", "412", "38", "12.5", "33 times", "late"]
    assert alike == [
        *("12 people", "9", "exactly the same", "100 %"),
        *("14 people", "20", "nearly the same", "97 %"),
    ]
    assert "21 people voted right after registering, with 160 votes altogether." in page.text
    assert page.texts(".badge")[-1] == "Not stable"


def test_hidden_results_stay_hidden_from_staff(member: Member, transact: Sessions) -> None:
    with transact() as session:
        place = make.process(session, hides_results=True)
    run(transact, place)
    page = member(Role.STAFF).get(VOTES)
    (row,) = page.texts("#run-table-caption ~ tbody tr")
    assert "hidden" in row
    assert "Not stable" not in page.text


def test_a_run_can_be_asked_for_once(member: Member, place: Place, transact: Sessions) -> None:
    staff = member(Role.STAFF)
    page = staff.get(VOTES)
    assert page.select(".empty-state")
    page = staff.follow(staff.submit(page, f"form[action='{VOTES}/run']"))
    assert "The opinion groups will be worked out now." in page.text
    assert page.texts(".badge") == ["Waiting for the worker"]
    assert not page.select(f"form[action='{VOTES}/run']")
    assert len(jobs(transact)) == 1


def test_a_failure_keeps_the_last_result_and_its_reason_is_for_staff(
    member: Member, client: PageClient, place: Place, transact: Sessions
) -> None:
    run(transact, place)
    now = clock.now() + timedelta(minutes=1)
    with transact() as session:
        job = enqueue(session, GROUPS_JOB, {"process_id": place.id}, now=now)
        job.state, job.attempts, job.last_error, job.finished_at = JobState.FAILED, 5, "MemoryError: too much", now
    public = client.get(place.url("/results/groups", language="en"))
    assert "You see the result before it; all votes are recorded." in public.text
    assert public.select(".opinion-map")
    assert "MemoryError" not in public.text
    desk = member(Role.STAFF).get(VOTES)
    assert desk.texts(".alert code") == ["MemoryError: too much"]
    assert desk.select(f"form[action='{VOTES}/run']")
