"""Routes of the opinion groups: the page, and its counts as a file."""

import csv
from io import StringIO

from flask import Response, render_template
from sqlalchemy import select

from participation.accounts.guard import current_actor, public
from participation.browse.opinion_groups import groups_page, kept_run
from participation.browse.results_shared import blueprint, visible_process
from participation.browse.shared import shared_page
from participation.ideas.models import Idea, IdeaState
from participation.kit import clock
from participation.kit.db import db
from participation.kit.permissions import found, require
from participation.opinions.results import GroupResult
from participation.opinions.wording import letter_of
from participation.processes.policies import may_see_results

COLUMNS = ("run", "idea", "group", "people_in_group", "agree", "unsure", "disagree")


@blueprint.get("/processes/<slug>/results/groups")
@public
@shared_page
def groups(slug: str) -> str:
    """Show which groups vote alike, what they share and what divides them."""
    page = groups_page(db.session(), current_actor(), visible_process(slug), now=clock.now())
    return render_template("browse/results_groups.html", page=page)


@blueprint.get("/processes/<slug>/results/groups.csv")
@public
def groups_file(slug: str) -> Response:
    """Answer with how each group voted on each public idea; an empty field is not published (fewer than 10 people)."""
    process = visible_process(slug)
    require(may_see_results(process, now=clock.now()))
    run = found(kept_run(db.session(), process.id))
    published = select(Idea.id).where(Idea.process_id == process.id, Idea.state == IdeaState.PUBLISHED)
    content = StringIO(newline="")
    writer = csv.writer(content)
    writer.writerow(COLUMNS)
    for row in _rows(run.result, set(db.session.scalars(published))):
        writer.writerow((run.summary.number, *row))
    response = Response(content.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}-opinion-groups-{run.summary.number}.csv"'
    return response


def _rows(result: GroupResult, published: set[int]) -> list[tuple[object, ...]]:
    table = result.ideas
    sides = (table.agree, table.unsure, table.disagree)
    return [
        (idea_id, letter_of(group.number), group.size, *(side[place][group.number] for side in sides))
        for place, idea_id in enumerate(table.ids)
        if idea_id in published
        for group in result.groups
    ]
