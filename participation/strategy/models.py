"""Tables of statements with their revisions, sources, quotes and sign-offs, of assessments, answers and measures."""

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from participation.kit.schema import Base, UtcDateTime, big_id, named_enum, reference

DEPARTMENT_LONGEST = 120


class StatementState(enum.Enum):
    """Whether a statement is public; one that was withdrawn leaves a trace."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Statement(Base):
    """A sentence of input for the strategy, as it holds.

    Until it is signed off for the first time that is what its writers work on; afterwards it is the revision that was
    signed off last (``revision``), and what is changed waits in a later ``StatementRevision``. ``reopened_at`` is since
    when its basis is not the one that was signed off; another sign-off ends that.
    ``position`` is the number by which it is quoted and never changes; ``place`` is where it stands in the document.
    """

    __tablename__ = "statement"

    id: Mapped[int] = big_id()
    process_id: Mapped[int] = reference("process.id", index=True)
    position: Mapped[int]
    place: Mapped[int] = mapped_column(default=lambda context: context.get_current_parameters()["position"])
    state: Mapped[StatementState] = mapped_column(named_enum(StatementState), default=StatementState.DRAFT)
    revision: Mapped[int] = mapped_column(default=1)
    text: Mapped[dict[str, str]]
    reasoning: Mapped[dict[str, str]]
    department: Mapped[str] = mapped_column(String(DEPARTMENT_LONGEST), default="")
    written_by: Mapped[int | None] = reference("account.id", nullable=True)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_for: Mapped[dict[str, str]] = mapped_column(default=dict)
    reopened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RevisionState(enum.Enum):
    """How far a revision of a statement has come."""

    WORKING = "working"
    SUBMITTED = "submitted"
    SENT_BACK = "sent_back"
    SIGNED = "signed"


class StatementRevision(Base):
    """A revision of a statement with everything it says and rests on; one that was signed off never changes.

    ``content`` holds texts, department, principles, fields, clusters and quotes. ``basis`` is written at sign-off: the
    ideas behind it with revisions, and the figures as they were. ``digest`` is the SHA-256 over both and over the
    digest of the revision signed before it, so that nothing signed can be changed unnoticed.
    """

    __tablename__ = "statement_revision"
    __table_args__ = (UniqueConstraint("statement_id", "revision"),)

    id: Mapped[int] = big_id()
    statement_id: Mapped[int] = reference("statement.id", cascade=True)
    revision: Mapped[int]
    state: Mapped[RevisionState] = mapped_column(named_enum(RevisionState), default=RevisionState.WORKING)
    content: Mapped[dict[str, Any]]
    basis: Mapped[dict[str, Any]] = mapped_column(default=dict)
    digest: Mapped[str] = mapped_column(String(64), default="")
    remark: Mapped[str] = mapped_column(Text, default="")
    written_by: Mapped[int | None] = reference("account.id", nullable=True)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_by: Mapped[int | None] = reference("account.id", nullable=True)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_back_by: Mapped[int | None] = reference("account.id", nullable=True)
    sent_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class StatementSource(Base):
    """A statement rests on a cluster."""

    __tablename__ = "statement_source"

    statement_id: Mapped[int] = reference("statement.id", primary_key=True, cascade=True)
    cluster_id: Mapped[int] = reference("cluster.id", primary_key=True, index=True)


class StatementPrinciple(Base):
    """A statement serves a principle."""

    __tablename__ = "statement_principle"

    statement_id: Mapped[int] = reference("statement.id", primary_key=True, cascade=True)
    principle_id: Mapped[int] = reference("principle.id", primary_key=True, index=True)


class StatementField(Base):
    """A statement belongs to a field of action."""

    __tablename__ = "statement_field"

    statement_id: Mapped[int] = reference("statement.id", primary_key=True, cascade=True)
    field_id: Mapped[int] = reference("field_of_action.id", primary_key=True, index=True)


class SourceKind(enum.Enum):
    """What a statement can quote, and lose."""

    IDEA = "idea"
    COMMENT = "comment"


class QuotedPart(enum.Enum):
    """Which text of a source is quoted."""

    TITLE = "title"
    TEXT = "text"


class StatementQuote(Base):
    """A statement quotes an idea or a comment: characters ``starts_at`` up to ``ends_at`` of the original.

    The words themselves are not kept: they are read from the original, and shown only while that is public and they
    still have the digest ``sha256``. ``source_revision`` is that of the idea; 0 for comments. The source is named by a
    plain number, because the quote outlives it as a trace.
    """

    __tablename__ = "statement_quote"
    __table_args__ = (
        CheckConstraint("starts_at >= 0 AND starts_at < ends_at", name="span"),
        Index("ix_statement_quote_source", "source_kind", "source_id"),
    )

    id: Mapped[int] = big_id()
    statement_id: Mapped[int] = reference("statement.id", index=True, cascade=True)
    position: Mapped[int]
    source_kind: Mapped[SourceKind] = mapped_column(named_enum(SourceKind))
    source_id: Mapped[int] = mapped_column(BigInteger)
    source_revision: Mapped[int]
    part: Mapped[QuotedPart] = mapped_column(named_enum(QuotedPart))
    starts_at: Mapped[int]
    ends_at: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))


class SignOff(Base):
    """A second person signed a revision off; ``reopened_at`` is when its basis changed afterwards."""

    __tablename__ = "sign_off"
    __table_args__ = (Index("ix_sign_off_statement", "statement_id", "id"),)

    id: Mapped[int] = big_id()
    statement_id: Mapped[int] = reference("statement.id", cascade=True)
    revision: Mapped[int]
    note: Mapped[str] = mapped_column(Text, default="")
    signed_by: Mapped[int | None] = reference("account.id", nullable=True)
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reopened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class LossReason(enum.Enum):
    """Why a source cannot be read any more as it was when the statement was signed off."""

    HIDDEN = "hidden"
    WITHDRAWN = "withdrawn"
    CHANGED = "changed"
    ERASED = "erased"


class LostSource(Base):
    """The tombstone of a source: a statement rested on it or quoted it, and it is not public any more.

    No word of the source is kept. ``returned_at`` is when it became public again.
    """

    __tablename__ = "lost_source"
    __table_args__ = (
        Index(
            "uq_lost_source_current",
            "statement_id",
            "source_kind",
            "source_id",
            unique=True,
            sqlite_where=text("returned_at IS NULL"),
            postgresql_where=text("returned_at IS NULL"),
        ),
        Index("ix_lost_source_source", "source_kind", "source_id"),
    )

    id: Mapped[int] = big_id()
    statement_id: Mapped[int] = reference("statement.id", cascade=True)
    source_kind: Mapped[SourceKind] = mapped_column(named_enum(SourceKind))
    source_id: Mapped[int] = mapped_column(BigInteger)
    was_quoted: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[LossReason] = mapped_column(named_enum(LossReason))
    lost_at: Mapped[datetime] = mapped_column(UtcDateTime)
    returned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Verdict(enum.Enum):
    """How a statement stands to a criterion or a value."""

    FULFILLED = "fulfilled"
    OPEN = "open"
    CONFLICT = "conflict"


class Assessment(Base):
    """How a statement stands to a criterion or a value of the framework, and why; a later one takes its place."""

    __tablename__ = "assessment"
    __table_args__ = (
        CheckConstraint("(criterion_id IS NULL) <> (value_id IS NULL)", name="one_measure"),
        Index(
            "uq_assessment_criterion",
            "statement_id",
            "criterion_id",
            unique=True,
            sqlite_where=text("replaced_at IS NULL"),
            postgresql_where=text("replaced_at IS NULL"),
        ),
        Index(
            "uq_assessment_value",
            "statement_id",
            "value_id",
            unique=True,
            sqlite_where=text("replaced_at IS NULL"),
            postgresql_where=text("replaced_at IS NULL"),
        ),
    )

    id: Mapped[int] = big_id()
    statement_id: Mapped[int] = reference("statement.id", cascade=True)
    criterion_id: Mapped[int | None] = reference("criterion.id", nullable=True)
    value_id: Mapped[int | None] = reference("value.id", nullable=True)
    verdict: Mapped[Verdict] = mapped_column(named_enum(Verdict))
    reason: Mapped[dict[str, str]]
    revision: Mapped[int]
    assessed_by: Mapped[int | None] = reference("account.id", nullable=True)
    assessed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    replaced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AnswerOutcome(enum.Enum):
    """What the city says to an idea, a bundle or a statement."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    EXPERIMENT = "experiment"


