"""Processes in every state, one of them with everything that a page tells apart."""

from datetime import timedelta
from itertools import product
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import Role
from participation.accounts.models import Account
from participation.comments.models import Comment, CommentRevision, CommentStance, CommentState, Voice
from participation.exports.models import Export, ExportState
from participation.ideas.models import Idea, IdeaSource, IdeaState
from participation.insights.jobs import put_figures
from participation.kit import clock
from participation.moderation.models import Decision, DecisionKind
from participation.principles.models import District, FieldOfAction
from participation.processes.models import Capability, PhaseKind, ProcessState
from participation.receipts.models import ReceiptKind
from participation.receipts.service import issue_receipt
from participation.strategy.models import AnswerOutcome
from participation.voting.models import Stance, Vote
from tests import group_runs, log_releases, make, revisions, self_descriptions
from tests.points import give

BUSY = "busy"
EARLIER, MONTH = timedelta(days=3), timedelta(days=30)


def fill(session: Session) -> None:
    """Make processes in every state, one of them with everything in every state that a page tells apart."""
    now = clock.now()
    # Those who will look; whoever else comes along later is only there to be counted.
    visitors = session.scalars(select(Account.id)).all()
    place = make.process(session, BUSY, review_first=True)
    _busy(session, place)
    make.process(session, "empty")
    make.process(session, "draft", state=ProcessState.DRAFT)
    make.process(session, "archived", state=ProcessState.ARCHIVED)
    quiet = make.process(session, "quiet", hides_results=True, allows=frozenset({Capability.COMMENT}))
    make.votes(session, quiet, make.idea(session, quiet), agree=3)
    make.phase(session, quiet, kind=PhaseKind.VOTE, starts_at=now + 2 * MONTH, ends_at=now + 3 * MONTH)
    over = make.process(session, "over", starts_at=now - 2 * MONTH, ends_at=now - MONTH)
    make.comment(session, over, make.idea(session, over))
    # One that says the same as an idea, and one that lacks something and gives away a name and an address.
    make.idea(session, place, title="Telescope", body="Telescope")
    for account_id, where in product(visitors, (place, over)):
        make.draft(session, where, account_id, title="Telescope", body="Telescope")
        make.draft(session, where, account_id, title="Frau Muster", body="a.b@example.org", not_sure=False)
    make.process(session, "soon", starts_at=now + timedelta(hours=5), ends_at=now + MONTH)


def _busy(session: Session, place: make.Place) -> None:
    now = clock.now()
    people = [make.participant(session, place, account_id=account) for account in session.scalars(select(Account.id))]
    district, field = session.scalar(select(District.id)), session.scalar(select(FieldOfAction.id))
    tagged = make.idea(
        session, place, author=people[0], principles=["innovation"], district_id=district, field_id=field, language="tr"
    )
    imported = make.idea(session, place, source=IdeaSource.IMPORTED, external_id="P-17")
    for idea_state in IdeaState:
        idea = make.idea(session, place, author=people[0], state=idea_state, at=now - EARLIER)
        if idea_state is IdeaState.HIDDEN:
            _hide(session, place, idea_id=idea)
    for comment_state in CommentState:
        comment = make.comment(session, place, tagged, author=people[0], state=comment_state, at=now - EARLIER)
        make.comment(session, place, tagged, parent_id=comment)
        if comment_state is CommentState.HIDDEN:
            _hide(session, place, comment_id=comment)
    _speak(session, place, tagged, people[0])
    revisions.revised(session, tagged, "A name", "Telescope", closed=["A name"])
    for addendum_state in (IdeaState.PUBLISHED, IdeaState.IN_REVIEW, IdeaState.HIDDEN):
        addendum = revisions.addendum(session, place, tagged, state=addendum_state)
        if addendum_state is IdeaState.HIDDEN:
            _hide(session, place, addendum_id=addendum)
    make.votes(session, place, tagged, agree=7, unsure=2, disagree=4)
    make.vote(session, place, imported, Stance.AGREE, by=people[0])
    for account_id in session.scalars(select(Account.id)).all():
        give(session, place, {tagged: 1, imported: 3}, account_id=account_id)
    give(session, place, {tagged: 1})
    _give_receipts(session, people[0])
    theme = make.cluster(session, place, ideas=[tagged, imported])
    make.cluster(session, place, title="Empty theme")
    make.answer(session, statement_id=make.statement(session, place, [theme]))
    make.touches(session, place, tagged, ["everybody", "water", "peace"])
    make.answer(session, idea_id=tagged, outcome=AnswerOutcome.PARTLY)
    make.answer(session, idea_id=tagged)
    ideas = [tagged, imported, tagged, imported]
    group_runs.stored(session, place, group_runs.two_groups(ideas), group_runs.shaken(ideas))
    make.statement(session, place, [theme], published=False)
    self_descriptions.figures(session, place)
    put_figures(session, place.id, zone=clock.zone("Europe/Berlin"), now=now)
    for number in range(1, 8):
        log_releases.stored(session, place, number=number)
    make.actor(session, make.account(session), role=Role.STAFF, process_id=place.id)
    for export_state, output in product(ExportState, ("csv", "pdf")):
        _export(session, place, export_state, output)


