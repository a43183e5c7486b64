"""The accessibility statement, and where admins say what stands in it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from flask import Blueprint, current_app, redirect, render_template, url_for
from werkzeug.wrappers import Response

from participation.accessibility.facts import Facts, Gap, GapKind
from participation.accessibility.forms import FactsForm, GapForm
from participation.accessibility.pages import GapShown, facts_now, gap_shown, statement_page
from participation.accessibility.results import findings
from participation.accessibility.service import publish_facts
from participation.accounts.guard import admins_only, current_actor, public
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.forms import UNPROCESSABLE
from participation.kit.messages import say
from participation.kit.permissions import found
from participation.multilingual import gettext as _
from participation.multilingual.moments import moment

blueprint = Blueprint("accessibility", __name__)
Page = str | tuple[str, int] | Response


@dataclass(frozen=True, slots=True)
class FactsPage:
    """What the city says, to be changed: the gaps, since when it holds, and how many errors the tests found."""

    gaps: tuple[GapShown, ...]
    published: str
    broken: int
    is_contradictory: bool


@blueprint.get("/accessibility")
@public
def statement() -> str:
    """Show the accessibility statement."""
    return render_template("accessibility/statement.html", page=statement_page(db.session(), now=clock.now()))


@blueprint.route("/desk/accessibility", methods=["GET", "POST"])
@admins_only
def facts() -> Page:
    """Change what the city says about accessibility."""
    before, published_at = facts_now(db.session())
    form: FactsForm = FactsForm.speaking(current_app.config["LANGUAGES"])()
    if form.validate_on_submit():
        return _published(form.facts)
    if not form.is_submitted():
        form.show(before).propose_days(clock.today(current_app.config["TIMEZONE"]))
    page = render_template("accessibility/facts.html", page=_facts_page(before, published_at), form=form)
    return (page, UNPROCESSABLE) if form.is_submitted() else page


@blueprint.route("/desk/accessibility/gaps/new", methods=["GET", "POST"])
@admins_only
def new_gap() -> Page:
    """Add something that is not accessible."""
    return _gap(Gap(0, GapKind.NOT_YET, {}, {}))


@blueprint.route("/desk/accessibility/gaps/<int:gap_id>", methods=["GET", "POST"])
@admins_only
def gap(gap_id: int) -> Page:
    """Change what is said about something that is not accessible."""
    return _gap(_known_gap(gap_id))


@blueprint.post("/desk/accessibility/gaps/<int:gap_id>/removal")
@admins_only
def remove_gap(gap_id: int) -> Response:
    """Take out what is accessible by now."""
    _known_gap(gap_id)
    return _published(lambda now: now.without_gap(gap_id))


def _gap(before: Gap) -> Page:
    form: GapForm = GapForm.speaking(current_app.config["LANGUAGES"])()
    if form.validate_on_submit():
        return _published(lambda now: now.with_gap(form.gap(before if before.id else replace(before, id=now.next_gap))))
    if not form.is_submitted() and before.id:
        form.show(before)
    page = render_template("accessibility/gap.html", gap=gap_shown(before), form=form)
    return (page, UNPROCESSABLE) if form.is_submitted() else page


def _known_gap(gap_id: int) -> Gap:
    return found(facts_now(db.session())[0].gap(gap_id))


def _published(change: Callable[[Facts], Facts]) -> Response:
    """Publish the facts as they stand now with one change, and go back to all of them."""
    with transaction() as session:
        publish_facts(session, current_actor(), facts=change(facts_now(session)[0]), now=clock.now())
    say(_("The statement is published."), label=_("Read it"), url=url_for(".statement"))
    return redirect(url_for(".facts"), 303)


def _facts_page(now: Facts, published_at: datetime | None) -> FactsPage:
    tested = findings()
    return FactsPage(
        gaps=tuple(gap_shown(one) for one in now.gaps),
        published=moment(published_at) if published_at else "",
        broken=tested.broken if tested else 0,
        is_contradictory=now.is_contradictory,
    )
