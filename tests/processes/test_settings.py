"""Creating and editing a process: everything typed survives, and nothing wrong is written."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from participation.accounts.actor import SYSTEM, Role
from participation.kit import clock
from participation.kit.permissions import Refused
from participation.processes.models import Electorate, Phase, Process, ProcessState
from participation.processes.phase_rules import PUBLISHES_AT_ONCE
from participation.processes.service import set_phases
from tests import make
from tests.conftest import Sessions
from tests.pages import Page, PageClient
from tests.points import give

Member = Callable[..., PageClient]
FILLED: dict[str, Any] = {
    "title_de": "Unsere Strategie",
    "title_en": "Our strategy",
    "question_de": "Was soll sich ändern?",
    "advice_de": "Das Ergebnis ist ein Rat.",
    "next_step_de": "Der Rat berät.",
    "licence_de": "CC BY 4.0",
    "slug": "strategie",
}
EACH, ON_ONE = "Phase 1, Points that each person has", "Phase 1, Most points for one idea"
BOUNDS = "at least 1, at most all of them"
PHASE: dict[str, Any] = {
    "phase-0-title_de": "Sammeln",
    "phase-0-starts_at": "2027-03-01T08:00",
    "phase-0-ends_at": "2027-04-01T08:00",
}


@pytest.fixture
def admin(member: Member) -> PageClient:
    """An admin of everything."""
    return member(Role.ADMIN)


def with_phases(admin: PageClient, page: Page, number: int = 1, **fields: Any) -> Page:
    """Return the form with so many phases added."""
    for _ in range(number):
        page = admin.submit(page, press="add-phase", status=200, **fields)
    return page


def phases(database: Sessions) -> list[Phase]:
    """Return the phases that are stored."""
    with database() as session:
        return list(session.scalars(select(Phase).order_by(Phase.starts_at)))


def test_an_admin_creates_a_process(admin: PageClient, transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        make.framework(session)
    page = with_phases(admin, admin.get("/en/desk/processes/new"), **FILLED)
    assert page.select("input[name=slug]")[0].get("value") == "strategie"
    allowed: dict[str, Any] = {"phase-0-allows": ["propose", "vote"]}
    answer = admin.submit(page, press="Save", status=303, **PHASE, **allowed)
    assert answer.location == "/en/desk/processes/strategie/edit"
    with database() as session:
        process = session.scalars(select(Process)).one()
        assert process.title == {"de": "Unsere Strategie", "en": "Our strategy"}
        assert process.question == {"de": "Was soll sich ändern?"}
        assert process.summary == {}
        assert process.state is ProcessState.DRAFT
    (phase,) = phases(database)
    # Berlin: one hour ahead in winter, two in summer.
    assert phase.starts_at == datetime(2027, 3, 1, 7, 0, tzinfo=UTC)
    assert phase.ends_at == datetime(2027, 4, 1, 6, 0, tzinfo=UTC)
    assert (phase.allows_propose, phase.allows_comment, phase.allows_vote) == (True, False, True)


def test_an_edited_process_keeps_what_was_not_touched(
    admin: PageClient, transact: Sessions, database: Sessions
) -> None:
    with transact() as session:
        make.process(session)
    before = [(phase.starts_at.replace(second=0, microsecond=0), phase.allows_vote) for phase in phases(database)]
    page = admin.get("/en/desk/processes/digital/edit", budget=8)
    admin.submit(page, press="Save", status=303, title_en="", state="archived")
    with database() as session:
        process = session.scalars(select(Process)).one()
        assert process.title == {"de": "Process digital (de)"}
        assert process.licence == make.text("Contributions are under CC BY 4.0")
        assert process.state is ProcessState.ARCHIVED
    assert [(phase.starts_at, phase.allows_vote) for phase in phases(database)] == before


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"phase-0-ends_at": "2027-02-01T08:00"}, "Phase 1, Ends: A phase must end after it starts."),
        ({"phase-0-ends_at": "2027-03-01T08:00"}, "Phase 1, Ends: A phase must end after it starts."),
        (
            {"phase-0-starts_at": "2027-03-28T02:30"},
            "Phase 1, Starts: This time does not exist: that night the clocks are put forward.",
        ),
        (
            {"phase-0-ends_at": "2027-10-31T02:30"},
            "Phase 1, Ends: This time comes twice: that night the clocks are put back. Please choose another.",
        ),
        ({"phase-0-starts_at": ""}, "Phase 1, Starts: Please enter day and time."),
        (
            {"phase-0-starts_at": "soon"},
            "Phase 1, Starts: Please enter day and time, for example 2027-03-01T18:00.",
        ),
        ({"phase-0-starts_at": "0001-01-01T00:00"}, "Phase 1, Starts: Please enter a year between 2000 and 2100."),
        ({"phase-0-title_de": ""}, "Phase 1, Title (German): Please write this in at least one language."),
        ({"title_de": "", "title_en": ""}, "Title (German): Please write this in at least one language."),
        ({"advice_de": ""}, "The result is advice (German): Please write this in at least one language."),
        (
            {"next_step_de": ""},
            "Next step in the council (German): Please write this in at least one language.",
        ),
        ({"title_en": "x" * 161}, "Title (English): This is too long: 161 characters of at most 160."),
        (
            {"summary_en": "a\x00b"},
            "Summary (English): This contains characters that cannot be shown. Please type them anew.",
        ),
        ({"slug": "Not Tidy"}, "Address: Please use only small letters, digits and single hyphens."),
        ({"slug": "digital"}, "Address: Another process has this address already."),
    ],
)
def test_what_is_wrong_is_said_at_the_field(
    admin: PageClient, transact: Sessions, database: Sessions, wrong: dict[str, str], error: str
) -> None:
    with transact() as session:
        make.process(session)
    page = with_phases(admin, admin.get("/en/desk/processes/new"))
    typed = {**FILLED, **PHASE, **wrong}
    answer = admin.submit(page, press="Save", status=422, **typed)
    assert answer.errors == [error]
    (target,) = [link.get("href") for link in answer.select(".error-summary a")]
    assert answer.select(f"{target}[aria-invalid=true]")
    for name, value in typed.items():
        (control,) = answer.select(f"[name='{name}']")
        shown = control.get("value") if control.tag == "input" else "".join(control.itertext()).removeprefix("\n")
        assert (shown or "").strip() == value.replace("\x00", "\ufffd")
    with database() as session:
        assert [process.slug for process in session.scalars(select(Process))] == ["digital"]


def test_phases_must_not_overlap(admin: PageClient, transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        make.framework(session)
    page = with_phases(admin, admin.get("/en/desk/processes/new"), 2)
    second: dict[str, Any] = {
        "phase-1-title_de": "Abstimmen",
        "phase-1-starts_at": "2027-03-31T08:00",
        "phase-1-ends_at": "2027-05-01T08:00",
    }
    answer = admin.submit(page, press="Save", status=422, **FILLED, **PHASE, **second)
    assert answer.errors == ["Phase 2, Starts: Phases must not overlap."]
    moved: dict[str, Any] = {"phase-1-starts_at": "2027-04-01T08:00"}
    admin.submit(answer, press="Save", status=303, **moved)
    assert len(phases(database)) == 2


def test_a_phase_is_removed_without_losing_the_others(
    admin: PageClient, transact: Sessions, database: Sessions
) -> None:
    with transact() as session:
        make.framework(session)
    page = with_phases(admin, admin.get("/en/desk/processes/new"), 2, **FILLED)
    typed: dict[str, Any] = {
        "phase-1-title_en": "Vote",
        "phase-1-starts_at": "2027-05-01T00:00",
        "phase-1-ends_at": "2027-06-01T00:00",
    }
    page = admin.submit(page, press="Remove phase 1", status=200, **typed)
    assert [legend for legend in page.texts("legend") if legend.startswith("Phase")] == ["Phase 1"]
    admin.submit(page, press="Save", status=303)
    assert [phase.title for phase in phases(database)] == [{"en": "Vote"}]


def test_the_first_button_saves(admin: PageClient, transact: Sessions) -> None:
    with transact() as session:
        make.process(session)
    page = admin.get("/en/desk/processes/digital/edit")
    assert page.texts("main form button")[0] == "Save"


@pytest.mark.parametrize("path", ["/en/desk/processes/digital/edit", "/en/desk/processes/new"])
@pytest.mark.parametrize("role", [None, Role.MODERATOR, Role.STAFF])
def test_others_cannot_edit(member: Member, transact: Sessions, path: str, role: Role | None) -> None:
    with transact() as session:
        make.process(session)
    visitor = member(role)
    visitor.get(path, status=403)
    visitor.post(path, status=400)


def test_an_admin_of_one_process_creates_none(member: Member, transact: Sessions) -> None:
    with transact() as session:
        here = make.process(session)
        make.process(session, "elsewhere")
    visitor = member(Role.ADMIN, process_id=here.id)
    visitor.get("/en/desk/processes/digital/edit")
    visitor.get("/en/desk/processes/elsewhere/edit", status=403)
    visitor.get("/en/desk/processes/new", status=403)
    visitor.get("/en/desk/roles", status=403)


def test_phases_keep_their_ids(admin: PageClient, transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        make.process(session)
    (before,) = phases(database)
    page = with_phases(admin, admin.get("/en/desk/processes/digital/edit"))
    admin.submit(page, press="Save", status=303, **{"phase-1-title_de": "Danach", "phase-0-title_de": "Zuerst"})
    first, second = phases(database)
    assert (first.id, first.title["de"], second.title) == (before.id, "Zuerst", {"de": "Danach"})


def test_phases_of_another_process_are_out_of_reach(admin: PageClient, transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        make.process(session)
        make.process(session, "other")
    before = {phase.id: phase.process_id for phase in phases(database)}
    page = admin.get("/en/desk/processes/digital/edit")
    admin.submit(page, press="Save", status=303, forge={"phase-0-known": str(max(before))})
    after = {phase.id: phase.process_id for phase in phases(database)}
    assert after[max(before)] == before[max(before)]


@pytest.mark.parametrize(
    ("points", "most", "error"),
    [
        ("", "1", f"{EACH}: Please say how many points each person has, from 1 to 100."),
        ("101", "1", f"{EACH}: Please say how many points each person has, from 1 to 100."),
        ("x", "0", f"{EACH}: Please enter a whole number."),
        ("5", "6", f"{ON_ONE}: Please say how many points an idea may get from one person: {BOUNDS}."),
    ],
)
def test_points_need_sound_limits(
    admin: PageClient, transact: Sessions, database: Sessions, points: str, most: str, error: str
) -> None:
    with transact() as session:
        make.process(session)
    page = admin.get("/en/desk/processes/digital/edit")
    limits: dict[str, Any] = {"phase-0-points": points, "phase-0-points_most": most}
    answer = admin.submit(page, press="Save", status=422, **limits)
    assert answer.errors[0] == error
    admin.submit(answer, press="Save", status=422)
    # Where no points are given, nobody minds.
    nothing: dict[str, Any] = {"phase-0-allows": ["vote"], "phase-0-points": "", "phase-0-points_most": ""}
    admin.submit(answer, press="Save", status=303, **nothing)
    assert [(phase.points, phase.points_most) for phase in phases(database)] == [(0, 0)]


def test_what_people_gave_points_by_stays(admin: PageClient, transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        ideas = [make.idea(session, place) for _ in range(3)]
        give(session, place, {ideas[0]: 3, ideas[1]: 3, ideas[2]: 1})
    page = admin.get("/en/desk/processes/digital/edit")
    assert page.select("button[name=remove-phase]") == []
    lower: dict[str, Any] = {"phase-0-points": "6", "phase-0-points_most": "2"}
    assert admin.submit(page, press="Save", status=422, **lower).errors == [
        "Phase 1, Points that each person has: Somebody has given 7 points already, so it cannot be fewer.",
        "Phase 1, Most points for one idea: Somebody has given 3 points to one idea already, so it cannot be fewer.",
    ]
    without: dict[str, Any] = {"phase-0-allows": ["vote"]}
    (error,) = admin.submit(page, press="Save", status=422, **without).errors
    assert error.startswith("Phase 1, What residents can do: People have given points in this phase, so giving points")
    gone = admin.submit(page, press="Save", status=422, forge={"phase": "7"})
    assert "People have given points in this phase, so it cannot be removed." in gone.errors
    enough: dict[str, Any] = {"phase-0-points": "7", "phase-0-points_most": "3"}
    admin.submit(page, press="Save", status=303, **enough)
    (phase,) = phases(database)
    assert (phase.points, phase.points_most, phase.points_given, phase.points_given_most) == (7, 3, 7, 3)
    with pytest.raises(Refused), transact() as session:
        set_phases(session, SYSTEM, process_id=place.id, phases=[], now=clock.now())


def test_who_may_vote_is_chosen(admin: PageClient, transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        make.process(session)
    admin.submit(admin.get("/en/desk/processes/digital/edit"), press="Save", status=303, electorate="verified")
    with database() as session:
        assert session.scalars(select(Process)).one().electorate is Electorate.VERIFIED


def test_a_phase_says_when_contributions_are_read(admin: PageClient, transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        make.process(session)
    page = admin.get("/en/desk/processes/digital/edit")
    wrong = admin.submit(
        page, press="Save", status=422, **{"phase-0-review_hours": "721", "phase-0-publishes_itself": True}
    )
    assert wrong.errors == [
        "Phase 1, Longest waiting time, in hours: Please say how many hours contributions wait at most, from 1 to 720.",
        f"Phase 1, Publish by itself what has waited longer: {PUBLISHES_AT_ONCE}",
    ]
    chosen: dict[str, Any] = {
        "phase-0-review": "first",
        "phase-0-review_hours": "24",
        "phase-0-publishes_itself": True,
        "phase-0-review_rules_en": "Please no photographs.",
    }
    # A new phase takes it over, so that nothing is reset by accident when a process goes on.
    page = admin.submit(page, press="add-phase", status=200, **chosen)
    admin.submit(page, press="Save", status=303, **{"phase-1-title_de": "Danach"})
    stored = [
        (phase.review_first, phase.review_hours, phase.publishes_itself, phase.review_rules)
        for phase in phases(database)
    ]
    assert stored == [(True, 24, True, {"en": "Please no photographs."})] * 2
