"""Checking receipts: what anybody learns, what nobody learns, and that it can be done without us."""

from collections.abc import Callable
from typing import Any

import pytest
import segno
from flask import Flask
from sqlalchemy import delete, update

from participation.accounts.actor import Role
from participation.comments.models import Comment, CommentState
from participation.ideas.models import Addendum, Idea, IdeaRevision, IdeaState, Replacement
from participation.ideas.service import lock_idea
from participation.kit import clock
from participation.moderation.models import DecisionKind
from participation.processes.models import Process, ProcessState
from participation.receipts.codes import new_code
from participation.receipts.models import Receipt, ReceiptKind
from participation.receipts.service import receipt_for_text
from participation.voting.models import Stance, Vote
from tests import make
from tests.browse.receipted import (
    AUTHOR,
    REASON,
    addendum_receipt,
    comment_receipt,
    decide,
    idea_receipt,
    vote_receipt,
)
from tests.conftest import Sessions
from tests.make import Place
from tests.pages import Page, PageClient

Member = Callable[..., PageClient]


def state_of(page: Page) -> str:
    """Return where the page says that the contribution stands."""
    return page.texts(".receipt-sheet .badge")[0]


IDEAS = {
    IdeaState.PUBLISHED: ("Published", True, "Everybody can read it."),
    IdeaState.IN_REVIEW: ("In review", False, "A moderator has not read it yet."),
    IdeaState.HIDDEN: ("Hidden", False, "Moderation has hidden it."),
    IdeaState.WITHDRAWN: ("Withdrawn", False, "Its author has withdrawn it."),
}


@pytest.mark.parametrize("make_one", [idea_receipt, addendum_receipt], ids=["idea", "addendum"])
@pytest.mark.parametrize(("state", "expected"), IDEAS.items(), ids=[state.value for state in IDEAS])
def test_every_state_of_a_text_under_an_idea(
    transact: Sessions,
    client: PageClient,
    place: Place,
    make_one: Any,
    state: IdeaState,
    expected: tuple[str, bool, str],
) -> None:
    with transact() as session:
        number, code = make_one(session, place, state)
        if state is IdeaState.HIDDEN:
            subject = "idea_id" if make_one is idea_receipt else "addendum_id"
            decide(session, place, DecisionKind.HIDE, **{subject: number})
    page = client.get(f"/en/receipts/{code}")
    label, is_linked, sentence = expected
    assert page.h1 == "This receipt is genuine"
    assert state_of(page) == label
    assert sentence in page.one(".lead")
    assert bool(page.select(".receipt-sheet .kern-btn")) is is_linked
    assert (REASON in page.one("main")) is (state is IdeaState.HIDDEN)
    # Never who, and of what is not public nothing at all.
    assert "Stille Weide" not in page.text
    assert AUTHOR not in page.text
    assert "A bench" not in page.text


@pytest.mark.parametrize("state", CommentState)
def test_every_state_of_a_comment(transact: Sessions, client: PageClient, place: Place, state: CommentState) -> None:
    with transact() as session:
        comment, code = comment_receipt(session, place, state)
        if state is CommentState.HIDDEN:
            decide(session, place, DecisionKind.HIDE, comment_id=comment)
    page = client.get(f"/en/receipts/{code}")
    assert state_of(page) == IDEAS[IdeaState(state.value)][0]
    assert (REASON in page.one("main")) is (state is CommentState.HIDDEN)
    assert "taken something out" not in page.one("main")
    links = page.links(".receipt-sheet a")
    assert bool(links) is (state is CommentState.PUBLISHED)
    for address in links.values():
        assert client.get(address).status == 200


@pytest.mark.parametrize("make_one", [idea_receipt, addendum_receipt, comment_receipt])
def test_what_is_gone_is_erased(transact: Sessions, client: PageClient, place: Place, make_one: Any) -> None:
    with transact() as session:
        number, code = make_one(session, place)
        if make_one is comment_receipt:
            session.execute(delete(Comment).where(Comment.id == number))
        elif make_one is addendum_receipt:
            session.execute(delete(Addendum).where(Addendum.id == number))
        else:
            # A receipt of an idea that is not there; deleting one takes more than its row.
            session.execute(update(Receipt).values(subject_id=number + 1000))
    page = client.get(f"/en/receipts/{code}")
    assert state_of(page) == "Erased"
    assert page.links(".receipt-sheet a") == {}


