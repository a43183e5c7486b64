"""Routes of the Leitbild: its map and its principles within a process, and the pages of its entries."""

from flask import Blueprint, render_template

from participation.accounts.guard import current_actor, public
from participation.browse.framework_pages import CRITERIA, PRINCIPLES, VALUES, entry_page
from participation.browse.leitbild import map_page
from participation.browse.principle_page import principle_page
from participation.browse.shared import holds_until, outline_of, shared_page
from participation.kit import clock
from participation.kit.db import db
from participation.kit.permissions import Missing
from participation.principles.queries import framework_id_by_key
from participation.processes.models import Capability
from participation.processes.outline import ProcessOutline
from participation.processes.policies import is_possible, may_see_process

blueprint = Blueprint("leitbild", __name__)


@blueprint.get("/processes/<slug>/principles")
@public
@shared_page
def overview(slug: str) -> str:
    """Show principles × fields of action, and where ideas are missing."""
    process = _visible(slug)
    return render_template("browse/map.html", page=map_page(process, propose_closed=_propose_closed(process)))


@blueprint.get("/processes/<slug>/principles/<principle_key>")
@public
@shared_page
def principle(slug: str, principle_key: str) -> str:
    """Show a principle with its ideas in one process and what became of them."""
    process, now = _visible(slug), clock.now()
    page = principle_page(
        db.session(), current_actor(), process, principle_key, propose_closed=_propose_closed(process), now=now
    )
    return render_template("browse/principle.html", page=page)


@blueprint.get("/principles/<principle_key>")
@public
@shared_page
def guiding_principle(principle_key: str) -> str:
    """Show a principle of the framework and the processes whose ideas name it."""
    return _entry(PRINCIPLES, principle_key)


@blueprint.get("/criteria/<criterion_key>")
@public
@shared_page
def criterion(criterion_key: str) -> str:
    """Show a test criterion of the framework."""
    return _entry(CRITERIA, criterion_key)


@blueprint.get("/values/<value_key>")
@public
@shared_page
def value(value_key: str) -> str:
    """Show a value of the framework."""
    return _entry(VALUES, value_key)


def _entry(kind: str, key: str) -> str:
    page = entry_page(db.session(), framework_id_by_key(db.session()), kind, key)
    return render_template("browse/framework_entry.html", page=page)


def _visible(slug: str) -> ProcessOutline:
    process = outline_of(slug)
    if not may_see_process(current_actor(), process):
        raise Missing
    holds_until(process.next_change(clock.now()))
    return process


def _propose_closed(process: ProcessOutline) -> str:
    permission = is_possible(process, Capability.PROPOSE, now=clock.now())
    return "" if permission else str(permission.reason)
