"""Tables of ideas: text, earlier revisions and addenda, what they are tagged with, and where they stand."""

import enum
from datetime import datetime

from sqlalchemy import BigInteger, Index, Integer, String, Text, UniqueConstraint, literal_column
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from participation.kit.schema import NUMBERED_ONCE, Base, UtcDateTime, big_id, named_enum, reference

TITLE_LONGEST = 140
TEXT_LONGEST = 5000
ADDENDUM_LONGEST = 2000
ADDRESS_LONGEST = 500


class IdeaState(enum.Enum):
    """Where an idea stands; only published ones are public."""

    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    HIDDEN = "hidden"
    WITHDRAWN = "withdrawn"


class IdeaSource(enum.Enum):
    """How an idea came in; all count the same."""

    ONLINE = "online"
    IMPORTED = "imported"


class Replacement(enum.Enum):
    """Why a revision is not the current one any more."""

    EDIT = "edit"
    REDACTION = "redaction"


class WithdrawalReason(enum.Enum):
    """Why an author takes an idea back, for those who care to say."""

    SETTLED = "settled"
    BETTER = "better"
    MISTAKE = "mistake"
    PERSONAL = "personal"


class Idea(Base):
    """A resident's proposal; ``submission_key`` makes sending the same form twice harmless.

    ``source_url`` is the page elsewhere that an imported idea comes from.

    ``frozen_at`` is when somebody else first voted or commented, or moderators first took something out: from then on
    the text stays, and only addenda follow.
    """

    __tablename__ = "idea"
    __table_args__ = (
        Index("ix_idea_newest", "process_id", "state", "published_at", "id"),
        Index("ix_idea_waiting", "process_id", "state", "submitted_at", "id"),
        Index("ix_idea_revised", "process_id", "revised_at"),
        UniqueConstraint("process_id", "external_id"),
        NUMBERED_ONCE,
    )

    id: Mapped[int] = big_id()
    process_id: Mapped[int] = reference("process.id")
    participant_id: Mapped[int] = reference("participant.id", index=True)
    state: Mapped[IdeaState] = mapped_column(named_enum(IdeaState))
    source: Mapped[IdeaSource] = mapped_column(named_enum(IdeaSource), default=IdeaSource.ONLINE)
    title: Mapped[str] = mapped_column(String(TITLE_LONGEST))
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(12))
    revision: Mapped[int] = mapped_column(default=1)
    district_id: Mapped[int | None] = reference("district.id", nullable=True)
    field_id: Mapped[int | None] = reference("field_of_action.id", nullable=True)
    external_id: Mapped[str | None] = mapped_column(String(120))
    source_url: Mapped[str | None] = mapped_column(String(ADDRESS_LONGEST))
    submission_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revised_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    frozen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_for: Mapped[WithdrawalReason | None] = mapped_column(named_enum(WithdrawalReason))


class IdeaRevision(Base):
    """An earlier revision of an idea, public until ``closed_at``.

    The current one stands in the idea itself. A redaction closes the revisions that hold what it took out. What was
    changed before it had been public is not kept: numbers may be missing.
    """

    __tablename__ = "idea_revision"
    __table_args__ = (UniqueConstraint("idea_id", "revision"),)

    id: Mapped[int] = big_id()
    idea_id: Mapped[int] = reference("idea.id", cascade=True)
    revision: Mapped[int]
    title: Mapped[str] = mapped_column(String(TITLE_LONGEST))
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(12))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    replaced_at: Mapped[datetime] = mapped_column(UtcDateTime)
    replaced_by: Mapped[Replacement] = mapped_column(named_enum(Replacement))
    reason: Mapped[str] = mapped_column(Text, default="")
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Addendum(Base):
    """What the author of an idea adds below it once the text stays as it is; dated, never changed by its author.

    ``revision`` goes up with each redaction.
    """

    __tablename__ = "addendum"
    __table_args__ = (
        Index("ix_addendum_idea", "idea_id", "id"),
        Index("ix_addendum_waiting", "process_id", "state", "submitted_at", "id"),
        NUMBERED_ONCE,
    )

    id: Mapped[int] = big_id()
    process_id: Mapped[int] = reference("process.id")
    idea_id: Mapped[int] = reference("idea.id")
    state: Mapped[IdeaState] = mapped_column(named_enum(IdeaState))
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(12))
    revision: Mapped[int] = mapped_column(default=1)
    submission_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Standing(Base):
    """Where an idea stands in the orders that a list can have; apart from the idea because every vote changes it.

    ``rotation`` is its place in the fair rotation, redrawn every night. ``agreement`` and ``contested`` are millionths,
    worked out from the votes in the transaction that counts them; ``comments`` counts the published ones.
    """

    __tablename__ = "standing"
    __table_args__ = (
        Index("ix_standing_rotation", "process_id", "rotation", "idea_id"),
        Index("ix_standing_agreement", "process_id", "agreement", "idea_id"),
        Index("ix_standing_contested", "process_id", "contested", "idea_id"),
        Index("ix_standing_comments", "process_id", "comments", "idea_id"),
    )

    idea_id: Mapped[int] = reference("idea.id", primary_key=True, cascade=True)
    process_id: Mapped[int] = reference("process.id")
    rotation: Mapped[int] = mapped_column(BigInteger)
    agreement: Mapped[int] = mapped_column(default=0)
    contested: Mapped[int] = mapped_column(default=0)
    comments: Mapped[int] = mapped_column(default=0)


