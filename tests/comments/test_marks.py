"""Marking comments as helpful: once per person, never one's own, closed with commenting, counted right."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select, update

from participation.accounts.actor import Actor
from participation.comments.marks import helpful_breaks, mark_helpful
from participation.comments.models import Comment, CommentState, HelpfulMark
from participation.kit import clock
from participation.kit.db import transaction
from participation.processes.policies import GRACE
from tests import make
from tests.conftest import Sessions
from tests.make import Place
from tests.pages import Page, PageClient

Member = Callable[..., PageClient]
PARALLEL = 50


@pytest.fixture
def comment(transact: Sessions, place: Place) -> tuple[int, int]:
    """The ids of an idea and of a comment on it."""
    with transact() as session:
        idea = make.idea(session, place)
        return idea, make.comment(session, place, idea)


def press(client: PageClient, page: Page, comment: int, **options: str) -> Page:
    """Return the answer to the "helpful" button of a comment, pressed as a browser without scripts does."""
    (button,) = page.select(f"#comment-{comment} .helpful")
    (form,) = page.select("#helpful-form")
    fields = {field.get("name"): field.get("value") for field in form.cssselect("input")}
    fields |= {button.get("name"): button.get("value")} | options
    return client.post(button.get("formaction"), fields, headers={"Referer": page.url})


def counts(database: Sessions, comment: int) -> tuple[int, int]:
    """Return the count a comment carries and the number of its marks."""
    with database() as session:
        rows = session.scalar(select(func.count()).where(HelpfulMark.comment_id == comment))
        return session.get_one(Comment, comment).helpful, rows or 0


def test_a_mark_is_set_seen_and_taken_back(
    member: Member, client: PageClient, place: Place, comment: tuple[int, int], database: Sessions
) -> None:
    idea, id_ = comment
    url = place.url(f"/ideas/{idea}", language="en")
    reader = member()
    page = reader.get(f"{url}?sort=newest")
    assert page.select(f"#comment-{id_} .helpful")[0].get("aria-pressed") == "false"
    answer = press(reader, page, id_)
    assert (answer.status, answer.location) == (303, f"{url}?sort=newest#comment-{id_}")
    assert counts(database, id_) == (1, 1)
    assert client.get(url).one(f"#comment-{id_} .comment__fact") == "1 person found this helpful"
    page = reader.get(url)
    assert page.select(f"#comment-{id_} .helpful")[0].get("aria-pressed") == "true"
    assert press(reader, page, id_).status == 303
    assert counts(database, id_) == (0, 0)
    assert client.get(url).select(f"#comment-{id_} .comment__fact") == []


def test_scripts_get_figures_and_words(member: Member, place: Place, comment: tuple[int, int]) -> None:
    idea, id_ = comment
    reader = member()
    page = reader.get(place.url(f"/ideas/{idea}", language="en"))
    (button,) = page.select(f"#comment-{id_} .helpful")
    token = page.select("#helpful-form [name=csrf_token]")[0].get("value")
    answer = reader.post(
        button.get("formaction"),
        {"helpful": "yes", "csrf_token": token},
        headers={"Referer": page.url, "Accept": "application/json"},
    )
    assert answer.response.get_json() == {
        "marked": True,
        "count": 1,
        "label": "1 person found this helpful",
        "announcement": "Marked as helpful. 1 person found this helpful",
    }


def test_nobody_marks_the_own_comment(member: Member, transact: Sessions, place: Place, database: Sessions) -> None:
    author = member(email="author@example.org")
    with transact() as session:
        account = make.account(session, "author@example.org")
        idea = make.idea(session, place)
        own = make.comment(session, place, idea, author=make.participant(session, place, account_id=account))
        other = make.comment(session, place, idea)
    page = author.get(place.url(f"/ideas/{idea}"))
    assert page.select(f"#comment-{own} .helpful") == []
    (button,) = page.select(f"#comment-{other} .helpful")
    token = page.select("#helpful-form [name=csrf_token]")[0].get("value")
    forged = button.get("formaction").replace(f"/{other}/", f"/{own}/")
    assert author.post(forged, {"helpful": "yes", "csrf_token": token}).status == 403
    assert counts(database, own) == (0, 0)


@pytest.mark.parametrize("value", ["", "maybe", "YES", "1"])
def test_nonsense_is_refused(
    member: Member, place: Place, comment: tuple[int, int], database: Sessions, value: str
) -> None:
    idea, id_ = comment
    reader = member()
    assert press(reader, reader.get(place.url(f"/ideas/{idea}")), id_, helpful=value).status == 400
    assert counts(database, id_) == (0, 0)


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"])
def test_the_way_back_stays_on_this_site(member: Member, place: Place, comment: tuple[int, int], back: str) -> None:
    idea, id_ = comment
    reader = member()
    answer = press(reader, reader.get(place.url(f"/ideas/{idea}")), id_, back=back)
    assert answer.location == place.url(f"/ideas/{idea}#comment-{id_}")


def test_comments_of_elsewhere_and_hidden_ones_are_not_marked(
    member: Member, transact: Sessions, place: Place, comment: tuple[int, int], database: Sessions
) -> None:
    idea, _own = comment
    with transact() as session:
        foreign = make.comment(session, place, make.idea(session, place))
        hidden = make.comment(session, place, idea, state=CommentState.HIDDEN)
    reader = member()
    page = reader.get(place.url(f"/ideas/{idea}"))
    token = page.select("#helpful-form [name=csrf_token]")[0].get("value")
    for target, status in ((foreign, 404), (987_654, 404), (hidden, 403)):
        url = place.url(f"/ideas/{idea}/comments/{target}/helpful")
        assert reader.post(url, {"helpful": "yes", "csrf_token": token}).status == status
        if target != 987_654:
            assert counts(database, target) == (0, 0)


def test_marking_ends_with_commenting_and_says_why(transact: Sessions, member: Member, database: Sessions) -> None:
    ends_at = datetime(2026, 12, 1, 17, 0, tzinfo=UTC)
    with transact() as session:
        place = make.process(session, starts_at=ends_at - timedelta(days=9), ends_at=ends_at)
        idea = make.idea(session, place)
        id_ = make.comment(session, place, idea)
    with time_machine.travel(ends_at - timedelta(minutes=1), tick=False) as travel:
        reader, late = member(), member(email="late@example.org")
        url = place.url(f"/ideas/{idea}", language="en")
        page, too_late = reader.get(url), late.get(url)
        travel.move_to(ends_at + GRACE)
        assert press(reader, page, id_).status == 303
        travel.shift(timedelta(seconds=1))
        answer = press(late, too_late, id_)
        assert answer.status == 403
        assert "Commenting has been closed since 1 December 2026, 18:00." in answer.one("main")
        closed = reader.get(url)
        assert closed.select(".helpful") == []
        assert "Comments cannot be marked as helpful either." in closed.one("main")
    assert counts(database, id_) == (1, 1)


def test_fifty_identical_requests_make_one_mark(
    app: Flask, transact: Sessions, database: Sessions, place: Place, comment: tuple[int, int]
) -> None:
    idea, id_ = comment
    with transact() as session:
        actor = Actor(make.account(session))
        make.participant(session, place, account_id=actor.account_id)

    def once(_number: int) -> int:
        with app.app_context(), transaction() as session:
            return mark_helpful(
                session,
                actor,
                slug=place.slug,
                idea_id=idea,
                comment_id=id_,
                helpful=True,
                opened_at=None,
                now=clock.now(),
            )

    with ThreadPoolExecutor(PARALLEL) as pool:
        assert set(pool.map(once, range(PARALLEL))) == {1}
    assert counts(database, id_) == (1, 1)


def test_many_people_at_once_are_all_counted(
    app: Flask, transact: Sessions, database: Sessions, place: Place, comment: tuple[int, int]
) -> None:
    idea, id_ = comment
    with transact() as session:
        actors = [Actor(make.account(session)) for _ in range(20)]

    def once(actor: Actor) -> None:
        with app.app_context(), transaction() as session:
            mark_helpful(
                session,
                actor,
                slug=place.slug,
                idea_id=idea,
                comment_id=id_,
                helpful=True,
                opened_at=None,
                now=clock.now(),
            )

    with ThreadPoolExecutor(len(actors)) as pool:
        list(pool.map(once, actors))
    assert counts(database, id_) == (20, 20)


def test_the_check_finds_wrong_counts(
    transact: Sessions, database: Sessions, place: Place, comment: tuple[int, int]
) -> None:
    idea, id_ = comment
    with transact() as session:
        right = make.comment(session, place, idea)
        missing = make.comment(session, place, idea)
        imported = make.comment(session, place, idea)
        for target in (right, missing):
            marked_by = make.participant(session, place)
            session.add(HelpfulMark(comment_id=target, participant_id=marked_by, marked_at=clock.now()))
        session.flush()
        session.execute(update(Comment).where(Comment.id == right).values(helpful=1))
        session.execute(update(Comment).where(Comment.id == imported).values(helpful=4, helpful_elsewhere=4))
        session.execute(update(Comment).where(Comment.id == id_).values(helpful=2))
    with database() as session:
        assert helpful_breaks(session, place.id) == [id_, missing]