def _speak(session: Session, place: make.Place, idea: int, author: int) -> None:
    """Write comments of every stance and voice, one that was changed, and a thread longer than a page shows."""
    for stance, voice in product((None, *CommentStance), Voice):
        row = session.get_one(Comment, make.comment(session, place, idea))
        row.stance, row.voice, row.helpful, row.helpful_elsewhere = stance, voice, 2, 2
    parent = make.comment(session, place, idea)
    for _ in range(5):
        parent = make.comment(session, place, idea, parent_id=parent)
    for _ in range(5):
        make.comment(session, place, idea, parent_id=parent)
    changed = session.get_one(Comment, make.comment(session, place, idea, author=author))
    changed.edited_at = clock.now()
    session.add(CommentRevision(comment_id=changed.id, text="Earlier", written_at=clock.now(), replaced_at=clock.now()))


def _give_receipts(session: Session, author: int) -> None:
    """Give the author a receipt for each idea and comment, whatever its state, one for a vote, and one for nothing."""
    about: list[tuple[ReceiptKind, Any]] = [
        (ReceiptKind.IDEA, Idea),
        (ReceiptKind.COMMENT, Comment),
        (ReceiptKind.VOTE, Vote),
    ]
    subjects = [
        (kind, number)
        for kind, table in about
        for number in session.scalars(select(table.id).where(table.participant_id == author))
    ]
    for kind, number in [*subjects, (ReceiptKind.ADDENDUM, 999)]:
        issue_receipt(session, kind=kind, subject_id=number, revision=1, digest="0" * 64, now=clock.now() - MONTH)


def _hide(session: Session, place: make.Place, **subject: int) -> None:
    decided_by = session.scalar(select(Account.id))
    for kind in DecisionKind:
        at = clock.now() - EARLIER
        session.add(
            Decision(
                process_id=place.id,
                kind=kind,
                reason="Because of a rule",
                decided_by=decided_by,
                decided_at=at,
                **subject,
            )
        )


def _export(session: Session, place: make.Place, state: ExportState, output: str) -> None:
    now = clock.now()
    done = state is ExportState.DONE
    session.add(
        Export(
            public_id=f"{state.value}-{output}",
            process_id=place.id,
            format=output,
            language="de",
            requested_by=session.scalars(select(Account.id)).first(),
            requested_at=now - EARLIER,
            state=state,
            failure="no_space" if state is ExportState.FAILED else None,
            file_name="strategy" if done else None,
            size_bytes=123_456 if done else None,
            sha256="0" * 64 if done else None,
            finished_at=now - EARLIER if done else None,
            # One of the finished files has been taken away already.
            expires_at=(now + EARLIER if output == "csv" else now - EARLIER) if done else None,
            removed_at=now if done and output == "pdf" else None,
        )
    )
