"""The living document of a process: the statements that hold, with figures and answers, arranged by what they serve."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import g, url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.browse.document_words import (
    OVERVIEW,
    VERSIONS,
    in_short,
    statement_name,
    statement_url,
    version_name,
)
from participation.browse.surroundings import entries_around
from participation.curation.queries import Coverage, coverage
from participation.multilingual import Phrase, ngettext, phrase, pick
from participation.multilingual import gettext as _
from participation.multilingual.moments import day
from participation.processes.outline import ProcessOutline
from participation.processes.policies import may_see_results
from participation.strategy.answering.answers import OUTCOMES, AnswerView, answers_to_statements
from participation.strategy.assessing.queries import tallies_of
from participation.strategy.assessing.shown import in_words
from participation.strategy.behind import PeopleBehind, ideas_behind, people_behind
from participation.strategy.document.changes import changes_between
from participation.strategy.document.queries import (
    Signed,
    Version,
    last_seen,
    newest_number,
    signed_revisions,
    unsigned_count,
    version_numbered,
)
from participation.texts import render
from participation.voting.queries import FEWEST_VOTES

BY_PRINCIPLE, BY_FIELD, IN_ORDER = "principle", "field", "order"
VIEWS = (BY_PRINCIPLE, BY_FIELD, IN_ORDER)


@dataclass(frozen=True, slots=True)
class Tag:
    """A principle or a field of a statement; ``anchor`` is that of its group."""

    anchor: str
    title: str
    pictogram: str
    url: str


@dataclass(frozen=True, slots=True)
class ItemFigures:
    """How many ideas and people stand behind a statement; ``too_few`` is the smallest number of people shown, or 0."""

    ideas: int
    people: PeopleBehind
    too_few: int


@dataclass(frozen=True, slots=True)
class ItemAnswer:
    """The latest answer of the city to a statement, in short."""

    outcome: str
    label: str
    department: str
    when: str


@dataclass(frozen=True, slots=True)
class Item:
    """A statement in the document.

    ``figures`` is ``None`` where results are hidden, there is no ``answer`` and no tally in versions of the past.
    """

    id: int
    name: str
    number: int
    text: Phrase
    reasoning: Markup
    reasoning_language: str
    reasoning_dir: str
    url: str
    department: str
    principles: tuple[Tag, ...]
    fields: tuple[Tag, ...]
    named: frozenset[str]
    ideas: str
    figures: ItemFigures | None
    answer: ItemAnswer | None
    tally_words: str
    matrix_url: str
    signed: str
    is_reopened: bool
    is_withdrawn: bool


@dataclass(frozen=True, slots=True)
class Again:
    """A statement that stands under an earlier heading, too, where it is printed in full."""

    item: Item
    anchor: str
    title: str


@dataclass(frozen=True, slots=True)
class Group:
    """Statements under one heading; without a title all of them in order. ``again`` were printed before."""

    title: str
    pictogram: str
    anchor: str
    items: tuple[Item, ...]
    again: tuple[Again, ...] = ()


@dataclass(frozen=True, slots=True)
class SeenPart:
    """What somebody signed in has read last; ``text`` is empty where that is the newest version."""

    text: str
    url: str
    number: int
    action: str


@dataclass(frozen=True, slots=True)
class ViewLink:
    """One of the arrangements of the same statements."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """One version of the document; ``number`` is 0 where nothing was signed off yet.

    ``coverage`` is how far the ideas are filed now; ``None`` for an earlier version.
    """

    slug: str
    process_title: str
    process_url: str
    number: int
    newest: int
    made: str
    is_newest: bool
    views: tuple[ViewLink, ...]
    groups: tuple[Group, ...]
    count: int
    results_reason: str
    coverage: Coverage | None
    unsigned: str
    seen: SeenPart | None
    newest_url: str
    latest_changes_url: str
    since_now_url: str
    versions_url: str
    matrix_url: str
    statements_url: str
    advice: str
    next_step: str


def document_page(
    session: Session, actor: Actor, process: ProcessOutline, *, number: int | None, view: str | None, now: datetime
) -> DocumentPage:
    """Return the newest version or the one asked for, arranged by ``view``; raises ``Missing`` for one there is not.

    Without a ``view`` it is arranged by principle if any statement names one, and stands in order otherwise.
    """
    newest = newest_number(session, process.id)
    version = version_numbered(session, process.id, newest if number is None else number)
    is_newest = version.number == newest
    items = _items(session, process, version, is_newest=is_newest, now=now)
    shown = may_see_results(process, now=now)
    view = view or (BY_PRINCIPLE if any(item.principles for item in items) else IN_ORDER)
    groups, slug = _groups(process, items, view), process.slug
    unsigned = unsigned_count(session, process.id) if is_newest else 0
    return DocumentPage(
        slug=slug,
        process_title=pick(process.title, g.language),
        process_url=url_for("browse.process", slug=slug),
        number=version.number,
        newest=newest,
        made=day(version.made_at) if version.made_at else "",
        is_newest=is_newest,
        views=_views(slug, view, None if is_newest else version.number),
        groups=groups,
        count=len(items),
        results_reason="" if shown else str(shown.reason),
        coverage=coverage(session, process.id) if is_newest and newest else None,
        unsigned=ngettext(
            "%(num)s statement is public but not signed off yet, so it is not part of the document.",
            "%(num)s statements are public but not signed off yet, so they are not part of the document.",
            unsigned,
        )
        if unsigned
        else "",
        seen=_seen(session, actor, process, version) if is_newest and newest else None,
        newest_url=url_for(OVERVIEW, slug=slug),
        latest_changes_url=url_for(OVERVIEW, slug=slug, since=version.number - 1, version=version.number)
        if version.number
        else "",
        since_now_url=url_for(OVERVIEW, slug=slug, since=newest),
        versions_url=url_for(VERSIONS, slug=slug),
        matrix_url=url_for("matrix.overview", slug=slug),
        statements_url=url_for("browse.statements", slug=slug),
        advice=pick(process.advice, g.language),
        next_step=pick(process.next_step, g.language),
    )


def _items(
    session: Session, process: ProcessOutline, version: Version, *, is_newest: bool, now: datetime
) -> list[Item]:
    """Return the statements of a version: with what is true now for the newest, as they were signed off otherwise."""
    known = signed_revisions(session, version.refs)
    signed = [known[ref] for ref in version.refs if ref in known]
    if not signed:
        return []
    ids = [one.ref.id for one in signed]
    shown = bool(may_see_results(process, now=now))
    people = people_behind(session, ids) if shown and is_newest else {}
    ideas = ideas_behind(session, ids) if is_newest else {}
    answers = answers_to_statements(session, ids, g.language) if is_newest else {}
    tallies = tallies_of(session, process.framework_id, ids) if is_newest else {}
    principles, fields = _tags(process)
    items = []
    for one in signed:
        behind = ideas.get(one.ref.id, 0) if is_newest else int(one.figures.get("ideas", 0))
        who = people.get(one.ref.id, PeopleBehind()) if is_newest else _as_signed(one)
        reasoning = phrase(one.reasoning, g.language)
        under = tuple(principles[id_] for id_ in one.principles if id_ in principles)
        within = tuple(fields[id_] for id_ in one.fields if id_ in fields)
        items.append(
            Item(
                id=one.ref.id,
                name=statement_name(one),
                number=one.number,
                text=phrase(one.text, g.language),
                reasoning=render(reasoning.text),
                reasoning_language=reasoning.language,
                reasoning_dir=reasoning.dir,
                url=statement_url(process.slug, one.ref.id),
                department=one.department,
                principles=under,
                fields=within,
                named=frozenset(tag.anchor for tag in (*under, *within)),
                ideas=ngettext("%(num)s idea", "%(num)s ideas", behind),
                figures=_figures(behind, who) if shown else None,
                answer=_answer(answers.get(one.ref.id, ())),
                tally_words=in_words(tallies[one.ref.id]) if one.ref.id in tallies else "",
                matrix_url=url_for("matrix.overview", slug=process.slug, statement=one.ref.id),
                signed=day(one.signed_at) if one.signed_at else "",
                is_reopened=is_newest and one.is_reopened,
                is_withdrawn=one.withdrawn_at is not None,
            )
        )
    return items


def _as_signed(one: Signed) -> PeopleBehind:
    figures = {name: int(one.figures.get(name, 0)) for name in ("agree", "disagree", "unsure", "people")}
    return PeopleBehind(**figures)


def _figures(ideas: int, people: PeopleBehind) -> ItemFigures:
    return ItemFigures(ideas, people, FEWEST_VOTES if 0 < people.people < FEWEST_VOTES else 0)


def _answer(views: Sequence[AnswerView]) -> ItemAnswer | None:
    if not views:
        return None
    latest = views[0]
    return ItemAnswer(latest.outcome.value, str(OUTCOMES[latest.outcome]), latest.department, day(latest.answered_at))


def _views(slug: str, current: str, version: int | None) -> tuple[ViewLink, ...]:
    labels = (_("By principle"), _("By field of action"), _("In order"))
    return tuple(
        ViewLink(
            label,
            url_for(OVERVIEW, slug=slug, by=name, version=version),
            name == current,
        )
        for name, label in zip(VIEWS, labels, strict=True)
    )


def _tags(process: ProcessOutline) -> tuple[dict[int, Tag], dict[int, Tag]]:
    """Return principles and fields of the framework by id, each list in order."""
    entries = entries_around(process)
    principles = {
        entry.id: Tag(
            f"{BY_PRINCIPLE}-{entry.key}",
            pick(entry.title, g.language),
            entry.pictogram,
            url_for("leitbild.principle", slug=process.slug, principle_key=entry.key),
        )
        for entry in entries.principles
    }
    fields = {
        entry.id: Tag(f"{BY_FIELD}-{entry.key}", pick(entry.title, g.language), "", "") for entry in entries.fields
    }
    return principles, fields


def _groups(process: ProcessOutline, items: Sequence[Item], view: str) -> tuple[Group, ...]:
    """Return the statements arranged; a principle or field without any is left out."""
    if view == IN_ORDER:
        return (Group("", "", "", tuple(items)),) if items else ()
    principles, fields = _tags(process)
    tags = (principles if view == BY_PRINCIPLE else fields).values()
    groups, printed = [], dict[int, Tag]()
    for tag in tags:
        under = [item for item in items if tag.anchor in item.named]
        again = tuple(
            Again(item, printed[item.id].anchor, printed[item.id].title) for item in under if item.id in printed
        )
        groups.append(
            Group(tag.title, tag.pictogram, tag.anchor, tuple(item for item in under if item.id not in printed), again)
        )
        for item in under:
            printed.setdefault(item.id, tag)
    rest = tuple(item for item in items if item.named.isdisjoint(tag.anchor for tag in tags))
    without = _("No principle named") if view == BY_PRINCIPLE else _("No field of action named")
    return tuple(group for group in (*groups, Group(without, "", f"{view}-none", rest)) if group.items or group.again)


def _seen(session: Session, actor: Actor, process: ProcessOutline, newest: Version) -> SeenPart | None:
    if not actor.is_signed_in:
        return None
    action = url_for("documents.seen", slug=process.slug)
    known = last_seen(session, actor, process.id)
    if known is None:
        return SeenPart("", "", newest.number, action)
    number, _seen_at = known
    if number >= newest.number:
        return None
    before = version_numbered(session, process.id, number)
    text = _(
        "Since %(version)s, which you have read: %(changes)s.",
        version=version_name(before),
        changes=in_short(changes_between(before, newest)),
    )
    return SeenPart(text, url_for(OVERVIEW, slug=process.slug, since=number), newest.number, action)
