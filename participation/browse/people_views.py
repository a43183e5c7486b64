"""The route of the page about who takes part."""

from flask import render_template

from participation.accounts.guard import public
from participation.browse.people_page import people_page
from participation.browse.results_shared import blueprint, visible_process
from participation.browse.shared import shared_page
from participation.kit import clock
from participation.kit.db import db


@blueprint.get("/processes/<slug>/results/people")
@public
@shared_page
def people(slug: str) -> str:
    """Show who takes part, as far as people told us, held against the whole city."""
    page = people_page(db.session(), visible_process(slug), now=clock.now())
    return render_template("browse/results_people.html", page=page)