_ONE_SUBJECT = " + ".join(
    f"CASE WHEN {column} IS NULL THEN 0 ELSE 1 END" for column in ("idea_id", "bundle_id", "statement_id")
)


class Answer(Base):
    """What the city says to an idea, a bundle or a statement, with its reason; a later one follows, none disappears.

    ``due_on`` is the day until which it wants to do what it says.
    """

    __tablename__ = "answer"
    __table_args__ = (CheckConstraint(f"{_ONE_SUBJECT} = 1", name="one_subject"),)

    id: Mapped[int] = big_id()
    process_id: Mapped[int] = reference("process.id", index=True)
    idea_id: Mapped[int | None] = reference("idea.id", nullable=True, index=True)
    bundle_id: Mapped[int | None] = reference("bundle.id", nullable=True, index=True)
    statement_id: Mapped[int | None] = reference("statement.id", nullable=True, index=True)
    outcome: Mapped[AnswerOutcome] = mapped_column(named_enum(AnswerOutcome))
    department: Mapped[str] = mapped_column(String(DEPARTMENT_LONGEST))
    text: Mapped[dict[str, str]]
    due_on: Mapped[date | None]
    answered_by: Mapped[int | None] = reference("account.id", nullable=True)
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ReferralEnd(enum.Enum):
    """How a referral ended: with an answer, with another one that took its place, or as a mistake."""

    ANSWERED = "answered"
    MOVED = "moved"
    TAKEN_BACK = "taken_back"


