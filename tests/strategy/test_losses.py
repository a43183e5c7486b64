"""Sources that are gone leave a tombstone, take their quotes away and reopen sign-offs; what comes back ends that."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.comments.events import CommentHidden
from participation.comments.models import Comment, CommentState
from participation.ideas.events import IdeaHidden
from participation.ideas.models import Idea, IdeaRevision, IdeaState, Replacement
from participation.kit import clock
from participation.strategy.models import LossReason, LostSource, SignOff, SourceKind, Statement
from participation.strategy.statements import watching
from participation.strategy.statements.content import content_in_force
from participation.strategy.statements.losses import has_news, losses_of, review_sources, traces_of
from participation.strategy.statements.quoting import drop_quote, quote_source
from participation.strategy.statements.service import sign_off, submit_statement
from tests import make
from tests.conftest import Sessions

LATER = datetime(2030, 5, 3, 10, tzinfo=UTC)
Change = Callable[[Session, dict[str, int]], None]


def signed(session: Session) -> dict[str, int]:
    """Return a statement that was signed off, with an idea that it quotes, one more, and a comment that it quotes."""
    place = make.process(session)
    quoted, other = make.idea(session, place, body="Plant trees in every street"), make.idea(session, place)
    comment = make.comment(session, place, quoted, body="And benches below them")
    statement = make.statement(session, place, [make.cluster(session, place, ideas=[quoted, other])], published=False)
    writer = make.team_member(session, place, "writer")
    for kind, source, words in (
        (SourceKind.IDEA, quoted, "every street"),
        (SourceKind.COMMENT, comment, "benches below"),
    ):
        quote_source(
            session,
            writer,
            statement_id=statement,
            kind=kind,
            source_id=source,
            pasted=words,
            now=clock.now(),
        )
    submit_statement(session, writer, statement_id=statement, now=clock.now())
    sign_off(session, make.team_member(session, place, "signer"), statement_id=statement, now=clock.now())
    return {"place": place.id, "quoted": quoted, "other": other, "comment": comment, "statement": statement}


def _state(name: str, state: IdeaState) -> Change:
    def change(session: Session, ids: dict[str, int]) -> None:
        session.get_one(Idea, ids[name]).state = state

    return change


def _comment_state(state: CommentState) -> Change:
    def change(session: Session, ids: dict[str, int]) -> None:
        session.get_one(Comment, ids["comment"]).state = state

    return change


def _reword(*, closed: bool) -> Change:
    def change(session: Session, ids: dict[str, int]) -> None:
        idea = session.get_one(Idea, ids["quoted"])
        kept = IdeaRevision(
            idea_id=idea.id,
            revision=idea.revision,
            title=idea.title,
            text=idea.text,
            language=idea.language,
            written_at=idea.submitted_at,
            replaced_at=clock.now(),
            replaced_by=Replacement.EDIT,
            closed_at=clock.now() if closed else None,
        )
        session.add(kept)
        idea.text, idea.revision = "Plant bushes", idea.revision + 1

    return change


def _reword_comment(session: Session, ids: dict[str, int]) -> None:
    session.get_one(Comment, ids["comment"]).text = "And tables below them"


QUOTED, OTHER, COMMENT = (SourceKind.IDEA, "quoted"), (SourceKind.IDEA, "other"), (SourceKind.COMMENT, "comment")
CASES: dict[str, tuple[Change, set[tuple[Any, ...]]]] = {
    "hidden": (_state("other", IdeaState.HIDDEN), {(*OTHER, False, LossReason.HIDDEN)}),
    "taken back": (_state("other", IdeaState.WITHDRAWN), {(*OTHER, False, LossReason.WITHDRAWN)}),
    "hidden with its comment": (
        _state("quoted", IdeaState.HIDDEN),
        {(*QUOTED, True, LossReason.HIDDEN), (*COMMENT, True, LossReason.HIDDEN)},
    ),
    "in review again": (_state("other", IdeaState.IN_REVIEW), {(*OTHER, False, LossReason.HIDDEN)}),
    "redacted": (_reword(closed=True), {(*QUOTED, True, LossReason.CHANGED)}),
    "edited": (_reword(closed=False), set()),
    "comment hidden": (_comment_state(CommentState.HIDDEN), {(*COMMENT, True, LossReason.HIDDEN)}),
    "comment deleted": (_comment_state(CommentState.WITHDRAWN), {(*COMMENT, True, LossReason.WITHDRAWN)}),
    "comment edited": (_reword_comment, {(*COMMENT, True, LossReason.CHANGED)}),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_gone_leaves_a_tombstone_and_reopens_the_sign_off(transact: Sessions, case: str) -> None:
    change, expected = CASES[case]
    with transact() as session:
        ids = signed(session)
        assert review_sources(session, now=LATER) == 0
        change(session, ids)
        session.flush()
        assert has_news(session, process_id=ids["place"]) is bool(expected)
        assert review_sources(session, process_id=ids["place"], now=LATER) == (1 if expected else 0)
        # Twice is the same as once.
        assert review_sources(session, now=LATER) == 0
        assert not has_news(session, process_id=ids["place"])
        names = {(kind, ids[name]): name for kind, name in (QUOTED, OTHER, COMMENT)}
        rows = session.scalars(select(LostSource)).all()
        assert {
            (row.source_kind, names[row.source_kind, row.source_id], row.was_quoted, row.reason) for row in rows
        } == expected
        statement, signature = session.get_one(Statement, ids["statement"]), session.scalars(select(SignOff)).one()
        assert (statement.reopened_at, signature.reopened_at) == ((LATER, LATER) if expected else (None, None))
        assert {trace.since for trace in traces_of(session, ids["statement"])} == ({LATER} if expected else set())


def test_what_comes_back_is_not_lost_any_more(transact: Sessions) -> None:
    with transact() as session:
        ids = signed(session)
        _state("other", IdeaState.HIDDEN)(session, ids)
        session.flush()
        review_sources(session, kind=SourceKind.IDEA, source_id=ids["other"], now=LATER)
        _state("other", IdeaState.PUBLISHED)(session, ids)
        session.flush()
        review_sources(session, kind=SourceKind.IDEA, source_id=ids["other"], now=LATER)
        assert session.scalars(select(LostSource.returned_at)).all() == [LATER]
        assert losses_of(session, [ids["statement"]]) == {ids["statement"]: ()}
        # Only a person says that it rests on the same again.
        assert session.get_one(Statement, ids["statement"]).reopened_at == LATER


def test_another_sign_off_without_the_lost_quote_ends_the_reopening(transact: Sessions) -> None:
    with transact() as session:
        ids = signed(session)
        _comment_state(CommentState.HIDDEN)(session, ids)
        _state("other", IdeaState.HIDDEN)(session, ids)
        session.flush()
        review_sources(session, now=LATER)
        place = make.Place(ids["place"], "digital", 0)
        writer, row = make.team_member(session, place, "writer"), session.get_one(Statement, ids["statement"])
        lost = content_in_force(session, row).quotes[1]
        drop_quote(session, writer, statement_id=row.id, place=lost, now=LATER)
        submit_statement(session, writer, statement_id=row.id, now=LATER)
        sign_off(session, make.team_member(session, place, "signer"), statement_id=row.id, now=LATER)
        assert (row.reopened_at, row.revision) == (None, 2)
        assert review_sources(session, now=LATER) == 0
        # The tombstones stay, for as long as their sources are gone.
        assert {loss.source_id for loss in losses_of(session, [row.id])[row.id]} == {ids["comment"], ids["other"]}


def test_drafts_and_other_statements_are_left_alone(transact: Sessions) -> None:
    with transact() as session:
        ids = signed(session)
        place = make.Place(ids["place"], "digital", 0)
        theirs = make.statement(session, place, [make.cluster(session, place, ideas=[make.idea(session, place)])])
        draft = make.statement(session, place, [make.cluster(session, place, ideas=[ids["other"]])], published=False)
        _state("other", IdeaState.HIDDEN)(session, ids)
        session.flush()
        review_sources(session, kind=SourceKind.IDEA, source_id=ids["other"], now=LATER)
        assert session.scalars(select(LostSource.statement_id)).all() == [ids["statement"]]
        assert {session.get_one(Statement, id_).reopened_at for id_ in (theirs, draft)} == {None}


@pytest.mark.parametrize("name", ["other", "comment"])
def test_the_worker_looks_when_something_happens_and_by_the_clock(
    app: Flask, transact: Sessions, database: Sessions, name: str
) -> None:
    with transact() as session:
        ids = signed(session)
    happened: dict[str, tuple[Change, Callable[[], None]]] = {
        "other": (
            _state("other", IdeaState.HIDDEN),
            lambda: watching.look_at_idea(IdeaHidden(ids["other"])),
        ),
        "comment": (
            _comment_state(CommentState.HIDDEN),
            lambda: watching.look_at_comment(CommentHidden(ids["comment"])),
        ),
    }
    change, look = happened[name]
    for run in (look, lambda: watching.look_at_all(lambda: None)):
        with transact() as session:
            for row in session.scalars(select(LostSource)):
                session.delete(row)
            change(session, ids)
        with app.app_context():
            run()
        with database() as session:
            assert session.scalars(select(LostSource.source_id)).all() == [ids[name]]
