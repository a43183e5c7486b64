"""Showing an idea that the reader has not seen yet: the next one of a round, whose place stands in the address."""

from dataclasses import dataclass
from datetime import datetime

from flask import g, request, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest

from participation.accounts.actor import Actor
from participation.browse.filters import address
from participation.browse.surroundings import draw_around, turn_now
from participation.kit.numbers import asked_number
from participation.listings.ideas import Cursor, IdeaFilter, Order, Round, Sort, next_idea
from participation.multilingual import pick
from participation.processes.models import Capability
from participation.processes.outline import ProcessOutline
from participation.processes.policies import is_possible

PLACE = "round"
"""The name of the place in addresses; idea pages carry it along."""
LEFT = "left"
"""The name, in addresses, of the idea that the reader comes from and need not see again at once."""


@dataclass(frozen=True, slots=True)
class NothingLeft:
    """Every idea of the round has been seen."""

    process_title: str
    process_url: str
    ideas_url: str
    again_url: str
    propose_url: str
    is_empty: bool
    is_personal: bool


def unseen_page(session: Session, actor: Actor, process: ProcessOutline, *, now: datetime) -> str | NothingLeft:
    """Return the address of an idea that the reader has not seen, or the page for when there is none left.

    Anonymous readers walk the round once; people with an account pass over what they wrote, voted on or commented on.
    Raises ``BadRequest`` for a place that is none.
    """
    cursor, left = round_place(), _left()
    order = Order(Sort.ROTATION, Round(draw_around(process), turn_now(now).start))
    if cursor and cursor.order.round and order.round and cursor.order.round.draw != order.round.draw:
        # The places have been drawn anew meanwhile: the old one says nothing any more.
        cursor = None
    wanted = IdeaFilter(untouched_by=actor.account_id)
    found = next_idea(session, actor, process.id, wanted=wanted, order=order, cursor=cursor)
    if found and found[0] == left:
        found = next_idea(session, actor, process.id, wanted=wanted, order=order, cursor=found[1])
    if found:
        idea_id, place = found
        return address(url_for("browse.idea", slug=process.slug, idea_id=idea_id), {PLACE: place.encode()})
    proposing = is_possible(process, Capability.PROPOSE, now=now)
    return NothingLeft(
        process_title=pick(process.title, g.language),
        process_url=url_for("browse.process", slug=process.slug),
        ideas_url=url_for("browse.ideas", slug=process.slug),
        again_url=url_for("browse.unseen", slug=process.slug) if cursor else "",
        propose_url=url_for("proposing.new", slug=process.slug) if proposing else "",
        is_empty=cursor is None and not actor.is_signed_in,
        is_personal=actor.is_signed_in,
    )


def another_url(process: ProcessOutline, idea_id: int) -> str:
    """Return the address that leads from the idea page of this request to another idea, further on in its round."""
    place = round_place()
    query = {PLACE: place.encode()} if place else {LEFT: str(idea_id)}
    return address(url_for("browse.unseen", slug=process.slug), query)


def round_place() -> Cursor | None:
    """Return the place in a round that the request carries along; raises ``BadRequest`` for one that is none."""
    text = request.args.get(PLACE)
    if not text:
        return None
    try:
        return Cursor.decode(text, sort=Sort.ROTATION)
    except ValueError:
        raise BadRequest from None


def _left() -> int | None:
    return asked_number(LEFT) if request.args.get(LEFT) else None
