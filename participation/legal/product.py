"""The legal texts that come with the product: what holds before a city has published its own, and where it begins."""

from functools import lru_cache
from typing import Any

from participation.kit.places import PACKAGE
from participation.kit.schema import Translated
from participation.legal.models import LegalKind
from participation.multilingual.texts import read_texts

FOLDER = PACKAGE / "browse" / "editorial"
"""These texts stand with the other pages of plain text; catalogues know them by that place."""


@lru_cache(maxsize=8)
def product_text(kind: LegalKind) -> Translated:
    """Return the text of the product in each language in which all of it exists, in the form that people type."""
    data: dict[str, Any] = read_texts(FOLDER / f"{kind.value}.yaml")
    texts = [data["intro"]]
    texts += [text for section in data["sections"] for text in (section["heading"], *section["paragraphs"])]
    languages = [language for language in texts[0] if all(text.get(language) for text in texts)]
    return {language: _typed(data, language) for language in languages}


@lru_cache(maxsize=8)
def product_title(kind: LegalKind) -> Translated:
    """Return what a legal text is called, in all languages."""
    title: Translated = read_texts(FOLDER / f"{kind.value}.yaml")["title"]
    return title


def _typed(data: dict[str, Any], language: str) -> str:
    paragraphs = [data["intro"][language]]
    for section in data["sections"]:
        paragraphs.append(f"## {section['heading'][language]}")
        paragraphs += [text[language] for text in section["paragraphs"]]
    return "\n\n".join(paragraph.strip() for paragraph in paragraphs)
