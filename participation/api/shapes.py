"""What the interface answers about processes, ideas and the discussion: one dataclass for each thing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from participation.api.describing import Says
from participation.comments.models import CommentStance, Voice
from participation.ideas.models import IdeaSource
from participation.processes.models import DataLicence, PhaseKind
from participation.wordings.models import Origin

Withheld = Literal["results_hidden", "too_few"]
WITHHELD = (
    "Why there are no numbers: `results_hidden` until voting has ended where a process hides results, `too_few` where "
    "fewer than five people took part, `null` where there are numbers."
)
Url = Annotated[str, Says("Where this is to be found in this interface.", "https://example.org/api/v1/…")]
PageUrl = Annotated[str, Says("The page for people, in the language of the answer.", "https://example.org/en/…")]
NextUrl = Annotated[str | None, Says("Where the list goes on; `null` at its end.", None)]
Language = Annotated[str, Says("The language of the text (BCP 47): that of its author, or of the translation.", "de")]
ORIGINAL = "What its author wrote, where a translation was asked for and is shown; `null` where the text is that."
TRANSLATION = "How the text came about, where it is a translation."


@dataclass(frozen=True, slots=True)
class Wording:
    """An editorial text in the language of the answer, or in another one where there is no translation."""

    text: Annotated[str, Says("Plain text, never HTML.", "How shall our city become digital?")]
    language: Annotated[str, Says("The language that this text is really in.", "en")]


@dataclass(frozen=True, slots=True)
class Original:
    """What somebody wrote, in their own language."""

    title: Annotated[str | None, Says("Its title, where it has one.", "Daha fazla ağaç")]
    text: Annotated[str, Says("Plain text as it was typed, never HTML.", "Yazın gölge yok.")]
    language: Annotated[str, Says("The language in which it was written (BCP 47).", "tr")]


@dataclass(frozen=True, slots=True)
class Translation:
    """How a text came into the language that was asked for."""

    origin: Annotated[Origin, Says("Whether a machine translated it, or people did and moderators agreed.")]
    provider: Annotated[str | None, Says("The service that translated it, where a machine did.", "LibreTranslate")]
    from_: Annotated[str, Says("The language from which it was translated (BCP 47).", "tr")]


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that ideas can name: a principle, a field of action, a district."""

    key: Annotated[str, Says("The name to filter by; it stays the same.", "mobility")]
    title: Wording


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of time in a process; its end is excluded."""

    kind: PhaseKind
    title: Wording
    description: Wording
    starts_at: datetime
    ends_at: datetime
    allows: Annotated[
        tuple[Literal["propose", "comment", "vote", "prioritise"], ...],
        Says("What residents can do in it.", ["propose", "comment"]),
    ]


@dataclass(frozen=True, slots=True)
class ProcessLinks:
    """The lists of a process."""

    principles: str
    ideas: str
    comments: str
    votes: str
    clusters: str
    bundles: str
    statements: str


@dataclass(frozen=True, slots=True)
class ProcessItem:
    """One consultation in a list."""

    slug: Annotated[str, Says("The name in all addresses of the process.", "digital-strategy")]
    title: Annotated[Wording, Says("What it is called.", {"text": "Our digital strategy", "language": "en"})]
    question: Wording
    summary: Annotated[Wording, Says("What it is about.", {"text": "Everybody can propose ideas.", "language": "en"})]
    state: Literal["published", "archived"]
    starts_at: Annotated[datetime | None, Says("When its first phase begins.", "2026-05-01T00:00:00+00:00")]
    ends_at: Annotated[datetime | None, Says("When its last phase ends.", "2026-12-01T00:00:00+00:00")]
    url: Url
    page_url: PageUrl


@dataclass(frozen=True, slots=True)
class ProcessList:
    """The public consultations, the newest first."""

    items: tuple[ProcessItem, ...]


@dataclass(frozen=True, slots=True)
class ProcessDetail:
    """One consultation with its phases and with what its ideas can be filtered by."""

    slug: Annotated[str, Says("The name in all addresses of the process.", "digital-strategy")]
    title: Annotated[Wording, Says("What it is called.", {"text": "Our digital strategy", "language": "en"})]
    question: Wording
    summary: Annotated[Wording, Says("What it is about.", {"text": "Everybody can propose ideas.", "language": "en"})]
    advice: Annotated[Wording, Says("What kind of say residents have.")]
    next_step: Annotated[Wording, Says("What the council does with the result.")]
    licence: Annotated[Wording, Says("Under what terms residents gave their texts, in words.")]
    data_licence: Annotated[DataLicence, Says("Under what terms others may use this data.")]
    state: Literal["published", "archived"]
    results_hidden: Annotated[bool, Says("Whether numbers of votes are withheld at the moment.")]
    phases: tuple[Phase, ...]
    fields: Annotated[tuple[Entry, ...], Says("The fields of action that ideas can name.")]
    districts: Annotated[tuple[Entry, ...], Says("The districts that ideas can name.")]
    links: ProcessLinks
    url: Url
    page_url: PageUrl


@dataclass(frozen=True, slots=True)
class Principle:
    """A guiding principle that ideas are proposed under."""

    key: Annotated[str, Says("The name to filter by; it stays the same.", "climate")]
    number: Annotated[int, Says("Its place in the list that the council adopted, from 1.", 4)]
    title: Wording
    explanation: Wording
    ideas_url: Annotated[str, Says("The ideas under this principle.", "https://example.org/api/v1/…?principle=climate")]
    page_url: PageUrl


@dataclass(frozen=True, slots=True)
class PrincipleList:
    """The guiding principles of a process, in order."""

    items: tuple[Principle, ...]


@dataclass(frozen=True, slots=True)
class Votes:
    """How people voted on an idea; each person counts once."""

    agree: Annotated[int | None, Says("How many agree.", 31)]
    unsure: Annotated[int | None, Says("How many are unsure.", 6)]
    disagree: Annotated[int | None, Says("How many disagree.", 4)]
    people: Annotated[int | None, Says("How many voted.", 41)]
    withheld: Annotated[Withheld | None, Says(WITHHELD)]


@dataclass(frozen=True, slots=True)
class Points:
    """What an idea got where people give points to what matters most to them."""

    points: Annotated[int | None, Says("All points together.", 57)]
    people: Annotated[int | None, Says("How many people gave any.", 22)]
    withheld: Annotated[Withheld | None, Says(WITHHELD)]


@dataclass(frozen=True, slots=True)
class IdeaVotes:
    """The votes on an idea, in sum, and its points."""

    idea_id: Annotated[int, Says("The number of the idea.", 17)]
    votes: Votes
    points: Annotated[Points | None, Says("`null` where the process gives no points.")]
    idea_url: Annotated[str, Says("The idea.", "https://example.org/api/v1/…/ideas/17")]
    page_url: PageUrl


@dataclass(frozen=True, slots=True)
class VoteList:
    """The votes on the public ideas of a process, those on the newest idea first."""

    items: tuple[IdeaVotes, ...]
    next: NextUrl


@dataclass(frozen=True, slots=True)
class IdeaItem:
    """A public idea in a list. Who wrote it is not said: what one person wrote shall not be easy to collect."""

    id: Annotated[int, Says("The number of the idea.", 17)]
    title: Annotated[str, Says("Plain text as it was typed, never HTML.", "More trees along Hafenstraße")]
    text: Annotated[str, Says("Plain text as it was typed, never HTML.", "Shade is missing in summer.")]
    language: Language
    original: Annotated[Original | None, Says(ORIGINAL)]
    translation: Annotated[Translation | None, Says(TRANSLATION)]
    source: Annotated[IdeaSource, Says("How it came in; all count the same.")]
    source_url: Annotated[str | None, Says("Where it stood before, if it was imported.")]
    revision: Annotated[int, Says("How often it was worded, the first time included.", 1)]
    published_at: datetime
    revised_at: Annotated[datetime | None, Says("When the text was last changed.")]
    principles: Annotated[tuple[str, ...], Says("Keys of the principles that it names.", ["climate"])]
    field: Annotated[str | None, Says("Key of the field of action that it names.", "mobility")]
    district: Annotated[str | None, Says("Key of the district that it names.", "north")]
    clusters: Annotated[tuple[int, ...], Says("Numbers of the themes that it is filed under, the main one first.", [3])]
    bundle_id: Annotated[int | None, Says("The number of the bundle that it is part of.")]
    comments: Annotated[int, Says("How many public comments it has.", 8)]
    votes: Votes
    url: Url
    page_url: PageUrl


@dataclass(frozen=True, slots=True)
class IdeaList:
    """Public ideas of a process, filtered and in the order asked for."""

    items: tuple[IdeaItem, ...]
    next: NextUrl


@dataclass(frozen=True, slots=True)
class Addendum:
    """What the author of an idea added below it later."""

    id: Annotated[int, Says("Its number.", 2)]
    text: Annotated[str, Says("Plain text as it was typed, never HTML.", "The square belongs to it, too.")]
    language: Language
    original: Annotated[Original | None, Says(ORIGINAL)]
    translation: Annotated[Translation | None, Says(TRANSLATION)]
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Comment:
    """A public comment on a public idea. Who wrote it is not said, but for whom it speaks."""

    id: Annotated[int, Says("The number of the comment.", 230)]
    idea_id: Annotated[int, Says("The number of the idea.", 17)]
    parent_id: Annotated[int | None, Says("The comment that it answers, which may not be public any more.")]
    thread_id: Annotated[int, Says("The comment with which its thread begins; its own number for a first one.", 230)]
    text: Annotated[str, Says("Text as it was typed, with simple Markdown, never HTML.", "A good idea for summer.")]
    language: Language
    original: Annotated[Original | None, Says(ORIGINAL)]
    translation: Annotated[Translation | None, Says(TRANSLATION)]
    stance: Annotated[CommentStance | None, Says("What it does to the idea, if its author said so.")]
    voice: Annotated[Voice, Says("For whom it speaks.")]
    helpful: Annotated[int, Says("How many people marked it as helpful.", 3)]
    published_at: datetime
    edited_at: Annotated[datetime | None, Says("When its author last changed it.")]
    page_url: PageUrl


@dataclass(frozen=True, slots=True)
class CommentList:
    """Public comments, those that came first at the beginning."""

    items: tuple[Comment, ...]
    next: NextUrl
