"""Routes of the results of a process: overview, ideas, participation; and all other pages of results."""

from flask import render_template

from participation.accounts.guard import public
from participation.browse import check_views, opinion_views, people_views, priority_results_views
from participation.browse.results_ideas import ideas_page
from participation.browse.results_overview import overview_page
from participation.browse.results_participation import participation_page
from participation.browse.results_shared import blueprint, visible_process
from participation.browse.shared import shared_page
from participation.kit import clock
from participation.kit.db import db

# Whoever registers the blueprint takes the pages of the other modules with it: import each here and name it below.
__all__ = ["blueprint", "check_views", "opinion_views", "people_views", "priority_results_views"]


@blueprint.get("/processes/<slug>/results")
@public
@shared_page
def overview(slug: str) -> str:
    """Show at a glance what happened in a process and what its votes say."""
    page = overview_page(db.session(), visible_process(slug), now=clock.now())
    return render_template("browse/results_overview.html", page=page)


@blueprint.get("/processes/<slug>/results/ideas")
@public
@shared_page
def ideas(slug: str) -> str:
    """Show how much agreement each idea finds."""
    page = ideas_page(db.session(), visible_process(slug), now=clock.now())
    return render_template("browse/results_ideas.html", page=page)


@blueprint.get("/processes/<slug>/results/participation")
@public
@shared_page
def participation(slug: str) -> str:
    """Show who did how much when, and about what."""
    page = participation_page(db.session(), visible_process(slug), now=clock.now())
    return render_template("browse/results_participation.html", page=page)
