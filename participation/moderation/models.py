"""Tables of decisions and of what belongs to them: appeals, notes, text blocks, messages, time spent, months."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from participation.cases.models import SubjectKind
from participation.kit.schema import Base, UtcDateTime, big_id, named_enum, reference

MESSAGE_LONGEST = 3000
APPEAL_LONGEST = 3000


class DecisionKind(enum.Enum):
    """What was decided.

    ``KEEP`` is that nothing has to be done, ``MOVE`` other principles or another field of action, ``ELSEWHERE`` that
    the answer stands somewhere already, ``LIFT`` that a suspension ends early.
    """

    PUBLISH = "publish"
    KEEP = "keep"
    HIDE = "hide"
    RESTORE = "restore"
    REDACT = "redact"
    ASK_CHANGE = "ask_change"
    MOVE = "move"
    WARN = "warn"
    SUSPEND = "suspend"
    LIFT = "lift"
    ELSEWHERE = "elsewhere"


class Automation(enum.Enum):
    """Which part a program had in a decision.

    None; it pointed at the text and people decided; it published the text when the promised time was over and nothing
    spoke against it; the decision was taken over from elsewhere.
    """

    NONE = "none"
    SIGNALLED = "signalled"
    CLOCK = "clock"
    IMPORTED = "imported"


class Decision(Base):
    """One decision about one idea, addendum or comment; history never disappears, later rows follow earlier ones.

    ``ground`` is the key of a law or rule in the catalogue of grounds, ``reason`` the facts in the moderators' words,
    ``block_texts`` saved text blocks as they stood, by language. ``content_digest`` is SHA-256 over ``salt`` and the
    digest of the text that was decided about: public, and checkable only with the salt, which the author gets.
    ``state_before`` and ``published_before`` are what undoing brings back; an undone decision stays in the history.
    """

    __tablename__ = "decision"
    __table_args__ = (
        CheckConstraint(
            "(idea_id IS NOT NULL AND comment_id IS NULL AND addendum_id IS NULL)"
            " OR (idea_id IS NULL AND comment_id IS NOT NULL AND addendum_id IS NULL)"
            " OR (idea_id IS NULL AND comment_id IS NULL AND addendum_id IS NOT NULL)",
            name="one_subject",
        ),
        Index("ix_decision_log", "process_id", "decided_at", "id"),
    )

    id: Mapped[int] = big_id()
    process_id: Mapped[int] = reference("process.id", index=True)
    idea_id: Mapped[int | None] = reference("idea.id", nullable=True, index=True)
    comment_id: Mapped[int | None] = reference("comment.id", nullable=True, index=True)
    addendum_id: Mapped[int | None] = reference("addendum.id", nullable=True, index=True)
    # Whose contribution it is about.
    participant_id: Mapped[int | None] = reference("participant.id", nullable=True, index=True)
    kind: Mapped[DecisionKind] = mapped_column(named_enum(DecisionKind))
    ground: Mapped[str] = mapped_column(String(60), default="")
    reason: Mapped[str] = mapped_column(Text)
    block_texts: Mapped[dict[str, str]] = mapped_column(default=dict)
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    automation: Mapped[Automation] = mapped_column(named_enum(Automation), default=Automation.NONE)
    lasts_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    objection_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    waited_seconds: Mapped[int | None]
    salt: Mapped[bytes] = mapped_column(LargeBinary(16), default=b"")
    content_digest: Mapped[str] = mapped_column(String(64), default="")
    state_before: Mapped[str] = mapped_column(String(32), default="")
    published_before: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[int | None] = reference("account.id", nullable=True)
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    undone_by: Mapped[int | None] = reference("account.id", nullable=True)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AppealOutcome(enum.Enum):
    """What became of an appeal: the decision stays, it was changed, or the author took the appeal back."""

    UPHELD = "upheld"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"


class Appeal(Base):
    """An author objects to a decision; somebody else answers until ``due_at``. Both texts stay."""

    __tablename__ = "appeal"
    __table_args__ = (UniqueConstraint("decision_id"),)

    id: Mapped[int] = big_id()
    process_id: Mapped[int] = reference("process.id", index=True)
    decision_id: Mapped[int] = reference("decision.id")
    participant_id: Mapped[int] = reference("participant.id", index=True)
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(12))
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    outcome: Mapped[AppealOutcome | None] = mapped_column(named_enum(AppealOutcome))
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[int | None] = reference("account.id", nullable=True)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    new_decision_id: Mapped[int | None] = reference("decision.id", nullable=True)


class CaseNote(Base):
    """What moderators tell each other about a contribution; nobody else reads it."""

    __tablename__ = "case_note"
    __table_args__ = (Index("ix_case_note_subject", "subject_kind", "subject_id"),)

    id: Mapped[int] = big_id()
    process_id: Mapped[int] = reference("process.id")
    subject_kind: Mapped[SubjectKind] = mapped_column(named_enum(SubjectKind))
    subject_id: Mapped[int] = mapped_column(BigInteger)
    text: Mapped[str] = mapped_column(Text)
    written_by: Mapped[int | None] = reference("account.id", nullable=True)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)


class TextBlock(Base):
    """A reason that is given again and again, in several languages; for all processes or for one."""

    __tablename__ = "text_block"

    id: Mapped[int] = big_id()
    process_id: Mapped[int | None] = reference("process.id", nullable=True, index=True)
    title: Mapped[str] = mapped_column(String(120))
    ground: Mapped[str] = mapped_column(String(60), default="")
    texts: Mapped[dict[str, str]]
    written_by: Mapped[int | None] = reference("account.id", nullable=True)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Message(Base):
    """What the team and an author write to each other about a contribution, inside the product."""

    __tablename__ = "message"
    __table_args__ = (Index("ix_message_thread", "subject_kind", "subject_id", "participant_id", "id"),)

    id: Mapped[int] = big_id()
    process_id: Mapped[int] = reference("process.id", index=True)
    participant_id: Mapped[int] = reference("participant.id", index=True)
    subject_kind: Mapped[SubjectKind] = mapped_column(named_enum(SubjectKind))
    subject_id: Mapped[int] = mapped_column(BigInteger)
    from_team: Mapped[bool]
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(12))
    submission_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    written_by: Mapped[int | None] = reference("account.id", nullable=True)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DecisionTime(Base):
    """How long decisions of one kind took in one month: only how many fell into which span, never whose."""

    __tablename__ = "decision_time"

    process_id: Mapped[int] = reference("process.id", primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    kind: Mapped[DecisionKind] = mapped_column(named_enum(DecisionKind), primary_key=True)
    span: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    decisions: Mapped[int] = mapped_column(default=0)


class MonthCount(Base):
    """The public figures of one month that is over, counted at night; ``begins_at`` is when it began in the city."""

    __tablename__ = "moderation_month"

    process_id: Mapped[int] = reference("process.id", primary_key=True)
    begins_at: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    figures: Mapped[dict[str, Any]]
    counted_at: Mapped[datetime] = mapped_column(UtcDateTime)
