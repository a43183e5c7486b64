"""Residents' texts in the language that an address names: the translation where there is one, with the original."""

from collections.abc import Iterable
from typing import Any

from participation.api.shapes import Original, Translation
from participation.kit.db import db
from participation.listings.translated import ORIGINALS, ShownWordings, Written, wordings_for
from participation.wordings.providers.registry import title_of
from participation.wordings.queries import ShownWording


def wordings_asked(asked: dict[str, Any], written: Iterable[Written]) -> ShownWordings:
    """Return the wordings of ``written`` in the language that the address names; none where it names no language.

    Which language a program's header happens to prefer changes no text: only who asks for it gets a translation.
    """
    return wordings_for(db.session(), asked["language"], written) if asked["language"] else ORIGINALS


def text_shown(wording: ShownWording | None, text: str, language: str, *, title: str | None = None) -> dict[str, Any]:
    """Return what answers say of a text: itself, its language, and where it is a translation the original and how."""
    if wording is None:
        return {"text": text, "language": language, "original": None, "translation": None}
    return {
        "text": wording.text,
        "language": wording.language,
        "original": Original(title, text, wording.source_language),
        "translation": Translation(
            wording.origin, title_of(wording.provider) if wording.is_machine else None, wording.source_language
        ),
    }
