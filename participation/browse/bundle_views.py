"""The route of ideas that say the same; nothing can be voted on there, only on each of the ideas."""

from flask import Blueprint, render_template

from participation.accounts.guard import current_actor, public
from participation.browse.bundle_page import bundle_page
from participation.browse.results_shared import visible_process
from participation.browse.shared import shared_page
from participation.kit import clock
from participation.kit.db import db

blueprint = Blueprint("together", __name__)


@blueprint.get("/processes/<slug>/bundles/<int:bundle_id>")
@public
@shared_page
def bundle(slug: str, bundle_id: int) -> str:
    """Show ideas that say the same, with the people behind them and what the city answers."""
    process = visible_process(slug)
    page = bundle_page(db.session(), current_actor(), process, bundle_id, now=clock.now())
    return render_template("browse/bundle.html", page=page)
