"""Holding statements against criteria and values: who may, what is kept, and what two people do at once."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from participation.accounts.actor import ANONYMOUS, Actor, Role
from participation.activity.models import LogEntry
from participation.kit import clock
from participation.kit.permissions import Missing, Refused
from participation.processes.models import Process
from participation.strategy.assessing.policies import may_assess
from participation.strategy.assessing.queries import assessment_of, matrix, what_holds
from participation.strategy.assessing.service import Judgement, Outpaced, assess_statement
from participation.strategy.models import Assessment, Statement, StatementRevision, StatementState, Verdict
from tests import documents, make
from tests.conftest import Sessions
from tests.make import Place
from tests.make.curated import team_member
from tests.make.places import text
from tests.pages import PageClient

Member = Callable[..., PageClient]
DESK = "/en/desk/processes/digital"
HERE, ELSEWHERE = 1, 2


def actor(role: Role | None, place: int | None = HERE) -> Actor:
    """Return somebody with a role."""
    return Actor(1, "somebody", frozenset({(role, place)}) if role else frozenset())


@pytest.mark.parametrize("state", StatementState)
@pytest.mark.parametrize(
    ("who", "works_here"),
    [
        (ANONYMOUS, False),
        (actor(None), False),
        (actor(Role.MODERATOR), True),
        (actor(Role.MODERATOR, None), True),
        (actor(Role.MODERATOR, ELSEWHERE), False),
        (actor(Role.STAFF), True),
        (actor(Role.ADMIN), True),
    ],
)
def test_who_assesses_what(who: Actor, works_here: bool, state: StatementState) -> None:
    permission = may_assess(who, HERE, state)
    assert bool(permission) is (works_here and state is not StatementState.WITHDRAWN)
    assert bool(permission) or str(permission.reason)


def test_a_statement_is_assessed_on_one_page(
    member: Member, transact: Sessions, database: Sessions, place: Place
) -> None:
    with transact() as session:
        statement = documents.signed(session, place)
        criterion, value = documents.names(session, place)
        version = session.get_one(Process, place.id).version
    author = member(Role.MODERATOR, process_id=place.id)
    page = author.get(f"{DESK}/statements/{statement}/assessment", budget=10)
    answer = author.submit(
        page,
        "assessment-form",
        **{criterion: "conflict", f"{criterion}-reason-en": "It is not fair", f"{criterion}-reason-de": ""},
        status=303,
    )
    page = author.follow(answer)
    assert page.texts(".alert--success") == ["Done 1 assessment is saved."] or "1 assessment is saved." in page.text
    with database() as session:
        row = session.scalars(select(Assessment)).one()
        assert (row.verdict, row.reason, row.replaced_at) == (Verdict.CONFLICT, {"en": "It is not fair"}, None)
        assert session.get_one(Process, place.id).version > version
        logged = session.scalars(
            select(LogEntry.payload).where(LogEntry.action == "StatementAssessed").order_by(LogEntry.id)
        ).all()
        assert logged == [{"statement_id": statement}]
    answer = author.submit(page, "assessment-form", status=303)
    assert "Nothing was changed." in author.follow(answer).text
    answer = author.submit(page, "assessment-form", **{criterion: "fulfilled"}, status=303)
    page = author.follow(answer)
    assert "1 earlier assessment" in page.text
    assert page.texts(".desk-history li strong") == ["In conflict"]
    assert f"{value}-reason-en" in page.text
    with database() as session:
        assert session.scalar(select(func.count()).select_from(Assessment)) == 2


def test_what_is_wrong_is_said_and_nothing_is_lost(member: Member, transact: Sessions, place: Place) -> None:
    with transact() as session:
        statement = documents.signed(session, place)
        criterion, value = documents.names(session, place)
    author = member(Role.STAFF, process_id=place.id)
    page = author.get(f"{DESK}/statements/{statement}/assessment")
    answer = author.submit(
        page, "assessment-form", **{criterion: "fulfilled", f"{value}-reason-de": "Ohne Urteil"}, status=422
    )
    assert answer.errors == [
        "Rights (en) Reason (English): Please say why, in at least one language.",
        "Fairness (en): Please choose what your reason is about.",
    ]
    assert [box.get("value") for box in answer.select(f"[name={criterion}][checked]")] == ["fulfilled"]
    assert answer.one(f"[name={value}-reason-de]") == "Ohne Urteil"
    answer = author.submit(page, "assessment-form", forge={criterion: "perhaps"}, status=422)
    assert answer.errors == ["Rights (en): Not a valid choice."]


def test_two_people_at_once_lose_nothing(member: Member, transact: Sessions, place: Place, database: Sessions) -> None:
    with transact() as session:
        statement = documents.signed(session, place)
        criterion, value = documents.names(session, place)
    one = member(Role.MODERATOR, process_id=place.id)
    other = member(Role.STAFF, process_id=place.id)
    address = f"{DESK}/statements/{statement}/assessment"
    mine, theirs = one.get(address), other.get(address)
    other.submit(theirs, "assessment-form", **{value: "open", f"{value}-reason-en": "Let us see"}, status=303)
    one.submit(mine, "assessment-form", **{criterion: "open", f"{criterion}-reason-en": "Unclear"}, status=303)
    # Different criteria never stand in each other's way; the same one does.
    theirs = other.get(address)
    other.submit(theirs, "assessment-form", **{criterion: "fulfilled", f"{criterion}-reason-en": "Clear"}, status=303)
    stale = {criterion: "conflict", f"{criterion}-reason-en": "Never", f"{value}-reason-en": "Seen"}
    answer = one.submit(mine, "assessment-form", **{**stale, value: "fulfilled"}, status=409)
    assert "A colleague has assessed this meanwhile." in answer.errors[0]
    assert answer.one(f"[name={criterion}-reason-en]") == "Never"
    assert answer.texts(".assessing__one--outpaced .verdict__label") == ["Fulfilled", "Still open"]
    one.submit(answer, "assessment-form", status=303)
    with database() as session:
        current = session.execute(
            select(Assessment.verdict, Assessment.reason)
            .where(Assessment.replaced_at.is_(None))
            .order_by(Assessment.id)
        ).all()
    assert current == [(Verdict.CONFLICT, {"en": "Never"}), (Verdict.FULFILLED, {"en": "Seen"})]


def test_the_service_refuses_what_no_form_sends(transact: Sessions, place: Place) -> None:
    with transact() as session:
        statement = documents.signed(session, place)
        elsewhere = make.process(session, "elsewhere")
        foreign, _value = documents.names(session, elsewhere)
        own, _value = documents.names(session, place)
        asked = {"statement_id": statement, "seen": 0, "now": clock.now()}
        judge = team_member(session, place, "judge")
        if foreign != own:
            judgement = {foreign: Judgement(Verdict.OPEN, text("Why"))}
            with pytest.raises(Refused):
                assess_statement(session, judge, judgements=judgement, **asked)
        with pytest.raises(Refused):
            assess_statement(session, judge, judgements={own: Judgement(Verdict.OPEN, {"en": ""})}, **asked)
        documents.judge(session, place, statement, {own: (Verdict.OPEN, "First")})
        with pytest.raises(Outpaced):
            assess_statement(session, judge, judgements={own: Judgement(Verdict.CONFLICT, text("No"))}, **asked)
        with pytest.raises(Missing):
            assess_statement(session, judge, judgements={}, **{**asked, "statement_id": 10**9})
        documents.withdraw(session, place, statement)
        with pytest.raises(Refused):
            assess_statement(session, judge, judgements={}, **asked)


def test_another_wording_makes_an_assessment_outdated(
    member: Member, transact: Sessions, database: Sessions, place: Place
) -> None:
    with transact() as session:
        statement = documents.signed(session, place)
        criterion, _value = documents.names(session, place)
        documents.judge(session, place, statement, {criterion: (Verdict.FULFILLED, "Yes")}, at=clock.now())
    with transact() as session:
        documents.reword(session, place, statement, "Something else")
        assert what_holds(session, statement).newest
    author = member(Role.MODERATOR, process_id=place.id)
    page = author.get(f"{DESK}/statements/{statement}/assessment")
    assert page.texts(".assessing__outdated .badge") == ["Said about an earlier wording"]
    public = author.get(place.url(f"/matrix?statement={statement}", language="en"))
    assert "said about an earlier wording" in public.text
    answer = author.submit(page, "assessment-form", **{f"{criterion}-confirmed": True}, status=303)
    assert author.follow(answer).select(".assessing__outdated") == []
    with database() as session:
        rows = session.execute(select(Assessment.revision, Assessment.verdict).order_by(Assessment.id)).all()
    assert rows == [(1, Verdict.FULFILLED), (2, Verdict.FULFILLED)]


def test_what_was_said_about_a_draft_and_replaced_is_for_the_desk(transact: Sessions, place: Place) -> None:
    with transact() as session:
        idea = make.idea(session, place)
        cluster = make.cluster(session, place, ideas=[idea])
        statement = make.submitted_statement(session, place, [cluster])
        criterion, _value = documents.names(session, place)
        yesterday = clock.now() - timedelta(days=1)
        documents.judge(session, place, statement, {criterion: (Verdict.CONFLICT, "Private")}, at=yesterday)
        documents.judge(session, place, statement, {criterion: (Verdict.OPEN, "Public")}, at=yesterday)
        row = session.get_one(Statement, statement)
        row.state, row.published_at = StatementState.PUBLISHED, clock.now()
        session.flush()
        seen = {}
        for for_everybody in (True, False):
            lines = assessment_of(session, place.framework_id, row, "en", for_everybody=for_everybody)
            seen[for_everybody] = [(line.current.reason.text, len(line.earlier)) for line in lines if line.current]
            by = {line.current.by for line in lines if line.current}
            assert by == ({""} if for_everybody else {"judge-of-statements@example.org"})
        assert seen == {True: [("Public (en)", 0)], False: [("Public (en)", 1)]}


def test_the_sign_off_covers_what_was_said(transact: Sessions, place: Place) -> None:
    with transact() as session:
        plain = documents.signed(session, place)
        statement = documents.signed(session, place)
        criterion, _value = documents.names(session, place)
        documents.judge(session, place, statement, {criterion: (Verdict.OPEN, "Why")})
        documents.reword(session, place, statement, "Signed anew")
        bases = {
            (row.statement_id, row.revision): "criteria_sha256" in row.basis
            for row in session.scalars(select(StatementRevision))
        }
    assert bases == {(plain, 1): False, (statement, 1): False, (statement, 2): True}


@pytest.mark.parametrize("with_drafts", [False, True])
def test_the_desk_sees_drafts_in_the_matrix(
    member: Member, transact: Sessions, place: Place, with_drafts: bool
) -> None:
    with transact() as session:
        idea = make.idea(session, place)
        cluster = make.cluster(session, place, ideas=[idea])
        drafts = [make.statement(session, place, [cluster], words="Draft", published=False) for _ in range(2)]
        public = documents.signed(session, place)
        found = matrix(session, place.id, place.framework_id, "en", with_drafts=with_drafts)
    assert [row.id for row in found.rows] == ([*drafts, public] if with_drafts else [public])
    page = member(Role.STAFF, process_id=place.id).get(f"{DESK}/matrix", budget=8)
    assert page.texts(".criteria-matrix__row .badge") == ["Draft", "Draft"]
