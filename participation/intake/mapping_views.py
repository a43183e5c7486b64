"""The page on which staff rename and delete saved column mappings."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from participation.accounts.guard import current_actor, desk_only
from participation.intake.forms import NameForm
from participation.intake.pages import mapping_line
from participation.intake.queries import mappings
from participation.intake.service import delete_mapping, rename_mapping
from participation.kit import clock
from participation.kit.db import db, transaction
from participation.kit.permissions import Refused
from participation.multilingual import gettext as _

blueprint = Blueprint("mappings", __name__)
HERE = "/desk/column-mappings"


@blueprint.get(HERE)
@desk_only
def overview() -> str:
    """Show all saved mappings."""
    lines = [mapping_line(one, g.language) for one in mappings(db.session(), current_actor())]
    return render_template("intake/mappings.html", mappings=lines)


@blueprint.post(f"{HERE}/<int:mapping_id>")
@desk_only
def rename(mapping_id: int) -> Response:
    """Give a mapping another name."""
    form = NameForm()
    if not form.validate():
        flash(" ".join(form.name.errors or [_("Please enter a name.")]), "error")
        return redirect(url_for(".overview"), 303)
    try:
        with transaction() as session:
            rename_mapping(session, current_actor(), mapping_id=mapping_id, name=form.name.data or "", now=clock.now())
    except Refused as problem:
        flash(str(problem.reason), "error")
        return redirect(url_for(".overview"), 303)
    flash(_("The mapping is called “%(name)s” now.", name=form.name.data), "success")
    return redirect(url_for(".overview"), 303)


@blueprint.post(f"{HERE}/<int:mapping_id>/delete")
@desk_only
def delete(mapping_id: int) -> Response:
    """Delete a mapping."""
    with transaction() as session:
        delete_mapping(session, current_actor(), mapping_id=mapping_id, now=clock.now())
    flash(_("The mapping was deleted. Imports that used it keep what was chosen."), "success")
    return redirect(url_for(".overview"), 303)
