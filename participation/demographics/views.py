"""Pages on which people say something about themselves, and take it back."""

from dataclasses import dataclass

from flask import Blueprint, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from participation.accounts.guard import current_actor, signed_in_only
from participation.demographics.forms import AboutMeForm
from participation.demographics.policies import may_describe_self
from participation.demographics.queries import CharacteristicView, characteristics_of, own_answers
from participation.demographics.service import describe_self, take_back_description
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.forms import UNPROCESSABLE
from participation.kit.permissions import Missing
from participation.kit.suppression import K
from participation.multilingual import Phrase, phrase
from participation.multilingual import gettext as _
from participation.processes.outline import ProcessOutline
from participation.processes.policies import may_see_process
from participation.processes.queries import participant_of, process_by_slug

blueprint = Blueprint("demographics", __name__)


@dataclass(frozen=True, slots=True)
class AboutMePage:
    """The form, and what becomes of the answers; ``reason`` says why nothing can be said now."""

    process_title: Phrase
    process_url: str
    people_url: str
    take_back_url: str
    has_told: bool
    reason: str
    smallest: int


@blueprint.get("/processes/<slug>/about-me")
@signed_in_only
def about_me(slug: str) -> str:
    """Show what the actor said about themselves, ready to be changed."""
    process, characteristics = _asked(slug)
    page, answers = _page(process)
    form = AboutMeForm.asking(characteristics, language=g.language)().show(answers)
    return render_template("demographics/about_me.html", page=page, form=form)


@blueprint.post("/processes/<slug>/about-me")
@signed_in_only
def tell(slug: str) -> Response | tuple[str, int]:
    """Store what the actor says about themselves, in place of what was said before."""
    process, characteristics = _asked(slug)
    form: AboutMeForm = AboutMeForm.asking(characteristics, language=g.language)()
    if not form.validate():
        page, _answers = _page(process)
        return render_template("demographics/about_me.html", page=page, form=form), UNPROCESSABLE
    with transaction() as session:
        describe_self(session, current_actor(), slug=slug, answers=form.answers, now=clock.now())
    flash(
        _("Thank you. Your answers are stored.") if form.answers else _("Nothing is stored about you here."), "success"
    )
    return redirect(url_for(".about_me", slug=slug), 303)


@blueprint.post("/processes/<slug>/about-me/delete")
@signed_in_only
def take_back(slug: str) -> Response:
    """Delete everything that the actor said about themselves."""
    _asked(slug)
    with transaction() as session:
        take_back_description(session, current_actor(), slug=slug)
    flash(_("Your answers are deleted."), "success")
    return redirect(url_for(".about_me", slug=slug), 303)


def _asked(slug: str) -> tuple[ProcessOutline, tuple[CharacteristicView, ...]]:
    """Return the process and what it asks; raises ``Missing`` for one that is not public, or asks nothing."""
    process = process_by_slug(db.session(), slug)
    characteristics = characteristics_of(db.session(), process.framework_id)
    if not characteristics or not may_see_process(current_actor(), process):
        raise Missing
    return process, characteristics


def _page(process: ProcessOutline) -> tuple[AboutMePage, dict[int, int]]:
    session, actor = db.session(), current_actor()
    participant = participant_of(session, process_id=process.id, account_id=actor.account_id)
    permission = may_describe_self(actor, process, takes_part=participant is not None)
    answers = own_answers(session, participant.id if participant else None)
    page = AboutMePage(
        process_title=phrase(process.title, g.language),
        process_url=url_for("browse.process", slug=process.slug),
        people_url=url_for("results.people", slug=process.slug),
        take_back_url=url_for(".take_back", slug=process.slug),
        has_told=bool(answers),
        reason="" if permission else str(permission.reason),
        smallest=K,
    )
    return page, answers
