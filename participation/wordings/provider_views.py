"""Where the desk sees how texts get into other languages, and where admins choose the provider."""

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from participation.accounts.guard import admins_only, current_actor, desk_only
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.forms import UNPROCESSABLE
from participation.multilingual import gettext as _
from participation.multilingual import ngettext
from participation.processes.outline import ProcessOutline
from participation.processes.queries import process_by_slug
from participation.wordings.provider_forms import ProviderForm
from participation.wordings.provider_pages import chosen_by, offered, providers_page
from participation.wordings.service import choose_provider, try_again

blueprint = Blueprint("translations", __name__)
Page = str | tuple[str, int] | Response


@blueprint.get("/desk/processes/<slug>/translations")
@desk_only
def overview(slug: str) -> Page:
    """Show which provider a process has, how that goes, and how far its texts can be read in which language."""
    process = process_by_slug(db.session(), slug)
    return _page(process, ProviderForm().offer(offered(), chosen_by(process.id)))


@blueprint.post("/desk/processes/<slug>/translations")
@admins_only
def choose(slug: str) -> Page:
    """Switch a provider on, to another one, or off."""
    process = process_by_slug(db.session(), slug)
    form = ProviderForm().offer(offered(), chosen_by(process.id))
    if not form.validate_on_submit():
        return _page(process, form)
    with transaction() as session:
        is_new = choose_provider(
            session,
            current_actor(),
            process_id=process.id,
            provider=form.name,
            offered=current_app.config["TRANSLATORS"],
            now=clock.now(),
        )
    if is_new and form.name:
        flash(_("The service is switched on. Its first translations appear in a moment."), "success")
    elif is_new:
        flash(
            _("The service is switched off. What it translated is being deleted; what people wrote stays."), "success"
        )
    return redirect(url_for(".overview", slug=slug), 303)


@blueprint.post("/desk/processes/<slug>/translations/again")
@desk_only
def again(slug: str) -> Response:
    """Have everything that failed tried again."""
    process = process_by_slug(db.session(), slug)
    with transaction() as session:
        count = try_again(session, current_actor(), process_id=process.id, now=clock.now())
    flash(ngettext("%(num)s text is tried again.", "%(num)s texts are tried again.", count), "success")
    return redirect(url_for(".overview", slug=slug), 303)


def _page(process: ProcessOutline, form: ProviderForm) -> Page:
    page = providers_page(current_actor(), process)
    rendered = render_template("wordings/providers.html", page=page, form=form)
    return (rendered, UNPROCESSABLE) if form.errors else rendered
