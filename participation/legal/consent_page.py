"""The page on which people agree to new versions of rules and privacy notices."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import g

from participation.legal.pages import TextShown, only_in, page_url, text_shown, title_of
from participation.legal.queries import OwedText
from participation.multilingual import Phrase, phrase
from participation.multilingual import gettext as _
from participation.multilingual.moments import day


@dataclass(frozen=True, slots=True)
class OwedPart:
    """A text to agree to: where it holds, what is new, and all of it."""

    title: str
    process: Phrase
    since: str
    changes: Phrase
    changes_only_in: str
    text: TextShown
    url: str


@dataclass(frozen=True, slots=True)
class ConsentPage:
    """What somebody has yet to agree to, and where to go on afterwards."""

    owed: tuple[OwedPart, ...]
    next_url: str


def consent_page(owed: Iterable[OwedText], next_url: str) -> ConsentPage:
    """Return the page for somebody who owes these texts."""
    return ConsentPage(tuple(_part(one) for one in owed), next_url)


def _part(owed: OwedText) -> OwedPart:
    version = owed.version
    changes = phrase(version.changes, g.language)
    return OwedPart(
        title=title_of(version.kind),
        process=phrase(owed.process_title, g.language),
        since=_("Version %(number)s of %(day)s", number=version.number, day=day(version.published_at)),
        changes=changes,
        changes_only_in=only_in(changes),
        text=text_shown(version.text, g.language, prefix=f"text-{version.id}"),
        url=page_url(version.kind, owed.slug or None, version.number),
    )
