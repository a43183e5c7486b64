"""What moderators hide is gone from every public address at once: pages, lists, searches, feeds, receipts, memory."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import SYSTEM
from participation.comments.models import Comment, CommentRevision, CommentStance, HelpfulMark
from participation.ideas.models import Addendum, Idea, IdeaRevision, IdeaState, Replacement
from participation.ideas.search import index_ideas
from participation.insights.jobs import put_figures
from participation.kit import clock
from participation.moderation.models import DecisionKind
from participation.moderation.service import Subject, decide
from participation.principles.models import District, FieldOfAction
from participation.receipts.models import ReceiptKey, ReceiptKind
from participation.receipts.service import issue_receipt, receipt_for_text
from participation.similarity.memory import memories
from participation.similarity.service import Found, Neighbour, put_neighbours
from participation.voting.models import Stance, Vote
from tests import group_runs, make
from tests.channels import left_out, saying
from tests.conftest import Sessions
from tests.make import Place
from tests.pages import PageClient

Member = Callable[..., PageClient]
TITLE, TEXT, EARLIER = "Zauberbrunnen am Hafen", "Der Brunnen soll leuchten.", "Vorher ein Springquell."
ADDED, PROPOSER = "Nachgereicht: eine Skizze.", "Stille Weide"
COMMENT, ONCE, TALKER = "Unverzichtbar, finde ich.", "Unsinnig, fand ich.", "Leises Moos"
OF_IDEA = (TITLE, TEXT, EARLIER, ADDED, PROPOSER)
OF_COMMENT = (COMMENT, ONCE, TALKER)
# Whoever has the link in a letter, or a receipt's key, learns nothing about contributions.
WITHOUT_CONTENT = {
    "accounts.accept_invitation",
    "accounts.confirm",
    "accounts.reset",
}
QUERIES = {
    "browse.ideas": [
        "?q=zauberbrunnen&explain=1",
        "?q=skizze",
        "?principle=climate&field=mobility&district=north&answered=yes&state=source&language=de",
        *(f"?sort={sort}&explain=1" for sort in ("rotation", "newest", "agreement", "contested", "discussed")),
    ],
    "browse.idea": ["?sort=helpful", "?sort=newest", "?stance=supports"],
    "feeds.ideas": ["?q=zauberbrunnen", "?principle=climate"],
    "mine.contributions": ["?show=comments", "?show=votes"],
    "receipts.enter": ["?code=nonsense"],
    "results.ideas": ["?sort=contested", "?principle=climate"],
}


@dataclass(frozen=True, slots=True)
class Scene:
    """An idea and a comment with everything around them, and what stands in the addresses that can speak of them."""

    idea: int
    comment: int
    values: dict[str, Any]


@pytest.fixture(autouse=True)
def forgetful() -> Iterator[None]:
    """Databases of tests are alike: nothing of similar ideas is carried over."""
    memories.forget()
    yield
    memories.forget()


@pytest.fixture
def around(transact: Sessions) -> Scene:
    """The scene: ``reader@example.org`` has a draft much like the idea, and voted and commented on it."""
    with transact() as session:
        place = make.process(session)
        idea = _idea(session, place)
        other = make.idea(session, place, title="Trinkbrunnen am Hafen", body="Am Hafen.", principles=["climate"])
        _neighbours(session, place, idea, other)
        comment = _comment(session, place, idea)
        reader = make.account(session, "reader@example.org")
        voter = make.participant(session, place, account_id=reader, pseudonym="Wache Linde")
        make.vote(session, place, idea, Stance.AGREE, by=voter)
        answer = make.comment(session, place, idea, author=voter, parent_id=comment, body="Danke.")
        make.comment(session, place, idea, parent_id=answer, body="Gern.")
        key = make.draft(session, place, reader, title="Zauberbrunnen", body="Ein Brunnen am Hafen soll leuchten.")
        cluster = make.cluster(session, place, ideas=[idea, other])
        statement = make.statement(session, place, [cluster])
        make.answer(session, idea_id=idea)
        group_runs.stored(session, place, group_runs.two_groups([idea, other] * 2), group_runs.steady([idea]))
        put_figures(session, place.id, zone=clock.zone("Europe/Berlin"), now=clock.now())
        vote = session.scalars(select(Vote.id).where(Vote.participant_id == voter)).one()
        codes = _receipts(session, idea, comment, vote)
        values = {
            "slug": place.slug,
            "idea_id": [idea, other],
            "comment_id": [comment, answer],
            "statement_id": statement,
            "cluster_id": cluster,
            "principle_key": "climate",
            "criterion_key": "rights",
            "value_key": "fairness",
            "method": "next-idea",
            "release": 1,
            "file_format": ["csv", "json"],
            "key": key,
            "code": codes,
            "kind": [kind.value for kind in ReceiptKind],
            "number": [idea, comment],
            "fingerprint": session.scalars(select(ReceiptKey.fingerprint)).one(),
        }
    return Scene(idea, comment, values)


def _idea(session: Session, place: Place) -> int:
    def first(table: Any, key: str) -> int:
        found: int = session.scalars(
            select(table.id).where(table.framework_id == place.framework_id, table.key == key)
        ).one()
        return found

    author = make.participant(session, place, account_id=make.account(session), pseudonym=PROPOSER)
    idea = make.idea(
        session,
        place,
        author=author,
        title=TITLE,
        body=TEXT,
        principles=["climate"],
        district_id=first(District, "north"),
        field_id=first(FieldOfAction, "mobility"),
    )
    now = clock.now()
    session.add(
        IdeaRevision(
            idea_id=idea,
            revision=1,
            title=TITLE,
            text=EARLIER,
            language="de",
            written_at=now,
            replaced_at=now,
            replaced_by=Replacement.EDIT,
        )
    )
    session.get_one(Idea, idea).revision = 2
    session.add(
        Addendum(
            process_id=place.id,
            idea_id=idea,
            state=IdeaState.PUBLISHED,
            text=ADDED,
            language="de",
            submitted_at=now,
            published_at=now,
        )
    )
    session.flush()
    index_ideas(session, [idea])
    make.votes(session, place, idea, agree=3, disagree=2)
    return idea


def _neighbours(session: Session, place: Place, idea: int, other: int) -> None:
    near = Neighbour(other, 1, 0.9, True, ("Hafen",))
    back = Neighbour(idea, 2, 0.9, True, ("Zauberbrunnen",))
    found = [Found(other, 1, (back,), (near,)), Found(idea, 2, (near,), (back,))]
    put_neighbours(session, place.id, found, method="test", now=clock.now())


def _comment(session: Session, place: Place, idea: int) -> int:
    talker = make.participant(session, place, account_id=make.account(session), pseudonym=TALKER)
    comment = make.comment(session, place, idea, author=talker, body=COMMENT)
    row = session.get_one(Comment, comment)
    row.stance, row.edited_at, row.helpful = CommentStance.SUPPORTS, clock.now(), 1
    session.add(CommentRevision(comment_id=comment, text=ONCE, written_at=clock.now(), replaced_at=clock.now()))
    session.add(HelpfulMark(comment_id=comment, participant_id=make.participant(session, place), marked_at=clock.now()))
    session.flush()
    return comment


def _receipts(session: Session, idea: int, comment: int, vote: int) -> list[str]:
    now = clock.now()
    addendum = session.scalars(select(Addendum.id).where(Addendum.idea_id == idea)).one()
    receipts = [
        receipt_for_text(session, kind=ReceiptKind.IDEA, subject_id=idea, title=TITLE, text=TEXT, revision=2, now=now),
        receipt_for_text(session, kind=ReceiptKind.ADDENDUM, subject_id=addendum, text=ADDED, now=now),
        receipt_for_text(session, kind=ReceiptKind.COMMENT, subject_id=comment, text=COMMENT, now=now),
        issue_receipt(session, kind=ReceiptKind.VOTE, subject_id=vote, revision=1, digest="", now=now),
    ]
    return [receipt.code for receipt in receipts]


def hide(transact: Sessions, kind: str, number: int) -> None:
    """Let moderators hide something."""
    with transact() as session:
        subject = Subject(kind, number)
        decide(session, SYSTEM, subject=subject, kind=DecisionKind.HIDE, reason="Against the rules", now=clock.now())


def test_every_route_is_looked_at(app: Flask, around: Scene) -> None:
    assert left_out(app, {**around.values, "path": "", "filename": ""}) == WITHOUT_CONTENT


def test_a_hidden_idea_is_nowhere(
    app: Flask, cached: PageClient, member: Member, transact: Sessions, around: Scene
) -> None:
    link = f"/ideas/{around.idea}"
    ways = tuple(f"{link}{end}" for end in '"#/?&')
    words = (*OF_IDEA, *OF_COMMENT)
    before = saying(app, cached, around.values, *words, *ways[:3], queries=QUERIES)
    assert {word for said in before.values() for word in said} == {*words, *ways[:3]}
    reader = member(email="reader@example.org")
    seen = {address.rpartition("/")[2] for address in saying(app, reader, around.values, TITLE, queries=QUERIES)}
    assert {"similar", "ideas.atom", "contributions?show=votes", "history", str(around.idea)} <= seen
    hide(transact, "idea", around.idea)
    for visitor in (cached, member(email="somebody@example.org"), reader):
        left = saying(app, visitor, around.values, *words, *ways, queries=QUERIES)
        # Its own address, where there is nothing any more, offers itself in other languages.
        own = {address for address in left if link in address and not {*left[address]} & {*words}}
        assert {address: said for address, said in left.items() if address not in own} == {}


def test_a_hidden_comment_is_nowhere(
    app: Flask, cached: PageClient, member: Member, transact: Sessions, around: Scene
) -> None:
    before = saying(app, cached, around.values, *OF_COMMENT, queries=QUERIES)
    assert {word for said in before.values() for word in said} == set(OF_COMMENT)
    reader = member(email="reader@example.org")
    hide(transact, "comment", around.comment)
    for visitor in (cached, member(email="somebody@example.org"), reader):
        assert saying(app, visitor, around.values, *OF_COMMENT, queries=QUERIES) == {}
        page = visitor.get(f"/en/processes/digital/ideas/{around.idea}")
        assert "For the idea" not in page.one("#comments"), "its stance counts nowhere"
