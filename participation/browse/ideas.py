"""The list of ideas: a page of cards, the filter bar above it, and why it stands in the order it stands in."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from flask import g, url_for
from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.browse.explanations import Explanation, explanation, reason
from participation.browse.filters import ListRequest, address, list_request
from participation.browse.meant import meant_part
from participation.browse.pages import wording
from participation.browse.shared import holds_until, holds_while, remembered
from participation.browse.similar import SimilarLink
from participation.browse.surroundings import names_around, names_mark, turn_now
from participation.kit.db import db
from participation.listings.ideas import (
    BY_VOTES,
    COUNT_STOPS_AT,
    Cursor,
    IdeaList,
    Sort,
    count_ideas,
    figures_shown,
    idea_list,
)
from participation.multilingual import gettext as _
from participation.multilingual import ngettext, pick
from participation.multilingual.moments import number
from participation.processes.models import Capability
from participation.processes.outline import ProcessOutline
from participation.processes.policies import is_possible
from participation.voting.queries import VoteFigures, tallies


@dataclass(frozen=True, slots=True)
class IdeasPage:
    """A page of the idea list with its filter bar."""

    process_title: str
    process_url: str
    title: str
    lead: str
    propose_url: str
    list_url: str
    feed_url: str
    unseen_url: str
    vote_url: str
    asked: ListRequest
    ideas: IdeaList
    summary: str
    order_label: str
    previous_url: str
    next_url: str
    first_url: str
    explain_url: str
    explanation: Explanation | None
    meant: tuple[SimilarLink, ...]


def ideas_page(session: Session, actor: Actor, process: ProcessOutline, *, now: datetime) -> IdeasPage:
    """Return the page of the list that the request asks for; raises ``BadRequest`` for what is not on offer."""
    list_url = url_for("browse.ideas", slug=process.slug)
    asked = list_request(process, list_url, now=now)
    words = asked.wanted.query
    listed = idea_list(
        session,
        actor,
        process,
        wanted=asked.wanted,
        cursor=asked.cursor,
        order=asked.order,
        names=names_around(process),
        wording=wording(),
        list_url=list_url,
        now=now,
        with_count=False,
        why=reason(asked.order, words) if asked.explains else None,
    )
    _keep(process, asked, listed, now)
    voting = is_possible(process, Capability.VOTE, now=now)
    filters = {name: value for name, value in asked.query.items() if name not in ("sort", "explain")}
    return IdeasPage(
        process_title=pick(process.title, g.language),
        process_url=url_for("browse.process", slug=process.slug),
        title=pick(asked.cluster.title, g.language) if asked.cluster else _("Ideas"),
        lead=pick(asked.cluster.description, g.language) if asked.cluster else pick(process.question, g.language),
        propose_url=url_for("proposing.new", slug=process.slug),
        list_url=list_url,
        feed_url=address(url_for("feeds.ideas", slug=process.slug), filters),
        unseen_url=url_for("browse.unseen", slug=process.slug),
        vote_url=url_for("voting.row", slug=process.slug) if voting else "",
        asked=asked,
        ideas=listed,
        summary=_count(_counted(session, actor, process, asked)),
        order_label=dict(asked.sorts.options)[asked.sorts.current],
        previous_url=_page_url(list_url, asked, "before", listed.previous),
        next_url=_page_url(list_url, asked, "after", listed.next),
        first_url=address(list_url, asked.query) if asked.cursor else "",
        explain_url=_explain_url(list_url, asked),
        explanation=explanation(asked.order, words=words, goes_on=bool(asked.cursor), now=now)
        if asked.explains
        else None,
        meant=meant_part(session, actor, process, asked, now=now),
    )


def _counted(session: Session, actor: Actor, process: ProcessOutline, asked: ListRequest) -> int:
    # Published ideas are the same for everybody, so one person's count is everybody's.
    return remembered(
        ("count", process.slug, process.version, asked.wanted),
        lambda: count_ideas(session, actor, process.id, asked.wanted),
    )


def _keep(process: ProcessOutline, asked: ListRequest, listed: IdeaList, now: datetime) -> None:
    """Say how long the page holds: until the list begins elsewhere, and while the figures on it are true."""
    if asked.order.sort is Sort.ROTATION and (asked.explains or not asked.cursor):
        holds_until(turn_now(now).ends_at)
    # Votes on ideas that are not on the page can change such an order: it is only kept for seconds.
    if asked.order.sort not in BY_VOTES:
        holds_while(partial(_shows_truth, process, names_mark(process), figures_shown(listed.cards)))


def _shows_truth(process: ProcessOutline, names: str, figures: dict[int, VoteFigures]) -> bool:
    return names_mark(process) == names and tallies(db.session(), figures) == figures


def _page_url(list_url: str, asked: ListRequest, name: str, cursor: Cursor | None) -> str:
    return address(list_url, {**asked.query, name: cursor.encode()}) if cursor else ""


def _explain_url(list_url: str, asked: ListRequest) -> str:
    """Return the address of this very page with the explanation, or without it where it is there."""
    query = {name: value for name, value in asked.query.items() if name != "explain"}
    if asked.cursor:
        query["before" if asked.cursor.backwards else "after"] = asked.cursor.encode()
    return address(list_url, query if asked.explains else {**query, "explain": "1"})


def _count(count: int) -> str:
    if count > COUNT_STOPS_AT:
        return _("%(number)s+ ideas", number=number(COUNT_STOPS_AT))
    return ngettext("%(num)s idea", "%(num)s ideas", count)
