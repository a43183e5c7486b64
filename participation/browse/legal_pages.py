"""Legal notice, privacy notice and rules for everybody: what holds now, and every version that held before."""

from dataclasses import dataclass

from flask import g
from sqlalchemy.orm import Session

from participation.browse.reading_part import Rule
from participation.legal.models import LegalKind
from participation.legal.pages import Comparison, TextShown, comparison, only_in, page_url, text_shown, title_of
from participation.legal.product import product_text
from participation.legal.queries import (
    LegalVersion,
    VersionLine,
    holding_text,
    last_number,
    own_version,
    version_before,
    version_lines,
)
from participation.moderation.grounds import GroundKind, grounds
from participation.multilingual import Phrase, phrase
from participation.multilingual import gettext as _
from participation.multilingual.moments import day
from participation.processes.outline import ProcessOutline


@dataclass(frozen=True, slots=True)
class LegalPlace:
    """Where a text holds: its kind and title, and the process with its address, if it is one of a process."""

    kind: str
    title: str
    process: Phrase
    slug: str | None
    url: str
    versions_url: str


@dataclass(frozen=True, slots=True)
class LegalPage:
    """A legal text to read.

    ``note`` says what else holds and ``other_url`` where it stands. A page about a single version stays as it is, also
    when it ``is_old`` and does not hold any more; with one that ``leads_back`` a process has no text of its own.
    ``changed`` is what is different from the version before. ``rules``
    are the rules that decisions of the moderators name.
    """

    place: LegalPlace
    version: str
    is_single: bool
    is_old: bool
    text: TextShown
    note: str
    leads_back: bool
    other_url: str
    other_label: str
    changes: Phrase
    changes_only_in: str
    changed: Comparison | None
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class VersionItem:
    """A version in the list of all."""

    label: str
    url: str
    changes: Phrase
    changes_only_in: str
    asks_consent: bool
    leads_back: bool


@dataclass(frozen=True, slots=True)
class VersionsPage:
    """All versions of the text of one place, the latest first."""

    place: LegalPlace
    versions: tuple[VersionItem, ...]
    general_url: str


def legal_page(session: Session, kind: LegalKind, process: ProcessOutline | None) -> LegalPage:
    """Return the text that holds now: in a process, or everywhere."""
    holding = holding_text(session, kind, process.id if process else None)
    is_general = process is not None and (holding is None or holding.process_id is None)
    note, other_url, other_label = "", "", ""
    if process and is_general:
        note = _("This process has no text of its own: what holds everywhere holds here, too.")
    elif process:
        other_url, other_label = page_url(kind), _("The text that holds everywhere else")
    changes = phrase(holding.changes if holding else {}, g.language)
    return LegalPage(
        place=_place(kind, process),
        version=_in_force(holding) if holding else "",
        is_single=False,
        is_old=False,
        text=text_shown(holding.text if holding else product_text(kind), g.language),
        note=note,
        leads_back=False,
        other_url=other_url,
        other_label=other_label,
        changes=changes,
        changes_only_in=only_in(changes),
        changed=None,
        rules=_rules(kind, holding),
    )


def version_page(session: Session, kind: LegalKind, process: ProcessOutline | None, number: int) -> LegalPage:
    """Return one version, whether it holds or held, beside the one before; raises ``Missing``."""
    place = process.id if process else None
    version = own_version(session, kind, place, number)
    before = version_before(session, version)
    is_old, leads_back = version.number != last_number(session, kind, place), not version.text
    changes = phrase(version.changes, g.language)
    return LegalPage(
        place=_place(kind, process),
        version=_in_force(version),
        is_single=True,
        is_old=is_old,
        text=text_shown(version.text, g.language),
        note=_("This version does not hold any more.") if is_old else _("This version holds now."),
        leads_back=leads_back,
        other_url=page_url(kind, process.slug if process else None) if is_old or leads_back else "",
        other_label=_("What holds now") if is_old or leads_back else "",
        changes=changes,
        changes_only_in=only_in(changes),
        changed=comparison(before.text, version.text, g.language) if before else None,
        rules=() if leads_back else _rules(kind, version),
    )


def versions_page(session: Session, kind: LegalKind, process: ProcessOutline | None) -> VersionsPage:
    """Return all versions of the text of a process, or of the one that holds everywhere."""
    slug = process.slug if process else None
    lines = version_lines(session, kind, process.id if process else None)
    items = tuple(_item(line, kind, slug) for line in lines)
    return VersionsPage(_place(kind, process), items, page_url(kind) if process else "")


def _item(line: VersionLine, kind: LegalKind, slug: str | None) -> VersionItem:
    changes = phrase(line.changes, g.language)
    return VersionItem(
        label=_("Version %(number)s of %(day)s", number=line.number, day=day(line.published_at)),
        url=page_url(kind, slug, line.number),
        changes=changes,
        changes_only_in=only_in(changes),
        asks_consent=line.asks_consent,
        leads_back=line.leads_back,
    )


def _place(kind: LegalKind, process: ProcessOutline | None) -> LegalPlace:
    slug = process.slug if process else None
    return LegalPlace(
        kind=kind.value,
        title=title_of(kind),
        process=phrase(process.title if process else {}, g.language),
        slug=slug,
        url=page_url(kind, slug),
        versions_url=f"{page_url(kind, slug)}/versions",
    )


def _in_force(version: LegalVersion) -> str:
    return _("Version %(number)s, published on %(day)s", number=version.number, day=day(version.published_at))


def _rules(kind: LegalKind, version: LegalVersion | None) -> tuple[Rule, ...]:
    """Return the rules by the numbers that decisions name; the text of the product has them already."""
    if kind is not LegalKind.RULES or version is None:
        return ()
    return tuple(
        Rule(phrase(ground.title, g.language), phrase(ground.text, g.language))
        for ground in grounds()
        if ground.kind is GroundKind.RULE
    )
