"""My contributions: all of one's own, nothing of others, and the way from each word of thanks to its receipt."""

from collections.abc import Callable

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from participation.accounts.actor import Role
from participation.comments.models import CommentState
from participation.ideas.models import Addendum, Idea, IdeaState
from participation.kit import clock
from participation.listings.own import PAGE
from participation.processes.models import Process, ProcessState
from participation.proposing.models import Draft
from participation.receipts.models import ReceiptKind
from participation.receipts.service import issue_receipt
from participation.voting.models import Stance
from tests import make
from tests.conftest import Sessions
from tests.make import Place
from tests.pages import PageClient

Member = Callable[..., PageClient]
AUTHOR = "author@example.org"
MINE = "/en/my/contributions"


def author_in(session: Session, place: Place) -> int:
    """Return the participant that the author is."""
    return make.participant(session, place, account_id=make.account(session, AUTHOR), pseudonym="Stille Weide")


def draft(session: Session, place: Place, account: int, title: str) -> None:
    """Begin something that is not submitted yet."""
    now = clock.now()
    row = Draft(
        key=f"key-{title}",
        process_id=place.id,
        account_id=account,
        title=title,
        text="Some text",
        language="en",
        choices={},
        opened_at=now,
        changed_at=now,
    )
    session.add(row)


def test_ideas_with_state_addenda_and_receipts(transact: Sessions, member: Member, place: Place) -> None:
    with transact() as session:
        author = author_in(session, place)
        ideas = {
            state: make.idea(session, place, author=author, title=f"Own {state.value}", state=state)
            for state in IdeaState
        }
        make.idea(session, place, title="Somebody else's")
        row = Addendum(
            process_id=place.id,
            idea_id=ideas[IdeaState.PUBLISHED],
            state=IdeaState.IN_REVIEW,
            text="More about it",
            language="en",
            submitted_at=clock.now(),
        )
        session.add(row)
        session.flush()
        for kind, number in ((ReceiptKind.IDEA, ideas[IdeaState.HIDDEN]), (ReceiptKind.ADDENDUM, row.id)):
            issue_receipt(session, kind=kind, subject_id=number, revision=1, digest="", now=clock.now())
        receipts = [f"/en/my/receipts/idea/{ideas[IdeaState.HIDDEN]}", f"/en/my/receipts/addendum/{row.id}"]
    visitor = member(email=AUTHOR)
    page = visitor.get(MINE)
    assert page.texts(".contributions > li > .contribution > .contribution__head") == [
        "Own withdrawn Withdrawn",
        "Own hidden Hidden",
        "Own published",
        "Own in_review In review",
    ]
    assert "More about it" in page.one(".contribution__parts")
    published = ideas[IdeaState.PUBLISHED]
    links = [link.get("href") for link in page.select(".contribution__action")]
    # Of what is hidden the decision can be read.
    assert links.count("/en/my/decisions") == 1
    actions = {link.removeprefix(place.url(language="en")) for link in links if link != "/en/my/decisions"}
    assert actions == {
        f"/ideas/{published}/edit",
        f"/ideas/{published}/withdrawal",
        f"/ideas/{ideas[IdeaState.IN_REVIEW]}/edit",
        f"/ideas/{ideas[IdeaState.IN_REVIEW]}/withdrawal",
    }
    for action in actions:
        visitor.get(place.url(action, language="en"))
    assert [link.get("href") for link in page.select(".contribution__receipt")] == receipts
    for address in receipts:
        assert visitor.get(address).h1 == "Your receipt"
    assert page.texts(".tabs__link") == ["Ideas 4", "Comments 0", "Votes 0"]
    assert "Stille Weide" in page.one("main")


