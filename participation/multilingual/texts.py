"""Texts that come with the product as data: YAML in German and English, all other languages from catalogues.

Wherever a file has a mapping with ``de`` and ``en``, that is one text. Catalogues of the domain ``editorial`` hold its
translations under the English words, with the file as context, so that a changed text asks to be translated anew.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from babel.support import Translations

from participation.kit.places import PACKAGE, ROOT
from participation.multilingual import SIMPLE

DOMAIN = "editorial"
SOURCE, ORIGINAL = "en", "de"
"""The language that texts are translated from, and the one that is official; both stand in the files themselves."""


def read_texts(path: Path) -> Any:
    """Return the content of a YAML file with every text in all languages that have it; raises ``yaml.YAMLError``."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data = yaml.load(path.read_text(encoding="utf-8"), loader)  # noqa: S506  # both loaders are safe ones
    if path.resolve().is_relative_to(PACKAGE):
        context = name_of(path)
        for text in texts_in(data):
            _spread(text, context)
    return data


def name_of(path: Path) -> str:
    """Return the name by which catalogues know a file, for example ``participation/browse/lived.yaml``."""
    return path.resolve().relative_to(PACKAGE.parent).as_posix()


def texts_in(data: Any) -> Iterator[dict[str, Any]]:
    """Yield every text of a file: a mapping from language to words, or to a list of words."""
    if isinstance(data, dict):
        if _is_text(data):
            yield data
            return
        for value in data.values():
            yield from texts_in(value)
    elif isinstance(data, list):
        for value in data:
            yield from texts_in(value)


def languages_in(data: Any) -> tuple[str, ...]:
    """Return the languages that every text of a file has, those that stand in the file itself first."""
    found = [list(text) for text in texts_in(data)]
    return tuple(language for language in (found[0] if found else ()) if all(language in text for text in found))


def words_of(text: Mapping[str, Any], language: str = SOURCE) -> list[str]:
    """Return what a text says in ``language``, in its parts; most have one."""
    words = text[language]
    return [words.strip()] if isinstance(words, str) else [one.strip() for one in words]


def _is_text(data: Mapping[Any, Any]) -> bool:
    """A text says the same in both languages: a line or equally many."""
    both = [data.get(language) for language in (SOURCE, ORIGINAL)]
    if all(isinstance(words, str) for words in both):
        return True
    return all(isinstance(words, list) and all(isinstance(one, str) for one in words) for words in both)


def _spread(text: dict[str, Any], context: str) -> None:
    for language, catalogue in _catalogues().items():
        if language in text:
            continue
        said = [catalogue.get((context, words)) for words in words_of(text)]
        if all(said):
            text[language] = said[0] if isinstance(text[SOURCE], str) else said


@lru_cache(maxsize=1)
def _catalogues() -> dict[str, dict[tuple[str, str], str]]:
    """Return the translations of each language by context and English words."""
    found = {}
    for path in sorted((ROOT / "translations").glob(f"*/LC_MESSAGES/{DOMAIN}.mo")):
        folder = path.parent.parent
        loaded: Any = Translations.load(str(folder.parent), [folder.name], DOMAIN)
        separator = loaded.CONTEXT_ENCODING % ("", "")
        # Its own way of asking cannot tell what is missing from what is called the same.
        known = loaded._catalog.items()  # noqa: SLF001  # as said above
        pairs = ((key.partition(separator), words) for key, words in known if separator in key)
        language = folder.name.replace(f"_{SIMPLE.upper()}", f"-{SIMPLE}")
        found[language] = {(context, source): words for (context, _between, source), words in pairs}
    return found
