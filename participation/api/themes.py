"""Themes that ideas are filed under, and bundles of ideas that say the same."""

from typing import Any

from participation.api.addresses import data_url, reader_url
from participation.api.asked import NO_MARK, NotThere, PageAsked
from participation.api.blueprint import reading, visible_process
from participation.api.figures import people_shown
from participation.api.outcome_shapes import Bundle, BundleList, Cluster, ClusterList, IdeaLink, Together
from participation.api.paging import NoMark, mark, next_address, place
from participation.api.processes import PROCESS, said
from participation.api.queries import BundleRow, bundles_with_ideas, statements_on_clusters
from participation.curation.bundling.queries import BundledIdea, BundleFigures, figures_of, members_of
from participation.curation.queries import clusters_of
from participation.kit import clock
from participation.kit.db import db
from participation.processes.policies import may_see_results

BUNDLES = "bundles"


@reading(f"{PROCESS}/clusters", ClusterList)
def clusters(_asked: dict[str, Any], slug: str) -> ClusterList:
    """Return the themes of a process."""
    outline, session = visible_process(slug), db.session()
    resting = statements_on_clusters(session, outline.id)
    return ClusterList(
        tuple(
            Cluster(
                id=one.id,
                title=said(one.title),
                description=said(one.description),
                ideas=one.ideas,
                statements=resting.get(one.id, ()),
                ideas_url=data_url("ideas", slug=slug, theme=one.id),
                page_url=reader_url("browse.ideas", slug=slug, cluster=one.id),
            )
            for one in clusters_of(session, outline.id)
        )
    )


@reading(f"{PROCESS}/bundles", BundleList, asks=PageAsked)
def bundles(asked: dict[str, Any], slug: str) -> BundleList:
    """Return the bundles of a process, the latest first."""
    outline, session, most = visible_process(slug), db.session(), asked["limit"]
    rows = bundles_with_ideas(session, outline.id, before=_before(asked["after"]), most=most + 1)
    ids = [row.id for row in rows[:most]]
    ideas: dict[int, list[BundledIdea]] = {id_: [] for id_ in ids}
    for member in members_of(session, ids):
        ideas[member.bundle_id].append(member)
    shown = bool(may_see_results(outline, now=clock.now()))
    figures = figures_of(session, ids) if shown else {}
    items = tuple(_bundle(slug, row, ideas[row.id], figures.get(row.id)) for row in rows[:most])
    return BundleList(items, next_address(mark(BUNDLES, ids[-1]) if len(rows) > most else None))


def _before(after: str | None) -> int | None:
    if after is None:
        return None
    try:
        return place(after, BUNDLES, 1)[0]
    except NoMark:
        raise NotThere("after", NO_MARK) from None


def _bundle(slug: str, row: BundleRow, ideas: list[BundledIdea], figures: BundleFigures | None) -> Bundle:
    together = Together(figures.people, figures.agree, figures.disagree, None) if figures else None
    return Bundle(
        id=row.id,
        made_at=row.made_at,
        ideas=tuple(
            IdeaLink(
                id=one.idea_id,
                title=one.title,
                language=one.language,
                url=data_url("idea", slug=slug, idea_id=one.idea_id),
                page_url=reader_url("browse.idea", slug=slug, idea_id=one.idea_id),
            )
            for one in ideas
        ),
        people=people_shown(together),
        page_url=reader_url("together.bundle", slug=slug, bundle_id=row.id),
    )