def test_comments_never_show_the_title_of_a_hidden_idea(transact: Sessions, member: Member, place: Place) -> None:
    with transact() as session:
        author = author_in(session, place)
        for state in IdeaState:
            idea = make.idea(session, place, title=f"Foreign {state.value}", state=state)
            make.comment(session, place, idea, author=author, body=f"Comment on {state.value}")
        make.comment(session, place, make.idea(session, place), author=author, state=CommentState.HIDDEN)
        make.comment(session, place, make.idea(session, place), body="Somebody else's")
    page = member(email=AUTHOR).get(f"{MINE}?show=comments")
    unseen = "An idea that is not public at the moment"
    titles = page.texts(".contribution__title")
    assert titles[1:] == ["Foreign withdrawn", unseen, "Foreign published", unseen]
    assert "Somebody" not in page.text
    assert page.texts(".badge") == ["Hidden"]
    assert len(page.select(".contribution__text")) == 5


def test_votes_with_the_own_stance_and_a_trace_of_withdrawn_ideas(
    transact: Sessions, member: Member, place: Place
) -> None:
    with transact() as session:
        author = author_in(session, place)
        for state, stance in zip(
            IdeaState, (Stance.AGREE, Stance.UNSURE, Stance.DISAGREE, Stance.DISAGREE), strict=True
        ):
            idea = make.idea(session, place, title=f"Foreign {state.value}", state=state)
            make.vote(session, place, idea, stance, by=author)
            make.vote(session, place, idea, Stance.AGREE)
            if state is IdeaState.PUBLISHED:
                session.execute(update(Idea).where(Idea.id == idea).values(revision=2))
    page = member(email=AUTHOR).get(f"{MINE}?show=votes")
    unseen = "An idea that is not public at the moment"
    assert page.texts(".contribution__title") == ["Foreign withdrawn", unseen, "Foreign published", unseen]
    assert page.texts(".contribution__stance") == ["You disagree", "You disagree", "You are unsure", "You agree"]
    assert page.texts(".badge") == ["Withdrawn by its author"]
    assert page.texts(".contribution__note") == ["The text of this idea has changed since you voted."]


def test_each_process_apart_and_drafts_in_front(transact: Sessions, member: Member, place: Place) -> None:
    with transact() as session:
        account = make.account(session, AUTHOR)
        make.idea(session, place, author=author_in(session, place), title="Own here")
        other = make.process(session, "other")
        make.idea(session, other, author=author_in(session, other), title="Own there")
        secret = make.process(session, "secret")
        make.idea(session, secret, author=author_in(session, secret), title="Own nowhere")
        session.execute(update(Process).where(Process.id == secret.id).values(state=ProcessState.DRAFT))
        draft(session, place, account, "Half a bench")
        draft(session, place, make.account(session), "Half a tree")
        make.process(session, "third")
    visitor = member(email=AUTHOR)
    here = visitor.get(f"{MINE}?process={place.slug}")
    assert here.texts(".contribution__title") == ["Own here"]
    assert "Half a bench" in here.one(".draft-list")
    assert "Half a tree" not in here.text
    there = visitor.get(here.links(".tabs a")["Process other (en)"])
    assert there.texts(".contribution__title") == ["Own there"]
    for slug in ("third", "secret", "none", ""):
        visitor.get(f"{MINE}?process={slug}", status=404)


@pytest.mark.parametrize("query", ["show=all", "show=", "before=x", "before=-1", "before=", "before=" + "9" * 30])
def test_unknown_wishes_are_refused(member: Member, place: Place, query: str) -> None:
    member(email=AUTHOR).get(f"{MINE}?{query}", status=400)


@pytest.mark.parametrize("shelf", ["ideas", "comments", "votes"])
def test_paging_shows_everything_once(transact: Sessions, member: Member, place: Place, shelf: str) -> None:
    with transact() as session:
        author = author_in(session, place)
        for number in range(2 * PAGE + 1):
            idea = make.idea(session, place, author=author if shelf == "ideas" else None, title=f"Number {number}")
            if shelf == "comments":
                make.comment(session, place, idea, author=author)
            elif shelf == "votes":
                make.vote(session, place, idea, Stance.AGREE, by=author)
    visitor = member(email=AUTHOR)
    address, seen = f"{MINE}?show={shelf}", list[str]()
    while address:
        page = visitor.get(address)
        seen += page.texts(".contribution__title")
        address = page.links("a[rel=next]").get("Next", "")
    assert seen == [f"Number {number}" for number in reversed(range(2 * PAGE + 1))]


