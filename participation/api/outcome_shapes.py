"""What the interface answers about themes, bundles, statements, answers and where they come from."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal

from participation.api.describing import Says
from participation.api.shapes import (
    WITHHELD,
    Addendum,
    IdeaItem,
    Language,
    NextUrl,
    PageUrl,
    Points,
    Url,
    Withheld,
    Wording,
)
from participation.strategy.models import AnswerOutcome, MeasureState, Verdict


@dataclass(frozen=True, slots=True)
class Cluster:
    """A theme that moderators file ideas under."""

    id: Annotated[int, Says("The number of the theme.", 3)]
    title: Wording
    description: Wording
    ideas: Annotated[int, Says("How many public ideas are filed under it.", 12)]
    statements: Annotated[tuple[int, ...], Says("Numbers in addresses of the public statements that rest on it.", [5])]
    ideas_url: Annotated[str, Says("The ideas filed under it.", "https://example.org/api/v1/…/ideas?theme=3")]
    page_url: PageUrl


@dataclass(frozen=True, slots=True)
class ClusterList:
    """The themes of a process in the order of the board."""

    items: tuple[Cluster, ...]


@dataclass(frozen=True, slots=True)
class IdeaLink:
    """An idea, by its title."""

    id: Annotated[int, Says("The number of the idea.", 17)]
    title: Annotated[str, Says("Plain text as it was typed, never HTML.", "More trees along Hafenstraße")]
    language: Language
    url: Url
    page_url: PageUrl


@dataclass(frozen=True, slots=True)
class Together:
    """How many people stand behind several ideas; each person counts once."""

    people: Annotated[int | None, Says("How many voted on any of them.", 41)]
    agree: Annotated[int | None, Says("How many agree with at least one.", 31)]
    disagree: Annotated[int | None, Says("How many disagree with at least one.", 4)]
    withheld: Annotated[Withheld | None, Says(WITHHELD)]


@dataclass(frozen=True, slots=True)
class Bundle:
    """Ideas that say the same; each stays as it is."""

    id: Annotated[int, Says("The number of the bundle.", 4)]
    made_at: datetime
    ideas: tuple[IdeaLink, ...]
    people: Together
    page_url: PageUrl


@dataclass(frozen=True, slots=True)
class BundleList:
    """The bundles of a process, the latest first."""

    items: tuple[Bundle, ...]
    next: NextUrl


@dataclass(frozen=True, slots=True)
class Measure:
    """Something that the city does after an answer."""

    id: Annotated[int, Says("The number of the measure.", 6)]
    title: Wording
    department: Annotated[str, Says("Who does it.", "Department of Mobility")]
    state: MeasureState
    due_on: Annotated[date, Says("By when it is to be done.", "2026-11-30")]
    is_overdue: Annotated[bool, Says("Whether that day is over and the measure is not.")]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the city said."""

    id: Annotated[int, Says("The number of the answer.", 9)]
    about: Annotated[Literal["idea", "bundle", "statement"], Says("What it is about.")]
    about_id: Annotated[int, Says("The number of that in addresses.", 17)]
    outcome: AnswerOutcome
    department: Annotated[str, Says("Who answered.", "Department of Mobility")]
    text: Wording
    answered_at: datetime
    due_on: Annotated[date | None, Says("The day that the city named for it.")]
    measures: tuple[Measure, ...]


@dataclass(frozen=True, slots=True)
class Referral:
    """A department is asked for an answer by a day."""

    about: Annotated[Literal["idea", "bundle", "statement"], Says("What it is asked about.")]
    about_id: Annotated[int, Says("The number of that in addresses.", 17)]
    department: Annotated[str, Says("Who is asked.", "Department of Mobility")]
    due_on: Annotated[date, Says("By when.", "2026-09-30")]
    is_overdue: Annotated[bool, Says("Whether that day is over.")]


@dataclass(frozen=True, slots=True)
class StatementItem:
    """A public statement, a sentence of input for the strategy, in a list."""

    id: Annotated[int, Says("Its number in addresses.", 5)]
    number: Annotated[int, Says("Its place in the document, by which people call it.", 2)]
    text: Wording
    department: Annotated[str, Says("Who would be responsible; empty where nobody said so.", "Department of Mobility")]
    published_at: datetime
    url: Url
    page_url: PageUrl


@dataclass(frozen=True, slots=True)
class StatementList:
    """The public statements of a process, in the order of the document."""

    items: tuple[StatementItem, ...]
    next: NextUrl


@dataclass(frozen=True, slots=True)
class IdeaDetail(IdeaItem):
    """A public idea with what its author added, where it is filed, and what the city says to it."""

    points: Annotated[Points | None, Says("`null` where the process gives no points.")]
    addenda: tuple[Addendum, ...]
    statements: Annotated[tuple[int, ...], Says("Numbers in addresses of the public statements that rest on it.", [5])]
    answers: Annotated[tuple[Answer, ...], Says("To the idea, to its bundle, and to the statements that rest on it.")]
    referrals: Annotated[tuple[Referral, ...], Says("Who is asked for an answer at the moment.")]
    comments_url: Annotated[str, Says("Its comments.", "https://example.org/api/v1/…/ideas/17/comments")]
    provenance_url: Annotated[str, Says("What became of it, as W3C PROV.", "https://example.org/api/v1/…/provenance")]


