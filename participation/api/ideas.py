"""Ideas: lists that are filtered and ordered, one of them with everything around it, and the votes in sum."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import g
from sqlalchemy.orm import Session

from participation.accounts.actor import ANONYMOUS
from participation.api.addresses import data_url, reader_url
from participation.api.answers import answers_of, referrals_in
from participation.api.asked import NO_MARK, IdeasAsked, NotThere, PageAsked, words_asked
from participation.api.blueprint import reading, visible_process
from participation.api.figures import points_given, votes_shown
from participation.api.outcome_shapes import IdeaDetail
from participation.api.paging import NoMark, next_address, packed, unpacked
from participation.api.processes import PROCESS
from participation.api.queries import clusters_of_ideas
from participation.api.shapes import Addendum, IdeaItem, IdeaList, IdeaVotes, VoteList
from participation.api.translated import text_shown, wordings_asked
from participation.cases.models import SubjectKind
from participation.ideas.addenda import AddendumView, public_addenda
from participation.ideas.models import IdeaState
from participation.kit import clock
from participation.kit.db import db
from participation.kit.permissions import Missing, require
from participation.listings.ideas import BY_VOTES, Cursor, IdeaFilter, IdeaRow, Order, Sort, idea_row
from participation.listings.ideas.walks import Step, Walk, walk
from participation.listings.names import Entries, Entry, entries_of, themes_of
from participation.listings.statements import outcome_of
from participation.listings.translated import ShownWordings, Written, written_idea
from participation.multilingual import base_language
from participation.processes.outline import ProcessOutline
from participation.processes.policies import may_see_results
from participation.strategy.answering.answers import answers_around
from participation.strategy.answering.following import referrals_around

IDEA = f"{PROCESS}/ideas/<int:idea_id>"
ANSWERED = {"yes": True, "no": False, None: None}


@dataclass(frozen=True, slots=True)
class Around:
    """What ideas of a process refer to: keys by number, and whether votes are shown."""

    process: ProcessOutline
    principles: Mapping[int, str]
    fields: Mapping[int, str]
    districts: Mapping[int, str]
    shows_results: bool
    ideas_url: str
    page_url: str


@reading(f"{PROCESS}/ideas", IdeaList, asks=IdeasAsked, refuses=True)
def ideas(asked: dict[str, Any], slug: str) -> IdeaList:
    """Return a page of the public ideas that are asked for."""
    outline, session, now = visible_process(slug), db.session(), clock.now()
    entries = entries_of(session, outline.framework_id)
    wanted = _wanted(session, outline, entries, asked)
    sort = _sort(asked, wanted)
    if sort in BY_VOTES:
        require(may_see_results(outline, now=now))
    steps, after = _steps(session, outline, wanted, sort, asked)
    around = _around(outline, entries, now)
    filed = clusters_of_ideas(session, [step.row.id for step in steps])
    shown = wordings_asked(asked, [_written(step.row) for step in steps])
    items = tuple(IdeaItem(**_facts(step.row, around, filed[step.row.id], shown)) for step in steps)
    return IdeaList(items, next_address(after))


@reading(IDEA, IdeaDetail)
def idea(asked: dict[str, Any], slug: str, idea_id: int) -> IdeaDetail:
    """Return a public idea with everything around it."""
    outline, session, now = visible_process(slug), db.session(), clock.now()
    row = _public_row(session, outline, idea_id)
    around = _around(outline, entries_of(session, outline.framework_id), now)
    outcome = outcome_of(session, idea_id)
    points = points_given(session, outline, [idea_id], shown=around.shows_results, now=now)
    place = {"slug": slug, "idea_id": idea_id}
    addenda = public_addenda(session, [idea_id]).get(idea_id, ())
    below = (Written(SubjectKind.ADDENDUM, one.id, one.language, one.revision) for one in addenda)
    shown = wordings_asked(asked, [_written(row), *below])
    return IdeaDetail(
        **_facts(row, around, tuple(cluster_id for cluster_id, _title in outcome.clusters), shown),
        points=points.get(idea_id),
        addenda=tuple(_addendum(one, shown) for one in addenda),
        statements=tuple(statement_id for _position, statement_id, _text in outcome.statements),
        answers=answers_of(session, answers_around(session, idea_id, g.language), idea_id=idea_id),
        referrals=referrals_in(referrals_around(session, idea_id)),
        comments_url=data_url("idea_comments", **place),
        provenance_url=data_url("idea_provenance", **place),
    )


@reading(f"{PROCESS}/votes", VoteList, asks=PageAsked)
def votes(asked: dict[str, Any], slug: str) -> VoteList:
    """Return the votes on the public ideas, in sum, those on the newest idea first."""
    outline, session, now = visible_process(slug), db.session(), clock.now()
    steps, after = _steps(session, outline, IdeaFilter(), Sort.NEWEST, asked)
    items = _summed(session, outline, [step.row for step in steps], now)
    return VoteList(items, next_address(after))


@reading(f"{IDEA}/votes", IdeaVotes)
def idea_votes(_asked: dict[str, Any], slug: str, idea_id: int) -> IdeaVotes:
    """Return the votes on an idea, in sum."""
    outline, session = visible_process(slug), db.session()
    (summed,) = _summed(session, outline, [_public_row(session, outline, idea_id)], clock.now())
    return summed


def _public_row(session: Session, process: ProcessOutline, idea_id: int) -> IdeaRow:
    row = idea_row(session, process.id, idea_id)
    if row.state is not IdeaState.PUBLISHED:
        raise Missing
    return row


def _summed(session: Session, process: ProcessOutline, rows: Sequence[IdeaRow], now: datetime) -> tuple[IdeaVotes, ...]:
    shown = bool(may_see_results(process, now=now))
    points = points_given(session, process, [row.id for row in rows], shown=shown, now=now)
    return tuple(
        IdeaVotes(
            idea_id=row.id,
            votes=votes_shown(row.figures, shown=shown),
            points=points.get(row.id),
            idea_url=data_url("idea", slug=process.slug, idea_id=row.id),
            page_url=reader_url("browse.idea", slug=process.slug, idea_id=row.id),
        )
        for row in rows
    )


def _around(process: ProcessOutline, entries: Entries, now: datetime) -> Around:
    def keys(some: Sequence[Entry]) -> dict[int, str]:
        return {entry.id: entry.key for entry in some}

    return Around(
        process,
        keys(entries.principles),
        keys(entries.fields),
        keys(entries.districts),
        bool(may_see_results(process, now=now)),
        data_url("ideas", slug=process.slug),
        reader_url("browse.ideas", slug=process.slug),
    )


def _written(row: IdeaRow) -> Written:
    return written_idea(row.id, row.language, row.revision)


def _addendum(one: AddendumView, shown: ShownWordings) -> Addendum:
    said = text_shown(shown.get((SubjectKind.ADDENDUM, one.id)), one.text, one.language)
    return Addendum(id=one.id, **said, published_at=one.published_at or one.submitted_at)


def _facts(row: IdeaRow, around: Around, cluster_ids: tuple[int, ...], shown: ShownWordings) -> dict[str, Any]:
    """Return what an idea says in lists and alone."""
    wording = shown.get((SubjectKind.IDEA, row.id))
    return {
        "id": row.id,
        "title": wording.title if wording else row.title,
        **text_shown(wording, row.text, row.language, title=row.title),
        "source": row.source,
        "source_url": row.source_url,
        "revision": row.revision,
        "published_at": row.published_at or row.submitted_at,
        "revised_at": row.revised_at,
        "principles": tuple(key for id_, key in around.principles.items() if id_ in row.principle_ids),
        "field": around.fields.get(row.field_id or 0),
        "district": around.districts.get(row.district_id or 0),
        "clusters": cluster_ids,
        "bundle_id": row.bundle_id,
        "comments": row.comments,
        "votes": votes_shown(row.figures, shown=around.shows_results),
        "url": f"{around.ideas_url}/{row.id}",
        "page_url": f"{around.page_url}/{row.id}",
    }


def _steps(
    session: Session, process: ProcessOutline, wanted: IdeaFilter, sort: Sort, asked: dict[str, Any]
) -> tuple[list[Step], str | None]:
    """Return the ideas of the page, and the mark behind the last of them where more follow."""
    most = asked["limit"]
    cursor = _cursor(asked["after"], sort)
    steps = walk(session, Walk(ANONYMOUS, process.id, wanted, Order(sort), most + 1), cursor)
    return steps[:most], packed(steps[most - 1].cursor.encode()) if len(steps) > most else None


def _cursor(after: str | None, sort: Sort) -> Cursor | None:
    if after is None:
        return None
    try:
        return Cursor.decode(unpacked(after), sort=sort)
    except (NoMark, ValueError):
        raise NotThere("after", NO_MARK) from None


def _sort(asked: dict[str, Any], wanted: IdeaFilter) -> Sort:
    if asked["sort"] is None:
        return Sort.RELEVANCE if wanted.query else Sort.NEWEST
    return Sort(asked["sort"])


def _wanted(session: Session, process: ProcessOutline, entries: Entries, asked: dict[str, Any]) -> IdeaFilter:
    return IdeaFilter(
        principle_id=_id("principle", entries.principles, asked),
        field_id=_id("field", entries.fields, asked),
        district_id=_id("district", entries.districts, asked),
        language=asked["written_in"],
        cluster_id=_theme(session, process, asked["theme"]),
        is_answered=ANSWERED[asked["answered"]],
        query=(words := words_asked(asked["q"])),
        reader=base_language(asked["language"] or "") if words else "",
        since=asked["since"],
    )


def _id(name: str, entries: Sequence[Entry], asked: dict[str, Any]) -> int | None:
    if asked[name] is None:
        return None
    known = next((entry.id for entry in entries if entry.key == asked[name]), None)
    if known is None:
        raise NotThere(name)
    return known


def _theme(session: Session, process: ProcessOutline, theme: int | None) -> int | None:
    if theme is not None and theme not in {one.id for one in themes_of(session, process.id)}:
        raise NotThere("theme")
    return theme
