"""The desk's pages: who gets in, what they cost, and what they say when there is nothing."""

from collections.abc import Callable, Collection
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from participation.accounts.actor import Role
from participation.cases.models import Case
from participation.comments.models import CommentState
from participation.ideas.models import IdeaState
from participation.kit import clock
from participation.processes.models import ProcessState
from tests import make
from tests.conftest import Sessions
from tests.pages import PageClient

Member = Callable[..., PageClient]
DESK = "/en/desk/processes/digital"
# page: the SQL statements it may send, sign-in and guard included
BUDGETS = {
    "/en/desk": 10,
    f"{DESK}/queue": 20,
    f"{DESK}/queue/state?cases={{case}}": 7,
    f"{DESK}/cases/{{case}}": 22,
    f"{DESK}/decisions": 7,
    # One of them asks for translations: the ideas are in another language.
    f"{DESK}/board": 16,
    f"{DESK}/board/state.json?since=0": 10,
    f"{DESK}/board/changes": 8,
    f"{DESK}/board/suggestions": 8,
    f"{DESK}/board/outliers": 8,
    f"{DESK}/clusters/{{cluster}}": 14,
    f"{DESK}/clusters/{{cluster}}/split": 8,
    f"{DESK}/clusters/{{cluster}}/merge": 8,
    f"{DESK}/clusters/order": 6,
    f"{DESK}/ideas/{{idea}}": 22,
    f"{DESK}/statements": 10,
    f"{DESK}/statements/{{statement}}": 26,
    f"{DESK}/statements/new": 8,
}
FOR_MODERATORS = (
    "queue",
    "queue/state",
    "cases/1",
    "decisions",
    "board",
    "board/state.json?since=0",
    "board/changes",
    "board/suggestions",
    "board/outliers",
    "ideas/1",
    "clusters/1",
    "clusters/new",
    "clusters/order",
    *(f"clusters/1/{place}" for place in ("edit", "split", "merge")),
)
FOR_THE_DESK = ("statements", "statements/new")


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("path", BUDGETS)
def test_pages_keep_to_their_budget(member: Member, transact: Sessions, path: str, number: int) -> None:
    with transact() as session:
        place = make.process(session)
        ids: dict[str, int] = {}
        for count in range(number):
            idea = make.idea(session, place, principles=["access", "climate"])
            make.votes(session, place, idea, agree=2)
            root = make.comment(session, place, idea)
            make.comment(session, place, idea, parent_id=root, state=CommentState.HIDDEN)
            make.idea(session, place, state=IdeaState.IN_REVIEW)
            make.comment(session, place, idea, state=CommentState.IN_REVIEW)
            make.idea(session, place, title=f"Unfiled {count}")
            cluster = make.cluster(session, place, ideas=[idea])
            ids = {"idea": idea, "cluster": cluster, "statement": make.statement(session, place, [cluster])}
            ids["case"] = session.scalars(select(func.max(Case.id))).one()
            if count:
                make.process(session, f"further-{count}")
    page = member(Role.ADMIN).get(path.format(**ids), budget=BUDGETS[path])
    assert not page.is_html or page.h1


@pytest.mark.parametrize("path", ["queue", "decisions", "board", "statements", "statements/new"])
def test_empty_pages_say_so(member: Member, transact: Sessions, path: str) -> None:
    with transact() as session:
        place = make.process(session)
    page = member(Role.MODERATOR, process_id=place.id).get(f"{DESK}/{path}")
    assert page.select(".empty-state, .alert")


@pytest.mark.parametrize("path", FOR_MODERATORS + FOR_THE_DESK)
def test_who_gets_in(member: Member, client: PageClient, transact: Sessions, path: str) -> None:
    with transact() as session:
        here, elsewhere = make.process(session), make.process(session, "elsewhere")
        idea = make.idea(session, here)
        make.cluster(session, here, ideas=[idea])
        make.comment(session, here, idea, state=CommentState.IN_REVIEW)
    url = f"{DESK}/{path}"
    assert (client.get(url, status=302).location or "").startswith("/en/sign-in")
    for visitor, status in (
        (member(), 403),
        (member(Role.MODERATOR, process_id=elsewhere.id), 403),
        (member(Role.STAFF, process_id=elsewhere.id), 403),
        (member(Role.STAFF, process_id=here.id), 200 if path in FOR_THE_DESK else 403),
        (member(Role.MODERATOR, process_id=here.id), 200),
        (member(Role.ADMIN), 200),
    ):
        visitor.get(url, status=status)


