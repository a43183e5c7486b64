"""What leads to what, as frozen records: from ideas, votes and comments to statements, answers and measures.

No record names a person, and nothing in it is hidden: of what is not public any more there is a ``Loss`` without words.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from participation.comments.models import CommentStance
from participation.curation.models import FilingOrigin
from participation.kit.schema import Translated
from participation.strategy.answering.subjects import Subject
from participation.strategy.behind import PeopleBehind
from participation.strategy.models import (
    AnswerOutcome,
    LossReason,
    MeasureState,
    QuotedPart,
    SourceKind,
    StatementState,
)
from participation.voting.queries import VoteFigures


@dataclass(frozen=True, slots=True)
class IdeaRecord:
    """A public idea; ``figures`` is ``None`` while results are hidden or too few people voted."""

    id: int
    external_id: str | None
    revision: int
    title: str
    language: str
    published_at: datetime | None
    figures: VoteFigures | None
    comments: int
    bundle_id: int | None


@dataclass(frozen=True, slots=True)
class RevisionRecord:
    """An earlier revision of an idea that still can be read."""

    idea_id: int
    revision: int
    written_at: datetime


@dataclass(frozen=True, slots=True)
class CommentRecord:
    """A public comment."""

    id: int
    external_id: str | None
    idea_id: int
    stance: CommentStance | None
    text: str
    language: str
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class BundleRecord:
    """Ideas that say the same, as far as they are public."""

    id: int
    made_at: datetime
    idea_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ClusterRecord:
    """A cluster; ``ideas`` is how many public ones it holds, of which a lineage may show a few."""

    id: int
    title: Translated
    is_removed: bool
    merged_into: int | None
    created_at: datetime
    ideas: int


@dataclass(frozen=True, slots=True)
class FilingRecord:
    """An idea belongs to a cluster; ``change`` is the number of the board's change, 0 for what was there before."""

    id: int
    cluster_id: int
    idea_id: int
    is_main: bool
    origin: FilingOrigin
    filed_at: datetime
    change: int


@dataclass(frozen=True, slots=True)
class SignedRecord:
    """A revision of a statement that was signed off, with the ideas behind it as ``idea -> revision`` by cluster.

    ``people`` is who had voted on them by then, each counted once; ``None`` while results are hidden, or for too few.
    """

    statement_id: int
    revision: int
    text: Translated
    digest: str
    written_at: datetime
    signed_at: datetime
    reopened_at: datetime | None
    basis: Mapping[int, Mapping[int, int]]
    people: PeopleBehind | None

    @property
    def ideas(self) -> frozenset[int]:
        """All the ideas behind it."""
        return frozenset(idea_id for ideas in self.basis.values() for idea_id in ideas)


@dataclass(frozen=True, slots=True)
class StatementRecord:
    """A statement that is or was public; one that was withdrawn has no words. ``signed`` has the latest one last."""

    id: int
    number: int
    state: StatementState
    revision: int
    text: Translated
    published_at: datetime | None
    withdrawn_at: datetime | None
    reopened_at: datetime | None
    cluster_ids: tuple[int, ...]
    signed: tuple[SignedRecord, ...] = ()

    @property
    def in_force(self) -> SignedRecord | None:
        """The revision that holds, if it was signed off."""
        return next((one for one in self.signed if one.revision == self.revision), None)


@dataclass(frozen=True, slots=True)
class QuoteRecord:
    """A statement quotes a public source; the words stand there, not here."""

    statement_id: int
    kind: SourceKind
    source_id: int
    revision: int
    part: QuotedPart


@dataclass(frozen=True, slots=True)
class Loss:
    """The tombstone of a source that is not public any more as it was; ``lost_at`` is ``None`` until it is noted."""

    statement_id: int
    kind: SourceKind
    source_id: int
    reason: LossReason
    lost_at: datetime | None


@dataclass(frozen=True, slots=True)
class AnswerRecord:
    """What the city answered to an idea, a bundle or a statement."""

    id: int
    subject: Subject
    outcome: AnswerOutcome
    department: str
    text: Translated
    answered_at: datetime
    due_on: date | None


@dataclass(frozen=True, slots=True)
class ReferralRecord:
    """A department has been asked for an answer and has not given it yet."""

    id: int
    subject: Subject
    department: str
    due_on: date
    referred_at: datetime


@dataclass(frozen=True, slots=True)
class StepRecord:
    """What happened with a measure."""

    id: int
    measure_id: int
    state: MeasureState
    text: Translated
    reported_at: datetime


@dataclass(frozen=True, slots=True)
class MeasureRecord:
    """Something that the city does after an answer, with its steps in order."""

    id: int
    answer_id: int
    title: Translated
    department: str
    state: MeasureState
    due_on: date
    made_at: datetime
    steps: tuple[StepRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class Shift:
    """How many ideas came to a theme since a statement on it was signed off, and how many are filed elsewhere."""

    came: int
    left: int


@dataclass(frozen=True, slots=True)
class Lineage:
    """Records that hang together; mappings go by id, in the order in which they are shown.

    ``shifts`` says what changed in a cluster since a statement (the first number) was signed off, where clusters are
    read as a whole.
    """

    slug: str
    framework_id: int
    ideas: Mapping[int, IdeaRecord] = field(default_factory=dict)
    revisions: tuple[RevisionRecord, ...] = ()
    comments: tuple[CommentRecord, ...] = ()
    bundles: Mapping[int, BundleRecord] = field(default_factory=dict)
    clusters: Mapping[int, ClusterRecord] = field(default_factory=dict)
    filings: tuple[FilingRecord, ...] = ()
    statements: Mapping[int, StatementRecord] = field(default_factory=dict)
    quotes: tuple[QuoteRecord, ...] = ()
    losses: tuple[Loss, ...] = ()
    answers: tuple[AnswerRecord, ...] = ()
    referrals: tuple[ReferralRecord, ...] = ()
    measures: tuple[MeasureRecord, ...] = ()
    shifts: Mapping[tuple[int, int], Shift] = field(default_factory=dict)
