"""Quotes: finding pasted words in an original, reading quoted words back, and whether a quote still holds."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import and_, select, tuple_
from sqlalchemy.orm import Session

from participation.comments.models import Comment, CommentState
from participation.curation.models import Filing
from participation.ideas.models import Idea, IdeaRevision, IdeaState
from participation.strategy.models import QuotedPart, SourceKind
from participation.strategy.statements.content import QuotePlace

SHORTEST = 3
"""A quote has at least so many characters that are not white space."""
LONGEST = 1000
AROUND = 60
"""So many characters are shown of what was pasted and of the original where they differ."""
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Span:
    """Where words stand in an original: characters ``start`` up to ``end``."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Difference:
    """Where pasted words leave the original: ``same`` stands in both, then follows ``pasted`` or ``original``."""

    same: str
    pasted: str
    original: str


@dataclass(frozen=True, slots=True)
class Original:
    """A text that can be quoted, with the idea it belongs to."""

    text: str
    language: str
    idea_id: int


Key = tuple[SourceKind, int, int, QuotedPart]


def key_of(place: QuotePlace) -> Key:
    """Return which original a quote is from."""
    return place.kind, place.source_id, place.revision, place.part


def words_digest(words: str) -> str:
    """Return the SHA-256 of quoted words, as hexadecimal digits."""
    return sha256(words.encode()).hexdigest()


def locate(original: str, pasted: str) -> Span | Difference:
    """Return where ``pasted`` stands in ``original``, or where it differs.

    Only white space may differ, because line ends change when words are copied from a page.
    """
    flat, places = _flat(original)
    wanted = _SPACE.sub(" ", pasted).strip()
    begin = flat.find(wanted)
    if wanted and begin >= 0:
        return Span(places[begin], places[begin + len(wanted) - 1] + 1)
    return _difference(flat, wanted)


def originals(session: Session, places: Iterable[QuotePlace]) -> dict[Key, Original]:
    """Return the originals of quotes as far as anybody may read them now, in at most three queries."""
    keys = {key_of(place) for place in places}
    ideas = {key[1] for key in keys if key[0] is SourceKind.IDEA}
    comments = {key[1] for key in keys if key[0] is SourceKind.COMMENT}
    texts = _idea_texts(session, ideas, keys) if ideas else {}
    return {**texts, **_comment_texts(session, comments)} if comments else texts


def quoted_words(place: QuotePlace, readable: dict[Key, Original]) -> str | None:
    """Return the words that a quote shows; ``None`` where its original is not public or has other words there."""
    original = readable.get(key_of(place))
    words = original.text[place.start : place.end] if original else ""
    return words if words and words_digest(words) == place.sha256 else None


def ideas_among(session: Session, idea_ids: Iterable[int], cluster_ids: Iterable[int]) -> set[int]:
    """Return those of the ideas that are public and filed in one of the clusters."""
    return set(
        session.scalars(
            select(Filing.idea_id)
            .join(Idea, and_(Idea.id == Filing.idea_id, Idea.state == IdeaState.PUBLISHED))
            .where(
                Filing.idea_id.in_(list(idea_ids)),
                Filing.cluster_id.in_(list(cluster_ids)),
                Filing.ended_at.is_(None),
            )
        )
    )


def _flat(text: str) -> tuple[str, list[int]]:
    """Return ``text`` with each stretch of white space as one space, and where each character stood."""
    letters, places, in_space = [], [], False
    for place, letter in enumerate(text):
        is_space = letter.isspace()
        if not (is_space and in_space):
            letters.append(" " if is_space else letter)
            places.append(place)
        in_space = is_space
    return "".join(letters), places


def _difference(flat: str, wanted: str) -> Difference:
    """Return the first place where ``wanted`` leaves ``flat``, seen from its longest beginning that stands there."""
    low, high = 0, len(wanted)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if wanted[:middle] in flat else (low, middle - 1)
    begin = flat.find(wanted[:low])
    # Back to the beginning of the word, so that what differs can be read.
    low = wanted.rfind(" ", 0, low) + 1
    original = flat[begin + low : begin + low + AROUND] if low else ""
    return Difference(wanted[max(low - AROUND, 0) : low], wanted[low : low + AROUND], original)


def _idea_texts(session: Session, idea_ids: set[int], keys: set[Key]) -> dict[Key, Original]:
    texts: dict[Key, Original] = {}
    public = select(Idea).where(Idea.id.in_(idea_ids), Idea.state == IdeaState.PUBLISHED)
    current: dict[int, int] = {}
    for idea in session.scalars(public):
        current[idea.id] = idea.revision
        _add(texts, idea.id, idea.revision, idea.title, idea.text, idea.language)
    earlier = {
        (key[1], key[2])
        for key in keys
        if key[0] is SourceKind.IDEA and key[1] in current and current[key[1]] != key[2]
    }
    if earlier:
        rows = select(IdeaRevision).where(
            tuple_(IdeaRevision.idea_id, IdeaRevision.revision).in_(earlier), IdeaRevision.closed_at.is_(None)
        )
        for row in session.scalars(rows):
            _add(texts, row.idea_id, row.revision, row.title, row.text, row.language)
    return texts


def _add(texts: dict[Key, Original], idea_id: int, revision: int, title: str, text: str, language: str) -> None:
    texts[SourceKind.IDEA, idea_id, revision, QuotedPart.TITLE] = Original(title, language, idea_id)
    texts[SourceKind.IDEA, idea_id, revision, QuotedPart.TEXT] = Original(text, language, idea_id)


def _comment_texts(session: Session, comment_ids: set[int]) -> dict[Key, Original]:
    rows = session.scalars(
        select(Comment)
        .join(Idea, and_(Idea.id == Comment.idea_id, Idea.state == IdeaState.PUBLISHED))
        .where(Comment.id.in_(comment_ids), Comment.state == CommentState.PUBLISHED)
    )
    return {
        (SourceKind.COMMENT, row.id, 0, QuotedPart.TEXT): Original(row.text, row.language, row.idea_id) for row in rows
    }
