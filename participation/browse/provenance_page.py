"""Pages that show where a statement comes from and what became of an idea: as nested lists and as a picture."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app, g, url_for
from sqlalchemy.orm import Session

from participation.browse.provenance_wordings import lineage_here
from participation.multilingual import Phrase, direction, ngettext, pick
from participation.multilingual import gettext as _
from participation.processes.outline import ProcessOutline
from participation.processes.policies import may_see_results
from participation.provenance.lineage import Lineage
from participation.provenance.picture import Picture, Scheme, drawn_narrow, drawn_wide, scheme_of
from participation.provenance.queries import lineage_of_idea, lineage_of_statement
from participation.provenance.tree import Entry, EntryKind, Tree, idea_tree, other_ideas, statement_tree


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the list; ``more`` says how much of what stands below it is not shown, and ``more_url`` where."""

    kind: str
    name: str
    url: str
    text: Phrase | None
    facts: tuple[str, ...]
    items: tuple["Item", ...]
    more: str
    more_url: str
    is_gone: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture for wide and one for narrow screens; ``summary`` says in a sentence what they show."""

    title: str
    summary: str
    wide: Picture
    narrow: Picture


@dataclass(frozen=True, slots=True)
class ProvenancePage:
    """Everything on the page; ``about`` is the statement or idea itself, ``digest`` that of what was signed off."""

    is_statement: bool
    title: str
    process_title: str
    process_url: str
    list_title: str
    list_url: str
    about: Item
    rests_on: tuple[Item, ...]
    became: tuple[Item, ...]
    drawing: Drawing
    digest: str
    results_reason: str
    picture_url: str
    data_url: str
    method_url: str


def statement_page(session: Session, process: ProcessOutline, statement_id: int, *, now: datetime) -> ProvenancePage:
    """Return where a public statement comes from and what became of it; raises ``Missing``."""
    lineage = lineage_here(session, lineage_of_statement(session, process, statement_id, now=now))
    tree = statement_tree(lineage, statement_id, g.language)
    signed = lineage.statements[statement_id].in_force
    lists = (_("Input for the strategy"), url_for("browse.statements", slug=process.slug))
    files: dict[str, Any] = {"slug": process.slug, "statement_id": statement_id}
    return _page(
        process,
        lineage,
        tree,
        title=_("Where this statement comes from"),
        lists=lists,
        digest=signed.digest if signed else "",
        urls=(url_for("provenance.statement_picture", **files), url_for("provenance.statement_data", **files)),
        now=now,
    )


def idea_page(session: Session, process: ProcessOutline, idea_id: int, *, now: datetime) -> ProvenancePage:
    """Return what a public idea rests on and what became of it; raises ``Missing``."""
    lineage = lineage_here(session, lineage_of_idea(session, process, idea_id, now=now))
    tree = idea_tree(lineage, idea_id, g.language)
    files: dict[str, Any] = {"slug": process.slug, "idea_id": idea_id}
    return _page(
        process,
        lineage,
        tree,
        title=_("What became of this idea"),
        lists=(_("Ideas"), url_for("browse.ideas", slug=process.slug)),
        digest="",
        urls=(url_for("provenance.idea_picture", **files), url_for("provenance.idea_data", **files)),
        now=now,
    )


def statement_drawing(session: Session, process: ProcessOutline, statement_id: int, *, now: datetime) -> Drawing:
    """Return the picture of a public statement; raises ``Missing``."""
    lineage = lineage_here(session, lineage_of_statement(session, process, statement_id, now=now))
    return _drawing(lineage, statement_tree(lineage, statement_id, g.language))


def idea_drawing(session: Session, process: ProcessOutline, idea_id: int, *, now: datetime) -> Drawing:
    """Return the picture of a public idea; raises ``Missing``."""
    lineage = lineage_here(session, lineage_of_idea(session, process, idea_id, now=now))
    return _drawing(lineage, idea_tree(lineage, idea_id, g.language))


def _page(
    process: ProcessOutline,
    lineage: Lineage,
    tree: Tree,
    *,
    title: str,
    lists: tuple[str, str],
    digest: str,
    urls: tuple[str, str],
    now: datetime,
) -> ProvenancePage:
    shown = may_see_results(process, now=now)
    return ProvenancePage(
        is_statement=tree.root.kind is EntryKind.STATEMENT,
        title=title,
        process_title=pick(process.title, g.language),
        process_url=url_for("browse.process", slug=process.slug),
        list_title=lists[0],
        list_url=lists[1],
        about=_item(tree.root, lineage),
        rests_on=_items(tree.rests_on, lineage),
        became=_items(tree.became, lineage),
        drawing=_drawing(lineage, tree),
        digest=digest,
        results_reason="" if shown else str(shown.reason),
        picture_url=urls[0],
        data_url=urls[1],
        method_url=url_for("methods.method", method="provenance"),
    )


def _items(entries: Iterable[Entry], lineage: Lineage) -> tuple[Item, ...]:
    return tuple(_item(entry, lineage) for entry in entries)


def _item(entry: Entry, lineage: Lineage) -> Item:
    url = "" if entry.is_gone else _address(entry, lineage)
    return Item(
        kind=entry.kind.value,
        name=entry.name,
        url=url,
        text=entry.text,
        facts=entry.facts,
        items=_items(entry.entries, lineage),
        more=other_ideas(entry.others) if entry.others else "",
        more_url=url if entry.others else "",
        is_gone=entry.is_gone,
    )


def _address(entry: Entry, lineage: Lineage) -> str:
    """Return where something can be read in full; nothing for what stands in full where it is."""
    if entry.kind is EntryKind.IDEA:
        return url_for("browse.idea", slug=lineage.slug, idea_id=entry.id)
    if entry.kind is EntryKind.STATEMENT:
        return url_for("browse.statement", slug=lineage.slug, statement_id=entry.id)
    if entry.kind is EntryKind.THEME:
        return url_for("browse.ideas", slug=lineage.slug, cluster=entry.id)
    if entry.kind is EntryKind.COMMENT:
        idea_id = next(comment.idea_id for comment in lineage.comments if comment.id == entry.id)
        return url_for("discussion.comment", slug=lineage.slug, idea_id=idea_id, comment_id=entry.id)
    return ""


def _drawing(lineage: Lineage, tree: Tree) -> Drawing:
    scheme = scheme_of(tree)
    mirrored = direction(g.language) == "rtl"
    captions = (
        _("Votes and comments"),
        _("Ideas"),
        _("Themes"),
        _("Statements"),
        _("Answers"),
        _("Measures"),
    )
    return Drawing(
        title=_("From what people say to what the city does: %(name)s", name=tree.root.name),
        summary=_summary(lineage, tree, scheme),
        wide=drawn_wide(scheme, captions, mirrored=mirrored),
        narrow=drawn_narrow(scheme, mirrored=mirrored),
    )


def _summary(lineage: Lineage, tree: Tree, scheme: Scheme) -> str:
    """Return in words what the picture shows: how much of everything hangs together with its first box."""
    counts = {kind: sum(tile.kind is kind and not tile.is_root for tile in scheme.tiles) for kind in EntryKind}
    parts = [ngettext("%(num)s theme", "%(num)s themes", counts[EntryKind.THEME])]
    if tree.root.kind is EntryKind.STATEMENT:
        ideas = sum(cluster.ideas for cluster in lineage.clusters.values())
        parts.append(ngettext("%(num)s filed idea", "%(num)s filed ideas", ideas))
    else:
        parts.append(ngettext("%(num)s statement", "%(num)s statements", counts[EntryKind.STATEMENT]))
    parts.append(ngettext("%(num)s answer", "%(num)s answers", counts[EntryKind.ANSWER]))
    parts.append(ngettext("%(num)s measure", "%(num)s measures", counts[EntryKind.MEASURE]))
    return _("%(name)s hangs together with: %(parts)s.", name=tree.root.name, parts=", ".join(parts))


def public_base() -> tuple[str, str]:
    """Return the address of this installation and the language in which names in data are kept the same for all."""
    return current_app.config["PUBLIC_URL"], current_app.config["BABEL_DEFAULT_LOCALE"]
