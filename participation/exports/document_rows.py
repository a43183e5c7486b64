"""The rows of an export, plain and frozen: they know neither a file format nor a database.

Editorial texts stand twice: in the language of the document or a fallback, and in all their languages (``…_in``, by
ISO code). Residents' texts have one language. Where a value is said in words, ``…_code`` is its name for machines. Ids
are text, unique within their kind. All datetimes are aware.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, TypeAlias

from participation.exports.quoted import Quoted

Texts: TypeAlias = Mapping[str, str]
"""One text in all its languages, by ISO code."""

AnswerKind: TypeAlias = Literal["statement", "bundle", "idea"]

TOP_IDEAS = 50
"""How many ideas a cluster names at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Votes:
    """Votes on one idea, or summed over a cluster's ideas."""

    agree: int
    unsure: int
    disagree: int


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Distinct people behind a statement; one person may stand in several of the three stances."""

    agree: int
    unsure: int
    disagree: int
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """What an idea got where people give points: all of them, and how many people gave any."""

    points: int
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Totals of the process; `coverage` is the share of ideas that a statement rests on, 0 to 1."""

    participants: int
    ideas: int
    votes: int
    comments: int
    filed_ideas: int
    coverage: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseRow:
    """One phase of the process; without an end it is open."""

    title: str
    starts_at: datetime
    ends_at: datetime | None = None
    title_in: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrincipleRow:
    """One principle of the framework and how many ideas name it."""

    id: str
    number: int
    title: str
    ideas: int
    title_in: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRow:
    """One field of action and how many ideas belong to it."""

    id: str
    number: int
    title: str
    ideas: int
    title_in: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRow:
    """One sentence of input for the strategy; `people` is None where results are hidden or too few people voted.

    `signed` says when it was signed off, `lost` what it rested on and is not public any more.
    `quoted` and `objected` are `quotes` and `objections` for paper.
    """

    id: str
    number: int
    text: str
    reasoning: str = ""
    text_in: Texts = field(default_factory=dict)
    reasoning_in: Texts = field(default_factory=dict)
    principles: tuple[str, ...] = ()
    principle_ids: tuple[str, ...] = ()
    cluster_ids: tuple[str, ...] = ()
    people: People | None = None
    ideas: int = 0
    answer: str = ""
    department: str = ""
    fields: tuple[str, ...] = ()
    field_ids: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()
    objections: tuple[str, ...] = ()
    quoted: tuple[Quoted, ...] = ()
    objected: tuple[Quoted, ...] = ()
    signed: str = ""
    lost: tuple[str, ...] = ()
    published_at: datetime | None = None
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentRow:
    """What holds of a statement and one criterion or value; `kind` is "criterion" or "value"."""

    statement_id: str
    number: int
    kind: str
    about: str
    verdict: str
    reason: str
    assessed_at: datetime
    is_outdated: bool = False
    about_in: Texts = field(default_factory=dict)
    reason_in: Texts = field(default_factory=dict)
    verdict_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterRow:
    """One theme cluster with the number of its ideas; `votes` is None where results are hidden.

    `top_idea_ids` names a few of the ideas in the order in which they shall be read, the best agreed first; which
    ideas belong to it at all say the filings. `votes` adds up the votes on those ideas whose votes are shown.
    """

    id: str
    title: str
    description: str = ""
    title_in: Texts = field(default_factory=dict)
    description_in: Texts = field(default_factory=dict)
    ideas: int = 0
    top_idea_ids: tuple[str, ...] = ()
    votes: Votes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TogetherFigures:
    """Distinct people behind ideas that say the same; `both` is None where so few hold both views."""

    people: int
    agree: int
    disagree: int
    both: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BundledRow:
    """One idea of a bundle in its own language; the figures are those of the whole bundle.

    `figures` is None where results are hidden or too few people voted.
    """

    bundle_id: str
    idea_id: str
    title: str
    text: str
    language: str
    ideas: int
    made_at: datetime
    figures: TogetherFigures | None = None
    answer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InLanguage:
    """A resident's text in another language than its own; ``note`` says in words that it is a translation, and how.

    ``origin_code`` is "machine" or "human", ``provider`` the service that a machine's comes from.
    """

    title: str
    text: str
    language: str
    note: str
    origin_code: str
    provider: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslationRow:
    """A contribution in another language, as its readers are shown it: ``about_id`` among those of its kind.

    ``revision`` is that of the contribution. The title is empty where it has none.
    """

    id: str
    kind: str
    about_id: str
    idea_id: str
    language: str
    from_language: str
    origin: str
    revision: int
    text: str
    title: str = ""
    provider: str = ""
    kind_code: str = ""
    origin_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IdeaRow:
    """One idea as anybody may read it; `votes` and `points` are None where hidden, `together` is about its bundle.

    `statement_ids` is authoritative: an idea filed after a statement was written is in the statement's cluster,
    but the statement does not rest on it. Of `cluster_ids` at most one is the main one. `aspects` says whom it serves,
    which service and which goal; `answer` is the latest one of the city, with its day and department. `translated` is
    the idea in the language of the document, where it was written in another one and has a wording in that.
    """

    id: str
    title: str
    text: str
    language: str
    state: str
    submitted_at: datetime
    external_id: str = ""
    pseudonym: str = ""
    principles: tuple[str, ...] = ()
    principle_ids: tuple[str, ...] = ()
    district: str = ""
    field: str = ""
    field_id: str = ""
    votes: Votes | None = None
    points: Points | None = None
    comments: int = 0
    cluster_ids: tuple[str, ...] = ()
    main_cluster_id: str = ""
    bundle_id: str = ""
    together: TogetherFigures | None = None
    statement_ids: tuple[str, ...] = ()
    url: str = ""
    source: str = ""
    source_code: str = ""
    aspects: tuple[str, ...] = ()
    answer: str = ""
    translated: InLanguage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteRow:
    """The votes on one idea in sum; nobody's own vote. Figures that may not be told are None.

    `withheld` says why the votes are: "hidden" until voting has ended, or "few" people voted.
    """

    idea_id: str
    agree: int | None = None
    unsure: int | None = None
    disagree: int | None = None
    people: int | None = None
    points: int | None = None
    points_people: int | None = None
    withheld: Literal["", "hidden", "few"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentRow:
    """One contribution to the discussion of an idea; `parent_id` is the comment it replies to.

    `voice_code` says who speaks officially: the city, or the moderation; it is empty for residents.
    """

    id: str
    idea_id: str
    text: str
    language: str
    submitted_at: datetime
    parent_id: str = ""
    pseudonym: str = ""
    voice_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingRow:
    """An idea belongs to a cluster since a moment; `origin` says how it came there, never by whom."""

    idea_id: str
    cluster_id: str
    is_main: bool
    origin: str
    filed_at: datetime
    origin_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRow:
    """One decision of the moderation as the public log has it: no text, no reason, nobody's name, not on what.

    `id` is the decision's own; of the moment only the day is told, or somebody who was online then could be recognised.
    `hours_waited` is how long the contribution had waited for it. `appeal` is empty where nobody objected. `digest`
    shows only to whoever has the decision's salt which text it was about.
    """

    id: str
    subject: str
    decision: str
    ground: str
    decided_on: date
    automation: str = ""
    hours_waited: float | None = None
    appeal: str = ""
    digest: str = ""
    subject_code: str = ""
    decision_code: str = ""
    ground_code: str = ""
    automation_code: str = ""
    appeal_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRow:
    """What the city said to a statement, a bundle or an idea; later ones follow, only the last `is_latest`.

    `target_id` is the id of what it is about, in the list of its kind. `is_overdue` says that the day which the city
    named has passed and no measure followed; measures have days of their own.
    """

    id: str
    kind: AnswerKind
    target_id: str
    department: str
    outcome: str
    text: str
    answered_at: datetime
    due_on: date | None = None
    is_overdue: bool = False
    is_latest: bool = True
    text_in: Texts = field(default_factory=dict)
    outcome_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """What happened with a measure; `due_on` is set at first and where the day was moved."""

    state: str
    text: str
    reported_at: datetime
    due_on: date | None = None
    text_in: Texts = field(default_factory=dict)
    state_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureRow:
    """Something the city does after an answer until a day, with its steps, the earliest first."""

    id: str
    answer_id: str
    title: str
    department: str
    state: str
    due_on: date
    first_due_on: date
    is_overdue: bool = False
    steps: tuple[StepRow, ...] = ()
    title_in: Texts = field(default_factory=dict)
    state_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralRow:
    """A department is asked for an answer until a day; once it has given one the referral is over."""

    id: str
    kind: AnswerKind
    target_id: str
    department: str
    due_on: date
    first_due_on: date
    referred_at: datetime
    is_overdue: bool = False