def test_the_overview_shows_what_waits_where_one_works(member: Member, transact: Sessions) -> None:
    with transact() as session:
        here, busy = make.process(session), make.process(session, "busy", state=ProcessState.DRAFT)
        make.process(session, "elsewhere")
        make.idea(session, here)
        for _ in range(2):
            make.idea(session, busy, state=IdeaState.IN_REVIEW)
        account = make.account(session, "both@example.org")
        make.actor(session, account, role=Role.MODERATOR, process_id=here.id)
        make.actor(session, account, role=Role.STAFF, process_id=busy.id)
    page = member(email="both@example.org").get("/en/desk")
    assert page.texts(".desk-process__title") == ["Process busy (en)", "Process digital (en)"]
    assert page.texts(".desk-process:first-child .desk-place__name") == ["Statements", "Answers"]
    assert page.texts(".desk-process:last-child .desk-place__figure") == ["0", "0 %", "0", "0"]
    assert "New process" not in page.text


def test_tabs_lead_only_where_one_may_go(member: Member, transact: Sessions) -> None:
    with transact() as session:
        place = make.process(session)

    def tabs(role: Role) -> list[str]:
        return member(role, process_id=place.id).get(f"{DESK}/statements").texts(".tabs a")

    assert tabs(Role.STAFF) == ["Statements", "Answers", "Translations", "Votes", "Export", "Import", "Legal texts"]
    moderating = ["Queue", "Board", "Statements", "Answers", "Decisions", "Objections", "Translations"]
    assert tabs(Role.MODERATOR) == moderating
    assert tabs(Role.ADMIN) == [*moderating, "Votes", "Export", "Import", "Legal texts", "Settings", "Roles"]


def test_the_queue_says_how_long_something_may_still_wait(member: Member, transact: Sessions) -> None:
    moment = clock.now()
    with transact() as session:
        place = make.process(session)
        for hours in (170, 97, 72, 71, 60, 0):
            make.idea(session, place, state=IdeaState.IN_REVIEW, at=moment - timedelta(hours=hours, minutes=5))
    page = member(Role.MODERATOR, process_id=place.id).get(f"{DESK}/queue")
    assert page.texts(".queue-row__due") == [
        "4 days late",
        "25 hours late",
        "just late",
        "due within the hour",
        "due in 11 hours",
        "due in 2 days",
    ]
    assert len(page.select(".queue-row--late")) == 3


def test_residents_text_stays_text(member: Member, transact: Sessions) -> None:
    evil = "<script>alert(1)</script> <b>bold</b>"
    with transact() as session:
        place = make.process(session)
        idea = make.idea(session, place, title=evil, body=evil, state=IdeaState.IN_REVIEW)
        make.comment(session, place, idea, body=evil, state=CommentState.IN_REVIEW)
        public = make.idea(session, place, title=evil, body=evil, language="ar")
        make.comment(session, place, public, body=evil)
    moderator = member(Role.MODERATOR, process_id=place.id)
    for path in ("queue", "cases/1", "cases/2", "board", f"ideas/{idea}", f"ideas/{public}"):
        page = moderator.get(f"{DESK}/{path}")
        assert page.select("main script, main b") == []
        assert "alert(1)" in page.text
    assert moderator.get(f"{DESK}/ideas/{public}").select("h1[lang=ar][dir=rtl]")


@pytest.mark.parametrize("odd", ["x", "-1", str(10**23), "%00", "1.5", "²"])
@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("queue", {"case"}),
        ("decisions", {"before"}),
        ("board", set()),
        ("ideas/1", {"after"}),
        ("clusters/1", set()),
    ],
)
def test_odd_addresses_do_no_harm(
    member: Member, transact: Sessions, path: str, names: Collection[str], odd: str
) -> None:
    with transact() as session:
        place = make.process(session)
        make.cluster(session, place, ideas=[make.idea(session, place)])
    moderator = member(Role.MODERATOR, process_id=place.id)
    for name in ("after", "before", "case"):
        moderator.get(f"{DESK}/{path}?{name}={odd}", status=400 if name in names else 200)
        moderator.get(f"{DESK}/{path}?{name}=0")


@pytest.mark.parametrize("path", ["cases", "ideas", "clusters", "statements"])
@pytest.mark.parametrize("number", [0, 999, 2**31, 2**63, 10**30])
def test_wrong_numbers_lead_nowhere(member: Member, transact: Sessions, path: str, number: int) -> None:
    with transact() as session:
        place = make.process(session)
    member(Role.MODERATOR, process_id=place.id).get(f"{DESK}/{path}/{number}", status=404)
