"""Changing a comment for a short time, and deleting it at any time."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from participation.accounts.actor import SYSTEM, Role
from participation.comments.changes import MOST_WORDINGS
from participation.comments.models import Comment, CommentRevision, CommentStance, CommentState, HelpfulMark, Voice
from participation.comments.service import publish_comment
from participation.ideas.models import Standing
from participation.kit import clock
from participation.receipts.models import Receipt
from participation.receipts.signing import text_digest
from tests import make
from tests.conftest import Sessions
from tests.make import Place
from tests.pages import PageClient

Member = Callable[..., PageClient]
NOW = datetime(2026, 5, 3, 10, 0, tzinfo=UTC)
WINDOW = timedelta(minutes=15)
FIRST, SECOND = "A bad idea, I think.", "A good idea, I think."


@pytest.fixture
def place(transact: Sessions) -> Place:
    """A process in which everything is possible."""
    with transact() as session:
        return make.process(session, starts_at=NOW - timedelta(days=1), ends_at=NOW + timedelta(days=9))


@pytest.fixture
def own(transact: Sessions, place: Place) -> tuple[int, int]:
    """The ids of an idea and of a comment on it by author@example.org."""
    with transact() as session:
        author = make.participant(session, place, account_id=make.account(session, "author@example.org"))
        idea = make.idea(session, place)
        return idea, make.comment(session, place, idea, author=author, body=FIRST, at=NOW)


def url(place: Place, own: tuple[int, int], rest: str) -> str:
    """Return the address of something about the comment."""
    return place.url(f"/ideas/{own[0]}/comments/{own[1]}{rest}", language="en")


def text_of(database: Sessions, comment: int) -> str:
    """Return what a comment says now."""
    with database() as session:
        return session.get_one(Comment, comment).text


def published(database: Sessions, idea: int) -> int:
    """Return how many published comments an idea counts."""
    with database() as session:
        return session.get_one(Standing, idea).comments


def test_a_change_leaves_a_trace_with_the_difference(
    member: Member, client: PageClient, place: Place, own: tuple[int, int], database: Sessions
) -> None:
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        author = member(email="author@example.org")
        page = author.get(place.url(f"/ideas/{own[0]}", language="en"))
        form = author.get(page.links(f"#comment-{own[1]} a[href$=edit]").popitem()[1])
        assert form.one("textarea").strip() == FIRST
        answer = author.submit(form, "comment-form", text=SECOND, stance="supports")
        assert (answer.status, answer.location) == (303, url(place, own, f"#comment-{own[1]}"))
        shown = client.get(place.url(f"/ideas/{own[0]}", language="en"))
    assert shown.one(f"#comment-{own[1]} .comment__text") == SECOND
    assert "For the idea" in shown.one(f"#comment-{own[1]} .comment__head")
    trace = shown.links(f"#comment-{own[1]} a[href$=history]")
    assert list(trace) == ["changed on 3 May 2026, 12:05"]
    history = client.get(url(place, own, "/history"))
    assert (history.texts("del"), history.texts("ins")) == (["[removed: bad]"], ["[added: good]"])
    with database() as session:
        revision = session.scalars(select(CommentRevision)).one()
        assert (revision.text, revision.written_at, revision.replaced_at) == (FIRST, NOW, NOW + timedelta(minutes=5))


def test_the_same_again_leaves_no_trace(
    member: Member, client: PageClient, place: Place, own: tuple[int, int], database: Sessions
) -> None:
    with time_machine.travel(NOW, tick=False):
        author = member(email="author@example.org")
        assert author.submit(author.get(url(place, own, "/edit")), "comment-form").status == 303
    client.get(url(place, own, "/history"), status=404)


@pytest.mark.parametrize(
    ("opened", "sent", "reason"),
    [
        (timedelta(0), timedelta(0), ""),
        (WINDOW, WINDOW, ""),
        # Who opened the form in time may take a day over it.
        (WINDOW, WINDOW + timedelta(hours=23), ""),
        (None, WINDOW + timedelta(seconds=1), "Comments can be changed for 15 minutes."),
    ],
)
def test_the_time_for_changes(
    member: Member,
    place: Place,
    own: tuple[int, int],
    database: Sessions,
    opened: timedelta | None,
    sent: timedelta,
    reason: str,
) -> None:
    with time_machine.travel(NOW, tick=False) as travel:
        author = member(email="author@example.org")
        travel.move_to(NOW + (opened or timedelta(0)))
        form = author.get(url(place, own, "/edit"))
        travel.move_to(NOW + sent)
        forge = {"opened": "nonsense"} if opened is None else {}
        answer = author.submit(form, "comment-form", text=SECOND, forge=forge)
        page = author.get(place.url(f"/ideas/{own[0]}"))
    assert answer.status == (422 if reason else 303)
    if reason:
        assert answer.errors == [reason]
        assert answer.one("textarea").strip() == SECOND
    assert text_of(database, own[1]) == (FIRST if reason else SECOND)
    assert bool(page.select(f"#comment-{own[1]} a[href$=edit]")) is (sent <= WINDOW)


@pytest.mark.parametrize("reaction", ["answer", "answer in review", "mark"])
def test_nothing_changes_under_an_answer_or_a_mark(
    member: Member, transact: Sessions, place: Place, own: tuple[int, int], database: Sessions, reaction: str
) -> None:
    with time_machine.travel(NOW, tick=False):
        author = member(email="author@example.org")
        form = author.get(url(place, own, "/edit"))
        with transact() as session:
            if reaction == "mark":
                other = make.participant(session, place)
                session.add(HelpfulMark(comment_id=own[1], participant_id=other, marked_at=NOW))
                session.get_one(Comment, own[1]).helpful = 1
            else:
                state = CommentState.PUBLISHED if reaction == "answer" else CommentState.IN_REVIEW
                make.comment(session, place, own[0], parent_id=own[1], state=state)
        answer = author.submit(form, "comment-form", text=SECOND)
        assert (answer.status, len(answer.errors)) == (422, 1)
        assert author.get(url(place, own, "/edit"), status=403).h1
    assert text_of(database, own[1]) == FIRST


def test_where_comments_are_read_first_a_changed_one_is_read_again(
    member: Member, client: PageClient, transact: Sessions, database: Sessions
) -> None:
    with transact() as session:
        place = make.process(session, "careful", review_first=True, starts_at=NOW, ends_at=NOW + timedelta(days=1))
        author = make.participant(session, place, account_id=make.account(session, "author@example.org"))
        idea = make.idea(session, place)
        own = idea, make.comment(session, place, idea, author=author, body=FIRST, at=NOW)
    with time_machine.travel(NOW, tick=False):
        visitor = member(email="author@example.org")
        assert visitor.submit(visitor.get(url(place, own, "/edit")), "comment-form", text=SECOND).status == 303
        assert FIRST not in client.get(place.url(f"/ideas/{idea}")).text
    assert published(database, idea) == 0
    with database() as session:
        assert session.get_one(Comment, own[1]).state is CommentState.IN_REVIEW
    client.get(url(place, own, "/history"), status=404)


def test_words_that_were_never_public_do_not_become_so_with_later_ones(
    member: Member, client: PageClient, transact: Sessions, database: Sessions
) -> None:
    with transact() as session:
        place = make.process(session, "careful", review_first=True, starts_at=NOW, ends_at=NOW + timedelta(days=1))
        author = make.participant(session, place, account_id=make.account(session, "author@example.org"))
        idea = make.idea(session, place)
        own = idea, make.comment(session, place, idea, author=author, body=FIRST, at=NOW, state=CommentState.IN_REVIEW)
    with time_machine.travel(NOW, tick=False):
        visitor = member(email="author@example.org")
        for words in (SECOND, "The last word."):
            assert visitor.submit(visitor.get(url(place, own, "/edit")), "comment-form", text=words).status == 303
    with transact() as session:
        publish_comment(session, SYSTEM, comment_id=own[1], now=NOW)
    page = client.get(place.url(f"/ideas/{idea}", language="en"))
    assert page.one(f"#comment-{own[1]} .comment__text") == "The last word."
    assert page.select(f"#comment-{own[1]} a[href$=history]") == []
    client.get(url(place, own, "/history"), status=404)
    with database() as session:
        assert session.scalars(select(CommentRevision.text)).all() == []
        receipts = session.execute(select(Receipt.revision, Receipt.digest).order_by(Receipt.id)).all()
    assert receipts == [(2, text_digest(SECOND)), (3, text_digest("The last word."))]


def test_a_moderator_publishes_only_what_was_on_the_page(
    member: Member, transact: Sessions, database: Sessions
) -> None:
    with transact() as session:
        place = make.process(session, "careful", review_first=True, starts_at=NOW, ends_at=NOW + timedelta(days=1))
        author = make.participant(session, place, account_id=make.account(session, "author@example.org"))
        idea = make.idea(session, place)
        own = idea, make.comment(session, place, idea, author=author, body=FIRST, at=NOW, state=CommentState.IN_REVIEW)
    with time_machine.travel(NOW, tick=False):
        moderator, visitor = member(Role.MODERATOR, process_id=place.id), member(email="author@example.org")
        desk = f"/en/desk/processes/{place.slug}"
        pages = [moderator.get(f"{desk}/queue"), moderator.get(f"{desk}/ideas/{idea}")]
        assert visitor.submit(visitor.get(url(place, own, "/edit")), "comment-form", text=SECOND).status == 303
        for page in pages:
            (form,) = [
                form
                for form in page.select("form.post-button")
                if form.get("action").endswith(f"/comments/{own[1]}/decision")
            ]
            sent = {field.get("name"): field.get("value") for field in form.cssselect("input, button")}
            answer = moderator.post(form.get("action"), sent, status=409)
            assert answer.errors == ["The author has changed this comment since you read it. Please read it again."]
            assert SECOND in answer.one("article")
        assert moderator.submit(answer).status == 303
    with database() as session:
        row = session.get_one(Comment, own[1])
        assert (row.state, row.text) == (CommentState.PUBLISHED, SECOND)


def test_an_official_voice_is_changed_only_by_those_who_have_it(
    member: Member, transact: Sessions, place: Place, own: tuple[int, int], database: Sessions
) -> None:
    with transact() as session:
        session.get_one(Comment, own[1]).voice = Voice.ADMINISTRATION
    with time_machine.travel(NOW, tick=False):
        author = member(email="author@example.org")
        answer = author.submit(author.get(url(place, own, "/edit")), "comment-form", text=SECOND)
        assert answer.errors == ["Only staff of this process may write as the city administration."]
        staff = member(Role.STAFF, process_id=place.id, email="author@example.org")
        assert staff.submit(staff.get(url(place, own, "/edit")), "comment-form", text=SECOND).status == 303
    assert text_of(database, own[1]) == SECOND


def test_there_is_an_end_to_changes(
    member: Member, transact: Sessions, place: Place, own: tuple[int, int], database: Sessions
) -> None:
    with transact() as session:
        for number in range(MOST_WORDINGS):
            session.add(CommentRevision(comment_id=own[1], text=str(number), written_at=NOW, replaced_at=NOW))
    with time_machine.travel(NOW, tick=False):
        author = member(email="author@example.org")
        answer = author.submit(author.get(url(place, own, "/edit")), "comment-form", text=SECOND)
    assert answer.errors == ["This comment cannot be changed any more."]
    assert text_of(database, own[1]) == FIRST


def test_a_deleted_comment_is_gone_and_the_thread_stays(
    member: Member, client: PageClient, transact: Sessions, place: Place, own: tuple[int, int], database: Sessions
) -> None:
    with transact() as session:
        make.comment(session, place, own[0], parent_id=own[1], body="A public answer")
        session.add(CommentRevision(comment_id=own[1], text="Earlier words", written_at=NOW, replaced_at=NOW))
        other = make.participant(session, place)
        session.add(HelpfulMark(comment_id=own[1], participant_id=other, marked_at=NOW))
        row = session.get_one(Comment, own[1])
        row.helpful, row.stance, row.edited_at = 1, CommentStance.SUPPORTS, NOW
    with time_machine.travel(NOW + timedelta(days=300), tick=False):
        author = member(email="author@example.org")
        page = author.get(url(place, own, "/delete"))
        assert FIRST in page.one("blockquote")
        answer = author.submit(page, press="Delete for good")
        assert (answer.status, answer.location) == (303, place.url(f"/ideas/{own[0]}#comments", language="en"))
    author = member(email="author@example.org")
    for visitor in (client, author, member(Role.MODERATOR)):
        page = visitor.get(place.url(f"/ideas/{own[0]}", language="en"))
        assert FIRST not in page.text
        assert "A public answer" in page.text
        assert "Its author has deleted this comment." in page.one(f"#comment-{own[1]}")
        assert page.select(f"#comment-{own[1]} .comment__by") == []
    client.get(url(place, own, "/history"), status=404)
    assert published(database, own[0]) == 1
    with database() as session:
        row = session.get_one(Comment, own[1])
        assert (row.state, row.text, row.stance, row.helpful) == (CommentState.WITHDRAWN, "", None, 0)
        for table in (CommentRevision, HelpfulMark):
            assert session.scalar(select(func.count()).select_from(table)) == 0
    again = author.post(url(place, own, "/delete"), {"csrf_token": _token(author, place, own)})
    assert again.status == 403
    assert published(database, own[0]) == 1


def _token(visitor: PageClient, place: Place, own: tuple[int, int]) -> str:
    return str(visitor.get(place.url("/my-name")).select("input[name=csrf_token]")[0].get("value"))


@pytest.mark.parametrize("state", [CommentState.IN_REVIEW, CommentState.HIDDEN])
def test_what_is_not_public_can_be_deleted_as_well(
    member: Member, transact: Sessions, place: Place, own: tuple[int, int], database: Sessions, state: CommentState
) -> None:
    with transact() as session:
        author = session.get_one(Comment, own[1]).participant_id
        comment = make.comment(session, place, own[0], author=author, state=state)
    visitor = member(email="author@example.org")
    page = visitor.get(url(place, (own[0], comment), "/delete"))
    assert visitor.submit(page, press="Delete for good").status == 303
    assert (text_of(database, comment), published(database, own[0])) == ("", 1)


def test_other_peoples_comments_are_not_found(
    member: Member, transact: Sessions, place: Place, own: tuple[int, int], database: Sessions
) -> None:
    with transact() as session:
        elsewhere = make.process(session, "elsewhere", starts_at=NOW, ends_at=NOW + timedelta(days=1))
        other_idea = make.idea(session, place)
    with time_machine.travel(NOW, tick=False):
        for visitor in (member(), member(Role.MODERATOR), member(Role.ADMIN)):
            token = _token(visitor, place, own)
            for rest in ("/edit", "/delete"):
                visitor.get(url(place, own, rest), status=404)
                answer = visitor.post(url(place, own, rest), {"csrf_token": token, "text": SECOND})
                assert answer.status == 404
        author = member(email="author@example.org")
        for wrong in (url(elsewhere, own, "/edit"), url(place, (other_idea, own[1]), "/delete")):
            author.get(wrong, status=404)
    assert text_of(database, own[1]) == FIRST


@pytest.mark.parametrize("state", [CommentState.HIDDEN, CommentState.WITHDRAWN])
def test_earlier_wordings_of_what_is_not_public_are_not_public(
    client: PageClient, member: Member, transact: Sessions, place: Place, own: tuple[int, int], state: CommentState
) -> None:
    with transact() as session:
        session.add(CommentRevision(comment_id=own[1], text="Secret words", written_at=NOW, replaced_at=NOW))
        row = session.get_one(Comment, own[1])
        row.edited_at = clock.now()
    assert "Secret words" in client.get(url(place, own, "/history")).text
    with transact() as session:
        session.get_one(Comment, own[1]).state = state
    for visitor in (client, member()):
        assert "Secret" not in visitor.get(url(place, own, "/history"), status=404).text
