"""The words of the files beside open data, in their own languages whatever language the reader has."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from participation.kit.schema import Translated
from participation.multilingual import phrase
from participation.multilingual.texts import languages_in, read_texts
from participation.processes.models import DataLicence

SOURCE = Path(__file__).with_name("words.yaml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """Terms of use: ``short`` and ``url`` are for people, ``uri`` is for catalogues and ``spdx`` for programs."""

    name: Translated
    short: str
    url: str
    uri: str
    spdx: str
    duties: Translated


def languages() -> tuple[str, ...]:
    """Return the languages in which everything is said."""
    return languages_in(_words())


def licence_of(licence: DataLicence) -> Licence:
    """Return the terms of a licence."""
    return Licence(**_words()["licences"][licence.value])


def said(name: str, language: str, **values: object) -> str:
    """Return a text in ``language`` with ``values`` filled in; a name with a dot stands inside another one."""
    found: Any = _words()
    for part in name.split("."):
        found = found[part]
    text = in_words(found, language) if isinstance(found, dict) else found
    return str(text).format(**values)


def in_words(text: Translated, language: str) -> str:
    """Return ``text`` in ``language``, or in English where it is not said in that."""
    return phrase(text, language, fallbacks=("en",)).text


def lines(name: str, language: str, **values: object) -> list[str]:
    """Return several paragraphs in ``language``."""
    return [in_words(paragraph, language).format(**values) for paragraph in _words()[name]]


def keywords() -> Mapping[str, list[str]]:
    """Return the words under which the data shall be found, by language."""
    words: Mapping[str, list[str]] = _words()["keywords"]
    return words


@cache
def _words() -> dict[str, Any]:
    content: dict[str, Any] = read_texts(SOURCE)
    return content
