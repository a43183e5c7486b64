"""The glossary: words of the product with their explanations, and the places in editorial texts that explain them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import g
from markupsafe import Markup, escape

from participation.multilingual import Phrase, phrase
from participation.multilingual.texts import read_texts
from participation.principles.queries import TermView

FILE = Path(__file__).parent / "words.yaml"
TOKEN = re.compile(r"(<[^>]*>)")
ELEMENT = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
UNTOUCHED = frozenset({"a", "button", "cite", "code", "h1", "h2", "h3", "h4", "h5", "h6", "label", "pre", "summary"})
"""Inside of these nothing is marked: a button must not stand in a link, and a heading is read as a whole."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word with what it means, in the reader's language where there is one; ``forms`` stand for the same."""

    key: str
    title: Phrase
    explanation: Phrase
    forms: tuple[str, ...] = ()
    is_quiet: bool = False

    @property
    def id(self) -> str:
        """What the element with the explanation is called on every page."""
        return f"word-{self.key}"


@dataclass(frozen=True, slots=True)
class Topic:
    """Words that belong together."""

    key: str
    title: str
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Glossary:
    """Words by the key, and the pattern that finds any of their forms in a text."""

    words: Mapping[str, Word]
    keys: Mapping[str, str]
    pattern: re.Pattern[str] | None


@lru_cache(maxsize=32)
def topics(language: str) -> tuple[Topic, ...]:
    """Return the words of the product by topic."""
    return tuple(
        Topic(
            topic["key"],
            phrase(topic["title"], language).text,
            tuple(
                Word(
                    word["key"],
                    phrase(word["title"], language),
                    phrase(word["explanation"], language),
                    _parts(phrase(word["forms"], language)),
                    bool(word.get("quiet")),
                )
                for word in topic["words"]
            ),
        )
        for topic in _load()["topics"]
    )


def framework_words(terms: Iterable[TermView], language: str) -> tuple[Word, ...]:
    """Return the words of a framework that the product does not explain already."""
    known = {word.key for topic in topics(language) for word in topic.words}
    return tuple(
        Word(
            f"framework-{term.key}",
            phrase(term.title, language),
            phrase(term.explanation, language),
            term.forms.get(phrase(term.title, language).language, ()),
        )
        for term in terms
        if term.key not in known
    )


@lru_cache(maxsize=64)
def glossary(language: str, more: tuple[Word, ...] = ()) -> Glossary:
    """Return the words of the product, and ``more``, ready to be found in a text in ``language``."""
    words = {word.key: word for topic in topics(language) for word in topic.words}
    words.update({word.key: word for word in more})
    keys = {
        form.casefold(): word.key
        for word in reversed(list(words.values()))
        if not word.is_quiet
        for form in (word.title.text, *word.forms)
    }
    longest_first = sorted(keys, key=lambda form: (-len(form), form))
    said = "|".join(re.escape(form) for form in longest_first)
    pattern = re.compile(rf"(?<![\w*-])(?:{said})(?![\w*-])", re.IGNORECASE) if said else None
    return Glossary(words, keys, pattern)


def speak_of(terms: Iterable[TermView]) -> None:
    """Let the page that is being rendered explain the words of its framework, too."""
    g.framework_words = framework_words(terms, g.language)


def explained(text: Any) -> Markup:
    """Return ``text``, markup or plain, with the first use of each word on this page as a button that explains it."""
    known = glossary(g.language, g.get("framework_words", ()))
    pieces, inside = [], 0
    for piece in TOKEN.split(str(escape(text))):
        if element := ELEMENT.match(piece):
            if element[2].lower() in UNTOUCHED:
                inside += -1 if element[1] else 1
            pieces.append(piece)
        else:
            pieces.append(piece if inside else _marked(piece, known))
    return Markup("".join(pieces))  # noqa: S704  # escaped above, and the buttons are ours


def explained_word(key: str) -> Word:
    """Return the word called ``key`` and let the page explain it; raises ``KeyError``."""
    word = glossary(g.language, g.get("framework_words", ())).words[key]
    _on_this_page()[key] = word
    return word


def explained_words() -> tuple[Word, ...]:
    """Return the words that the page being rendered explains so far, in the order of their first use."""
    return tuple(_on_this_page().values())


def _on_this_page() -> dict[str, Word]:
    if "explained_words" not in g:
        g.explained_words = {}
    words: dict[str, Word] = g.explained_words
    return words


def _marked(text: str, known: Glossary) -> str:
    if known.pattern is None:
        return text
    used = _on_this_page()

    def button(found: re.Match[str]) -> str:
        key = known.keys.get(found[0].casefold())
        if key is None or key in used:
            return found[0]
        used[key] = word = known.words[key]
        return f'<button class="word" type="button" popovertarget="{word.id}">{found[0]}</button>'

    return known.pattern.sub(button, text)


def _parts(forms: Phrase) -> tuple[str, ...]:
    return tuple(form for part in forms.text.split(",") if (form := part.strip()))


@lru_cache(maxsize=1)
def _load() -> dict[str, Any]:
    data: dict[str, Any] = read_texts(FILE)
    return data