def test_somebody_who_has_done_nothing_yet(
    transact: Sessions, member: Member, client: PageClient, place: Place
) -> None:
    assert "You have not taken part in a process yet." in member().get(MINE).one("main")
    client.get(MINE, status=302)
    with transact() as session:
        author_in(session, place)
    page = member(email=AUTHOR).get(f"{MINE}?show=votes")
    assert "You have not voted here yet." in page.one("main")


def test_thanks_lead_to_the_receipt(transact: Sessions, member: Member, place: Place) -> None:
    with transact() as session:
        idea = make.idea(session, place)
    visitor = member(email=AUTHOR)
    page = visitor.get(place.url(f"/ideas/{idea}", language="en"))
    voted = visitor.follow(visitor.submit(page, ".vote-buttons form", press="agree"))
    offer = visitor.get(voted.links(".messages a")["Your receipt"])
    receipt = visitor.follow(visitor.submit(offer, "main form"))
    assert receipt.one(".receipt-sheet h2") == "Vote on an idea"
    # The voter sees the stance beside the receipt; what can be printed or handed on holds nothing of it.
    assert receipt.texts(".page-head strong") == ["You agree"]
    assert "gree" not in receipt.one(".receipt-sheet")
    commented = visitor.follow(visitor.submit(voted, "comment-form", text="A good idea, I think."))
    assert visitor.get(commented.links(".messages a")["Your receipt"]).one(".receipt-sheet h2") == "Comment"
    withdrawn = visitor.follow(visitor.submit(page, ".vote-buttons form", forge={"stance": "none"}))
    assert withdrawn.links(".messages a") == {}
    visitor.get(f"/en/my/receipts/vote/{idea}", status=404)


def test_each_revision_has_its_receipt(transact: Sessions, member: Member, place: Place) -> None:
    with transact() as session:
        idea = make.idea(session, place, author=author_in(session, place))
        codes = [
            issue_receipt(
                session, kind=ReceiptKind.IDEA, subject_id=idea, revision=revision, digest="", now=clock.now()
            ).code
            for revision in (1, 2)
        ]
    visitor = member(email=AUTHOR)
    latest = visitor.get(f"/en/my/receipts/idea/{idea}")
    assert latest.one(".receipt-code") == codes[1]
    assert visitor.get(latest.links(".tabs a")["Revision 1"]).one(".receipt-code") == codes[0]


def test_the_way_there_is_in_the_head_of_every_page(member: Member, client: PageClient, place: Place) -> None:
    assert member().get("/en/").links("header a")["My contributions"] == MINE
    assert "My contributions" not in client.get("/en/").links("header a")
    assert client.get("/en/").links("footer a")["Check a receipt"] == "/en/receipt"


BUDGETS = {"ideas": 11, "comments": 7, "votes": 7}


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("shelf", BUDGETS)
def test_query_budgets(transact: Sessions, member: Member, place: Place, number: int, shelf: str) -> None:
    with transact() as session:
        account = make.account(session, AUTHOR)
        for other in range(number):
            there = make.process(session, f"other-{other}")
            author_in(session, there)
        author = author_in(session, place)
        for count in range(number):
            idea = make.idea(session, place, author=author)
            for kind in ReceiptKind:
                issue_receipt(session, kind=kind, subject_id=idea, revision=1, digest="", now=clock.now())
            row = Addendum(
                process_id=place.id,
                idea_id=idea,
                state=IdeaState.PUBLISHED,
                text="More",
                language="en",
                submitted_at=clock.now(),
            )
            session.add(row)
            make.comment(session, place, idea, author=author)
            make.vote(session, place, idea, Stance.AGREE, by=author)
            draft(session, place, account, f"Draft {count}")
    visitor = member(Role.RESIDENT, email=AUTHOR)
    visitor.get(f"{MINE}?show={shelf}&process={place.slug}", budget=BUDGETS[shelf])
    visitor.get(f"/en/my/receipts/idea/{idea}", budget=5)
    visitor.get(f"/en/my/receipts/vote/{idea}", budget=5, status=None)
