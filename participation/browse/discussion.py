"""The discussion on the page of an idea: threads a page at a time, sorted, or the comments of one stance."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import g, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest

from participation.accounts.actor import Actor
from participation.browse.comment_item import CommentItem, comment_item, scene, stance_title
from participation.browse.filters import address
from participation.browse.translations import carried
from participation.comments.models import CommentStance, Voice
from participation.comments.policies import may_comment, voices_of
from participation.comments.queries import (
    THREADS_PER_PAGE,
    CommentPage,
    comments_of_stance,
    discussion,
    stance_counts,
)
from participation.comments.statements import CommentOrder, Cursor
from participation.kit.forms import opened_now
from participation.listings.ideas import IdeaRow
from participation.listings.translated import ShownWordings
from participation.multilingual import gettext as _
from participation.multilingual import ngettext, pick
from participation.processes.outline import ProcessOutline
from participation.processes.reading import RULES, reading_of, what_happens_to_it

CURSOR = re.compile(r"(?:(\d{1,9})-)?(\d{1,18})", re.ASCII)


@dataclass(frozen=True, slots=True)
class DiscussionRequest:
    """Which part of a discussion an address asks for."""

    order: CommentOrder = CommentOrder.OLDEST
    stance: CommentStance | None = None
    cursor: Cursor | None = None


@dataclass(frozen=True, slots=True)
class View:
    """One way to look at the discussion: a stance with its number of comments, or an order."""

    label: str
    url: str
    current: bool
    count: int | None = None


@dataclass(frozen=True, slots=True)
class DiscussionPart:
    """The comments on an idea, a page at a time, and whether the reader may write one."""

    comments: tuple[CommentItem, ...]
    count: int
    stances: tuple[View, ...]
    orders: tuple[View, ...]
    order_note: str
    arguments_url: str
    arguments_label: str
    back_url: str
    action: str
    reason: str
    reasons_url: str
    licence: str
    reading: str
    rules_url: str
    may_comment: bool
    voices: tuple[Voice, ...]
    opened: str
    sign_in_url: str
    previous_url: str
    next_url: str


def discussion_request(arguments: Mapping[str, str]) -> DiscussionRequest:
    """Return what the arguments of an address ask for; raises ``BadRequest`` for anything unknown."""
    stance = arguments.get("stance", "")
    try:
        return DiscussionRequest(
            CommentOrder(arguments.get("sort", CommentOrder.OLDEST.value)),
            CommentStance(stance) if stance else None,
            cursor_in(arguments),
        )
    except ValueError:
        raise BadRequest from None


def cursor_in(arguments: Mapping[str, str], prefix: str = "") -> Cursor | None:
    """Return the place that an address names as ``after`` or ``before``; raises ``BadRequest`` for nonsense."""
    for name, backwards in ((f"{prefix}after", False), (f"{prefix}before", True)):
        if name in arguments:
            match = CURSOR.fullmatch(arguments[name])
            if match is None:
                raise BadRequest
            place = Cursor(int(match[2]), int(match[1] or 0), backwards)
            return None if place == Cursor(0) else place
    return None


def cursor_arguments(cursor: Cursor | None, order: CommentOrder, prefix: str = "") -> dict[str, str]:
    """Return a place as arguments of an address; none for no place."""
    if cursor is None:
        return {}
    text = f"{cursor.helpful}-{cursor.id}" if order is CommentOrder.HELPFUL else str(cursor.id)
    return {f"{prefix}{'before' if cursor.backwards else 'after'}": text}


def discussion_part(
    session: Session,
    actor: Actor,
    process: ProcessOutline,
    idea: IdeaRow,
    page: CommentPage,
    shown: ShownWordings,
    *,
    url: str,
    asked: DiscussionRequest,
    now: datetime,
) -> DiscussionPart:
    """Return the part of the discussion of the idea at ``url`` that was asked for, in the wordings ``shown``."""
    around = scene(actor, process, idea.id, idea.state, now)
    counts = stance_counts(session, idea.id)
    commenting = may_comment(actor, process, idea.state, now=now)
    signs_in = around.can_answer and not actor.is_signed_in
    chosen = {**_arguments(asked), **carried()}

    def page_url(cursor: Cursor | None) -> str:
        return f"{address(url, {**chosen, **cursor_arguments(cursor, asked.order)})}#comments" if cursor else ""

    return DiscussionPart(
        comments=tuple(comment_item(view, around, shown, flat=asked.stance is not None) for view in page.comments),
        count=idea.comments,
        stances=_stances(url, asked, idea.comments, counts),
        orders=_orders(url, asked) if idea.comments > 1 else (),
        order_note=_order_note(asked.order),
        arguments_url=around.address("discussion.arguments") if _takes_sides(counts) else "",
        arguments_label=_arguments_label(counts),
        back_url=address(url, {**chosen, **cursor_arguments(asked.cursor, asked.order)}),
        action=around.address("comments.write"),
        reason="" if around.can_answer else str(commenting.reason or ""),
        reasons_url=url_for("appeals.decisions") if actor.suspended_until(process.id, now) else "",
        licence=pick(process.licence, g.language),
        reading=what_happens_to_it(reading_of(process, g.language, now)) if commenting else "",
        rules_url=url_for("browse.process", slug=process.slug, _anchor=RULES),
        may_comment=bool(commenting),
        voices=voices_of(actor, process.id) if commenting else (),
        opened=opened_now() if around.can_mark else "",
        sign_in_url=url_for("accounts.sign_in", next=f"{url}#comments") if signs_in else "",
        previous_url=page_url(page.previous),
        next_url=page_url(page.next),
    )


def comments_asked(
    session: Session, actor: Actor, process: ProcessOutline, idea_id: int, asked: DiscussionRequest
) -> CommentPage:
    """Return the comments on an idea that were asked for."""
    if asked.stance is None:
        return discussion(
            session, actor, process_id=process.id, idea_id=idea_id, order=asked.order, cursor=asked.cursor
        )
    return comments_of_stance(
        session,
        actor,
        process_id=process.id,
        idea_id=idea_id,
        stance=asked.stance,
        order=asked.order,
        cursor=asked.cursor,
        size=THREADS_PER_PAGE,
    )


def _arguments(asked: DiscussionRequest) -> dict[str, str]:
    """Return order and stance as arguments of an address; what goes without saying is left out."""
    arguments = {} if asked.order is CommentOrder.OLDEST else {"sort": asked.order.value}
    return {**arguments, "stance": asked.stance.value} if asked.stance else arguments


def _stances(url: str, asked: DiscussionRequest, count: int, counts: Mapping[CommentStance, int]) -> tuple[View, ...]:
    if not any(counts.values()):
        return ()
    rows: list[tuple[str, CommentStance | None, int]] = [(_("All"), None, count)]
    rows += [(stance_title(stance), stance, number) for stance, number in counts.items() if number]
    return tuple(
        View(
            label,
            f"{address(url, _arguments(DiscussionRequest(asked.order, stance)))}#comments",
            stance is asked.stance,
            number,
        )
        for label, stance, number in rows
    )


def _orders(url: str, asked: DiscussionRequest) -> tuple[View, ...]:
    labels = {
        CommentOrder.OLDEST: _("Oldest first"),
        CommentOrder.NEWEST: _("Newest first"),
        CommentOrder.HELPFUL: _("Most helpful first"),
    }
    return tuple(
        View(
            label,
            f"{address(url, _arguments(DiscussionRequest(order, asked.stance)))}#comments",
            order is asked.order,
        )
        for order, label in labels.items()
    )


def _order_note(order: CommentOrder) -> str:
    if order is not CommentOrder.HELPFUL:
        return ""
    return _("First come the comments that most people marked as helpful; of equally many the older one.")


def _takes_sides(counts: Mapping[CommentStance, int]) -> bool:
    return counts[CommentStance.SUPPORTS] + counts[CommentStance.OBJECTS] > 0


def _arguments_label(counts: Mapping[CommentStance, int]) -> str:
    supports, objects = counts[CommentStance.SUPPORTS], counts[CommentStance.OBJECTS]
    return _(
        "Compare: %(supports)s and %(objects)s",
        supports=ngettext("%(num)s argument for", "%(num)s arguments for", supports),
        objects=ngettext("%(num)s against", "%(num)s against", objects),
    )
