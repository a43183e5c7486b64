"""A legal text as pages show it, here and in packages above, and what the pages around the account say of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app, g, url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from participation.accounts.agreeing import Agreed
from participation.kit.schema import Translated
from participation.legal.models import LegalKind
from participation.legal.placeholders import settings_of
from participation.legal.product import product_title
from participation.legal.queries import consents_of
from participation.legal.sections import sections
from participation.legal.service import agree
from participation.multilingual import Phrase, direction, language_name, phrase, pick, same_language
from participation.multilingual import gettext as _
from participation.multilingual.moments import day
from participation.texts import render_markup
from participation.texts.differences import Piece, differences


@dataclass(frozen=True, slots=True)
class SectionShown:
    """A heading with what stands below it; ``id`` is what links lead to."""

    id: str
    heading: str
    html: Markup


@dataclass(frozen=True, slots=True)
class TextShown:
    """A legal text in the language in which it is there; ``only_in`` names that where the reader's is another."""

    language: str
    dir: str
    only_in: str
    sections: tuple[SectionShown, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is different between two versions in one language."""

    language: str
    dir: str
    pieces: tuple[Piece, ...]


def title_of(kind: LegalKind) -> str:
    """Return what a legal text is called in the reader's language."""
    return pick(product_title(kind), g.language)


def text_shown(text: Translated, language: str, *, prefix: str = "part") -> TextShown:
    """Return ``text`` for somebody who reads ``language``, filled with the settings of this installation."""
    said = phrase(text, language)
    shown = tuple(
        SectionShown(f"{prefix}-{number}", section.heading, render_markup(section.body))
        for number, section in enumerate(sections(said.text, settings_of(current_app.config)), 1)
    )
    return TextShown(said.language, said.dir, only_in(said), shown)


def only_in(said: Phrase) -> str:
    """Return the name of the language of a fallback; empty where it is the reader's own."""
    if not said.text or said.language == g.language:
        return ""
    if same_language(said.language, g.language):
        return _("%(language)s, not in simple words", language=language_name(said.language, shown_in=g.language))
    return language_name(said.language, shown_in=g.language)


def comparison(before: Mapping[str, str], after: Mapping[str, str], language: str) -> Comparison | None:
    """Return what is new in ``after`` for somebody who reads ``language``; ``None`` where there is nothing to compare.

    Both are taken in the same language: that of ``after`` which the reader sees.
    """
    shown = phrase(after, language)
    if not shown.text or not before.get(shown.language):
        return None
    return Comparison(shown.language, direction(shown.language), differences(before[shown.language], shown.text))


def page_url(kind: LegalKind, slug: str | None = None, number: int | None = None) -> str:
    """Return where a legal text stands: what holds everywhere or in a process, or (with ``number``) one version."""
    if number is not None:
        return url_for("smallprint.version", legal_kind=kind.value, version=number, slug=slug)
    return url_for("smallprint.current", legal_kind=kind.value, slug=slug) if slug else url_for(f"browse.{kind.value}")


def agreed_lines(session: Session, account_id: int) -> Sequence[Agreed]:
    """Return what an account agreed to, as its page shows it."""
    return [
        Agreed(
            label=_version_label(title_of(one.kind), one.number, pick(one.process_title, g.language)),
            url=page_url(one.kind, one.slug or None, one.number),
            day=day(one.given_at),
        )
        for one in consents_of(session, account_id)
    ]


def agree_shown(session: Session, account_id: int, text_ids: Iterable[int], now: datetime) -> None:
    """Write down that whoever signs up agrees to the versions that the form showed."""
    agree(session, account_id=account_id, text_ids=text_ids, now=now)


def _version_label(title: str, number: int, process: str) -> str:
    if process:
        return _("%(title)s, version %(number)s (%(process)s)", title=title, number=number, process=process)
    return _("%(title)s, version %(number)s", title=title, number=number)
