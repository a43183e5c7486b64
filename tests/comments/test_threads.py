"""Reading a discussion: orders and pages that show each comment once, long and deep threads, permalinks."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from participation.accounts.actor import ANONYMOUS, Actor, Role
from participation.comments.models import Comment, CommentStance, CommentState
from participation.comments.queries import (
    ANSWERS_PER_PAGE,
    DESK_PAGE,
    THREADS_PER_PAGE,
    CommentPage,
    CommentView,
    comments_of_stance,
    discussion,
    one_comment,
    stance_counts,
    thread,
    whole_discussion,
)
from participation.comments.statements import FIRST_ANSWERS, CommentOrder, Cursor
from participation.kit.permissions import Missing
from tests import make
from tests.conftest import Sessions
from tests.make import Place
from tests.pages import PageClient

Member = Callable[..., PageClient]
READER, MODERATOR = ANONYMOUS, Actor(99, "", frozenset({(Role.MODERATOR, None)}))


@pytest.fixture
def say(transact: Sessions, place: Place, idea: int) -> Callable[..., list[int]]:
    """Write comments by one person and return their ids: ``say(3, parent_id=1)``."""

    def write(number: int = 1, *, helpful: int = 0, stance: CommentStance | None = None, **options: Any) -> list[int]:
        with transact() as session:
            author = make.participant(session, place)
            ids = make.comments(session, place, idea, number, author=author, **options)
            values = {"helpful": helpful, "helpful_elsewhere": helpful, "stance": stance}
            session.execute(update(Comment).where(Comment.id.in_(ids)).values(**values))
            return ids

    return write


def shape(views: tuple[CommentView, ...] | list[CommentView]) -> list[Any]:
    """Return ids as a nested list: a comment followed by its answers."""
    return [[view.id, *shape(view.replies)] for view in views]


def flat(views: tuple[CommentView, ...] | list[CommentView]) -> list[CommentView]:
    """Return all comments of trees in reading order."""
    return [found for view in views for found in (view, *flat(view.replies))]


def read_thread(session: Session, place: Place, idea: int, first: int, cursor: Cursor | None = None) -> CommentPage:
    """Return a page of the thread that the comment ``first`` began, as anybody reads it."""
    where = {"process_id": place.id, "idea_id": idea}
    root = one_comment(session, READER, comment_id=first, **where)
    return thread(session, READER, root=root, cursor=cursor, **where)


def walk(read: Callable[[Cursor | None], CommentPage]) -> list[list[int]]:
    """Return the ids on each page from the first to the last, having gone all the way back as well."""
    there, cursor = [], None
    while True:
        page = read(cursor)
        there.append([view.id for view in page.comments])
        if page.next is None:
            break
        cursor = page.next
    back = [there[-1]]
    while page.previous is not None:
        page = read(page.previous)
        back.append([view.id for view in page.comments])
    assert back[::-1] == there
    return there


@pytest.mark.parametrize("number", [0, 1, THREADS_PER_PAGE, THREADS_PER_PAGE + 1, 2 * THREADS_PER_PAGE + 3])
@pytest.mark.parametrize("order", list(CommentOrder))
def test_every_order_shows_each_thread_once(
    database: Sessions, place: Place, idea: int, say: Callable[..., list[int]], number: int, order: CommentOrder
) -> None:
    ids = [say(helpful=position % 4)[0] for position in range(number)]
    expected = {
        CommentOrder.OLDEST: ids,
        CommentOrder.NEWEST: ids[::-1],
        CommentOrder.HELPFUL: sorted(ids, key=lambda id_: (-(ids.index(id_) % 4), id_)),
    }[order]
    with database() as session:
        pages = walk(
            lambda cursor: discussion(session, READER, process_id=place.id, idea_id=idea, order=order, cursor=cursor)
        )
    assert [id_ for page in pages for id_ in page] == expected
    assert [len(page) for page in pages[:-1]] == [THREADS_PER_PAGE] * (len(pages) - 1)


def test_a_long_thread_shows_its_beginning_and_how_much_there_is(
    database: Sessions, place: Place, idea: int, say: Callable[..., list[int]]
) -> None:
    (first,) = say()
    answers = say(FIRST_ANSWERS + 30, parent_id=first)
    others = say(3)
    with database() as session:
        talk = discussion(session, READER, process_id=place.id, idea_id=idea)
    assert shape(talk.comments) == [
        [first, *([answer] for answer in answers[:FIRST_ANSWERS])],
        *([one] for one in others),
    ]
    assert [view.answer_count for view in talk.comments] == [FIRST_ANSWERS + 30, 0, 0, 0]


@pytest.mark.parametrize("number", [0, ANSWERS_PER_PAGE, ANSWERS_PER_PAGE + 1, 3 * ANSWERS_PER_PAGE + 2])
def test_the_page_of_a_thread_cuts_nothing_off(
    database: Sessions, place: Place, idea: int, say: Callable[..., list[int]], number: int
) -> None:
    (first,) = say()
    answers = say(number, parent_id=first)
    say(2)
    seen, cursor = [], None
    with database() as session:
        while True:
            page = read_thread(session, place, idea, first, cursor)
            (root,) = page.comments
            assert (root.id, root.answer_count) == (first, number)
            seen += [view.id for view in flat(root.replies)]
            if page.next is None:
                break
            cursor = page.next
    assert seen == answers


def test_at_most_three_levels_and_then_the_name_of_who_is_answered(
    transact: Sessions, database: Sessions, place: Place, idea: int
) -> None:
    with transact() as session:
        ids, parent = [], None
        for number in range(6):
            author = make.participant(session, place, pseudonym=f"Person {number}")
            parent = make.comment(session, place, idea, author=author, parent_id=parent)
            ids.append(parent)
    a, b, c, d, e, f = ids
    with database() as session:
        (root,) = read_thread(session, place, idea, a).comments
    assert shape([root]) == [[a, [b, [c], [d], [e], [f]]]]
    names = {view.id: view.answered.pseudonym for view in flat([root]) if view.answered}
    assert names == {d: "Person 2", e: "Person 3", f: "Person 4"}


def test_answers_to_what_is_not_public_say_so(
    database: Sessions, place: Place, idea: int, say: Callable[..., list[int]]
) -> None:
    (first,) = say()
    (hidden,) = say(parent_id=first, state=CommentState.HIDDEN, body="Secret words")
    (answer,) = say(parent_id=hidden)
    with database() as session:
        (root,) = discussion(session, READER, process_id=place.id, idea_id=idea).comments
        assert shape([root]) == [[first, [answer]]]
        assert root.replies[0].answered is not None
        assert (root.replies[0].answered.is_public, root.replies[0].answered.pseudonym) == (False, "")
        (root,) = discussion(session, MODERATOR, process_id=place.id, idea_id=idea).comments
        assert shape([root]) == [[first, [hidden, [answer]]]]


def test_a_stance_shows_first_ones_and_answers_beside_each_other(
    database: Sessions, place: Place, idea: int, say: Callable[..., list[int]]
) -> None:
    (first,) = say(stance=CommentStance.SUPPORTS)
    (answer,) = say(parent_id=first, stance=CommentStance.OBJECTS, helpful=1)
    loud = say(25, stance=CommentStance.OBJECTS, helpful=3)
    say(stance=CommentStance.OBJECTS, state=CommentState.HIDDEN)
    say(4, stance=CommentStance.ASKS)
    say(2)
    with database() as session:
        assert stance_counts(session, idea) == {
            CommentStance.SUPPORTS: 1,
            CommentStance.OBJECTS: 26,
            CommentStance.ASKS: 4,
            CommentStance.ADDS: 0,
        }
        pages = walk(
            lambda cursor: comments_of_stance(
                session, READER, process_id=place.id, idea_id=idea, stance=CommentStance.OBJECTS, cursor=cursor
            )
        )
    assert [id_ for page in pages for id_ in page] == [*loud, answer]


def test_a_thread_without_anything_to_read_is_not_there(
    database: Sessions, place: Place, idea: int, say: Callable[..., list[int]]
) -> None:
    (hidden,) = say(state=CommentState.HIDDEN)
    (answered,) = say(state=CommentState.HIDDEN)
    (answer,) = say(parent_id=answered)
    with database() as session:
        with pytest.raises(Missing):
            read_thread(session, place, idea, hidden)
        (root,) = read_thread(session, place, idea, answered).comments
        assert (root.text, root.pseudonym, shape([root])) == (None, "", [[answered, [answer]]])
        talk = discussion(session, READER, process_id=place.id, idea_id=idea)
        assert [view.id for view in talk.comments] == [answered]


def test_moderators_read_everything_page_by_page(
    database: Sessions, place: Place, idea: int, say: Callable[..., list[int]]
) -> None:
    (first,) = say()
    answers = say(DESK_PAGE + 5, parent_id=first)
    (hidden,) = say(state=CommentState.HIDDEN)
    (below,) = say(parent_id=answers[-1])
    with database() as session:
        page, after = whole_discussion(session, MODERATOR, process_id=place.id, idea_id=idea)
        assert [view.id for _depth, view in page] == [first, *answers[: DESK_PAGE - 1]]
        assert after == answers[DESK_PAGE - 2]
        page, after = whole_discussion(session, MODERATOR, process_id=place.id, idea_id=idea, after=after)
    assert [(depth, view.id) for depth, view in page] == [
        *((1, answer) for answer in answers[DESK_PAGE - 1 :]),
        (2, below),
        (0, hidden),
    ]
    assert after is None


def test_a_permalink_leads_to_the_page_where_the_comment_stands(
    client: PageClient, place: Place, idea: int, say: Callable[..., list[int]]
) -> None:
    (first,) = say()
    answers = say(2 * ANSWERS_PER_PAGE + 3, parent_id=first)
    (deep,) = say(parent_id=answers[0])
    url = place.url(f"/ideas/{idea}/comments")
    assert client.get(f"{url}/{first}").select(f"#comment-{first}")
    for target, expected in (
        (answers[0], f"{url}/{first}#comment-{answers[0]}"),
        (answers[ANSWERS_PER_PAGE - 1], f"{url}/{first}#comment-{answers[ANSWERS_PER_PAGE - 1]}"),
        (
            answers[ANSWERS_PER_PAGE],
            f"{url}/{first}?after={answers[ANSWERS_PER_PAGE - 1]}#comment-{answers[ANSWERS_PER_PAGE]}",
        ),
        (deep, f"{url}/{first}?after={answers[2 * ANSWERS_PER_PAGE - 1]}#comment-{deep}"),
    ):
        page = client.get(f"{url}/{target}", status=302)
        assert page.location == expected
        assert client.get(expected.partition("#")[0]).select(f"#comment-{target}")
    for nothing in (987_654, 0):
        client.get(f"{url}/{nothing}", status=404)
    client.get(f"{url}/{first}?after=x", status=400)


@pytest.mark.parametrize("state", [CommentState.HIDDEN, CommentState.IN_REVIEW, CommentState.WITHDRAWN])
def test_a_permalink_reveals_nothing_that_is_not_public(
    client: PageClient, place: Place, idea: int, say: Callable[..., list[int]], state: CommentState
) -> None:
    (first,) = say()
    (answer,) = say(parent_id=first, state=state, body="Secret words")
    (alone,) = say(state=state, body="Secret words")
    for comment in (answer, alone):
        for rest in ("", "/history"):
            page = client.get(place.url(f"/ideas/{idea}/comments/{comment}{rest}"), status=404)
            assert "Secret" not in page.text


BUDGETS = {"": 14, "?sort=helpful": 14, "?stance=objects": 13, "/comments/{first}": 6, "/arguments": 6}


@pytest.mark.parametrize("number", [1, 3, 2000])
def test_reading_costs_the_same_with_two_thousand_comments(
    client: PageClient, member: Member, place: Place, idea: int, say: Callable[..., list[int]], number: int
) -> None:
    first = say(max(number // 10, 1), stance=CommentStance.SUPPORTS)[0]
    say(number - number // 10, parent_id=first, stance=CommentStance.OBJECTS)
    resident = member()
    for rest, budget in BUDGETS.items():
        address = place.url(f"/ideas/{idea}{rest.format(first=first)}")
        client.get(address, budget=budget)
        resident.get(address, budget=budget + 4)
