"""What a receipt stands for now: the state of the contribution behind it, and whose it is."""

import enum
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from participation.comments.models import Comment
from participation.ideas.models import Addendum, Idea, IdeaRevision, IdeaState
from participation.kit.permissions import found
from participation.kit.schema import Translated
from participation.moderation.models import Decision, DecisionKind
from participation.processes.models import Participant, Process, ProcessState
from participation.receipts.models import ReceiptKind
from participation.receipts.queries import ReceiptView, latest_digest, receipts_about
from participation.receipts.signing import text_digest
from participation.voting.models import Vote


class Standing(enum.Enum):
    """Where the contribution behind a receipt stands."""

    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    HIDDEN = "hidden"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"
    COUNTED = "counted"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a contribution belongs; ``is_public`` says that readers can see it there."""

    slug: str
    idea_id: int
    is_public: bool


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a contribution stands; nothing of it names a person, ``account_id`` is only to be compared.

    A vote has no ``place``: which idea somebody voted on is not for whoever holds the receipt. ``reason`` is what
    moderation gave for hiding, ``redaction`` for taking something out of the text.
    """

    standing: Standing
    account_id: int | None = None
    place: Place | None = None
    revised: bool = False
    redacted: bool = False
    reason: str = ""
    redaction: str = ""
    block_texts: Translated = field(default_factory=dict)


ERASED = Whereabouts(Standing.ERASED)


def whereabouts(session: Session, receipt: ReceiptView) -> Whereabouts:
    """Return where the contribution behind a receipt stands now."""
    if receipt.kind is ReceiptKind.VOTE:
        return _vote(session, receipt)
    if receipt.kind is ReceiptKind.IDEA:
        return _idea(session, receipt)
    if receipt.kind is ReceiptKind.ADDENDUM:
        return _addendum(session, receipt)
    return _comment(session, receipt)


def own_receipts(session: Session, account_id: int, *, kind: ReceiptKind, number: int) -> list[ReceiptView]:
    """Return the receipts of an account's own contribution, the latest revision first; raises ``Missing``.

    A vote has none before its voter asks for it. ``number`` is that of the idea, addendum or comment, and for a vote
    that of the idea.
    """
    subject_id = found(session.scalar(_own(kind, number).where(Participant.account_id == account_id)))
    receipts = receipts_about(session, kind, [subject_id]).get(subject_id)
    return receipts or [] if kind is ReceiptKind.VOTE else found(receipts)


def _own(kind: ReceiptKind, number: int) -> Select[int]:
    if kind is ReceiptKind.VOTE:
        return select(Vote.id).join(Participant, Participant.id == Vote.participant_id).where(Vote.idea_id == number)
    if kind is ReceiptKind.ADDENDUM:
        return (
            select(Addendum.id)
            .join(Idea, Idea.id == Addendum.idea_id)
            .join(Participant, Participant.id == Idea.participant_id)
            .where(Addendum.id == number)
        )
    table = Idea if kind is ReceiptKind.IDEA else Comment
    return select(table.id).join(Participant, Participant.id == table.participant_id).where(table.id == number)


def _vote(session: Session, receipt: ReceiptView) -> Whereabouts:
    statement = select(Participant.account_id).join(Vote, Vote.participant_id == Participant.id)
    row = session.execute(statement.where(Vote.id == receipt.subject_id)).one_or_none()
    return Whereabouts(Standing.COUNTED, row.account_id) if row else Whereabouts(Standing.WITHDRAWN)


def _idea(session: Session, receipt: ReceiptView) -> Whereabouts:
    idea = session.get(Idea, receipt.subject_id)
    if idea is None:
        return ERASED
    own_revision = (IdeaRevision.idea_id == idea.id) & (IdeaRevision.revision == receipt.revision)
    closed = session.scalar(select(IdeaRevision.closed_at).where(own_revision)) is not None
    return _text(
        session,
        receipt,
        Standing(idea.state.value),
        participant_id=idea.participant_id,
        idea_id=idea.id,
        digest=text_digest(idea.text, title=idea.title),
        taken_out=closed,
        about=Decision.idea_id == idea.id,
    )


def _addendum(session: Session, receipt: ReceiptView) -> Whereabouts:
    addendum = session.get(Addendum, receipt.subject_id)
    idea = session.get(Idea, addendum.idea_id) if addendum else None
    if addendum is None or idea is None:
        return ERASED
    # Passages are taken out of an idea and its addenda in one decision.
    with_idea = (Decision.idea_id == idea.id) & (Decision.kind == DecisionKind.REDACT)
    return _text(
        session,
        receipt,
        Standing(addendum.state.value),
        participant_id=idea.participant_id,
        idea_id=idea.id,
        digest=text_digest(addendum.text),
        about=(Decision.addendum_id == addendum.id) | with_idea,
    )


def _comment(session: Session, receipt: ReceiptView) -> Whereabouts:
    comment = session.get(Comment, receipt.subject_id)
    if comment is None:
        return ERASED
    return _text(
        session,
        receipt,
        Standing(comment.state.value),
        participant_id=comment.participant_id,
        idea_id=comment.idea_id,
        digest=text_digest(comment.text),
        about=Decision.comment_id == comment.id,
    )


def _text(
    session: Session,
    receipt: ReceiptView,
    standing: Standing,
    *,
    participant_id: int,
    idea_id: int,
    digest: str,
    about: ColumnElement[bool],
    taken_out: bool = False,
) -> Whereabouts:
    """Return where a contribution stands that is a text; every text its author sends has a receipt of its own."""
    revision, sent = latest_digest(session, receipt)
    since = (Decision.decided_at >= receipt.issued_at) & Decision.undone_at.is_(None)
    decisions = select(Decision.kind, Decision.reason, Decision.block_texts).where(about, since)
    rows = session.execute(decisions.order_by(Decision.id)).all()
    reasons = {row.kind: row.reason for row in rows}
    blocks = {row.kind: row.block_texts for row in rows}
    redacted = taken_out or (digest != sent and standing is not Standing.WITHDRAWN)
    return Whereabouts(
        standing,
        session.scalar(select(Participant.account_id).where(Participant.id == participant_id)),
        _place(session, idea_id),
        revised=revision > receipt.revision,
        redacted=redacted,
        reason=reasons.get(DecisionKind.HIDE, "") if standing is Standing.HIDDEN else "",
        block_texts=blocks.get(DecisionKind.HIDE, {}) if standing is Standing.HIDDEN else {},
        redaction=reasons.get(DecisionKind.REDACT, "") if redacted else "",
    )


def _place(session: Session, idea_id: int) -> Place:
    statement = select(Process.slug, Process.state, Idea.state).join(Idea, Idea.process_id == Process.id)
    slug, process_state, idea_state = session.execute(statement.where(Idea.id == idea_id)).one()
    is_public = idea_state is IdeaState.PUBLISHED and process_state is not ProcessState.DRAFT
    return Place(slug, idea_id, is_public)
