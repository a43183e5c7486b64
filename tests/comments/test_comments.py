"""The discussion of an idea: answers, hidden comments, pages of threads, and what is refused."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from participation.accounts.actor import ANONYMOUS, SYSTEM, Actor, Role
from participation.comments.models import Comment, CommentState
from participation.comments.queries import THREADS_PER_PAGE, CommentView, discussion
from participation.comments.service import hide_comment, publish_comment, write_comment
from participation.ideas.models import Idea, IdeaState, Standing
from participation.kit import clock
from participation.kit.db import transaction
from participation.kit.permissions import Missing, Refused
from participation.processes.models import ProcessState
from participation.processes.policies import GRACE
from tests import make
from tests.conftest import Sessions
from tests.make import Place
from tests.pages import Page, PageClient

Member = Callable[..., PageClient]
TEXT = "A good idea, but who pays for it?"


def url(place: Place, idea: int, rest: str = "") -> str:
    """Return the address of the idea, or of something below it."""
    return place.url(f"/ideas/{idea}{rest}")


def say(client: PageClient, address: str, text: str = TEXT, **options: Any) -> Page:
    """Return the answer to a comment sent from the page at ``address``."""
    return client.submit(client.get(address), "comment-form", text=text, **options)


def count(database: Sessions) -> int:
    """Return how many comments there are."""
    with database() as session:
        return session.scalar(select(func.count()).select_from(Comment)) or 0


def shape(views: tuple[CommentView, ...] | list[CommentView]) -> list[Any]:
    """Return ids as a nested list: a comment followed by its answers."""
    return [[view.id, *shape(view.replies)] for view in views]


def test_a_comment_and_an_answer_to_it(
    member: Member, client: PageClient, place: Place, idea: int, database: Sessions
) -> None:
    author, other = member(), member(email="other@example.org")
    answer = say(author, url(place, idea), f"{TEXT}\n\nhttps://example.org/costs")
    with database() as session:
        first = session.scalars(select(Comment)).one()
    assert (answer.status, answer.location) == (303, url(place, idea, f"#comment-{first.id}"))
    assert (first.state, first.language, first.thread_id, first.parent_id) == (
        CommentState.PUBLISHED,
        "en",
        first.id,
        None,
    )
    page = other.get(url(place, idea))
    reply = next(href for text, href in page.links(f"#comment-{first.id} a").items() if "answer_to" in href)
    form = other.get(reply)
    assert TEXT in form.one("blockquote")
    assert other.submit(form, "comment-form", text="The city does, I hope.").status == 303
    with database() as session:
        second = session.scalars(select(Comment).where(Comment.id != first.id)).one()
    assert (second.parent_id, second.thread_id) == (first.id, first.id)
    page = client.get(url(place, idea))
    assert [element.get("id") for element in page.select("article.comment")] == [
        f"comment-{first.id}",
        f"comment-{second.id}",
    ]
    assert (
        page.select(f"#comment-{first.id} a[href='https://example.org/costs']")[0].get("rel").startswith("nofollow ugc")
    )
    assert "@example.org" not in page.one("main")


def test_threads_nest_and_keep_their_order(transact: Sessions, database: Sessions, place: Place, idea: int) -> None:
    with transact() as session:
        a = make.comment(session, place, idea)
        b = make.comment(session, place, idea)
        a1 = make.comment(session, place, idea, parent_id=a)
        b1 = make.comment(session, place, idea, parent_id=b)
        a11 = make.comment(session, place, idea, parent_id=a1)
        a2 = make.comment(session, place, idea, parent_id=a)
        make.comment(session, place, make.idea(session, place))
    with database() as session:
        talk = discussion(session, ANONYMOUS, process_id=place.id, idea_id=idea)
    assert shape(talk.comments) == [[a, [a1, [a11]], [a2]], [b, [b1]]]
    assert (talk.previous, talk.next) == (None, None)


def test_a_hidden_comment_leaves_a_place_and_never_its_words_or_author(
    transact: Sessions, client: PageClient, member: Member, place: Place, idea: int
) -> None:
    with transact() as session:
        account = make.account(session, "author@example.org")
        author = make.participant(session, place, account_id=account, pseudonym="Secret Otter")
        answered = make.comment(session, place, idea, author=author, body="Secret words", state=CommentState.HIDDEN)
        make.comment(session, place, idea, parent_id=answered, body="Public answer")
        alone = make.comment(session, place, idea, author=author, body="Secret too", state=CommentState.HIDDEN)
        waiting = make.comment(session, place, idea, author=author, body="Secret yet", state=CommentState.IN_REVIEW)
        withdrawn = make.comment(session, place, idea, author=author, body="Secret again", state=CommentState.WITHDRAWN)
        buried = make.comment(
            session, place, idea, parent_id=alone, author=author, body="Secret deep", state=CommentState.HIDDEN
        )
    for visitor in (client, member(), member(Role.STAFF)):
        page = visitor.get(url(place, idea))
        assert "Secret" not in page.text
        assert "Public answer" in page.text
        assert {element.get("id") for element in page.select("article.comment")} >= {f"comment-{answered}"}
        for gone in (alone, waiting, withdrawn, buried):
            assert page.select(f"#comment-{gone}") == []
        assert page.links(f"#comment-{answered} a[href*=answer_to]") == {}
        assert page.one("#comments").startswith("1 ")
    own = member(email="author@example.org").get(url(place, idea))
    assert "Secret words" in own.text
    moderator = member(Role.MODERATOR).get(url(place, idea))
    assert {f"comment-{gone}" for gone in (answered, alone, waiting, withdrawn, buried)} <= {
        element.get("id") for element in moderator.select("article.comment")
    }


@pytest.mark.parametrize("state", [state for state in CommentState if state is not CommentState.PUBLISHED])
def test_only_public_comments_can_be_answered(
    transact: Sessions, member: Member, database: Sessions, place: Place, idea: int, state: CommentState
) -> None:
    with transact() as session:
        hidden = make.comment(session, place, idea, body="Secret words", state=state)
        foreign = make.comment(session, place, make.idea(session, place), body="Foreign words")
    author = member()
    before = count(database)
    for parent in (hidden, foreign, 987_654, int("9" * 18)):
        form = author.get(url(place, idea, f"/comments/new?answer_to={parent}"))
        assert "Secret" not in form.text
        assert "Foreign" not in form.text
        page = author.submit(form, "comment-form", text=TEXT)
        assert page.status == 422
        assert len(page.errors) == 1
        assert page.one("textarea") == TEXT
    for nonsense in ("x", "-1", "9" * 40, "١", "1.5", "%00"):
        author.get(url(place, idea, f"/comments/new?answer_to={nonsense}"), status=400)
    assert count(database) == before


@pytest.mark.parametrize(
    "text",
    ["", "  ", "x", "x" * 3001, "x" * 1_000_000, "\u200b\u200b\u200b", f"{TEXT}\x00", f"{TEXT}\u202e", f"\u2066{TEXT}"],
)
def test_bad_input_comes_back(member: Member, database: Sessions, place: Place, idea: int, text: str) -> None:
    page = say(member(), url(place, idea), text)
    assert page.status == 422
    assert [link.get("href") for link in page.select(".error-summary a")] == ["#text"]
    kept = str(page.select("textarea[name=text]")[0].xpath("string()")).removeprefix("\n")
    assert kept == text.strip().replace("\x00", "\ufffd")
    assert count(database) == 0


def test_markup_is_shown_as_typed(
    member: Member, client: PageClient, place: Place, idea: int, database: Sessions
) -> None:
    text = '"><svg onload=alert(1)> <script>alert(1)</script> &lt;b&gt;'
    assert say(member(), url(place, idea), text).status == 303
    with database() as session:
        assert session.scalars(select(Comment.text)).one() == text
    page = client.get(url(place, idea))
    assert page.one(".comment__text") == text
    assert page.select("main script, main svg[onload]") == []


def test_sending_twice_makes_one_comment_and_a_foreign_key_none(
    member: Member, database: Sessions, place: Place, idea: int
) -> None:
    author = member()
    form = author.get(url(place, idea))
    answers = [author.submit(form, "comment-form", text=TEXT) for _ in range(3)]
    assert len({answer.location for answer in answers}) == 1
    key = form.select("input[name=submission_key]")[0].get("value")
    page = say(member(email="other@example.org"), url(place, idea), "Other words", forge={"submission_key": key})
    assert page.status == 422
    assert page.one("textarea") == "Other words"
    assert count(database) == 1


def test_sent_many_times_at_once_it_is_one_comment(
    app: Flask, transact: Sessions, database: Sessions, place: Place, idea: int
) -> None:
    with transact() as session:
        account = make.account(session)

    def write(_number: int) -> int:
        with app.app_context(), transaction() as session:
            return write_comment(
                session,
                Actor(account),
                slug=place.slug,
                idea_id=idea,
                parent_id=None,
                text=TEXT,
                language="en",
                submission_key="the-same",
                opened_at=None,
                now=clock.now(),
            ).id

    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(write, range(24)))
    with database() as session:
        assert set(session.scalars(select(Comment.id))) == ids
        assert (len(ids), session.get_one(Standing, idea).comments) == (1, 1)


def test_ideas_of_a_process_that_is_not_published_stay_unknown(
    member: Member, transact: Sessions, place: Place
) -> None:
    with transact() as session:
        draft = make.process(session, "draft", state=ProcessState.DRAFT)
        idea = make.idea(session, draft, title="Not announced yet")
    visitor = member()
    token = visitor.get(place.url("/ideas/new")).select("input[name=csrf_token]")[0].get("value")
    visitor.get(url(draft, idea, "/comments/new"), status=404)
    for rest, fields in (("/comments", {"text": TEXT}), ("/vote", {"stance": "agree", "revision": "1"})):
        answer = visitor.post(url(draft, idea, rest), {"csrf_token": token, **fields}, status=None)
        assert answer.status in (403, 404)
        assert "Not announced" not in answer.text


def test_a_stale_form_can_be_sent_again(member: Member, database: Sessions, place: Place, idea: int) -> None:
    author = member()
    page = say(author, url(place, idea), forge={"csrf_token": "stale"}, status=400)
    assert page.one("#resend-form textarea") == TEXT or TEXT in page.text
    assert count(database) == 0
    assert author.submit(page, "resend-form").status == 303
    assert count(database) == 1


def test_signed_out_the_text_waits(member: Member, database: Sessions, place: Place, idea: int) -> None:
    author = member()
    form = author.get(url(place, idea))
    with author.flask.session_transaction() as session:
        del session["_user_id"]
    page = author.submit(form, "comment-form", text=TEXT)
    assert page.status == 401
    assert TEXT in page.texts("#resend-form textarea")
    assert count(database) == 0


def test_what_was_written_below_an_idea_that_is_gone_by_now_is_not_lost(
    transact: Sessions, member: Member, database: Sessions, place: Place, idea: int
) -> None:
    author = member()
    form = author.get(url(place, idea))
    with transact() as session:
        session.get_one(Idea, idea).state = IdeaState.HIDDEN
    page = author.submit(form, "comment-form", text=TEXT, status=404)
    assert TEXT in page.texts("#resend-form textarea")
    assert count(database) == 0
    empty = author.submit(form, "comment-form", text="", status=404)
    assert empty.select("#resend-form") == []


def test_wrong_places_are_not_found(
    transact: Sessions, member: Member, database: Sessions, place: Place, idea: int
) -> None:
    with transact() as session:
        other = make.process(session, "other")
        hidden = make.idea(session, place, state=IdeaState.HIDDEN)
    author = member()
    token = author.get(url(place, idea)).select("input[name=csrf_token]")[0].get("value")
    for address in (url(other, idea), url(place, 987_654), url(place, hidden)):
        author.get(f"{address}/comments/new", status=404)
    for address in (url(other, idea), url(place, 987_654), url(place, hidden)):
        page = author.post(f"{address}/comments", {"csrf_token": token, "text": TEXT, "submission_key": "k"})
        assert page.status == 404
    assert count(database) == 0


def test_closing_time(transact: Sessions, member: Member, database: Sessions) -> None:
    ends_at = datetime(2026, 12, 1, 17, 0, tzinfo=UTC)
    with transact() as session:
        place = make.process(session, starts_at=ends_at - timedelta(days=9), ends_at=ends_at)
        idea = make.idea(session, place)
    with time_machine.travel(ends_at - timedelta(minutes=1), tick=False) as travel:
        author = member()
        form, second = (author.get(place.url(f"/ideas/{idea}", language="en")) for _ in range(2))
        travel.move_to(ends_at + GRACE)
        assert author.submit(form, "comment-form", text=TEXT).status == 303
        travel.shift(timedelta(seconds=1))
        page = author.submit(second, "comment-form", text=TEXT)
        assert page.status == 422
        assert page.errors == ["Commenting has been closed since 1 December 2026, 18:00."]
        assert page.one("textarea") == TEXT
        closed = author.get(place.url(f"/ideas/{idea}", language="en"))
        assert closed.select("#comment-form") == []
        assert "Commenting has been closed since 1 December 2026, 18:00." in closed.one("main")
    assert count(database) == 1


def test_reviewed_first_where_the_phase_says_so(
    transact: Sessions, member: Member, client: PageClient, database: Sessions
) -> None:
    with transact() as session:
        place = make.process(session, review_first=True)
        idea = make.idea(session, place)
    author = member()
    page = author.follow(say(author, url(place, idea)))
    assert TEXT in page.text
    assert TEXT not in client.get(url(place, idea)).text
    with database() as session:
        assert session.scalars(select(Comment.state)).one() is CommentState.IN_REVIEW


def test_pages_of_threads_show_each_once(
    transact: Sessions, database: Sessions, client: PageClient, place: Place, idea: int
) -> None:
    with transact() as session:
        author = make.participant(session, place)
        roots = [make.comment(session, place, idea, author=author) for _ in range(2 * THREADS_PER_PAGE + 3)]
        for root in roots[::5]:
            make.comment(session, place, idea, author=author, parent_id=root)
    page = client.get(url(place, idea), budget=16)
    following = page.select("#comments ~ nav a[rel=next], nav[aria-label] a[rel=next]")[-1].get("href")
    page = client.get(following.partition("#")[0], budget=16)
    assert f"comment-{roots[THREADS_PER_PAGE]}" in {element.get("id") for element in page.select("article.comment")}
    for nonsense in ("x", "-1", "1" * 30, "١", "1%00"):
        client.get(url(place, idea, f"?after={nonsense}"), status=400)


TRANSITIONS = [
    (publish_comment, {CommentState.IN_REVIEW, CommentState.HIDDEN}, CommentState.PUBLISHED),
    (hide_comment, {CommentState.IN_REVIEW, CommentState.PUBLISHED}, CommentState.HIDDEN),
]


@pytest.mark.parametrize("state", list(CommentState))
@pytest.mark.parametrize(("change", "possible", "after"), TRANSITIONS, ids=["publish", "hide"])
def test_changing_the_state(
    app: Flask,
    transact: Sessions,
    database: Sessions,
    place: Place,
    idea: int,
    state: CommentState,
    change: Callable[..., Comment],
    possible: set[CommentState],
    after: CommentState,
) -> None:
    with transact() as session:
        comment = make.comment(session, place, idea, state=state)
    for actor in (ANONYMOUS, Actor(1), Actor(1, "", frozenset({(Role.STAFF, None), (Role.MODERATOR, 987)}))):
        with pytest.raises(Refused), transact() as session:
            change(session, actor, comment_id=comment, now=clock.now())
    if state in possible:
        with transact() as session:
            change(session, SYSTEM, comment_id=comment, now=clock.now())
    else:
        with pytest.raises(Refused), transact() as session:
            change(session, SYSTEM, comment_id=comment, now=clock.now())
    with pytest.raises(Missing), transact() as session:
        change(session, SYSTEM, comment_id=987_654, now=clock.now())
    with database() as session:
        assert session.get_one(Comment, comment).state is (after if state in possible else state)
