"""Words that a framework uses in a sense of its own: kept from being put otherwise than the framework puts them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape, unescape

from sqlalchemy.orm import Session

from participation.principles.queries import terms_of

SENTENCE_END = ".!?…؟\n"


@dataclass(frozen=True, slots=True)
class Word:
    """A word with its forms in the language of a text, and how it is put in another language."""

    forms: tuple[str, ...]
    target: str


@dataclass(frozen=True, slots=True)
class Glossary:
    """The words of a framework, each with its title and forms by language."""

    entries: tuple[tuple[Mapping[str, str], Mapping[str, Sequence[str]]], ...]

    def words(self, source: str, target: str) -> tuple[Word, ...]:
        """Return the words that have a wording in both languages; the framework alone says what that is."""
        found = []
        for title, forms in self.entries:
            if title.get(source) and title.get(target):
                found.append(Word((title[source], *forms.get(source, ())), title[target]))
        return tuple(found)


def glossary_of(session: Session, framework_id: int) -> Glossary:
    """Return the words of a framework."""
    return Glossary(tuple((term.title, term.forms) for term in terms_of(session, framework_id)))


def mask(text: str, words: Sequence[Word], *, before: str, after: str) -> str | None:
    """Return ``text`` as markup in which each of ``words`` stands as its target, between ``before`` and ``after``.

    ``None`` where none of them is in it.
    """
    pieces, end = [], 0
    for start, stop, target in _places(text, words):
        pieces += [escape(text[end:start], quote=False), before, escape(target, quote=False), after]
        end = stop
    return "".join([*pieces, escape(text[end:], quote=False)]) if end else None


def unmask(text: str, marks: re.Pattern[str]) -> str:
    """Return markup as plain text, without the ``marks`` that ``mask`` made."""
    return unescape(marks.sub("", text))


def lost_words(source: str, result: str, words: Sequence[Word]) -> bool:
    """Return whether a word that ``source`` has stands in ``result`` less often than there."""
    wanted: dict[str, int] = {}
    for _start, _stop, target in _places(source, words):
        wanted[target.casefold()] = wanted.get(target.casefold(), 0) + 1
    plain = result.casefold()
    return any(plain.count(target) < count for target, count in wanted.items())


def _places(text: str, words: Sequence[Word]) -> Iterator[tuple[int, int, str]]:
    """Yield where one of ``words`` stands, and what it becomes there; longer ones go before their parts."""
    targets = {form.casefold(): word.target for word in words for form in word.forms if form.strip()}
    if not targets:
        return
    longest_first = "|".join(re.escape(form) for form in sorted(targets, key=len, reverse=True))
    for match in re.finditer(rf"(?<!\w)(?:{longest_first})(?!\w)", text, re.IGNORECASE):
        target = targets.get(match.group().casefold())
        if target is not None:
            yield match.start(), match.end(), _as_begun(target, text[: match.start()])


def _as_begun(target: str, before: str) -> str:
    """Return ``target`` with a capital letter where a sentence begins."""
    stripped = before.rstrip(" \t")
    begins = not stripped or stripped[-1] in SENTENCE_END
    return target[:1].upper() + target[1:] if begins else target
