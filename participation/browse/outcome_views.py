"""What comes of contributions: what the city answers and does in a process, and what became of one's own."""

from dataclasses import dataclass

from flask import Blueprint, current_app, g, render_template, url_for

from participation.accounts.guard import current_actor, public, signed_in_only
from participation.browse.own_outcomes import own_outcomes_page
from participation.browse.shared import holds_until, outline_of, shared_page
from participation.kit import clock
from participation.kit.db import db
from participation.kit.headers import unnoticed
from participation.kit.permissions import Missing, found
from participation.multilingual import pick
from participation.processes.policies import may_see_process
from participation.strategy.answering.overview import follow_up_page

blueprint = Blueprint("outcomes", __name__)


@dataclass(frozen=True, slots=True)
class PlaceLink:
    """The process that a page is about."""

    title: str
    url: str


@blueprint.get("/processes/<slug>/follow-up")
@public
@shared_page
def follow_up(slug: str) -> str:
    """Show which departments are asked until when, what the city answers and does, and what is overdue."""
    process = outline_of(slug)
    if not may_see_process(current_actor(), process):
        raise Missing
    # What is not overdue today may be so tomorrow.
    holds_until(clock.midnight(current_app.config["TIMEZONE"]))
    holds_until(process.next_change(clock.now()))
    page = follow_up_page(db.session(), process, "outcomes.follow_up")
    place = PlaceLink(pick(process.title, g.language), url_for("browse.process", slug=slug))
    return render_template("browse/follow_up.html", page=page, place=place)


@blueprint.get("/my/outcomes")
@signed_in_only
@unnoticed
def own() -> str:
    """Show what became of what the reader wrote, commented on or agreed with."""
    page = own_outcomes_page(db.session(), found(current_actor().account_id))
    return render_template("browse/own_outcomes.html", page=page)
