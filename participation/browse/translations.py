"""Residents' texts in the reader's language on pages, and what is said about that: who did it, where originals are."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import g, request, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest

from participation.cases.models import SubjectKind
from participation.listings.translated import ORIGINALS, ShownWordings, Written, is_foreign, label_in, wordings_for
from participation.multilingual import base_language, language_name
from participation.multilingual import gettext as _
from participation.processes.models import ProcessState
from participation.processes.outline import ProcessOutline
from participation.wordings.providers.registry import title_of
from participation.wordings.queries import ShownWording

ORIGINAL = "original"
"""The argument of an address that asks for the originals; its only value is 1."""


@dataclass(frozen=True, slots=True)
class Translated:
    """How a text came into the reader's language.

    ``provider`` is the service whose machine did it, and empty where people did. The addresses lead to the original, to
    where anybody suggests a better wording, and to where it is reported.
    """

    is_machine: bool
    from_language: str
    provider: str
    original_url: str
    suggest_url: str = ""
    report_url: str = ""


@dataclass(frozen=True, slots=True)
class PageInTranslation:
    """What a page as a whole says about its texts: that some are translated, or that they are originals.

    ``url`` leads to the same page the other way.
    """

    shows_originals: bool
    has_machine: bool
    has_human: bool
    url: str


def wants_originals() -> bool:
    """Return whether the address asks for texts as they were written; raises ``BadRequest`` for anything but 1."""
    asked = request.args.get(ORIGINAL, "")
    if asked not in ("", "1"):
        raise BadRequest
    return asked == "1"


def carried() -> dict[str, str]:
    """Return what links between parts of the same page carry along: that it shows originals."""
    return {ORIGINAL: "1"} if wants_originals() else {}


def shown_here(session: Session, written: Iterable[Written], *, announces: bool = True) -> ShownWordings:
    """Return the wordings that this page shows instead of originals: one query, none where nothing is foreign.

    With ``announces`` the page says above everything else that there are translations; without, its parts say so
    themselves. Whoever asked for the originals is always told, and led back.
    """
    texts = list(written)
    if wants_originals():
        if any(is_foreign(one.language, g.language) for one in texts):
            g.in_translation = PageInTranslation(True, False, False, address_here(original=False))
        return ORIGINALS
    shown = wordings_for(session, g.language, texts)
    # An answer to a form has no address of its own to come back to.
    if shown and announces and request.method == "GET":
        announce(shown)
    return shown


def announce(shown: ShownWordings) -> None:
    """Let the page say above everything else that it shows these wordings."""
    before: PageInTranslation | None = g.get("in_translation")
    has_machine = any(one.is_machine for one in shown.values())
    has_human = any(not one.is_machine for one in shown.values())
    g.in_translation = PageInTranslation(
        False,
        has_machine or bool(before and before.has_machine),
        has_human or bool(before and before.has_human),
        address_here(original=True),
    )


def page_in_translation() -> PageInTranslation | None:
    """Return what the page being rendered says about its texts as a whole; ``None`` where there is nothing to say."""
    said: PageInTranslation | None = g.get("in_translation")
    return said


def address_here(*, original: bool, anchor: str = "") -> str:
    """Return the address of the page being read, with the originals or with the translations."""
    query = [(name, value) for name, value in request.args.items(multi=True) if name != ORIGINAL]
    query += [(ORIGINAL, "1")] if original else []
    url = f"{request.script_root}{request.path}"
    return f"{url}?{urlencode(query)}{anchor}" if query else f"{url}{anchor}"


def suggest_url(process: ProcessOutline, kind: SubjectKind, number: int) -> str:
    """Return where anybody suggests a wording of a contribution in the reader's language; nothing in an archive."""
    if process.state is ProcessState.ARCHIVED:
        return ""
    place: dict[str, Any] = {"slug": process.slug, f"{kind.value}_id": number}
    return url_for(f"suggesting.{kind.value}", **place, into=base_language(g.language))


def report_url(process: ProcessOutline, kind: SubjectKind, number: int) -> str:
    """Return where anybody tells moderators that the wording of a contribution is wrong."""
    place: dict[str, Any] = {"slug": process.slug, f"{kind.value}_id": number}
    return url_for(f"notices.{kind.value}", **place, reason="translation")


def written_in(language: str) -> str:
    """Return the name of the language of a text that stands as it was written; nothing in the reader's language."""
    return language_name(language, shown_in=g.language) if is_foreign(language, g.language) else ""


def note_on(
    wording: ShownWording | None, *, anchor: str = "", suggest_url: str = "", report_url: str = ""
) -> Translated | None:
    """Return what is said about a text that is shown in ``wording``; ``None`` where the original is shown."""
    if wording is None:
        return None
    return Translated(
        is_machine=wording.is_machine,
        from_language=language_name(wording.source_language, shown_in=g.language),
        provider=title_of(wording.provider) if wording.is_machine else "",
        original_url=address_here(original=True, anchor=anchor),
        suggest_url=suggest_url,
        report_url=report_url,
    )


def sentence_on(wording: ShownWording) -> str:
    """Return in a sentence how a text came into the reader's language, for where there are no links."""
    name = language_name(wording.source_language, shown_in=g.language)
    if wording.is_machine:
        provider = title_of(wording.provider)
        return _(
            "Machine translation (%(provider)s), which can be wrong. Original: %(language)s.",
            provider=provider,
            language=name,
        )
    return _("Translated by people. Original: %(language)s.", language=name)


def label_of(wording: ShownWording | None) -> str:
    """Return in a few words how a text came into the reader's language, for lists; nothing for an original."""
    return label_in(wording, g.language)
