"""Quoted words in another language: the whole sentences around them, where both texts can be laid side by side."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from participation.cases.models import SubjectKind
from participation.listings.translated import ShownWordings, Written
from participation.multilingual import Phrase
from participation.strategy.models import QuotedPart
from participation.strategy.statements.comparing import ShownQuote
from participation.wordings.queries import ShownWording

_PARAGRAPHS = re.compile(r"\n+")
# What ends a sentence in the languages of the city, with a closing quotation mark or bracket behind it.
_ENDS = re.compile(r"[.!?…؟۔]+[\"'”’“»«)\]]*(?=\s|$)")
# A number, a single letter or a pair of them before a full stop is no end: "z. B.", "3. Mai".
_ABBREVIATED = re.compile(r"(?:^|[\s(.])(?:\d+|[^\W\d_]{1,2})\.$")
LONGEST_TIMES, MARGIN = 3.0, 20
"""Sentences of a pair may differ so much in length, a few characters aside; beyond that they are no pair."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and where it stands in its text."""

    text: str
    start: int
    end: int


def written_quote(quote: ShownQuote) -> Written:
    """Return the contribution that a quote is from, as it is asked for."""
    return Written(SubjectKind.COMMENT if quote.is_comment else SubjectKind.IDEA, quote.place.source_id, quote.language)


def quote_in(quote: ShownQuote, shown: ShownWordings) -> tuple[ShownWording, Phrase] | None:
    """Return the sentences around a quote in a wording among ``shown``; ``None`` where they cannot be told apart."""
    source, place = written_quote(quote), quote.place
    wording = shown.get((source.kind, source.id))
    if wording is None or not (quote.is_comment or wording.revision == place.revision):
        return None
    if place.part is QuotedPart.TITLE:
        text: str | None = wording.title
    else:
        text = sentences_around(quote.original, place.start, place.end, wording.text)
    return (wording, Phrase(text, wording.language)) if text else None


def sentences_around(original: str, start: int, end: int, wording: str) -> str | None:
    """Return the sentences of ``wording`` that say what stands in ``original`` from ``start`` up to ``end``.

    Both must have the same paragraphs, each with the same number of sentences of like length; ``None`` where they do
    not: then nobody can say which words of the one belong to which of the other.
    """
    ours, theirs = paragraphs(original), paragraphs(wording)
    if [len(one) for one in ours] != [len(one) for one in theirs]:
        return None
    found: list[str] = []
    for our, their in zip(ours, theirs, strict=True):
        pairs = zip(our, their, strict=True)
        touched = [(one, other) for one, other in pairs if one.start < end and one.end > start]
        if not all(_is_pair(one.text, other.text) for one, other in touched):
            return None
        found += [other.text for _one, other in touched]
    return " ".join(found) or None


def paragraphs(text: str) -> Sequence[Sequence[Sentence]]:
    """Return the sentences of a text by paragraph; empty lines count for nothing."""
    found, begin = [], 0
    for match in (*_PARAGRAPHS.finditer(text), None):
        stop = match.start() if match else len(text)
        sentences = tuple(_sentences(text, begin, stop))
        if sentences:
            found.append(sentences)
        begin = match.end() if match else stop
    return found


def _sentences(text: str, begin: int, stop: int) -> Iterator[Sentence]:
    start = begin
    for match in (*_ENDS.finditer(text, begin, stop), None):
        end = match.end() if match else stop
        if match and end < stop and _ABBREVIATED.search(text[start:end]):
            continue
        words = text[start:end]
        if words.strip():
            lead = len(words) - len(words.lstrip())
            yield Sentence(words.strip(), start + lead, start + len(words.rstrip()))
        start = end


def _is_pair(one: str, other: str) -> bool:
    short, long = sorted((len(one), len(other)))
    return long <= LONGEST_TIMES * short + MARGIN
