"""What changed between two versions of the living document, and the list of all its versions."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import g, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.browse.document_words import (
    OVERVIEW,
    VERSIONS,
    in_short,
    statement_name,
    statement_url,
    version_name,
    wording,
)
from participation.browse.surroundings import entries_around
from participation.curation.models import Cluster
from participation.multilingual import Phrase, direction, language_name, ngettext, phrase, pick, same_language
from participation.multilingual import gettext as _
from participation.multilingual.moments import day, moment
from participation.processes.outline import ProcessOutline
from participation.strategy.document.changes import (
    Changes,
    LinkChange,
    PartChanges,
    TextChange,
    changes_between,
    part_changes,
)
from participation.strategy.document.queries import (
    Ref,
    Signed,
    latest_versions,
    newest_number,
    signed_revisions,
    version_numbered,
)
from participation.texts.differences import Piece

VERSIONS_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Named:
    """A statement with a link, its text, and a remark in words."""

    name: str
    url: str
    text: Phrase
    note: str
    reason: Phrase | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """What changed in one part of a statement: pieces of a text, or names that were added and removed."""

    label: str
    language: str
    dir: str
    pieces: tuple[Piece, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reworded:
    """A statement that says something else by now."""

    name: str
    url: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """What changed from one version to another one."""

    slug: str
    process_title: str
    process_url: str
    before: str
    after: str
    before_url: str
    after_url: str
    is_newest: bool
    summary: str
    added: tuple[Named, ...]
    removed: tuple[Named, ...]
    reworded: tuple[Reworded, ...]
    moved: tuple[Named, ...]
    same: str
    number: int
    document_url: str
    versions_url: str


@dataclass(frozen=True, slots=True)
class VersionItem:
    """A version in the list of all."""

    number: int
    name: str
    when: str
    summary: str
    count: str
    url: str
    changes_url: str
    is_newest: bool


@dataclass(frozen=True, slots=True)
class VersionsPage:
    """The versions of a document, the newest first; ``choices`` are those that can be compared here."""

    slug: str
    process_title: str
    process_url: str
    document_url: str
    versions: tuple[VersionItem, ...]
    choices: tuple[tuple[int, str], ...]
    first_url: str
    next_url: str


def changes_page(session: Session, process: ProcessOutline, *, since: int, number: int | None) -> ChangesPage:
    """Return what changed between version ``since`` and the one asked for or the newest; raises ``Missing``."""
    newest = newest_number(session, process.id)
    earlier, later = sorted((since, newest if number is None else number))
    before, after = version_numbered(session, process.id, earlier), version_numbered(session, process.id, later)
    changes = changes_between(before, after)
    known = signed_revisions(session, {*before.refs, *after.refs})
    slug = process.slug
    named = _names(session, process, known, changes.reworded)
    return ChangesPage(
        slug=slug,
        process_title=pick(process.title, g.language),
        process_url=url_for("browse.process", slug=slug),
        before=version_name(before),
        after=version_name(after),
        before_url=url_for(OVERVIEW, slug=slug, version=before.number) if before.number else "",
        after_url=url_for(OVERVIEW, slug=slug, version=after.number) if after.number else "",
        is_newest=after.number == newest,
        summary=in_short(changes),
        added=_named(slug, (known[ref] for ref in changes.added if ref in known)),
        removed=tuple(_removed(slug, known[ref]) for ref in changes.removed if ref in known),
        reworded=tuple(
            _reworded(slug, known[old], known[new], named)
            for old, new in changes.reworded
            if old in known and new in known
        ),
        moved=_named(slug, (known[ref] for ref in changes.moved if ref in known)),
        same=ngettext(
            "%(num)s other statement is as it was.", "%(num)s other statements are as they were.", changes.same
        )
        if changes.same
        else "",
        number=after.number,
        document_url=url_for(OVERVIEW, slug=slug),
        versions_url=url_for(VERSIONS, slug=slug),
    )


def versions_page(session: Session, process: ProcessOutline, *, before: int | None) -> VersionsPage:
    """Return a page of the versions, each with what it changed."""
    found = latest_versions(session, process.id, before=before, most=VERSIONS_SHOWN + 1)
    newest = newest_number(session, process.id)
    slug = process.slug
    # The one behind the last is read only to say what the last one changed.
    behind = [*found[1:], version_numbered(session, process.id, 0)][: len(found)]
    items = tuple(
        VersionItem(
            number=version.number,
            name=_("Version %(number)s", number=version.number),
            when=moment(version.made_at) if version.made_at else "",
            summary=in_short(changes_between(earlier, version)),
            count=ngettext("%(num)s statement", "%(num)s statements", len(version.refs)),
            url=url_for(OVERVIEW, slug=slug, version=version.number),
            changes_url=url_for(OVERVIEW, slug=slug, since=version.number - 1, version=version.number),
            is_newest=version.number == newest,
        )
        for version, earlier in list(zip(found, behind, strict=True))[:VERSIONS_SHOWN]
    )
    url = url_for(VERSIONS, slug=slug)
    return VersionsPage(
        slug=slug,
        process_title=pick(process.title, g.language),
        process_url=url_for("browse.process", slug=slug),
        document_url=url_for(OVERVIEW, slug=slug),
        versions=items,
        choices=tuple((item.number, f"{item.name}, {item.when}") for item in items),
        first_url=url if before is not None else "",
        next_url=f"{url}?before={items[-1].number}" if len(found) > VERSIONS_SHOWN else "",
    )


@dataclass(frozen=True, slots=True)
class VersionInWords:
    """A version as its feed tells of it: what changed in short, and which statements that is about."""

    number: int
    made_at: datetime
    changes: str
    words: str


def versions_in_words(session: Session, process_id: int, *, most: int) -> list[VersionInWords]:
    """Return the latest versions, the newest first, in three queries."""
    found = latest_versions(session, process_id, before=None, most=most + 1)
    behind = [*found[1:], version_numbered(session, process_id, 0)][: len(found)]
    pairs = [(version, changes_between(earlier, version)) for version, earlier in zip(found, behind, strict=True)]
    told = {
        ref
        for _version, changes in pairs
        for ref in (*changes.added, *changes.removed, *changes.moved, *(new for _old, new in changes.reworded))
    }
    known = signed_revisions(session, told)
    return [
        VersionInWords(version.number, version.made_at, in_short(changes), "\n\n".join(_sentences(changes, known)))
        for version, changes in pairs[:most]
        if version.made_at
    ]


def _sentences(changes: Changes, known: Mapping[Ref, Signed]) -> Iterator[str]:
    for label, refs in (
        (_("New:"), changes.added),
        (_("Changed:"), tuple(new for _old, new in changes.reworded)),
        (_("Withdrawn:"), changes.removed),
        (_("Moved:"), changes.moved),
    ):
        yield from (f"{label} {statement_name(known[ref])}: {wording(known[ref])}" for ref in refs if ref in known)


@dataclass(frozen=True, slots=True)
class _Titles:
    """The titles of what statements are linked with, by id."""

    principles: Mapping[int, str]
    fields: Mapping[int, str]
    clusters: Mapping[int, str]


def _names(
    session: Session, process: ProcessOutline, known: Mapping[Ref, Signed], reworded: Iterable[tuple[Ref, Ref]]
) -> _Titles:
    entries = entries_around(process)
    wanted = {id_ for pair in reworded for ref in pair if ref in known for id_ in known[ref].clusters}
    clusters = session.execute(select(Cluster.id, Cluster.title).where(Cluster.id.in_(wanted))) if wanted else ()
    return _Titles(
        {entry.id: pick(entry.title, g.language) for entry in entries.principles},
        {entry.id: pick(entry.title, g.language) for entry in entries.fields},
        {id_: pick(title, g.language) for id_, title in clusters},
    )


def _named(slug: str, signed: Iterable[Signed]) -> tuple[Named, ...]:
    return tuple(
        Named(statement_name(one), statement_url(slug, one.ref.id), phrase(one.text, g.language), "") for one in signed
    )


def _removed(slug: str, one: Signed) -> Named:
    when = _("withdrawn on %(day)s", day=day(one.withdrawn_at)) if one.withdrawn_at else ""
    reason = phrase(one.withdrawn_for, g.language) if one.withdrawn_for else None
    return Named(statement_name(one), statement_url(slug, one.ref.id), phrase(one.text, g.language), when, reason)


def _reworded(slug: str, before: Signed, after: Signed, titles: _Titles) -> Reworded:
    changed = part_changes(before, after)
    return Reworded(
        statement_name(after), statement_url(slug, after.ref.id), tuple(_parts(changed, titles)) or (_nothing(),)
    )


def _parts(changed: PartChanges, titles: _Titles) -> Iterable[Part]:
    yield from _texts(_("Statement"), changed.text)
    yield from _texts(_("Reasoning"), changed.reasoning)
    if changed.department:
        label = _("Responsible department")
        yield Part(label, g.language, direction(g.language), changed.department, (), ())
    for label, links, names in (
        (_("Principles"), changed.principles, titles.principles),
        (_("Fields of action"), changed.fields, titles.fields),
        (_("Themes it rests on"), changed.clusters, titles.clusters),
    ):
        yield from _links(label, links, names)
    before, after = changed.quotes
    if before != after:
        yield Part(
            _("Quotes"),
            g.language,
            direction(g.language),
            (),
            (ngettext("%(num)s quote", "%(num)s quotes", after),),
            (ngettext("%(num)s quote", "%(num)s quotes", before),),
        )


def _texts(label: str, changes: Sequence[TextChange]) -> Iterable[Part]:
    own_first = sorted(changes, key=lambda change: change.language != g.language)
    for change in own_first:
        is_own = same_language(change.language, g.language) and len(changes) == 1
        name = label if is_own else f"{label} ({language_name(change.language, shown_in=g.language)})"
        yield Part(name, change.language, direction(change.language), change.pieces, (), ())


def _links(label: str, links: LinkChange, names: Mapping[int, str]) -> Iterable[Part]:
    added = tuple(names[id_] for id_ in links.added if id_ in names)
    removed = tuple(names[id_] for id_ in links.removed if id_ in names)
    if added or removed:
        yield Part(label, g.language, direction(g.language), (), added, removed)


def _nothing() -> Part:
    said = _("Signed off anew; what it says is the same.")
    return Part(said, g.language, direction(g.language), (), (), ())