def test_a_vote_tells_neither_idea_nor_stance_to_anybody(
    transact: Sessions, client: PageClient, member: Member, place: Place
) -> None:
    with transact() as session:
        idea, code = vote_receipt(session, place)
    visitors = [client, member(), member(Role.MODERATOR), member(Role.STAFF), member(Role.ADMIN), member(email=AUTHOR)]
    for visitor in visitors:
        page = visitor.get(f"/en/receipts/{code}")
        assert state_of(page) == "Counted"
        main = page.one("main")
        assert "A tree" not in main
        assert "isagree" not in page.text
        assert not [address for address in page.links("main a").values() if f"/ideas/{idea}" in address]
        assert f"number: {idea}" not in page.text
        assert ("This receipt is yours." in main) is (visitor is visitors[-1])
    with transact() as session:
        session.execute(delete(Vote))
    page = visitors[-1].get(f"/en/receipts/{code}")
    assert state_of(page) == "Withdrawn"
    assert "This receipt is yours." not in page.one("main")


def test_a_later_revision_is_told(transact: Sessions, client: PageClient, place: Place) -> None:
    with transact() as session:
        idea, first = idea_receipt(session, place)
        row = lock_idea(session, idea)
        row.title, row.text, row.revision = "A long bench", "By the lake", 2
        second = receipt_for_text(
            session,
            kind=ReceiptKind.IDEA,
            subject_id=idea,
            title=row.title,
            text=row.text,
            revision=2,
            now=clock.now(),
        ).code
    assert "Its author has changed the text since." in client.get(f"/en/receipts/{first}").one("main")
    later = client.get(f"/en/receipts/{second}").one("main")
    assert "changed the text since" not in later
    assert "taken something out" not in later


def test_a_redaction_is_told_with_its_reason(transact: Sessions, client: PageClient, place: Place) -> None:
    with transact() as session:
        idea, code = idea_receipt(session, place)
        row = lock_idea(session, idea)
        session.add(
            IdeaRevision(
                idea_id=idea,
                revision=1,
                title=row.title,
                text=row.text,
                language="en",
                written_at=row.submitted_at,
                replaced_at=clock.now(),
                replaced_by=Replacement.REDACTION,
                reason=REASON,
                closed_at=clock.now(),
            )
        )
        row.text, row.revision = "By the […]", 2
        decide(session, place, DecisionKind.REDACT, idea_id=idea)
    main = client.get(f"/en/receipts/{code}").one("main")
    assert f"Moderation has taken something out of the text. Reason: {REASON}" in main
    assert "changed the text since" not in main


def test_a_contribution_whose_place_is_not_public_is_not_linked(
    transact: Sessions, client: PageClient, place: Place
) -> None:
    with transact() as session:
        comment, code = comment_receipt(session, place)
        idea = session.get_one(Comment, comment).idea_id
        session.execute(update(Idea).where(Idea.id == idea).values(state=IdeaState.HIDDEN))
        _own_idea, other = idea_receipt(session, place)
    page = client.get(f"/en/receipts/{code}")
    assert "the idea it belongs to is not public at the moment" in page.one("main")
    assert page.links(".receipt-sheet a") == {}
    assert client.get(f"/en/receipts/{other}").links(".receipt-sheet a") != {}
    with transact() as session:
        session.execute(update(Process).values(state=ProcessState.DRAFT))
    assert client.get(f"/en/receipts/{other}").links(".receipt-sheet a") == {}


def test_entering_a_code(transact: Sessions, client: PageClient, place: Place) -> None:
    with transact() as session:
        _idea, code = idea_receipt(session, place)
    form = client.get("/en/receipt")
    page = client.submit(form, "receipt-form", code=code.replace("-", " ").lower(), status=200)
    assert page.h1 == "This receipt is genuine"
    wrong = ("0" if code[0] != "0" else "1") + code[1:]
    for typed, status, words in (
        (wrong, 422, "This is not the code of a receipt."),
        ("", 422, "This is not the code of a receipt."),
        ("\x00", 422, "This is not the code of a receipt."),
        ("x" * 5000, 422, "This is not the code of a receipt."),
        (new_code(), 404, "We have issued no receipt with this code."),
    ):
        answer = client.submit(form, "receipt-form", code=typed, status=status)
        assert words in " ".join(answer.errors)
        assert client.get(f"/en/receipts/{typed or '-'}".replace("\x00", "_"), status=None).status in (status, 404)
    assert 'value="' + wrong in client.submit(form, "receipt-form", code=wrong).text


def test_codes_stay_where_they_are(transact: Sessions, client: PageClient, member: Member, place: Place) -> None:
    with transact() as session:
        idea, code = idea_receipt(session, place)
    author = member(email=AUTHOR)
    for visitor, address in (
        (client, f"/en/receipts/{code}"),
        (client, f"/en/receipt?code={code}"),
        (client, "/en/receipt"),
        (author, f"/en/receipts/{code}"),
        (author, f"/en/my/receipts/idea/{idea}"),
        (author, f"/en/my/receipts/idea/{idea}/file"),
        (author, "/en/my/contributions"),
    ):
        headers = visitor.get(address).headers
        assert headers["Cache-Control"] == "private, no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Robots-Tag"] == "noindex"
        assert visitor is author or "Set-Cookie" not in headers


