"""What differs between two revisions of a statement, for people to read."""

import enum
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.curation.models import Cluster
from participation.multilingual import Phrase, direction, phrase
from participation.principles.models import FieldOfAction, Principle
from participation.strategy.models import SourceKind
from participation.strategy.statements.content import Content, QuotePlace
from participation.strategy.statements.quotes import key_of, originals, quoted_words
from participation.texts.differences import Piece, differences


class Part(enum.Enum):
    """What can differ."""

    TEXT = "text"
    REASONING = "reasoning"
    DEPARTMENT = "department"
    PRINCIPLES = "principles"
    FIELDS = "fields"
    CLUSTERS = "clusters"


@dataclass(frozen=True, slots=True)
class ShownQuote:
    """A quote with its words, or without them where its original cannot be read any more; ``number`` counts from 1.

    ``original`` is all that the quoted part of the original says, as far as the words can be read.
    """

    number: int
    place: QuotePlace
    idea_id: int | None
    words: str | None
    language: str
    original: str = ""

    @property
    def is_comment(self) -> bool:
        """Whether a comment is quoted, not an idea."""
        return self.place.kind is SourceKind.COMMENT

    @property
    def dir(self) -> str:
        """The direction in which the words are read."""
        return direction(self.language)


@dataclass(frozen=True, slots=True)
class TextChange:
    """What changed in a text in one language."""

    part: Part
    language: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class ListChange:
    """What came and what went from one of the lists."""

    part: Part
    added: tuple[Phrase, ...]
    removed: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that differs between two revisions; nothing where they say the same."""

    texts: tuple[TextChange, ...] = ()
    lists: tuple[ListChange, ...] = ()
    quotes_added: tuple[ShownQuote, ...] = ()
    quotes_removed: tuple[ShownQuote, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.texts or self.lists or self.quotes_added or self.quotes_removed)


@dataclass(frozen=True, slots=True)
class Names:
    """What the principles, fields of action and clusters of some revisions are called."""

    principles: Mapping[int, Phrase] = field(default_factory=dict)
    fields: Mapping[int, Phrase] = field(default_factory=dict)
    clusters: Mapping[int, Phrase] = field(default_factory=dict)


def names_in(session: Session, contents: Iterable[Content], language: str) -> Names:
    """Return the names that the contents need, those of removed clusters, too; at most three queries."""
    all_of = list(contents)

    def named(table: type[Principle] | type[FieldOfAction] | type[Cluster], ids: set[int]) -> dict[int, Phrase]:
        rows = session.execute(select(table.id, table.title).where(table.id.in_(ids))) if ids else ()
        return {id_: phrase(title, language) for id_, title in rows}

    return Names(
        principles=named(Principle, {id_ for content in all_of for id_ in content.principles}),
        fields=named(FieldOfAction, {id_ for content in all_of for id_ in content.fields}),
        clusters=named(Cluster, {id_ for content in all_of for id_ in content.clusters}),
    )


def shown_quotes(session: Session, places: Iterable[QuotePlace]) -> tuple[ShownQuote, ...]:
    """Return quotes in their order with the words that everybody may read now."""
    wanted = list(places)
    readable = originals(session, wanted)
    shown = []
    for number, place in enumerate(wanted, start=1):
        original = readable.get(key_of(place))
        words = quoted_words(place, readable)
        language = original.language if original and words is not None else ""
        whole = original.text if original and words is not None else ""
        shown.append(ShownQuote(number, place, original.idea_id if original else None, words, language, whole))
    return tuple(shown)


def compare(before: Content, after: Content, names: Names, quotes: Iterable[ShownQuote]) -> Comparison:
    """Return what differs; ``quotes`` are those of both as they can be shown."""
    shown = {quote.place: quote for quote in quotes}
    return Comparison(
        texts=(
            *_texts(Part.TEXT, before.text, after.text),
            *_texts(Part.REASONING, before.reasoning, after.reasoning),
            *_texts(Part.DEPARTMENT, {"": before.department}, {"": after.department}),
        ),
        lists=tuple(
            change
            for part, old, new, known in (
                (Part.PRINCIPLES, before.principles, after.principles, names.principles),
                (Part.FIELDS, before.fields, after.fields, names.fields),
                (Part.CLUSTERS, before.clusters, after.clusters, names.clusters),
            )
            if (change := _list(part, old, new, known))
        ),
        quotes_added=tuple(shown[place] for place in after.quotes if place not in before.quotes and place in shown),
        quotes_removed=tuple(shown[place] for place in before.quotes if place not in after.quotes and place in shown),
    )


def _texts(part: Part, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[TextChange]:
    for language in sorted({*before, *after}):
        old, new = before.get(language, ""), after.get(language, "")
        if old != new:
            yield TextChange(part, language, differences(old, new))


def _list(
    part: Part, before: tuple[int, ...], after: tuple[int, ...], names: Mapping[int, Phrase]
) -> ListChange | None:
    added = tuple(names[id_] for id_ in after if id_ not in before and id_ in names)
    removed = tuple(names[id_] for id_ in before if id_ not in after and id_ in names)
    return ListChange(part, added, removed) if added or removed else None
