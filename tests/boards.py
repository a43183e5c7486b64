"""Boards of any size, the same every time, by bulk inserts."""

from datetime import timedelta

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from participation.curation.models import Cluster, Filing
from participation.ideas.models import Idea, IdeaState
from participation.ideas.search import index_ideas
from participation.kit import clock
from tests import make

UNFILED_EVERY = 10
TOUCHES_EVERY = 7
WORDS = "Bänke und Bäume am Weg, mehr Licht, weniger Lärm und ein Platz, an dem man sich trifft. " * 4
INDEX_BATCH = 500


def fill_board(session: Session, place: make.Place, ideas: int, themes: int, *, indexed: bool = False) -> list[int]:
    """Return the ids of so many themes with so many public ideas: a tenth is not filed, a seventh touches two."""
    author, moment = make.participant(session, place), clock.now()
    rows = [
        {
            "process_id": place.id,
            "participant_id": author,
            "state": IdeaState.PUBLISHED,
            "title": f"Idea {number}",
            "text": WORDS,
            "language": "de",
            "submitted_at": moment - timedelta(minutes=number),
            "published_at": moment - timedelta(minutes=number),
        }
        for number in range(ideas)
    ]
    session.execute(insert(Idea), rows)
    idea_ids = list(session.scalars(select(Idea.id).where(Idea.process_id == place.id).order_by(Idea.id)))
    clusters = [
        Cluster(process_id=place.id, position=n, title=make.text(f"Theme {n}"), description={}, created_at=moment)
        for n in range(themes)
    ]
    session.add_all(clusters)
    session.flush()
    ids = [cluster.id for cluster in clusters]
    main = [
        {"cluster_id": ids[number % themes], "idea_id": idea_id, "is_main": True, "filed_at": moment}
        for number, idea_id in enumerate(idea_ids)
        if number % UNFILED_EVERY
    ]
    also = [
        {"cluster_id": ids[(number + 1) % themes], "idea_id": idea_id, "is_main": False, "filed_at": moment}
        for number, idea_id in enumerate(idea_ids)
        if number % TOUCHES_EVERY == 0
    ]
    session.execute(insert(Filing), [*main, *also])
    if indexed:
        for start in range(0, len(idea_ids), INDEX_BATCH):
            index_ideas(session, idea_ids[start : start + INDEX_BATCH])
    # With figures about the tables, as in a database that is in use.
    session.execute(text("ANALYZE"))
    return ids
