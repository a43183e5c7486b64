"""The editorial pages: imprint, privacy, how it works, rules; texts are data beside this file."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from string import Formatter
from typing import Any

from participation.multilingual import pick
from participation.multilingual.texts import read_texts

FOLDER = Path(__file__).parent / "editorial"


@dataclass(frozen=True, slots=True)
class EditorialSection:
    """A heading with its paragraphs; ``id`` is what other pages point to, where they do."""

    heading: str
    paragraphs: tuple[str, ...]
    id: str = ""


@dataclass(frozen=True, slots=True)
class EditorialPage:
    """A page of plain text."""

    title: str
    intro: str
    sections: tuple[EditorialSection, ...]


def editorial_page(name: str, language: str, settings: Mapping[str, str]) -> EditorialPage:
    """Return the page called ``name``, filled with ``settings``; paragraphs about unset settings are left out."""
    data = _load(name)
    sections = []
    for section in data["sections"]:
        texts = (_fill(pick(text, language), settings) for text in section["paragraphs"])
        paragraphs = tuple(text for text in texts if text)
        if paragraphs:
            heading = _fill(pick(section["heading"], language), settings)
            sections.append(EditorialSection(heading, paragraphs, section.get("id", "")))
    return EditorialPage(
        _fill(pick(data["title"], language), settings), _fill(pick(data["intro"], language), settings), tuple(sections)
    )


@lru_cache(maxsize=16)
def _load(name: str) -> dict[str, Any]:
    data: dict[str, Any] = read_texts(FOLDER / f"{name}.yaml")
    return data


def _fill(text: str, settings: Mapping[str, str]) -> str:
    needed = [name for _text, name, _spec, _conversion in Formatter().parse(text) if name]
    return text.format_map(settings) if all(settings[name] for name in needed) else ""
