"""Writing statements, publishing them, and what they rest on."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from participation.accounts.actor import Role
from participation.kit import clock
from participation.processes.models import Process
from participation.strategy.models import SignOff, Statement, StatementSource, StatementState
from participation.voting.models import Stance
from tests import make
from tests.conftest import Sessions
from tests.pages import PageClient

Member = Callable[..., PageClient]
DESK = "/en/desk/processes/digital"


def stored(database: Sessions) -> Statement:
    """Return the only statement."""
    with database() as session:
        return session.scalars(select(Statement)).one()


@pytest.mark.parametrize(("role", "other"), [(Role.MODERATOR, Role.STAFF), (Role.STAFF, Role.MODERATOR)])
def test_a_statement_is_written_submitted_and_signed_off(
    member: Member, transact: Sessions, database: Sessions, role: Role, other: Role
) -> None:
    with transact() as session:
        place = make.process(session)
        one, two = make.cluster(session, place, ideas=[make.idea(session, place)]), make.cluster(session, place)
        principle = make.principle_ids(session, place, ["climate"])[0]
    writer = member(role, process_id=place.id)
    page = writer.get(f"{DESK}/statements/new?cluster={one}")
    assert [box.get("value") for box in page.select("[name=clusters][checked]")] == [str(one)]
    page = writer.follow(writer.submit(page, "statement-form", text_de="Die Stadt handelt.", status=303))
    assert stored(database).state is StatementState.DRAFT
    more: dict[str, Any] = {"clusters": [one, two], "principles": [principle], "department": "Parks"}
    answer = writer.submit(page, "statement-form", text_en="The city acts.", text_de="", press="Save draft", **more)
    page = writer.follow(answer)
    assert (stored(database).text, stored(database).department) == ({"en": "The city acts."}, "Parks")
    page = writer.follow(writer.submit(page, 'form[action$="/submit"]', status=303))
    assert stored(database).state is StatementState.DRAFT
    assert writer.get(f"{DESK}/statements/{stored(database).id}/sign-off").select("#sign-off-form") == []

    signer = member(other, process_id=place.id)
    page = signer.get(f"{DESK}/statements/{stored(database).id}/sign-off")
    assert "The city acts." in page.one("[aria-labelledby=says]")
    answer = signer.submit(page, "sign-off-form", note="Well put", status=303)
    assert stored(database).state is StatementState.PUBLISHED
    with database() as session:
        assert set(session.scalars(select(StatementSource.cluster_id))) == {one, two}
        assert session.scalars(select(SignOff.note)).all() == ["Well put"]
    assert "Public" in signer.follow(answer).text


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"text_de": ""}, "Statement (German): Please write this in at least one language."),
        ({"text_en": "x" * 501}, "Statement (English): This is too long: 501 characters of at most 500."),
        (
            {"reasoning_de": "a\x00"},
            "Reasoning (German): This contains characters that cannot be shown. Please type them anew.",
        ),
        ({"clusters": None}, "Themes it rests on: A statement needs at least one theme as its source."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(
    member: Member, transact: Sessions, database: Sessions, fields: dict[str, str | None], error: str
) -> None:
    with transact() as session:
        place = make.process(session)
        cluster = make.cluster(session, place)
    author = member(Role.STAFF, process_id=place.id)
    typed: dict[str, Any] = {"text_de": "Satz", "reasoning_en": "Why", "clusters": [cluster], **fields}
    answer = author.submit(author.get(f"{DESK}/statements/new"), status=422, **typed)
    assert answer.errors == [error]
    assert answer.one("[name=reasoning_en]") == "Why"
    assert len(answer.select("[name=clusters][checked]")) == (typed["clusters"] is not None)
    with database() as session:
        assert session.scalars(select(Statement)).all() == []


def test_people_are_counted_once(member: Member, transact: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        one, two, hidden_away = (make.idea(session, place) for _ in range(3))
        voter = make.vote(session, place, one, Stance.AGREE)
        make.vote(session, place, two, Stance.AGREE, by=voter)
        make.vote(session, place, hidden_away, Stance.DISAGREE)
        make.vote(session, place, two, Stance.DISAGREE)
        cluster = make.cluster(session, place, ideas=[one, two])
        other = make.cluster(session, place, ideas=[two])
        statement = make.statement(session, place, [cluster, other])
    author = member(Role.MODERATOR, process_id=place.id)
    page = author.get(f"{DESK}/statements/{statement}")
    assert "2 people voted on them" in page.text
    assert page.texts(".desk-figures .stance-bar__figure") == ["1 agree", "0 unsure", "1 disagree"]
    assert len(page.select(".provenance__idea")) == 3
    page = author.get(f"{DESK}/statements")
    assert page.texts(".desk-list .stance-bar__figure") == ["1 agree", "0 unsure", "1 disagree"]
    assert "2 ideas" in page.one(".desk-list__entry")


def test_hidden_results_stay_hidden(member: Member, transact: Sessions) -> None:
    with transact() as session:
        place = make.process(session, hides_results=True)
        idea = make.idea(session, place)
        make.votes(session, place, idea, agree=7, disagree=3)
        statement = make.statement(session, place, [make.cluster(session, place, ideas=[idea])])
    author = member(Role.ADMIN, process_id=place.id)
    for path in (f"/statements/{statement}", "/statements", f"/ideas/{idea}"):
        page = author.get(f"{DESK}{path}")
        assert page.select(".stance-bar__figure") == []
        said = ("Results are not shown yet.", "Results are shown when voting and giving points have ended")
        assert any(sentence in page.text for sentence in said)
    with transact() as session:
        session.get_one(Process, place.id).hides_results = False
    assert author.get(f"{DESK}/statements").texts(".stance-bar__figure") == ["7 agree", "0 unsure", "3 disagree"]


def test_a_theme_under_a_statement_cannot_be_removed(member: Member, transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        place = make.process(session)
        cluster, free = make.cluster(session, place), make.cluster(session, place)
    moderator = member(Role.MODERATOR, process_id=place.id)
    page = moderator.get(f"{DESK}/clusters/{cluster}/remove")
    with transact() as session:
        statement = make.statement(session, place, [cluster], words="It rests")
    answer = moderator.submit(page, press="Remove", status=409)
    assert answer.errors == ["A statement rests on this theme. Change the statement first."]
    page = moderator.get(f"{DESK}/clusters/{cluster}/remove")
    assert page.select("main form") == []
    assert page.links()["It rests (en)"] == f"{DESK}/statements/{statement}"
    moderator.submit(moderator.get(f"{DESK}/clusters/{free}/remove"), press="Remove", status=303)


def test_statements_of_another_process_are_not_there(member: Member, transact: Sessions, database: Sessions) -> None:
    with transact() as session:
        here, elsewhere = make.process(session), make.process(session, "elsewhere")
        foreign = make.statement(session, elsewhere, [make.cluster(session, elsewhere)], published=False)
        own = make.statement(session, here, [make.cluster(session, here)], published=False)
        session.get_one(Statement, own).written_at = clock.now() - timedelta(days=1)
    author = member(Role.STAFF, process_id=here.id)
    page = author.get(f"{DESK}/statements/{own}")
    token = page.select("main input[name=csrf_token]")[0].get("value")
    author.get(f"{DESK}/statements/{foreign}", status=404)
    author.post(f"{DESK}/statements/{foreign}/submit", {"csrf_token": token}, status=404)
    author.post(f"/en/desk/processes/elsewhere/statements/{foreign}/submit", {"csrf_token": token}, status=403)
    with database() as session:
        assert session.get_one(Statement, foreign).state is StatementState.DRAFT
