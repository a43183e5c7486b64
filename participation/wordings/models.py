"""Tables of wordings (a resident's text in another language), of what waits for a provider, and of its health."""

import enum
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from participation.cases.models import SubjectKind
from participation.ideas.models import TITLE_LONGEST
from participation.kit.schema import NUMBERED_ONCE, Base, UtcDateTime, big_id, named_enum, reference

# A title may grow in another language.
TRANSLATED_TITLE_LONGEST = 2 * TITLE_LONGEST
PROBLEM_LONGEST = 200


class Origin(enum.Enum):
    """Who put a text into another language."""

    MACHINE = "machine"
    HUMAN = "human"


class WordingState(enum.Enum):
    """Where a wording stands; at most one per text, revision and language is shown."""

    WAITING = "waiting"
    SHOWN = "shown"
    REFUSED = "refused"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


class Wording(Base):
    """One revision of a contribution in another language.

    ``subject_id`` is a plain number, as in cases; ``idea_id`` is the idea on whose page the subject stands. The wording
    belongs to ``revision`` of the subject and is shown with that one only. ``title`` is empty where the subject has
    none. ``provider`` names the service of a machine's wording; ``participant_id`` is who suggested a human one.
    """

    __tablename__ = "wording"
    __table_args__ = (
        Index(
            "uq_wording_shown",
            "subject_kind",
            "subject_id",
            "revision",
            "language",
            unique=True,
            sqlite_where=text("state = 'shown'"),
            postgresql_where=text("state = 'shown'"),
        ),
        Index("ix_wording_subject", "subject_kind", "subject_id", "language"),
        Index("ix_wording_process", "process_id", "state", "id"),
        Index("ix_wording_idea", "idea_id"),
        Index(
            "ix_wording_decided",
            "decided_by",
            "decided_at",
            sqlite_where=text("decided_by IS NOT NULL"),
            postgresql_where=text("decided_by IS NOT NULL"),
        ),
        CheckConstraint("language <> source_language", name="languages"),
        CheckConstraint("(origin = 'machine') = (provider <> '')", name="provider"),
        NUMBERED_ONCE,
    )

    id: Mapped[int] = big_id()
    process_id: Mapped[int] = reference("process.id")
    idea_id: Mapped[int] = reference("idea.id", cascade=True)
    subject_kind: Mapped[SubjectKind] = mapped_column(named_enum(SubjectKind))
    subject_id: Mapped[int] = mapped_column(BigInteger)
    revision: Mapped[int]
    source_language: Mapped[str] = mapped_column(String(12))
    language: Mapped[str] = mapped_column(String(12))
    origin: Mapped[Origin] = mapped_column(named_enum(Origin))
    provider: Mapped[str] = mapped_column(String(40), default="")
    state: Mapped[WordingState] = mapped_column(named_enum(WordingState))
    title: Mapped[str] = mapped_column(String(TRANSLATED_TITLE_LONGEST), default="")
    text: Mapped[str] = mapped_column(Text)
    participant_id: Mapped[int | None] = reference("participant.id", nullable=True, index=True)
    submission_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # When readers saw it first; one that was shown and is refused now was taken down.
    shown_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[int | None] = reference("account.id", nullable=True)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # What moderators tell whoever suggested it, where it was refused.
    reason: Mapped[str] = mapped_column(Text, default="")


class ErrandState(enum.Enum):
    """Where an errand to a provider stands."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    VOID = "void"


class Errand(Base):
    """One revision of a public contribution that a provider is asked to put into one language.

    Void is one whose text is not public any more, changed, or whose process was switched off. ``claimed_until`` is the
    lease of the worker that is on it.
    """

    __tablename__ = "wording_errand"
    __table_args__ = (
        UniqueConstraint("subject_kind", "subject_id", "revision", "language"),
        Index(
            "ix_wording_errand_next",
            "next_at",
            "id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index("ix_wording_errand_process", "process_id", "state"),
    )

    id: Mapped[int] = big_id()
    process_id: Mapped[int] = reference("process.id", cascade=True)
    idea_id: Mapped[int] = reference("idea.id", cascade=True, index=True)
    subject_kind: Mapped[SubjectKind] = mapped_column(named_enum(SubjectKind))
    subject_id: Mapped[int] = mapped_column(BigInteger)
    revision: Mapped[int]
    language: Mapped[str] = mapped_column(String(12))
    state: Mapped[ErrandState] = mapped_column(named_enum(ErrandState), default=ErrandState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(UtcDateTime)
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    problem: Mapped[str] = mapped_column(String(PROBLEM_LONGEST), default="")
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ProviderHealth(Base):
    """How a provider behaved lately; nobody asks it before ``resumes_at``.

    ``characters`` is how much text went there in ``month``.
    """

    __tablename__ = "wording_provider"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str] = mapped_column(String(PROBLEM_LONGEST), default="")
    failed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    resumes_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    month: Mapped[str] = mapped_column(String(7), default="")
    characters: Mapped[int] = mapped_column(BigInteger, default=0)
