"""Words at which moderators want to be pointed: the lists that come with the platform, and their own."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from participation.texts.stems import fold, words_with_stems

CATALOGUE = Path(__file__).parent / "catalogues" / "words.yaml"
OWN = "own"
"""The name of the list that moderators write themselves; the others stand in the catalogue."""
MOST = 5
SHORTEST_STEMMED = 5
"""Shorter words meet others by accident once their endings are gone."""
LOOKALIKES = str.maketrans("0134578@$!", "oieastbasi")
PIECE = re.compile(r"\S+")
SPELLED_OUT = re.compile(r"(?<!\w)(?:[^\W\d_][ .*_-]){3,20}[^\W\d_](?!\w)")
DRAWN_OUT = re.compile(r"(\w)\1{2,}")


@dataclass(frozen=True, slots=True)
class Watched:
    """A word on a list."""

    word: str
    list: str


@dataclass(frozen=True, slots=True)
class _Lists:
    """All words of one language in one pattern for folded texts; each has a group of its own."""

    pattern: re.Pattern[str]
    entries: tuple[Watched, ...]

    def found_in(self, folded: str) -> Iterator[Watched]:
        for match in self.pattern.finditer(folded):
            yield self.entries[(match.lastindex or 1) - 1]


def watched_in(text: str, language: str, own: Iterable[str] = ()) -> tuple[Watched, ...]:
    """Return the words of the lists that ``text`` holds, in their order, each once and at most ``MOST``.

    The lists of its ``language`` count, and the words in ``own``, these in their other forms, too. Letters spelled
    apart, drawn out or replaced by digits that look like them do not hide a word.
    """
    readings = tuple(dict.fromkeys(fold(reading) for reading in _readings(text)))
    lists = [_lists_of(language), _compiled(tuple((word, OWN) for word in own))]
    found = dict.fromkeys(one for reading in readings for some in lists for one in some.found_in(reading))
    found |= dict.fromkeys(_by_stem(text, language, own))
    return tuple(found)[:MOST]


def built_in_lists() -> dict[str, dict[str, list[str]]]:
    """Return the lists that come with the platform: language, name of the list, its words."""
    lists: dict[str, dict[str, list[str]]] = _catalogue()["languages"]
    return lists


def version() -> str:
    """Return the version of the lists."""
    return str(_catalogue()["version"])


def _by_stem(text: str, language: str, own: Iterable[str]) -> Iterator[Watched]:
    wanted = {}
    for word in own:
        pairs = words_with_stems(word, language)
        if len(pairs) == 1 and len(pairs[0][0]) >= SHORTEST_STEMMED and "*" not in word:
            wanted[pairs[0][1]] = Watched(word, OWN)
    if wanted:
        yield from (wanted[stem] for _word, stem in words_with_stems(text, language) if stem in wanted)


def _readings(text: str) -> Iterator[str]:
    """Yield ``text`` as it stands, and as somebody may have meant it to be read."""
    yield text
    plain = SPELLED_OUT.sub(lambda match: re.sub(r"[\W_]", "", match.group()), text)
    plain = PIECE.sub(lambda match: _meant(match.group()), plain)
    yield DRAWN_OUT.sub(r"\1", plain)
    yield DRAWN_OUT.sub(r"\1\1", plain)


def _meant(piece: str) -> str:
    """Return a word with letters for the digits that stand in for them; numbers stay numbers."""
    return piece.translate(LOOKALIKES) if any(letter.isalpha() for letter in piece) else piece


@lru_cache(maxsize=64)
def _lists_of(language: str) -> _Lists:
    lists = built_in_lists().get(language, {})
    return _compiled(tuple((word, name) for name, words in lists.items() for word in words))


@lru_cache(maxsize=64)
def _compiled(entries: tuple[tuple[str, str], ...]) -> _Lists:
    kept = [(entry, name, fold(entry.strip("* "))) for entry, name in entries]
    kept = [one for one in kept if one[2]]
    parts = (
        rf"({'[^ ]*' * entry.startswith('*')}{re.escape(folded)}{'[^ ]*' * entry.endswith('*')})"
        for entry, _name, folded in kept
    )
    # Where nothing is watched, nothing is found.
    pattern = rf"(?<![^ ])(?:{'|'.join(parts)})(?![^ ])" if kept else r"(?!)"
    return _Lists(re.compile(pattern), tuple(Watched(entry.strip("* "), name) for entry, name, _folded in kept))


@lru_cache(maxsize=1)
def _catalogue() -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(CATALOGUE.read_text(encoding="utf-8"))
    return data