@dataclass(frozen=True, slots=True)
class Signature:
    """The sign-off by a second person: which wording, when, and what stood behind it then."""

    revision: Annotated[int, Says("Which wording was signed off.", 1)]
    signed_at: datetime
    ideas: Annotated[int, Says("How many ideas it rested on.", 12)]
    digest: Annotated[str, Says("SHA-256 of words and basis; empty while results are hidden.", "…")]


@dataclass(frozen=True, slots=True)
class SourceCluster:
    """A theme that a statement rests on."""

    id: Annotated[int, Says("The number of the theme.", 3)]
    title: Annotated[str, Says("What the theme is called, in the language of the answer where it can be.", "Trees")]
    ideas: Annotated[int, Says("How many public ideas are filed under it.", 12)]
    is_removed: Annotated[bool, Says("Whether moderators have removed the theme since.")]


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of an idea or a comment that a statement quotes."""

    idea_id: Annotated[int, Says("The number of the idea.", 17)]
    comment_id: Annotated[int | None, Says("The number of the comment, where one is quoted.")]
    text: Annotated[str, Says("Plain text as it was typed, never HTML.", "Shade is missing in summer.")]
    language: Language


@dataclass(frozen=True, slots=True)
class Objection:
    """A public comment that objects to an idea behind a statement."""

    idea_id: Annotated[int, Says("The number of the idea.", 17)]
    comment_id: Annotated[int, Says("The number of the comment.", 231)]
    text: Annotated[str, Says("Text as it was typed, with simple Markdown, never HTML.", "Who waters them?")]
    language: Language
    helpful: Annotated[int, Says("How many people marked it as helpful.", 3)]


@dataclass(frozen=True, slots=True)
class GroupView:
    """How an opinion group (people who vote alike) stands to the ideas behind a statement."""

    number: Annotated[int, Says("The number of the group.", 1)]
    people: Annotated[int, Says("How many people are in it.", 24)]
    agrees: Annotated[int, Says("With how many of the ideas it agrees.", 7)]
    disagrees: Annotated[int, Says("With how many of the ideas it disagrees.", 2)]
    split: Annotated[int, Says("On how many of the ideas it is split.", 1)]
    unknown: Annotated[int, Says("On how many of the ideas too few of it voted.", 2)]


@dataclass(frozen=True, slots=True)
class DistrictView:
    """How many of the ideas behind a statement are about a district."""

    title: Annotated[Wording | None, Says("`null` for ideas that name no district.")]
    ideas: Annotated[int, Says("How many ideas.", 4)]
    agree: Annotated[
        int | None, Says("How many people agree with any; `null` for fewer than ten or hidden results.", 18)
    ]


@dataclass(frozen=True, slots=True)
class Assessed:
    """How a statement stands to a criterion or a value."""

    about: Annotated[str, Says("Kind and key of what it was held against.", "criterion-rights")]
    title: Wording
    verdict: Verdict
    reason: Wording


@dataclass(frozen=True, slots=True)
class Lost:
    """The trace of a source that cannot be read any more as it was."""

    kind: Annotated[Literal["idea", "comment"], Says("What it was.")]
    id: Annotated[int, Says("Its number.", 18)]
    was_quoted: Annotated[bool, Says("Whether its words stood here.")]
    reason: Annotated[str, Says("Why it is gone.", "withdrawn")]
    since: Annotated[datetime | None, Says("Since when, where that is known.")]


@dataclass(frozen=True, slots=True)
class StatementDetail(StatementItem):
    """A statement with everything it rests on and what stands beside it; one that was withdrawn says why."""

    state: Literal["published", "withdrawn"]
    reasoning: Wording
    principles: tuple[Wording, ...]
    fields: tuple[Wording, ...]
    signed: Annotated[Signature | None, Says("`null` where nobody signed it off yet.")]
    reopened_at: Annotated[datetime | None, Says("Since when it has to be signed off anew.")]
    clusters: tuple[SourceCluster, ...]
    ideas: Annotated[int, Says("How many public ideas it rests on, each counted once.", 12)]
    people: Annotated[Together | None, Says("`null` for one that was withdrawn.")]
    quotes: tuple[Quote, ...]
    objections: tuple[Objection, ...]
    groups: tuple[GroupView, ...]
    districts: tuple[DistrictView, ...]
    assessments: tuple[Assessed, ...]
    lost: tuple[Lost, ...]
    answers: tuple[Answer, ...]
    referral: Annotated[Referral | None, Says("Who is asked for an answer at the moment.")]
    withdrawn_at: Annotated[datetime | None, Says("When it was withdrawn.")]
    withdrawn_for: Annotated[Wording | None, Says("Why it was withdrawn.")]
    provenance_url: Annotated[str, Says("What it rests on, as W3C PROV.", "https://example.org/api/v1/…/provenance")]


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where something comes from, as PROV-JSON (W3C Member Submission, 24 April 2013).

    Beside `prefix` stand the parts that there are: `entity`, `activity`, `agent`, `wasDerivedFrom` and so on.
    """

    prefix: Annotated[dict[str, Any], Says("Where the names begin.", {"prov": "http://www.w3.org/ns/prov#"})]


@dataclass(frozen=True, slots=True)
class Document:
    """A description of this interface by the OpenAPI Specification 3.1."""

    openapi: Annotated[str, Says("The version of the specification.", "3.1.0")]
    info: Annotated[dict[str, Any], Says("What this interface is.", {"title": "…", "version": "1.0.0"})]
    paths: Annotated[dict[str, Any], Says("Its addresses.")]
    components: Annotated[dict[str, Any], Says("What answers are made of.")]
