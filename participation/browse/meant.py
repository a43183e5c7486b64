"""Ideas that answer a search in other words or another language, below those that have its words."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from participation.accounts.actor import Actor
from participation.browse.filters import ListRequest
from participation.browse.shared import holds_until
from participation.browse.similar import SimilarLink, similar_links
from participation.browse.translations import shown_here
from participation.ideas.search import matching
from participation.listings.ideas.wanted import conditions_of
from participation.listings.translated import written_idea
from participation.processes.outline import ProcessOutline
from participation.similarity.meant import NotNow, ideas_meant

SOON = timedelta(seconds=5)
"""When it is worth asking again, where what is needed was still being made."""


def meant_part(
    session: Session, actor: Actor, process: ProcessOutline, asked: ListRequest, *, now: datetime
) -> tuple[SimilarLink, ...]:
    """Return ideas near in meaning to what is searched for, within the same filters, on the first page of a search.

    Those that have its words are left out: they stand in the list. Nobody waits for this: where it cannot be said at
    once there is nothing, and the page is soon made anew.
    """
    words = asked.wanted.query
    if not words or asked.cursor:
        return ()
    others = replace(asked.wanted, query="", reader="")
    wanted = [*conditions_of(actor, process.id, others), ~matching(words, asked.wanted.reader)]
    try:
        found = ideas_meant(session, process_id=process.id, query=words, wanted=wanted)
    except NotNow:
        holds_until(now + SOON)
        return ()
    shown = shown_here(session, (written_idea(one.idea_id, one.language) for one in found))
    # What all of them have in common is said once, above them.
    return tuple(replace(link, means_similar=False) for link in similar_links(found, process.slug, shown))
