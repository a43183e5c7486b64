"""What moderators hide is gone from every public address at once: pages, lists, searches, feeds, receipts, memory."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from participation.accounts.actor import SYSTEM, Role
from participation.activity.models import Delivery, DeliveryState, Job, LogEntry, RecordedEvent
from participation.activity.worker import run_due_job
from participation.cases.models import Case, CaseKind, SubjectKind
from participation.comments.models import Comment, CommentRevision, CommentStance, HelpfulMark
from participation.curation.bundling.service import bundle_ideas
from participation.curation.models import Bundle
from participation.exports.opendata.jobs import OPEN_DATA_JOB, renew_releases, run_release
from participation.ideas.models import Addendum, Idea, IdeaRevision, IdeaState, Replacement
from participation.ideas.search import index_ideas
from participation.insights.jobs import put_figures
from participation.kit import clock
from participation.moderation.messages.conversations import contribution
from participation.moderation.messages.service import write_to_author
from participation.moderation.models import DecisionKind
from participation.moderation.service import Subject, decide
from participation.notifications.models import EntryKind
from participation.notifications.service import tell
from participation.principles.models import District, FieldOfAction
from participation.receipts.models import ReceiptKey, ReceiptKind
from participation.receipts.service import issue_receipt, receipt_for_text
from participation.similarity.memory import memories
from participation.similarity.service import Found, Neighbour, put_neighbours
from participation.strategy.models import SourceKind
from participation.strategy.statements.quoting import quote_source
from participation.strategy.statements.service import sign_off, submit_statement
from participation.voting.models import Stance, Vote
from participation.wordings.models import WordingState
from tests import group_runs, make
from tests.browse.afterwards import commanded, exported, mailed
from tests.channels import left_out, saying
from tests.conftest import Sessions
from tests.make import Place
from tests.pages import PageClient

Member = Callable[..., PageClient]
TITLE, TEXT, EARLIER = "Zauberbrunnen am Hafen", "Der Brunnen soll leuchten.", "Vorher ein Springquell."
ADDED, PROPOSER = "Nachgereicht: eine Skizze.", "Stille Weide"
COMMENT, ONCE, TALKER = "Unverzichtbar, finde ich.", "Unsinnig, fand ich.", "Leises Moos"
OBJECTION = "Zu teuer, sage ich."
WORDED_TITLE, WORDED_TEXT, WORDED_COMMENT = "Rıhtımda sihirli çeşme", "Çeşme ışık saçsın.", "Bence vazgeçilmez."
OF_IDEA = (TITLE, TEXT, EARLIER, ADDED, PROPOSER, OBJECTION, WORDED_TITLE, WORDED_TEXT)
OF_COMMENT = (COMMENT, ONCE, TALKER)
# Whoever has the link in a letter, or a receipt's key, learns nothing about contributions.
WITHOUT_CONTENT = {
    "accounts.accept_invitation",
    "accounts.confirm",
    "accounts.reset",
    "notifications.unsubscribe",
}
QUERIES = {
    "api.ideas": ["?q=zauberbrunnen", "?principle=climate&field=mobility&answered=yes", "?sort=agreement"],
    "browse.ideas": [
        "?q=zauberbrunnen&explain=1",
        "?q=skizze",
        "?principle=climate&field=mobility&district=north&answered=yes&state=source&language=de",
        *(f"?sort={sort}&explain=1" for sort in ("rotation", "newest", "agreement", "contested", "discussed")),
    ],
    "browse.idea": ["?sort=helpful", "?sort=newest", "?stance=supports"],
    "documents.document": ["?by=field", "?by=order", "?version=1", "?since=0"],
    "feeds.ideas": ["?q=zauberbrunnen", "?principle=climate"],
    "matrix.overview": ["?statement=1"],
    "mine.contributions": ["?show=comments", "?show=votes", "?show=wordings"],
    "receipts.enter": ["?code=nonsense"],
    "results.ideas": ["?sort=contested", "?principle=climate"],
    "suggesting.comment": ["?into=tr"],
    "suggesting.idea": ["?into=tr"],
}
# What stands in addresses whatever was made.
FIXED_VALUES: dict[str, Any] = {
    "subject": ["ideas", "comments", "addenda"],
    "about": ["ideas", "bundles", "statements"],
    "principle_key": "climate",
    "criterion_key": "rights",
    "value_key": "fairness",
    "method": "next-idea",
    "function": "vote",
    "release": 1,
    "legal_kind": ["rules", "privacy"],
    "gap_id": 1,
    "file_name": "none.mp4",
    "version": 1,
    "name": ["ideas.jsonl", "comments.csv", "provenance.csv"],
    "record_format": ["rdf", "ttl", "jsonld"],
    "file_format": ["csv", "json"],
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
def around(app: Flask, transact: Sessions) -> Scene:
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
        reply = make.comment(session, place, idea, parent_id=answer, body="Gern.")
        tell(session, [reader], EntryKind.REPLY, reply, process_id=place.id, now=clock.now())
        key = make.draft(session, place, reader, title="Zauberbrunnen", body="Ein Brunnen am Hafen soll leuchten.")
        cluster = make.cluster(session, place, ideas=[idea, other])
        objection = make.comment(session, place, idea, body=OBJECTION)
        session.get_one(Comment, objection).stance = CommentStance.OBJECTS
        statement = _quoting(session, place, cluster, idea, comment)
        make.suggestions(session, place, idea, other, [cluster], word="Zauberbrunnen")
        answered = make.answer(session, idea_id=idea)
        make.referral(session, idea_id=idea)
        group_runs.stored(session, place, group_runs.two_groups([idea, other] * 2), group_runs.steady([idea]))
        put_figures(session, place.id, zone=clock.zone("Europe/Berlin"), now=clock.now())
        vote = session.scalars(select(Vote.id).where(Vote.participant_id == voter)).one()
        codes = _receipts(session, idea, comment, vote)
        message = _curated(session, place, idea, other, answer)
        decision, appeal = make.objection(session, answer)
        values = {
            **FIXED_VALUES,
            "slug": place.slug,
            "public_id": make.intake_run(session, place, reader),
            "bundle_id": session.scalars(select(Bundle.id)).first(),
            "answer_id": answered,
            "measure_id": make.measure(session, answered),
            "message_id": message,
            "case_id": 1,
            "decision_id": decision,
            "appeal_id": appeal,
            "idea_id": [idea, other],
            "comment_id": [comment, answer],
            "statement_id": statement,
            "cluster_id": cluster,
            "block_id": make.text_block(session, place),
            "key": key,
            "code": codes,
            "kind": [kind.value for kind in ReceiptKind],
            "number": [idea, comment],
            "fingerprint": session.scalars(select(ReceiptKey.fingerprint)).one(),
            "wording_id": _worded(session, idea, comment, voter),
            **_reported(session, place, idea, comment),
        }
    _open_data(app)
    return Scene(idea, comment, values)


def _open_data(app: Flask) -> None:
    with app.app_context():
        renew_releases(lambda: None)
        while run_due_job({OPEN_DATA_JOB: run_release}):
            pass


def _worded(session: Session, idea: int, comment: int, voter: int) -> list[int]:
    """Return wordings in a language that no page here is in: two that are shown, and one that waits."""
    return [
        make.wording(session, idea, title=WORDED_TITLE, body=WORDED_TEXT, author=voter),
        make.wording(session, comment, kind=SubjectKind.COMMENT, body=WORDED_COMMENT, provider="libretranslate"),
        make.wording(session, idea, title="Fıskiye", body="Başka türlü", author=voter, state=WordingState.WAITING),
    ]


def _reported(session: Session, place: Place, idea: int, comment: int) -> dict[str, Any]:
    addendum = session.scalars(select(Addendum.id).where(Addendum.idea_id == idea)).one()
    about = ((SubjectKind.IDEA, idea), (SubjectKind.COMMENT, comment), (SubjectKind.ADDENDUM, addendum))
    return {
        "addendum_id": addendum,
        "report_id": make.barrier(session),
        "barrier_code": make.barrier_codes(session),
        "notice_code": [make.notice(session, place, number, kind) for kind, number in about],
        "evidence_id": [make.evidence(session, place, number, kind) for kind, number in about],
    }


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


def _curated(session: Session, place: Place, idea: int, other: int, answer: int) -> int:
    """Bundle the ideas, say that the one is answered in the other, and write to the author of an answer."""
    now = clock.now()
    bundle_ideas(session, SYSTEM, idea_ids=[idea, other], now=now)
    place_of_answer = {"idea": idea}
    subject = Subject("idea", other)
    decide(session, SYSTEM, subject=subject, kind=DecisionKind.ELSEWHERE, details=place_of_answer, now=now)
    about = contribution(session, place.id, SubjectKind.COMMENT, answer)
    said = {"text": "Thank you", "language": "en", "submission_key": "thanks"}
    return write_to_author(session, SYSTEM, about=about, **said, now=now).id


def _quoting(session: Session, place: Place, cluster: int, idea: int, comment: int) -> int:
    """Return a statement that was signed off with words of the idea and of the comment."""
    statement = make.statement(session, place, [cluster], published=False)
    options: dict[str, Any] = {"statement_id": statement, "now": clock.now()}
    writer = make.team_member(session, place, "writer")
    for kind, source, words in ((SourceKind.IDEA, idea, TEXT), (SourceKind.COMMENT, comment, COMMENT)):
        quote_source(session, writer, kind=kind, source_id=source, pasted=words, **options)
    submit_statement(session, writer, **options)
    sign_off(session, make.team_member(session, place, "signer"), **options)
    return statement


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


def hide(moderator: PageClient, database: Sessions, *subjects: tuple[SubjectKind, int]) -> None:
    """Let a moderator hide what somebody reported, one after the other, with the form of its case in the queue."""
    for kind, number in subjects:
        with database() as session:
            reported = Case.kind == CaseKind.NOTICE
            about = select(Case.id).where(reported, Case.subject_kind == kind, Case.subject_id == number)
            case = session.scalars(about.where(Case.closed_at.is_(None))).one()
        page = moderator.get(f"/en/desk/processes/digital/cases/{case}")
        why: dict[str, Any] = {"reason": "Against the rules", "ground": "rule-respect"}
        moderator.submit(page, "#do-h form", press="hide", status=303, **why)


def test_every_route_is_looked_at(app: Flask, around: Scene) -> None:
    assert left_out(app, {**around.values, "path": "", "filename": ""}) == WITHOUT_CONTENT


def walkers(database_kind: str, *, reader: PageClient, others: Sequence[PageClient]) -> Sequence[PageClient]:
    """Return who walks: all on SQLite; on PostgreSQL, where only the rows could be others, the one who sees most."""
    return [reader] if database_kind == "postgres" else [*others, reader]


def test_a_hidden_idea_is_nowhere(
    app: Flask, cached: PageClient, member: Member, database: Sessions, database_kind: str, around: Scene
) -> None:
    link = f"/ideas/{around.idea}"
    ways = tuple(f"{link}{end}" for end in '"#/?&')
    words = (*OF_IDEA, *OF_COMMENT)
    reader = member(email="reader@example.org")
    seen: set[str] = set()
    for visitor in walkers(database_kind, reader=reader, others=[cached]):
        before = saying(app, visitor, around.values, *words, *ways[:3], queries=QUERIES)
        assert {word for said in before.values() for word in said} == {*words, *ways[:3]}
        seen = {address.rpartition("/")[2] for address, said in before.items() if TITLE in said}
    places = {"similar", "inbox", "decisions", "ideas.atom", "contributions?show=votes", "history", str(around.idea)}
    assert places <= seen
    hide(member(Role.MODERATOR), database, (SubjectKind.IDEA, around.idea))
    others = [cached, member(email="somebody@example.org")]
    for visitor in walkers(database_kind, reader=reader, others=others):
        left = saying(app, visitor, around.values, *words, *ways, queries=QUERIES)
        # Its own address, where there is nothing any more, offers itself in other languages.
        own = {address for address in left if link in address and not {*left[address]} & {*words}}
        assert {address: said for address, said in left.items() if address not in own} == {}


def test_a_hidden_comment_and_a_hidden_addendum_are_nowhere(
    app: Flask, cached: PageClient, member: Member, database: Sessions, database_kind: str, around: Scene
) -> None:
    words = (*OF_COMMENT, ADDED)
    reader, others = member(email="reader@example.org"), [cached, member(email="somebody@example.org")]
    # The first to walk afterwards too, so that what is kept in memory could be noticed.
    first = walkers(database_kind, reader=reader, others=others)[0]
    before = saying(app, first, around.values, *words, queries=QUERIES)
    assert {word for said in before.values() for word in said} == set(words)
    assert WORDED_COMMENT in cached.get(f"/tr/processes/digital/ideas/{around.idea}").text
    addendum = around.values["addendum_id"]
    hide(member(Role.MODERATOR), database, (SubjectKind.COMMENT, around.comment), (SubjectKind.ADDENDUM, addendum))
    for visitor in walkers(database_kind, reader=reader, others=others):
        assert saying(app, visitor, around.values, *words, queries=QUERIES) == {}
        page = visitor.get(f"/en/processes/digital/ideas/{around.idea}")
        assert "For the idea" not in page.one("#comments"), "its stance counts nowhere"
        assert WORDED_COMMENT not in visitor.get(f"/tr/processes/digital/ideas/{around.idea}").text


def test_what_is_written_afterwards_says_nothing_of_it(
    app: Flask, member: Member, transact: Sessions, database: Sessions, around: Scene, tmp_path: Path
) -> None:
    words = (*OF_IDEA, *OF_COMMENT)
    told = (TITLE, COMMENT, TALKER)
    before = exported(app, tmp_path / "before") + mailed(app, transact) + commanded(app)
    assert [word for word in (*told, TEXT) if word not in before] == []
    hide(member(Role.MODERATOR), database, (SubjectKind.IDEA, around.idea), (SubjectKind.COMMENT, around.comment))
    after = exported(app, tmp_path / "after") + mailed(app, transact) + commanded(app)
    assert [word for word in words if word in after] == []
    with database() as session:
        assert session.scalar(select(func.count()).where(Delivery.state == DeliveryState.DEAD)) == 0
        rows = [row for table in (RecordedEvent, Delivery, Job, LogEntry) for row in session.scalars(select(table))]
        kept = str([row.__dict__ for row in rows])
    assert [word for word in (*words, "Against the rules", "@example.org") if word in kept] == []
