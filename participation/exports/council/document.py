"""The part of an export that only the council paper prints: bounded, worded, free of database and file format."""

from dataclasses import dataclass, field
from datetime import date

from participation.exports.council.labels import CouncilLabels
from participation.exports.document_rows import InLanguage


@dataclass(frozen=True, slots=True, kw_only=True)
class Stances:
    """How votes on several ideas are spread; never there where results are hidden or too few voted."""

    agree: int
    unsure: int
    disagree: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """How much there is of something under one label, for a bar each.

    ``votes`` is ``None`` where it is hidden or a few people's; ``expected`` is how many ideas there would be if they
    were spread like residents.
    """

    label: str
    ideas: int
    comments: int
    votes: int | None = None
    expected: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """What happened in one stretch of the process that begins on a day; ``label`` is its name cut for an axis."""

    starts_on: date
    name: str
    label: str
    ideas: int
    comments: int
    votes: int
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedIdea:
    """An idea by number and title in its own language; ``words`` says what is to be said about it here.

    Where groups are compared, ``by_group`` has a word for each of them instead. ``translated`` is the idea in the
    language of the paper, where it was written in another one and has a wording in that; its text is left out.
    """

    id: str
    title: str
    language: str
    url: str = ""
    words: str = ""
    by_group: tuple[str, ...] = ()
    translated: InLanguage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """A theme and how many of a topic's ideas are in it."""

    title: str
    ideas: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """Results for one principle or field of action; ``best`` are the ideas with the surest agreement, best first.

    ``verdict`` says what the votes on its ideas amount to, ``themes`` are those most of its ideas are in.
    ``stances`` and what follows from them is missing where results are hidden.
    """

    number: int
    title: str
    ideas: int
    comments: int
    stances: Stances | None = None
    verdict: str = ""
    best: tuple[NamedIdea, ...] = ()
    themes: tuple[Theme, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """One answer to a question people were asked about themselves, beside the city; shares are from 0 to 1.

    ``low`` and ``high`` are the ends of its interval; ``share`` is ``None`` where the number is withheld.
    """

    label: str
    people: str
    shown: str
    city: str
    finding: str
    share: float | None
    low: float
    high: float
    residents: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What people said about themselves in one respect; ``note`` says how many did and where the city's shares are
    from."""

    title: str
    note: str
    answers: tuple[Answers, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionGroup:
    """People who vote alike: what they stand for, and where they see things differently than most."""

    name: str
    size: str
    holds: tuple[NamedIdea, ...] = ()
    differs: tuple[NamedIdea, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinions:
    """The opinion groups of the latest run. Without groups, ``summary`` says why there are none.

    ``robustness`` says whether the result holds without some of the votes, ``basis`` what it rests on.
    """

    summary: str
    basis: str = ""
    robustness: str = ""
    groups: tuple[OpinionGroup, ...] = ()
    shared: tuple[NamedIdea, ...] = ()
    dividing: tuple[NamedIdea, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Yardstick:
    """A criterion ("criterion") or value ("value") that statements are held against."""

    kind: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A word of the paper and what it means."""

    word: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Council:
    """Everything of the paper that is not in the rows of the export, in its language.

    Nothing here grows with the number of ideas. ``logo`` is the path of a checked picture, "" without one. ``hidden``
    says why figures of votes are missing, if they are. The texts are sentences ready to be printed.
    """

    logo: str = ""
    summary: tuple[str, ...] = ()
    best: tuple[NamedIdea, ...] = ()
    what_follows: tuple[str, ...] = ()
    hidden: str = ""
    took_part: tuple[str, ...] = ()
    periods: tuple[Period, ...] = ()
    periods_note: str = ""
    channels: tuple[Amounts, ...] = ()
    districts: tuple[Amounts, ...] = ()
    districts_note: str = ""
    questions: tuple[Question, ...] = ()
    people_note: str = ""
    gaps: tuple[str, ...] = ()
    principles: tuple[Topic, ...] = ()
    fields: tuple[Topic, ...] = ()
    topics_note: str = ""
    opinions: Opinions | None = None
    contested: tuple[NamedIdea, ...] = ()
    rejected: tuple[NamedIdea, ...] = ()
    yardsticks: tuple[Yardstick, ...] = ()
    limits: tuple[str, ...] = ()
    glossary: tuple[Term, ...] = ()
    labels: CouncilLabels = field(default_factory=CouncilLabels)
