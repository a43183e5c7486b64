"""Builders of what the desk makes of ideas, and of drafts that are not ideas yet."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from participation.accounts.actor import SYSTEM, Actor, Role
from participation.curation.board.clusters import create_cluster
from participation.curation.board.filing import file_idea
from participation.ideas.models import IdeaAspect
from participation.kit import clock
from participation.principles.models import Aspect
from participation.proposing.models import Draft
from participation.strategy.behind import ideas_behind
from participation.strategy.models import StatementState
from participation.strategy.statements.service import StatementDraft, sign_off, submit_statement, write_statement
from participation.suggestions.outcome import (
    FreshCluster,
    IdeaSuggestions,
    Outlier,
    Ranked,
    Result,
    digest,
    packed,
    plain,
)
from participation.suggestions.service import store_run
from tests.make.places import Place, account, next_number, text
from tests.make.places import idea as idea_row


def cluster(session: Session, place: Place, *, title: str = "Theme", ideas: Iterable[int] = ()) -> int:
    """Return the id of a cluster with these ideas in it."""
    moment = clock.now()
    row = create_cluster(
        session, SYSTEM, process_id=place.id, title=text(title), description=text(f"About {title}"), now=moment
    )
    for idea_id in ideas:
        file_idea(session, SYSTEM, idea_id=idea_id, cluster_id=row.id, now=moment)
    return row.id


def suggestions(session: Session, place: Place, idea: int, other: int, clusters: Iterable[int], *, word: str) -> None:
    """Keep what a run may have proposed: two new ideas near the filed one, a fresh theme, an outlier."""
    unfiled, near = [idea_row(session, place, title=f"Bank {name}") for name in "AB"], tuple(clusters)
    ranked = tuple(Ranked(cluster_id, 0.9 / number) for number, cluster_id in enumerate(near, start=1))
    result = Result(
        ideas={one: IdeaSuggestions(ranked, (idea, other), ()) for one in unfiled},
        fresh=(FreshCluster((*unfiled, idea), (word,)),),
        outliers=(Outlier(idea, near[0], None, 0.8),),
    )
    made = {"method": "test", "parameters": {}, "seed": 1, "data_sha256": "", "result_sha256": digest(plain(result))}
    known = {"board_version": 1, "ideas": 4, "filed": 2, "clusters": len(near), "result": packed(plain(result))}
    store_run(session, place.id, {**made, **known, "started_at": clock.now(), "finished_at": clock.now()})


def statement(
    session: Session,
    place: Place,
    clusters: Iterable[int],
    *,
    words: str = "The city should act",
    published: bool = True,
) -> int:
    """Return the id of a statement that rests on these clusters.

    Two people of the team sign it off; without any idea behind it, which they would refuse, it is just made public.
    """
    moment = clock.now()
    writer = team_member(session, place, "writer")
    content = StatementDraft(text(words), text("Because"), list(clusters))
    row = write_statement(session, writer, process_id=place.id, draft=content, now=moment)
    if published and ideas_behind(session, [row.id]):
        submit_statement(session, writer, statement_id=row.id, now=moment)
        sign_off(session, team_member(session, place, "signer"), statement_id=row.id, now=moment)
    elif published:
        row.state, row.published_at = StatementState.PUBLISHED, moment
        session.flush()
    return row.id


def submitted_statement(session: Session, place: Place, clusters: Iterable[int]) -> int:
    """Return the id of a statement that waits for a second person to sign it off."""
    statement_id = statement(session, place, clusters, published=False)
    submit_statement(session, team_member(session, place, "writer"), statement_id=statement_id, now=clock.now())
    return statement_id


def team_member(session: Session, place: Place, name: str) -> Actor:
    """Return somebody who works on the process as staff, without a role that is written down."""
    account_id = account(session, f"{name}-of-statements@example.org")
    return Actor(account_id, name, frozenset({(Role.STAFF, place.id)}))


def touches(session: Session, place: Place, idea_id: int, keys: Iterable[str]) -> None:
    """Let an idea touch the aspects with these keys."""
    rows = session.execute(select(Aspect.key, Aspect.id).where(Aspect.framework_id == place.framework_id))
    by_key = {row.key: row.id for row in rows}
    session.add_all(IdeaAspect(idea_id=idea_id, aspect_id=by_key[key]) for key in keys)
    session.flush()


def draft(
    session: Session,
    place: Place,
    account_id: int,
    *,
    title: str = "",
    body: str = "",
    not_sure: bool = True,
    language: str = "de",
    at: datetime | None = None,
) -> str:
    """Return the key of a draft of an account."""
    moment, key = at or clock.now(), f"draft-{next_number()}"
    row = Draft(
        key=key,
        process_id=place.id,
        account_id=account_id,
        title=title,
        text=body,
        language=language,
        choices={"principles": [], "not_sure": not_sure, "aspects": []},
        opened_at=moment,
        changed_at=moment,
    )
    session.add(row)
    session.flush()
    return key