def test_a_receipt_is_for_its_author_alone(
    transact: Sessions, client: PageClient, member: Member, place: Place
) -> None:
    with transact() as session:
        numbers = {
            "idea": idea_receipt(session, place)[0],
            "addendum": addendum_receipt(session, place)[0],
            "comment": comment_receipt(session, place)[0],
            "vote": vote_receipt(session, place)[0],
        }
    author = member(email=AUTHOR)
    others = [member(), member(Role.MODERATOR), member(Role.STAFF), member(Role.ADMIN)]
    for kind, number in numbers.items():
        for rest in ("", "/file"):
            address = f"/en/my/receipts/{kind}/{number}{rest}"
            author.get(address)
            author.get(f"{address}?revision=2", status=404)
            client.get(address, status=302)
            for other in others:
                other.get(address, status=404)
    author.get("/en/my/receipts/petition/1", status=404)


STANCES = {Stance.AGREE: "You agree", Stance.DISAGREE: "You disagree", Stance.UNSURE: "You are unsure"}


@pytest.mark.parametrize(("stance", "words"), STANCES.items(), ids=[stance.value for stance in STANCES])
def test_the_voter_alone_sees_what_the_vote_says_now(
    transact: Sessions, client: PageClient, member: Member, place: Place, stance: Stance, words: str
) -> None:
    with transact() as session:
        idea, code = vote_receipt(session, place, stance)
        make.vote(session, place, idea, Stance.AGREE)
    voter, other = member(email=AUTHOR), member()
    page = voter.get(f"/en/my/receipts/vote/{idea}")
    assert page.texts(".page-head strong") == [words]
    # What is printed or handed on says nothing of it.
    assert [one.get("data-no-print") for one in page.select(".page-head p")] == ["", ""]
    for visitor, address in ((voter, f"/en/my/receipts/vote/{idea}/file"), (voter, f"/en/receipts/{code}")):
        assert stance.value not in visitor.get(address).text
    other.get(f"/en/my/receipts/vote/{idea}", status=404)
    with transact() as session:
        session.execute(update(Vote).where(Vote.idea_id == idea).values(stance=Stance.UNSURE))
    assert voter.get(f"/en/my/receipts/vote/{idea}").texts(".page-head strong") == ["You are unsure"]


def test_the_symbol_holds_the_address_of_the_check_page(
    app: Flask, transact: Sessions, client: PageClient, member: Member, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "BASE_URL", "https://take-part.example.org")
    with transact() as session:
        idea, code = idea_receipt(session, place)
    page = member(email=AUTHOR).get(f"/en/my/receipts/idea/{idea}")
    assert "https://take-part.example.org/en/receipt" in page.texts("dd")
    address = f"https://take-part.example.org/en/receipts/{code}"
    code_drawn = segno.make(address, error="m", micro=False)
    size = len(code_drawn.matrix)
    dark = {
        tuple(map(int, square.split("h")[0].split()))
        for square in page.select(".qr-code__squares")[0].get("d").removeprefix("M").split("M")
    }
    assert dark == {(x + 4, y + 4) for y in range(size) for x in range(size) if code_drawn.matrix[y][x]}
    assert page.select(".qr-code")[0].get("viewBox") == f"0 0 {size + 8} {size + 8}"
    assert client.get(address.removeprefix("https://take-part.example.org")).h1 == "This receipt is genuine"


def test_keys_page_before_there_is_one(client: PageClient) -> None:
    assert "There is no key yet." in client.get("/en/receipts/keys").one("main")
    client.get("/en/receipts/keys/" + "0" * 64, status=404)


BUDGETS = {idea_receipt: 7, addendum_receipt: 7, comment_receipt: 6, vote_receipt: 4}


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("make_one", BUDGETS, ids=lambda function: function.__name__)
def test_query_budgets(transact: Sessions, client: PageClient, place: Place, make_one: Any, number: int) -> None:
    with transact() as session:
        codes = [make_one(session, place)[1] for _ in range(number)]
    for code in codes:
        client.get(f"/en/receipts/{code}", budget=BUDGETS[make_one])
    client.get(f"/en/receipts/{new_code()}", budget=1, status=404)
    client.get("/en/receipts/typo", budget=0, status=422)
    client.get("/en/receipts/keys", budget=1)


def test_a_changed_record_is_not_trusted(transact: Sessions, client: PageClient, place: Place) -> None:
    with transact() as session:
        _idea, code = idea_receipt(session, place)
        session.execute(update(Receipt).values(digest="0" * 64))
    page = client.get(f"/en/receipts/{code}")
    assert page.h1 == "This receipt cannot be trusted"
    assert "Does not fit" in page.texts(".receipt-sheet .badge")