class Referral(Base):
    """A department was asked to answer an idea, a bundle or a statement by a day; the answer closes it.

    Who was asked and until when is public, and so is what is overdue. Another department or day makes another row, so
    that nobody moves a day unnoticed: ``first_due_on`` stays that of the first one.
    """

    __tablename__ = "referral"
    __table_args__ = (
        CheckConstraint(f"{_ONE_SUBJECT} = 1", name="one_subject"),
        *(
            Index(
                f"uq_referral_{column.removesuffix('_id')}",
                column,
                unique=True,
                sqlite_where=text(f"closed_at IS NULL AND {column} IS NOT NULL"),
                postgresql_where=text(f"closed_at IS NULL AND {column} IS NOT NULL"),
            )
            for column in ("idea_id", "bundle_id", "statement_id")
        ),
        Index("ix_referral_due", "process_id", "closed_at", "due_on"),
    )

    id: Mapped[int] = big_id()
    process_id: Mapped[int] = reference("process.id")
    idea_id: Mapped[int | None] = reference("idea.id", nullable=True)
    bundle_id: Mapped[int | None] = reference("bundle.id", nullable=True)
    statement_id: Mapped[int | None] = reference("statement.id", nullable=True)
    department: Mapped[str] = mapped_column(String(DEPARTMENT_LONGEST))
    due_on: Mapped[date]
    first_due_on: Mapped[date]
    referred_by: Mapped[int | None] = reference("account.id", nullable=True)
    referred_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_as: Mapped[ReferralEnd | None] = mapped_column(named_enum(ReferralEnd))
    answer_id: Mapped[int | None] = reference("answer.id", nullable=True)


class MeasureState(enum.Enum):
    """How far a measure has come."""

    PLANNED = "planned"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"


class Measure(Base):
    """Something the city does after an answer, until a day; its steps tell how it goes."""

    __tablename__ = "measure"
    __table_args__ = (Index("ix_measure_due", "process_id", "state", "due_on"),)

    id: Mapped[int] = big_id()
    process_id: Mapped[int] = reference("process.id")
    answer_id: Mapped[int] = reference("answer.id", index=True)
    title: Mapped[dict[str, str]]
    department: Mapped[str] = mapped_column(String(DEPARTMENT_LONGEST))
    due_on: Mapped[date]
    state: Mapped[MeasureState] = mapped_column(named_enum(MeasureState), default=MeasureState.PLANNED)
    made_by: Mapped[int | None] = reference("account.id", nullable=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class MeasureStep(Base):
    """What happened with a measure; public, never changed. ``due_on`` is set at first and where the day was moved."""

    __tablename__ = "measure_step"

    id: Mapped[int] = big_id()
    measure_id: Mapped[int] = reference("measure.id", index=True, cascade=True)
    state: Mapped[MeasureState] = mapped_column(named_enum(MeasureState))
    text: Mapped[dict[str, str]]
    due_on: Mapped[date | None]
    reported_by: Mapped[int | None] = reference("account.id", nullable=True)
    reported_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DocumentVersion(Base):
    """A version of the living document of a process: the statements that hold, each with its signed revision.

    ``content`` lists them in order; the words stand in their revisions.
    """

    __tablename__ = "document_version"
    __table_args__ = (UniqueConstraint("process_id", "number"),)

    id: Mapped[int] = big_id()
    process_id: Mapped[int] = reference("process.id")
    number: Mapped[int]
    content: Mapped[dict[str, Any]]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LastSeen(Base):
    """Which version of the living document somebody last said to have read."""

    __tablename__ = "last_seen"

    account_id: Mapped[int] = reference("account.id", primary_key=True, cascade=True)
    process_id: Mapped[int] = reference("process.id", primary_key=True, cascade=True)
    number: Mapped[int]
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
