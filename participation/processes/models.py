"""Tables of processes, phases, role grants and participants."""

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from participation.accounts.actor import Role
from participation.kit.schema import Base, UtcDateTime, big_id, named_enum, reference

REVIEW_HOURS = 72
"""How long contributions wait for moderators at most, where a phase says nothing else."""


class ProcessState(enum.Enum):
    """Whether a process can be seen."""

    DRAFT = "draft"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class PhaseKind(enum.Enum):
    """What a phase is about."""

    INFORM = "inform"
    PROPOSE = "propose"
    DISCUSS = "discuss"
    VOTE = "vote"
    EVALUATE = "evaluate"
    RESULTS = "results"


class Capability(enum.Enum):
    """What a phase can allow residents to do."""

    PROPOSE = "propose"
    COMMENT = "comment"
    VOTE = "vote"
    PRIORITISE = "prioritise"


class DataLicence(enum.Enum):
    """Under what terms others may use the public data of a process."""

    DL_DE_BY = "dl-de-by-2.0"
    CC_BY = "cc-by-4.0"


class Electorate(enum.Enum):
    """Who may vote in a process: everybody with a confirmed address, or residents whose residence was verified."""

    CONFIRMED = "confirmed"
    VERIFIED = "verified"


class Process(Base):
    """One consultation. ``version`` grows with every change that readers can see, so cached pages know.

    ``losses`` grows whenever something that readers could see is taken out of the public: what was published of the
    process before that moment is not handed out any more.

    With ``suggests`` the board proposes clusters and bundles; without it everything is found by people. With
    ``opens_data`` what is public can be downloaded by everybody, under ``data_licence``. ``paper_number`` is the number
    of the paper for the council, empty until there is one. ``translator`` is the provider that puts what residents
    wrote into other languages; empty: none, and nothing leaves the platform.
    """

    __tablename__ = "process"

    id: Mapped[int] = big_id()
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    framework_id: Mapped[int] = reference("framework.id")
    state: Mapped[ProcessState] = mapped_column(named_enum(ProcessState), default=ProcessState.DRAFT)
    title: Mapped[dict[str, str]]
    question: Mapped[dict[str, str]]
    summary: Mapped[dict[str, str]]
    advice: Mapped[dict[str, str]]
    next_step: Mapped[dict[str, str]]
    licence: Mapped[dict[str, str]]
    hides_results: Mapped[bool] = mapped_column(default=False)
    electorate: Mapped[Electorate] = mapped_column(named_enum(Electorate), default=Electorate.CONFIRMED)
    measures_time: Mapped[bool] = mapped_column(default=False)
    suggests: Mapped[bool] = mapped_column(default=True)
    opens_data: Mapped[bool] = mapped_column(default=True)
    data_licence: Mapped[DataLicence] = mapped_column(named_enum(DataLicence), default=DataLicence.DL_DE_BY)
    paper_number: Mapped[str] = mapped_column(String(40), default="")
    translator: Mapped[str] = mapped_column(String(40), default="")
    version: Mapped[int] = mapped_column(default=1)
    losses: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Phase(Base):
    """A stretch of time (end excluded) in which certain things are possible.

    With ``allows_prioritise`` each person gives up to ``points`` points to ideas, at most ``points_most`` to one.
    ``points_given`` and ``points_given_most`` are the most that anybody ever gave in all and to one idea: from then on
    the phase stays, and its limits do not fall below.

    Moderators read contributions before they are public (``review_first``) or after, within ``review_hours``, by the
    published ``review_rules``. With ``publishes_itself`` what waits longer is published by itself, unless something
    speaks against it.
    """

    __tablename__ = "phase"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="order"),
        CheckConstraint("review_hours BETWEEN 1 AND 720", name="review_hours"),
        CheckConstraint(
            "NOT allows_prioritise OR (points_most >= 1 AND points_most <= points AND points <= 100)", name="points"
        ),
    )

    id: Mapped[int] = big_id()
    process_id: Mapped[int] = reference("process.id", index=True, cascade=True)
    kind: Mapped[PhaseKind] = mapped_column(named_enum(PhaseKind))
    title: Mapped[dict[str, str]]
    description: Mapped[dict[str, str]]
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    allows_propose: Mapped[bool] = mapped_column(default=False)
    allows_comment: Mapped[bool] = mapped_column(default=False)
    allows_vote: Mapped[bool] = mapped_column(default=False)
    allows_prioritise: Mapped[bool] = mapped_column(default=False)
    points: Mapped[int] = mapped_column(default=0)
    points_most: Mapped[int] = mapped_column(default=0)
    points_given: Mapped[int] = mapped_column(default=0)
    points_given_most: Mapped[int] = mapped_column(default=0)
    review_first: Mapped[bool] = mapped_column(default=False)
    review_hours: Mapped[int] = mapped_column(default=REVIEW_HOURS)
    review_rules: Mapped[dict[str, str]] = mapped_column(default=dict)
    publishes_itself: Mapped[bool] = mapped_column(default=False)


class RoleGrant(Base):
    """A role that somebody holds everywhere, or in one process; taking it away ends the row."""

    __tablename__ = "role_grant"
    __table_args__ = (
        Index(
            "uq_role_grant_held",
            "account_id",
            "role",
            text("coalesce(process_id, 0)"),
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = big_id()
    account_id: Mapped[int] = reference("account.id", index=True)
    role: Mapped[Role] = mapped_column(named_enum(Role))
    process_id: Mapped[int | None] = reference("process.id", nullable=True)
    granted_by: Mapped[int | None] = reference("account.id", nullable=True)
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Participant(Base):
    """A person's standing in one process, known there by a pseudonym.

    ``external_key`` names people who came with an import and have no account here. Until ``suspended_until`` somebody
    writes nothing there; voting is not affected.
    """

    __tablename__ = "participant"
    __table_args__ = (
        UniqueConstraint("process_id", "account_id"),
        UniqueConstraint("process_id", "pseudonym"),
        UniqueConstraint("process_id", "external_key"),
        # Asked with every request of somebody signed in, and nearly empty.
        Index(
            "ix_participant_suspended",
            "account_id",
            sqlite_where=text("suspended_until IS NOT NULL"),
            postgresql_where=text("suspended_until IS NOT NULL"),
        ),
    )

    id: Mapped[int] = big_id()
    process_id: Mapped[int] = reference("process.id")
    account_id: Mapped[int | None] = reference("account.id", nullable=True, index=True)
    pseudonym: Mapped[str] = mapped_column(String(60))
    external_key: Mapped[str | None] = mapped_column(String(120))
    suspended_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime)
