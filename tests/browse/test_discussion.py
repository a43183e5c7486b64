"""The discussion as pages: stances, orders, arguments side by side, official voices, markup, and what stays inert."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select, update

from participation.accounts.actor import Role
from participation.comments.models import Comment, CommentStance, CommentState, Voice
from participation.ideas.models import IdeaState
from tests import make
from tests.conftest import Sessions
from tests.make import Place
from tests.markup import text_of
from tests.pages import PageClient

Member = Callable[..., PageClient]
MARKER = "\"><svg onload=x>'--"


def url(place: Place, idea: int, rest: str = "") -> str:
    """Return the English address of the idea, or of something below it."""
    return place.url(f"/ideas/{idea}{rest}", language="en")


def set_on(transact: Sessions, comment: int, **values: object) -> None:
    """Change columns of a comment."""
    with transact() as session:
        session.execute(update(Comment).where(Comment.id == comment).values(**values))


@pytest.mark.parametrize(
    ("stance", "label"),
    [
        ("none", None),
        ("supports", "For the idea"),
        ("objects", "Against the idea"),
        ("asks", "Question"),
        ("adds", "Addition"),
    ],
)
def test_a_stance_is_said_in_words_and_with_a_pictogram(
    member: Member, client: PageClient, database: Sessions, place: Place, idea: int, stance: str, label: str | None
) -> None:
    author = member()
    answer = author.submit(author.get(url(place, idea)), "comment-form", text="My words", stance=stance)
    assert answer.status == 303
    with database() as session:
        stored = session.scalars(select(Comment.stance)).one()
    assert (stored.value if stored else "none") == stance
    page = client.get(url(place, idea))
    assert page.texts(".comment .badge") == ([label] if label else [])
    assert len(page.select(".comment .badge .pictogram")) == (1 if label else 0)
    assert page.texts(".tabs__link") == (
        ["All 1", {"Question": "Questions 1", "Addition": "Additions 1"}.get(label, f"{label} 1")] if label else []
    )


def test_unknown_stances_come_back(member: Member, database: Sessions, place: Place, idea: int) -> None:
    author = member()
    page = author.submit(author.get(url(place, idea)), "comment-form", text="My words", forge={"stance": "shouts"})
    assert (page.status, page.one("textarea").strip()) == (422, "My words")


@pytest.mark.parametrize("query", ["?sort=best", "?stance=maybe", "?before=x", "?after=1-2-3", "?sort=", "?after="])
def test_unknown_orders_are_refused(client: PageClient, place: Place, idea: int, query: str) -> None:
    client.get(url(place, idea, query), status=400)


def test_orders_and_stances_go_together(transact: Sessions, client: PageClient, place: Place, idea: int) -> None:
    with transact() as session:
        ids = [make.comment(session, place, idea) for _ in range(4)]
    for comment, helpful in zip(ids, (1, 5, 0, 5), strict=True):
        set_on(transact, comment, helpful=helpful, helpful_elsewhere=helpful)
    for comment in ids[1:]:
        set_on(transact, comment, stance=CommentStance.ASKS)

    def order(query: str) -> list[int]:
        page = client.get(url(place, idea, query))
        return [int(str(one.get("id")).removeprefix("comment-")) for one in page.select("article.comment")]

    a, b, c, d = ids
    assert order("") == [a, b, c, d]
    assert order("?sort=newest") == [d, c, b, a]
    assert order("?sort=helpful") == [b, d, a, c]
    assert order("?stance=asks") == [b, c, d]
    assert order("?stance=asks&sort=helpful") == [b, d, c]
    page = client.get(url(place, idea, "?stance=asks&sort=helpful"))
    links = page.links("#comments ~ * a, nav a, section a")
    assert links["Newest first"] == url(place, idea, "?sort=newest&stance=asks#comments")
    assert links["All 4"] == url(place, idea, "?sort=helpful#comments")


def test_arguments_stand_side_by_side(transact: Sessions, client: PageClient, place: Place, idea: int) -> None:
    with transact() as session:
        ids = [make.comment(session, place, idea, body=f"Argument number {number}") for number in range(14)]
        hidden = make.comment(session, place, idea, body="Secret", state=CommentState.HIDDEN)
    for comment in (*ids[:12], hidden):
        set_on(transact, comment, stance=CommentStance.SUPPORTS)
    set_on(transact, ids[11], helpful=2, helpful_elsewhere=2)
    set_on(transact, ids[12], stance=CommentStance.OBJECTS)
    set_on(transact, ids[13], stance=CommentStance.ADDS)
    front = client.get(url(place, idea))
    assert front.links()["Compare: 12 arguments for and 1 against"] == url(place, idea, "/arguments")
    page = client.get(url(place, idea, "/arguments"))
    assert page.texts(".argument-side h2") == ["What speaks for it 12", "What speaks against it 1"]
    first, second = page.select(".argument-side")

    def said(side: object) -> list[str]:
        return [text_of(text) for text in side.cssselect(".comment__text")]

    assert said(first) == [f"Argument number {number}" for number in (11, *range(9))]
    assert said(second) == ["Argument number 12"]
    assert page.links("section a")["Additions: 1"] == url(place, idea, "?stance=adds#comments")
    following = client.get(first.cssselect("a[rel=next]")[0].get("href").partition("#")[0])
    assert said(following.select(".argument-side")[0]) == ["Argument number 9", "Argument number 10"]
    assert said(following.select(".argument-side")[1]) == ["Argument number 12"]
    client.get(url(place, idea, "/arguments?supports-after=x"), status=400)


@pytest.mark.parametrize(
    ("role", "voice", "label"),
    [
        (Role.MODERATOR, Voice.MODERATION, "Moderation team"),
        (Role.STAFF, Voice.ADMINISTRATION, "City administration"),
        (Role.ADMIN, Voice.MODERATION, "Moderation team"),
    ],
)
def test_official_voices_hide_the_person(
    app: Flask,
    member: Member,
    client: PageClient,
    transact: Sessions,
    place: Place,
    idea: int,
    role: Role,
    voice: Voice,
    label: str,
) -> None:
    official = member(role, process_id=place.id, email="official@example.org")
    with transact() as session:
        make.participant(
            session, place, account_id=make.account(session, "official@example.org"), pseudonym="Private Otter"
        )
    answer = official.submit(official.get(url(place, idea)), "comment-form", text="We look into it", voice=voice.value)
    assert answer.status == 303
    page = client.get(url(place, idea))
    assert page.one(".comment__by") == app.config["OPERATOR_NAME"]
    assert page.texts(".comment .badge") == [label]
    (comment,) = (article.get("id").removeprefix("comment-") for article in page.select("article.comment"))
    resident = member()
    resident.submit(resident.get(url(place, idea, f"/comments/new?answer_to={comment}")), "comment-form", text="Thanks")
    for rest in ("", f"/comments/{comment}", "/arguments"):
        assert "Private Otter" not in client.get(url(place, idea, rest)).text


def test_official_voices_are_published_where_others_are_read_first(
    member: Member, client: PageClient, transact: Sessions
) -> None:
    with transact() as session:
        careful = make.process(session, "careful", review_first=True)
        idea = make.idea(session, careful)
    official = member(Role.MODERATOR)
    official.submit(official.get(url(careful, idea)), "comment-form", text="Official words", voice="moderation")
    official.submit(official.get(url(careful, idea)), "comment-form", text="Private words")
    page = client.get(url(careful, idea))
    assert page.texts(".comment__text") == ["Official words"]


@pytest.mark.parametrize("voice", ["moderation", "administration"])
def test_nobody_else_gets_an_official_voice(
    member: Member, transact: Sessions, database: Sessions, place: Place, idea: int, voice: str
) -> None:
    with transact() as session:
        other = make.process(session, "other").id
    wrong = {"moderation": Role.STAFF, "administration": Role.MODERATOR}[voice]
    visitors = (member(), member(wrong, process_id=place.id), member(Role.MODERATOR, process_id=other))
    for visitor in visitors:
        page = visitor.get(url(place, idea))
        assert voice not in [choice.get("value") for choice in page.select("[name=voice]")]
        answer = visitor.submit(page, "comment-form", text="I am the city", forge={"voice": voice})
        assert answer.status == 422
        assert answer.errors
    with database() as session:
        assert list(session.scalars(select(Comment.id))) == []


def test_names_and_texts_full_of_markup_are_inert(
    transact: Sessions, client: PageClient, member: Member, place: Place, idea: int
) -> None:
    with transact() as session:
        account = make.account(session, "author@example.org")
        author = make.participant(session, place, account_id=account, pseudonym=MARKER)
        rtl = make.participant(session, place, pseudonym="\u200fقمر\u200e")
        first = make.comment(session, place, idea, author=author, body=f"Words {MARKER} [x]({MARKER})")
        answer = make.comment(session, place, idea, author=rtl, parent_id=first, body="> *quote* `x`")
        deep = make.comment(session, place, idea, author=author, parent_id=answer)
        make.comment(session, place, idea, author=author, parent_id=deep, body="Names whom it answers")
    for comment in (first, answer):
        set_on(transact, comment, stance=CommentStance.SUPPORTS, edited_at=None)
    found = 0
    for visitor in (client, member(), member(email="author@example.org"), member(Role.MODERATOR)):
        for rest in ("", f"/comments/{first}", "/arguments", "?stance=supports"):
            page = visitor.get(url(place, idea, rest))
            found += page.one("body").count(MARKER)
            assert "<svg onload" not in page.text
            assert page.select("[onload]") == []
            assert all(name.getparent().tag == "span" for name in page.select(".comment__by bdi"))
    assert found > 20, "there was something to get wrong"


def test_hidden_ideas_hide_their_discussion(
    transact: Sessions, client: PageClient, member: Member, place: Place
) -> None:
    with transact() as session:
        idea = make.idea(session, place, state=IdeaState.HIDDEN, title="Secret idea")
        comment = make.comment(session, place, idea, body="Secret words")
    for visitor in (client, member(), member(Role.STAFF)):
        for rest in (f"/comments/{comment}", "/arguments", f"/comments/{comment}/history"):
            assert "Secret" not in visitor.get(url(place, idea, rest), status=404).text
    assert "Secret words" in member(Role.MODERATOR).get(url(place, idea, f"/comments/{comment}")).text


def test_comments_of_another_idea_are_not_found(
    transact: Sessions, client: PageClient, place: Place, idea: int
) -> None:
    with transact() as session:
        foreign = make.comment(session, place, make.idea(session, place))
        other = make.process(session, "other")
    client.get(url(place, idea, f"/comments/{foreign}"), status=404)
    for rest in ("/arguments", f"/comments/{foreign}"):
        client.get(url(other, idea, rest), status=404)


def test_formatting_is_explained_and_shown(member: Member, client: PageClient, place: Place, idea: int) -> None:
    author = member()
    page = author.get(url(place, idea))
    assert "How to format" in page.one("#comment-form")
    text = "**Bold** and [the plan](https://example.org/plan)\n\n- one\n- two"
    author.submit(page, "comment-form", text=text)
    shown = client.get(url(place, idea))
    assert shown.one(".comment__text strong") == "Bold"
    assert shown.texts(".comment__text li") == ["one", "two"]
    assert "the plan (example.org)" in shown.one(".comment__text")