class Draw(Base):
    """The draw of a process's fair rotation; ``seed`` says which places it gave out, so that anybody can check.

    ``number`` goes up when a draw begins and again when it is done: a reader who was on the way can tell.
    """

    __tablename__ = "draw"

    process_id: Mapped[int] = reference("process.id", primary_key=True)
    number: Mapped[int]
    seed: Mapped[str] = mapped_column(String(64))
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class IdeaSearch(Base):
    """What a search finds an idea by: words and stems of its text, and its text folded; ``ideas.search`` writes it.

    SQLite holds the index in two tables of its own, ``idea_words`` and ``idea_folded``, which triggers keep up.
    """

    __tablename__ = "idea_search"
    __table_args__ = (
        # Not as plain columns: SQLite would be expected to have these indexes too.
        Index("ix_idea_search_words", literal_column("words").label("words"), postgresql_using="gin"),
        Index(
            "ix_idea_search_folded",
            literal_column("folded").label("folded"),
            postgresql_using="gin",
            postgresql_ops={"folded": "gin_trgm_ops"},
        ),
    )

    idea_id: Mapped[int] = reference("idea.id", primary_key=True, cascade=True)
    title_words: Mapped[str] = mapped_column(Text().with_variant(TSVECTOR(), "postgresql"))
    title_folded: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text().with_variant(TSVECTOR(), "postgresql"))
    folded: Mapped[str] = mapped_column(Text)


class WordingSearch(Base):
    """What readers of another language find an idea by: a wording of its text or of an addendum, as ``IdeaSearch``.

    ``wording_id`` is the number of the wording, whose table lies above. It counts as long as the contribution stands at
    ``revision`` and is public. The tables of SQLite are ``wording_words`` and ``wording_folded``.
    """

    __tablename__ = "wording_search"
    __table_args__ = (
        Index("ix_wording_search_words", literal_column("words").label("words"), postgresql_using="gin"),
        Index(
            "ix_wording_search_folded",
            literal_column("folded").label("folded"),
            postgresql_using="gin",
            postgresql_ops={"folded": "gin_trgm_ops"},
        ),
    )

    wording_id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    idea_id: Mapped[int] = reference("idea.id", cascade=True, index=True)
    addendum_id: Mapped[int | None] = reference("addendum.id", cascade=True, nullable=True, index=True)
    revision: Mapped[int]
    language: Mapped[str] = mapped_column(String(12))
    title_words: Mapped[str] = mapped_column(Text().with_variant(TSVECTOR(), "postgresql"))
    title_folded: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text().with_variant(TSVECTOR(), "postgresql"))
    folded: Mapped[str] = mapped_column(Text)


class IdeaAspect(Base):
    """An idea touches an aspect: whom it serves, which basic service it improves, which goal it helps."""

    __tablename__ = "idea_aspect"
    __table_args__ = (Index("ix_idea_aspect_reverse", "aspect_id", "idea_id"),)

    idea_id: Mapped[int] = reference("idea.id", primary_key=True, cascade=True)
    aspect_id: Mapped[int] = reference("aspect.id", primary_key=True)


class IdeaPrinciple(Base):
    """An idea is tagged with a principle; an idea without any row is "not sure" and waits for moderators."""

    __tablename__ = "idea_principle"
    __table_args__ = (Index("ix_idea_principle_reverse", "principle_id", "idea_id"),)

    idea_id: Mapped[int] = reference("idea.id", primary_key=True, cascade=True)
    principle_id: Mapped[int] = reference("principle.id", primary_key=True)
